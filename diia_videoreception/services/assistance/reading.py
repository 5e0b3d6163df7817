"""What was typed for a person, read and confirmed by them in a browser of their own (B-36, B-37).

It has no staff session, and its code stood on the screen of the centre. What the person has read is what is
filed: whatever is changed meanwhile has to be read anew.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import (
    ConsentRequired,
    HelpStopped,
    HoldExpired,
    Incomplete,
    MandateEnded,
    NoMandate,
    NotFound,
    PersonViewGone,
    ReadAnew,
)
from diia_videoreception.models import (
    Application,
    CentreMember,
    CentreVisit,
    ConsentText,
    Document,
    Draft,
    JournalAct,
    Mandate,
    Occupancy,
    PersonView,
    TypedCode,
    TypedDraft,
)
from diia_videoreception.rules.mandates import HelpScope
from diia_videoreception.rules.visits import BY_CONSENT, VisitPhase
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.centres.rights import may_act_for_people
from diia_videoreception.services import journal
from diia_videoreception.services.assistance import typing
from diia_videoreception.services.assistance.helped import require_another
from diia_videoreception.services.assistance.holding import ShownVisit
from diia_videoreception.services.assistance.mandates import require_scope
from diia_videoreception.services.assistance.person_view import (
    change_state,
    new_view,
    require_the_person,
)
from diia_videoreception.services.booking import applications
from diia_videoreception.services.transactions import act, lock_citizen, locked

State, Shows = PersonView.State, PersonView.Shows


@dataclass(frozen=True, slots=True)
class ReadApplication:
    """What would be filed, as its person reads it.

    Attributes:
        version: goes back with their word.
    """

    mandate: Mandate
    draft: Draft
    entered: dict[str, dict[str, str]]
    hold: Occupancy
    terms: ConsentText
    version: str


@act
def offer(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> PersonView:
    """Make a new code under which the person reads what was typed; an earlier one is worth nothing any more.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate, MandateEnded, PersonHasAccount, NotForOneself: as `typing.allowed`.
        Incomplete, HoldExpired: something is missing.
    """
    visit, mandate = typing.allowed(shown, staff, now=now)
    typing.held_complete(typing.typed_to_write(visit, mandate, now=now), mandate, now=now)
    return new_view(visit, Shows.APPLICATION, mandate=mandate, staff=staff, now=now)


@act
def application_of(
    view: PersonView, *, actor: SignedIn | None, now: datetime
) -> ReadApplication | None:
    """Return what the person reads; None while something is missing, as after a time that was held.

    Args:
        actor: who is signed in in their browser, which nobody has to be.

    Raises:
        PersonViewGone, HelpStopped, NotThePerson, NotForOneself: as `confirm`.
        ConsentRequired: there are no terms to book under now.
    """
    _visit, mandate, typed = _to_confirm(view, actor, now=now)
    try:
        held = typing.held_complete(typed, mandate, now=now)
    except (Incomplete, HoldExpired):
        return None
    return _read(typed, mandate, held)


def confirm(
    view: PersonView, version: str, *, actor: SignedIn | None, now: datetime
) -> Application:
    """Take the word of the person on what they have read, and file it.

    Args:
        version: of what they have read.
        actor: who is signed in in their browser, which nobody has to be.

    Raises:
        PersonViewGone: it is too late, something else is shown in this visit by now, or it was filed already.
        HelpStopped: the consent, the centre or the right of the member has ended.
        NotThePerson, NotForOneself: somebody else is signed in in this browser.
        ReadAnew: it is not what they have read.
        Incomplete, HoldExpired: something is missing.
        ConsentRequired, ServicePaused, VisitChanged: as `typing.file_typed`.
        and what `applications.file_confirmed` raises.
    """
    held = live_hold(view.mandate.person, now=now) if view.mandate else None
    # Without a time that is held the act ends before it files.
    number = applications.take_number(held, now=now) if held is not None else ""
    return _confirm(view, version, number, actor, now=now)


@act
def _confirm(
    view: PersonView, version: str, number: str, actor: SignedIn | None, *, now: datetime
) -> Application:
    visit, mandate, typed = _to_confirm(view, actor, now=now)
    held = typing.held_complete(typed, mandate, now=now)
    if version != _read(typed, mandate, held).version:
        raise ReadAnew
    if not change_state(view, State.MATCHED, State.CONFIRMED, now=now):
        raise PersonViewGone
    TypedCode.objects.filter(typed=typed).delete()
    confirmed_with = Application.Confirmation.OWN_BROWSER
    return typing.file_typed(visit, mandate, typed, confirmed_with, number=number, now=now)


@act
def document_of(
    view: PersonView, document: uuid.UUID, *, actor: SignedIn | None, now: datetime
) -> Document:
    """Return a document of what the person is asked to confirm, and no other one.

    Raises:
        PersonViewGone, HelpStopped, NotThePerson, NotForOneself: as `confirm`.
        NotFound: it is none of these.
    """
    _visit, _mandate, typed = _to_confirm(view, actor, now=now)
    found = typed.draft.documents.filter(public_id=document).first()
    if found is None:
        raise NotFound
    return found


@act
def find_fault(view: PersonView, *, actor: SignedIn | None, now: datetime) -> None:
    """Tell the screen of the centre that the person has found a mistake; a code that was sent fits no more.

    Raises:
        PersonViewGone, HelpStopped, NotThePerson, NotForOneself: as `confirm`.
    """
    visit, mandate, typed = _to_confirm(view, actor, now=now)
    if not change_state(view, State.MATCHED, State.FAULTY, now=now):
        raise PersonViewGone
    TypedCode.objects.filter(typed=typed).delete()
    journal.record(
        JournalAct.FIND_FAULT,
        subject=visit,
        citizen=mandate.person,
        now=now,
        details={"mandate": mandate.reference},
    )


def _to_confirm(
    view: PersonView, actor: SignedIn | None, *, now: datetime
) -> tuple[CentreVisit, Mandate, TypedDraft]:
    """Return what waits for the word of a person, locked in the order of the centre's own acts."""
    visit, mandate = _shown(view, now=now)
    if actor is not None:
        require_the_person(mandate, actor.citizen)
        require_another(actor.citizen, visit.member.user)
    lock_citizen(mandate.person)
    rows = TypedDraft.objects.select_related("draft__citizen")
    typed = rows.filter(visit=visit, mandate=mandate, draft__isnull=False).first()
    if typed is None:
        raise PersonViewGone
    return visit, mandate, typed


