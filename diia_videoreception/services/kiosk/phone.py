"""Signing in at a place with the own phone: a code on the screen, a number to find, and the person's own word.

Only the browser of a place asks, for its visitor. The phone that has the code first keeps it alone; a wrong
number ends it. What the phone confirms is taken by the visitor, who sees for whom it is: a stranger's phone
signs nobody in unseen. The session at the place ends with the visit, or from the phone.
"""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import PhoneSignInGone
from diia_videoreception.models import CitizenSession, JournalAct, PhoneSignIn, VisitorSession
from diia_videoreception.personal_data import decrypt, encrypt, lookup_hash
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import journal
from diia_videoreception.services.accounts import sessions
from diia_videoreception.services.transactions import act, lock_citizen, locked
from integrations.common.readable_codes import readable_code

SHOWN_FOR = timedelta(seconds=60)
SIGN_IN_WITHIN = timedelta(minutes=10)
"""How long the person may take to sign in on the phone once the number was found."""
TAKE_WITHIN = timedelta(minutes=2)
SECRET_LENGTH = 16
OFFERED = 3
_MARKS = str.maketrans("", "", " -\t\r\n")
State = PhoneSignIn.State


class Claim(NamedTuple):
    """A sign-in that a phone has got hold of, and the key by which that phone is known from now on."""

    sign_in: PhoneSignIn
    key: str


@act
def ask(visitor: VisitorSession, *, now: datetime) -> PhoneSignIn:
    """Show a new code for the visitor; an earlier one is worth nothing any more."""
    locked(VisitorSession.objects.filter(pk=visitor.pk)).get()
    _drop(visitor)
    secret = readable_code(SECRET_LENGTH)
    numbers = secrets.SystemRandom().sample(range(10, 100), OFFERED)
    return PhoneSignIn.objects.create(
        visitor=visitor,
        secret_hash=_secret_hash(secret),
        secret_encrypted=encrypt(secret),
        number=numbers[0],
        offered=sorted(numbers),
        created_at=now,
        expires_at=now + SHOWN_FOR,
    )


def secret_of(sign_in: PhoneSignIn) -> str:
    """Return what the code on the screen holds; empty once a phone has it."""
    return decrypt(sign_in.secret_encrypted) if sign_in.secret_encrypted else ""


@act
def claim(secret: str, *, now: datetime) -> Claim:
    """Give a code to the phone that shows it first.

    Raises:
        PhoneSignInGone: it is wrong, older than a minute, or another phone has it.
    """
    plain = secret.translate(_MARKS).upper()
    if len(plain) != SECRET_LENGTH or not plain.isascii():
        raise PhoneSignInGone
    key = secrets.token_urlsafe(32)
    found = _open(now).filter(secret_hash=_secret_hash(plain), state=State.SHOWN, phone_hash="")
    if not found.update(phone_hash=_phone_hash(key), secret_encrypted=""):
        raise PhoneSignInGone
    return Claim(PhoneSignIn.objects.get(secret_hash=_secret_hash(plain)), key)


@act
def match(sign_in: PhoneSignIn, *, number: int, now: datetime) -> bool:
    """Take the number that the person found on the phone; a wrong one ends the code, which is recorded.

    Args:
        sign_in: of `of_phone`.

    Returns:
        Whether it was the number on the screen.

    Raises:
        PhoneSignInGone: its minute is over, or a number was taken already.
    """
    is_right = number == sign_in.number
    values = (
        {"state": State.MATCHED, "expires_at": now + SIGN_IN_WITHIN}
        if is_right
        else {"state": State.REFUSED}
    )
    if not _open(now).filter(pk=sign_in.pk, state=State.SHOWN).update(**values):
        raise PhoneSignInGone
    if not is_right:
        _record_refusal(sign_in, now=now)
    return is_right


@act
def confirm(sign_in: PhoneSignIn, *, actor: SignedIn, now: datetime) -> None:
    """Let the person of the phone be signed in at the place.

    Raises:
        PhoneSignInGone: it took too long, or the visit is over.
    """
    found = _open(now).filter(pk=sign_in.pk, state=State.MATCHED)
    values = {"state": State.CONFIRMED, "expires_at": now + TAKE_WITHIN}
    if actor.session is None or not found.update(confirmed_by=actor.session, **values):
        raise PhoneSignInGone


