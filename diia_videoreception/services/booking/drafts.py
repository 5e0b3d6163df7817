"""What a citizen has typed: saved at any time, with or without a held time (B-62)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from diia_videoreception.errors import AlreadySubmitted, NotFound
from diia_videoreception.models import Application, Citizen, Draft, Need
from diia_videoreception.services.transactions import act, lock_citizen


@dataclass(frozen=True, slots=True)
class DraftAnswers:
    """The answers as typed; not yet checked, so that nothing is lost. Kept out of `repr`."""

    topic: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    needs: list[str] = field(default_factory=list, repr=False)
    companion: str = field(default="", repr=False)
    prior_number: str = field(default="", repr=False)


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
def save_answers(
    *, citizen: Citizen, answers: DraftAnswers, now: datetime, token: UUID | None = None
) -> Draft:
    """Keeps what was typed, cut to what the columns hold, complete or not.

    Args:
        token: of the draft that was typed into, where the browser knows it. An unknown one is that
            of a draft that has been cleaned away: the answers go into a new one.

    Raises:
        AlreadySubmitted: the draft was filed meanwhile; nothing of it comes to life again.
        NotFound: it is another person's, who was signed in here before.
    """
    lock_citizen(citizen)
    if token is not None:
        require_own_draft(citizen=citizen, token=token)
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


def require_own_draft(*, citizen: Citizen, token: UUID) -> None:
    """Checks that a token is not of a filed draft nor of another person's.

    Raises:
        AlreadySubmitted, NotFound: as `save_answers` says.
    """
    application = Application.objects.filter(draft_token=token).first()
    if application is not None and application.citizen_id == citizen.pk:
        raise AlreadySubmitted(public_id=application.public_id)
    foreign = Draft.objects.filter(token=token).exclude(citizen=citizen)
    if application is not None or foreign.exists():
        raise NotFound