def _shown(view: PersonView, *, now: datetime) -> tuple[CentreVisit, Mandate]:
    """Return the visit and the consent of a view, as long as the centre may act by it.

    Raises:
        PersonViewGone: it is too late, or another person or another step is on the screen of the centre.
        HelpStopped: the consent, the centre or the right of the member has ended.
    """
    holder = CentreVisit.objects.filter(pk=view.visit_id).values("member")
    member = locked(CentreMember.objects.live().filter(pk__in=holder)).first()
    alive = PersonView.objects.live(now).filter(
        pk=view.pk, state=State.MATCHED, shows=Shows.APPLICATION
    )
    found = CentreVisit.objects.select_related("member__user", "member__centre", "centre")
    visit = found.filter(pk=view.visit_id, member=member).first() if member else None
    if visit is None or not alive.exists():
        raise PersonViewGone
    is_at_work = visit.phase == VisitPhase.WORK and visit.way in BY_CONSENT
    if not is_at_work or view.mandate_id is None or visit.mandate_id != view.mandate_id:
        raise PersonViewGone
    if not may_act_for_people(visit.member, now=now):
        raise HelpStopped
    try:
        mandate = require_scope(visit, HelpScope.BOOK_RECEPTION, now=now)
    except (NoMandate, MandateEnded):
        raise HelpStopped from None
    if mandate.is_of_account:
        raise HelpStopped
    return visit, mandate


def _read(typed: TypedDraft, mandate: Mandate, held: Occupancy) -> ReadApplication:
    terms = typing.terms_to_read()
    if terms is None:
        raise ConsentRequired
    shown = f"{typing.version_shown(typed.draft, held)} {terms.pk}"
    version = sha256(shown.encode()).hexdigest()
    return ReadApplication(mandate, typed.draft, typed.entered, held, terms, version)