@act
def refuse(sign_in: PhoneSignIn, *, now: datetime) -> None:
    """End a code, as the person at the phone, or the visitor who does not know whose it is; again is no error."""
    if PhoneSignIn.objects.live(now).filter(pk=sign_in.pk).update(state=State.REFUSED):
        _record_refusal(sign_in, now=now)


@act
def take(visitor: VisitorSession, *, now: datetime) -> CitizenSession:
    """Sign the visitor in as the person who has confirmed; as sure and as fresh as the sign-in of the phone.

    Raises:
        PhoneSignInGone: nobody has, it took too long, or the phone has signed out meanwhile.
    """
    found = _open(now).filter(visitor=visitor, state=State.CONFIRMED)
    sign_in = locked(found.select_related("confirmed_by__citizen")).first()
    by = sign_in.confirmed_by if sign_in else None
    if sign_in is None or by is None:
        raise PhoneSignInGone
    lock_citizen(by.citizen)
    if not CitizenSession.objects.live(now).filter(pk=by.pk).exists():
        raise PhoneSignInGone
    PhoneSignIn.objects.filter(pk=sign_in.pk).update(state=State.TAKEN)
    idle = now + timedelta(minutes=app_settings.session_idle_minutes)
    session = CitizenSession.objects.create(
        citizen=by.citizen,
        visitor=visitor,
        provider=by.provider,
        level=by.level,
        method=by.method,
        credential=by.credential,
        browser=visitor.workplace.label,
        auth_time=by.auth_time,
        started_at=now,
        idle_deadline=idle,
        deadline=by.deadline,
    )
    journal.record(
        JournalAct.SIGN_IN_AT_PLACE,
        subject=by.citizen,
        citizen=by.citizen,
        now=now,
        details={
            "method": by.method,
            "level": by.level,
            "workplace": str(visitor.workplace.public_id),
        },
    )
    return session


def end_from_phone(sign_in: PhoneSignIn, *, now: datetime) -> None:
    """End at the place, from the phone, what this phone's person has confirmed; the visit itself goes on.

    Whoever had a code first and confirmed nothing ends nothing.
    """
    by = sign_in.confirmed_by
    if by is None:
        return
    theirs = CitizenSession.objects.live(now).filter(visitor=sign_in.visitor, citizen=by.citizen)
    for session in theirs:
        sessions.sign_out(session, now=now)


def of_phone(public_id: uuid.UUID, key: str) -> PhoneSignIn | None:
    """Return the sign-in that this phone has got hold of, whatever became of it."""
    found = PhoneSignIn.objects.select_related(
        "visitor__workplace__centre", "confirmed_by__citizen"
    )
    return found.filter(public_id=public_id, phone_hash=_phone_hash(key)).first()


def of_visitor(visitor: VisitorSession, *, now: datetime) -> PhoneSignIn | None:
    """Return the code that the screen of the visitor shows, or what became of it on the phone."""
    found = PhoneSignIn.objects.live(now).select_related("confirmed_by__citizen")
    return found.filter(visitor=visitor).first()


def _open(now: datetime) -> QuerySet[PhoneSignIn]:
    """Return what may be gone on with: also its visit still lasts."""
    return PhoneSignIn.objects.live(now).filter(visitor__in=VisitorSession.objects.live(now))


def _drop(visitor: VisitorSession) -> None:
    unfinished = [State.SHOWN, State.MATCHED, State.CONFIRMED]
    PhoneSignIn.objects.filter(visitor=visitor, state__in=unfinished).update(state=State.REFUSED)


def _record_refusal(sign_in: PhoneSignIn, *, now: datetime) -> None:
    place = sign_in.visitor.workplace
    journal.record(
        JournalAct.REFUSE_PHONE,
        subject=place.centre,
        now=now,
        details={"workplace": str(place.public_id)},
    )


def _secret_hash(secret: str) -> str:
    return lookup_hash("phone_sign_in", secret)


def _phone_hash(key: str) -> str:
    return lookup_hash("phone_of_visitor", key)
