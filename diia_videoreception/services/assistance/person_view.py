"""Showing the person of a visit, in a browser of their own, what only they confirm.

The code stands on the screen of the centre. The browser that has it first keeps it alone; a wrong number ends
it. Who is signed in there as staff, or reads it at the centre's own computer, confirms nothing: pages refuse
that, and what is confirmed is recorded as the person's.
"""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import (
    LevelTooLow,
    NotThePerson,
    PersonViewGone,
    WrongState,
)
from diia_videoreception.models import (
    Application,
    CentreVisit,
    Citizen,
    ConsentEvidence,
    JournalAct,
    LevelOfAssurance,
    Mandate,
    MandateScope,
    PersonView,
)
from diia_videoreception.personal_data import decrypt, encrypt, lookup_hash
from diia_videoreception.rules.mandates import (
    ON_OWN_SCREEN,
    ConsentMethod,
    IdentitySource,
    MandateState,
)
from diia_videoreception.rules.names import have_same_names
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import journal
from diia_videoreception.services.accounts.sessions import require_fresh
from diia_videoreception.services.assistance.helped import require_another
from diia_videoreception.services.assistance.holding import ShownVisit, held_visit, record, swap
from diia_videoreception.services.assistance.mandate_ends import EndedBy, end
from diia_videoreception.services.assistance.mandates import require_in_time, unfinished_of
from diia_videoreception.services.transactions import act, locked
from integrations.common.readable_codes import readable_code

LIVES = timedelta(minutes=10)
SECRET_LENGTH = 16
OFFERED = 3
_MARKS = str.maketrans("", "", " -\t\r\n")
State, Shows = PersonView.State, PersonView.Shows


class ClaimedView(NamedTuple):
    """A view that a browser has got hold of, and the key by which that browser is known from now on."""

    view: PersonView
    key: str


