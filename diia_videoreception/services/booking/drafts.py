"""What a citizen has typed: saved at any time, with or without a held time (B-62)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import AlreadySubmitted, NotFound
from diia_videoreception.models import Application, Citizen, Draft, Need
from diia_videoreception.rules.phones import PhoneError, normalise_phone
from diia_videoreception.rules.texts import clean_line, clean_text
from diia_videoreception.services.transactions import act, lock_citizen

MAX_TOPIC = 20_000
"""What is kept of a text that is far too long, in characters; filing allows fewer."""


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
    for name, value in cleaned(answers).items():
        setattr(draft, name, value)
    draft.updated_at = now
    draft.save()
    return draft


def cleaned(answers: DraftAnswers) -> dict[str, Any]:
    """Return the answers as they are stored: same words, no hidden characters, cut to the columns.

    Whoever names a companion needs room for one, ticked or not.
    """
    companion = _cut("companion", clean_line(answers.companion))
    needs = {*answers.needs, Need.COMPANION} if companion else set(answers.needs)
    return {
        "topic": clean_text(answers.topic)[:MAX_TOPIC],
        "phone": _cut("phone", _short_phone(clean_line(answers.phone))),
        "email": _cut("email", clean_line(answers.email)),
        "needs": [need for need in Need.values if need in needs],
        "companion": companion,
        "prior_number": _cut("prior_number", clean_line(answers.prior_number)),
    }


def _cut(name: str, value: str) -> str:
    return value[: getattr(Draft._meta.get_field(name), "max_length", None)]


def _short_phone(typed: str) -> str:
    """Write a phone as a number, whatever stands between its digits; what is none stays as typed."""
    try:
        return normalise_phone(typed, region=app_settings.default_country)
    except PhoneError:
        return typed


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
