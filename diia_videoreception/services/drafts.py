"""What a citizen has typed: saved at any time, with or without a held time (B-62)."""

from dataclasses import dataclass, field
from datetime import datetime

from diia_videoreception.models import Citizen, Draft, Need
from diia_videoreception.services.occupancy import act, lock_citizen


@dataclass(frozen=True, slots=True)
class DraftAnswers:
    """The answers as typed; not yet checked, so that nothing is lost."""

    topic: str = ""
    phone: str = ""
    email: str = ""
    needs: list[str] = field(default_factory=list)
    companion: str = ""
    prior_number: str = ""


@act
def open_draft(*, citizen: Citizen, now: datetime) -> Draft:
    """Gives the citizen's draft, made with what is known of the person when there is none (B-67)."""
    draft, _created = Draft.objects.get_or_create(
        citizen=citizen,
        defaults={
            "phone": citizen.phone,
            "email": citizen.email,
            "created_at": now,
            "updated_at": now,
        },
    )
    return draft


@act
def save_answers(*, citizen: Citizen, answers: DraftAnswers, now: datetime) -> Draft:
    """Keeps what was typed, cut to what the columns hold, complete or not."""
    lock_citizen(citizen)
    draft = open_draft(citizen=citizen, now=now)
    draft.topic = answers.topic[:20_000]
    draft.phone = answers.phone[:20]
    draft.email = answers.email[:254]
    draft.needs = [need for need in Need.values if need in answers.needs]
    draft.companion = answers.companion[:200]
    draft.prior_number = answers.prior_number[:40]
    draft.updated_at = now
    draft.save()
    return draft