@act
def offer(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> PersonView:
    """Make a new code under which the person of a visit reads the consent; an earlier one is worth nothing any more.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as for each act of a visit.
        WrongState, ConsentTooLate: the person is not asked for this now.
    """
    visit = held_visit(shown, staff, now=now, on_behalf=True)
    awaited(visit, *ON_OWN_SCREEN, now=now)
    return new_view(visit, Shows.CONSENT, staff=staff, now=now)


def new_view(
    visit: CentreVisit,
    shows: PersonView.Shows,
    *,
    mandate: Mandate | None = None,
    staff: AbstractBaseUser,
    now: datetime,
) -> PersonView:
    """Make the code of a page for the person of a visit, inside the act that has found that there is something to show."""
    unfinished = [State.SHOWN, State.MATCHED]
    PersonView.objects.filter(visit=visit, state__in=unfinished).update(
        state=State.REFUSED, secret_encrypted=""
    )
    secret = readable_code(SECRET_LENGTH)
    numbers = secrets.SystemRandom().sample(range(10, 100), OFFERED)
    view = PersonView.objects.create(
        visit=visit,
        mandate=mandate,
        shows=shows,
        secret_hash=_secret_hash(secret),
        secret_encrypted=encrypt(secret),
        number=numbers[0],
        offered=sorted(numbers),
        created_at=now,
        expires_at=now + LIVES,
    )
    record(JournalAct.SHOW_TO_PERSON, visit, staff, now=now, shows=shows.value)
    return view


def secret_of(view: PersonView) -> str:
    """Return what the code on the screen holds; empty once a browser has it."""
    return decrypt(view.secret_encrypted) if view.secret_encrypted else ""


@act
def claim(secret: str, *, now: datetime) -> ClaimedView:
    """Give a code to the browser that shows it first.

    Raises:
        PersonViewGone: it is wrong, too old, or another browser has it.
    """
    plain = secret.translate(_MARKS).upper()
    if len(plain) != SECRET_LENGTH or not plain.isascii():
        raise PersonViewGone
    key, found = (
        secrets.token_urlsafe(32),
        PersonView.objects.filter(secret_hash=_secret_hash(plain)),
    )
    view = found.filter(pk__in=PersonView.objects.live(now)).filter(state=State.SHOWN).first()
    if view is None:
        raise PersonViewGone
    taken = PersonView.objects.filter(pk=view.pk, state=State.SHOWN, browser_hash="")
    if not taken.update(browser_hash=_browser_hash(key), secret_encrypted=""):
        raise PersonViewGone
    return ClaimedView(view, key)


@act
def match(view: PersonView, *, number: int, now: datetime) -> bool:
    """Take the number that the person found; a wrong one ends the code, which is recorded.

    Returns:
        Whether it was the number on the screen.

    Raises:
        PersonViewGone: it is too late, or a number was taken already.
    """
    is_right = number == view.number
    state = State.MATCHED if is_right else State.REFUSED
    if not change_state(view, State.SHOWN, state, now=now):
        raise PersonViewGone
    if not is_right:
        _record_refusal(view, now=now)
    return is_right


@act
def refuse(view: PersonView, *, now: datetime) -> None:
    """End a code, as the person who does not know it; again, or after the word was given, is no error."""
    waiting = PersonView.objects.filter(
        pk=view.pk, state__in=[State.SHOWN, State.MATCHED], expires_at__gt=now
    )
    if waiting.update(state=State.REFUSED):
        _record_refusal(view, now=now)


@act
def decline(view: PersonView, *, actor: SignedIn, now: datetime) -> None:
    """Write down that the person, who has signed in, does not agree; nobody asks why.

    Raises:
        PersonViewGone, NotThePerson, NotForOneself: as `consent_shown`.
        WrongState, ConsentTooLate: it is given already, or not asked for any more.
    """
    visit = locked(CentreVisit.objects.filter(pk=view.visit_id)).get()
    mandate = awaited(visit, ConsentMethod.EID_CONFIRMATION, now=now)
    if mandate != consent_shown(view, actor=actor, now=now):
        raise PersonViewGone
    if not change_state(view, State.MATCHED, State.REFUSED, now=now):
        raise PersonViewGone
    end(mandate, MandateState.REFUSED, EndedBy.PERSON, now=now)
    swap(visit, now=now)
    journal.record(
        JournalAct.REFUSE_CONSENT,
        subject=mandate,
        citizen=actor.citizen,
        now=now,
        details={"reference": mandate.reference, "visit": str(visit.public_id)},
    )


def consent_shown(view: PersonView, *, actor: SignedIn, now: datetime) -> Mandate:
    """Return the consent that a view asks for, to the person whom it names.

    Raises:
        PersonViewGone: it is too late, or the centre asks for another consent by now.
        NotThePerson: somebody else is signed in.
        NotForOneself: it is the administrator.
    """
    mandate = asked_by(view, ConsentMethod.EID_CONFIRMATION, now=now)
    require_the_person(mandate, actor.citizen)
    require_another(actor.citizen, view.visit.member.user)
    return mandate


def asked_by(view: PersonView, method: ConsentMethod, *, now: datetime) -> Mandate:
    """Return the consent that a view asks for in this way.

    Raises:
        PersonViewGone: it is too late, or the centre asks for another consent by now.
    """
    if view.state != State.MATCHED or not PersonView.objects.live(now).filter(pk=view.pk).exists():
        raise PersonViewGone
    visit = CentreVisit.objects.get(pk=view.visit_id)
    found = Mandate.objects.select_related("centre", "person", "text", "taken_by__user").filter(
        pk=visit.mandate_id or 0,
        state=MandateState.AWAITING_CONSENT.value,
        method=method.value,
        asked_at__lte=view.created_at,
    )
    mandate = found.first()
    if mandate is None or view.shows != Shows.CONSENT:
        raise PersonViewGone
    return mandate


@act
def agree(view: PersonView, *, actor: SignedIn, now: datetime) -> Mandate:
    """Take the consent of the person who is signed in in the browser of a view; it becomes that of their account.

    Raises:
        PersonViewGone, NotThePerson, NotForOneself: as `consent_shown`.
        AuthenticationTooOld: they signed in long ago.
        LevelTooLow: they are not surely known.
        WrongState, ConsentTooLate: it is given already, or not asked for any more.
    """
    require_fresh(actor, now=now)
    if not actor.satisfies(LevelOfAssurance.SUBSTANTIAL.value) or actor.session is None:
        raise LevelTooLow
    visit = locked(CentreVisit.objects.select_related("member").filter(pk=view.visit_id)).get()
    mandate = awaited(visit, ConsentMethod.EID_CONFIRMATION, now=now)
    if mandate != consent_shown(view, actor=actor, now=now):
        raise PersonViewGone
    if not change_state(view, State.MATCHED, State.CONFIRMED, now=now):
        raise PersonViewGone
    told = mandate.person
    Mandate.objects.filter(pk=mandate.pk).update(
        person=actor.citizen, identity_source=IdentitySource.EID.value, level=actor.level.value
    )
    MandateScope.objects.filter(mandate=mandate).update(person=actor.citizen)
    _forget(told)
    ConsentEvidence.objects.create(
        mandate=mandate,
        method=ConsentMethod.EID_CONFIRMATION.value,
        captured_at=now,
        captured_by=visit.member,
        signer=actor.citizen.full_name,
        provider=actor.session.provider,
        level=actor.level.value,
        auth_time=actor.auth_time,
    )
    journal.record(
        JournalAct.GIVE_CONSENT,
        subject=mandate,
        citizen=actor.citizen,
        now=now,
        details={
            "reference": mandate.reference,
            "method": mandate.method,
            "level": actor.level.value,
            "before": str(visit.member.public_id),
        },
    )
    mandate.refresh_from_db()
    return mandate


def of_browser(public_id: uuid.UUID, key: str) -> PersonView | None:
    """Return the view that this browser has got hold of, whatever became of it."""
    found = PersonView.objects.select_related(
        "visit__centre", "visit__member__user", "mandate__person"
    )
    return found.filter(public_id=public_id, browser_hash=_browser_hash(key)).first()


def of_visit(visit: CentreVisit, shows: PersonView.Shows, *, now: datetime) -> PersonView | None:
    """Return the code that the screen of a visit shows, or what has become of it."""
    return PersonView.objects.live(now).filter(visit=visit, shows=shows).first()


def last_of(mandate: Mandate, visit: CentreVisit) -> PersonView | None:
    """Return what has become of the last code under which an application was shown in a visit."""
    found = PersonView.objects.filter(visit=visit, mandate=mandate, shows=Shows.APPLICATION)
    return found.order_by("-created_at", "-pk").first()


def standing_of(view: PersonView | None, *, now: datetime) -> str:
    """Return what the screen of the centre says of a code: its state, `gone` once it is too late, `none` without one."""
    if view is None:
        return "none"
    is_waiting = view.state in (State.SHOWN, State.MATCHED)
    return "gone" if is_waiting and view.expires_at <= now else view.state


def awaited(visit: CentreVisit, *methods: ConsentMethod, now: datetime) -> Mandate:
    """Return the consent of a visit that waits for the word of its person in one of these ways, locked.

    Raises:
        WrongState, ConsentTooLate: it is given already, or not asked for any more.
    """
    mandate = unfinished_of(visit)
    waits = mandate.state == MandateState.AWAITING_CONSENT and not mandate.is_consented
    if not waits or mandate.method not in methods:
        raise WrongState
    require_in_time(mandate, now=now)
    return mandate


def require_the_person(mandate: Mandate, citizen: Citizen) -> None:
    """Compare names, and the number where one was told at the desk.

    Raises:
        NotThePerson
    """
    told = mandate.person
    helped = getattr(told, "helped_person", None)
    claimed = helped.claimed_hash if helped is not None else ""
    is_rnokpp = citizen.identifier_kind == Citizen.IdentifierKind.RNOKPP
    if not have_same_names(told, citizen) or (
        claimed and is_rnokpp and claimed != citizen.identifier_hash
    ):
        raise NotThePerson


def _forget(told: Citizen) -> None:
    """Delete who was only told of, now that the person is known; not while another consent is theirs."""
    is_told = told.identifier_kind == Citizen.IdentifierKind.HELPED
    has_more = (
        Mandate.objects.filter(person=told).exists()
        or Application.objects.filter(citizen=told).exists()
    )
    if is_told and not has_more:
        told.delete()


def change_state(
    view: PersonView, was: PersonView.State, state: PersonView.State, *, now: datetime
) -> bool:
    """Lead a view that is alive to another state; of two that try, one does.

    Returns:
        Whether this one did.
    """
    if not PersonView.objects.live(now).filter(pk=view.pk).exists():
        return False
    found = PersonView.objects.filter(pk=view.pk, state=was, expires_at__gt=now)
    return bool(found.update(state=state))


def _record_refusal(view: PersonView, *, now: datetime) -> None:
    details: dict[str, object] = {"shows": view.shows}
    journal.record(JournalAct.REFUSE_PERSON_VIEW, subject=view.visit, now=now, details=details)


def _secret_hash(secret: str) -> str:
    return lookup_hash("person_view", secret)


def _browser_hash(key: str) -> str:
    return lookup_hash("browser_of_person", key)
