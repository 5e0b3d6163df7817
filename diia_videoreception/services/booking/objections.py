"""The citizen objects to what was noted of a reception; a moderator answers: it stands, or is changed."""

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.models import Application, JournalAct, Letter, Objection
from diia_videoreception.rules.objections import MAX_OBJECTION, answer_due
from diia_videoreception.rules.transitions import OUTCOMES, Act
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.objections import may_object_until
from diia_videoreception.selectors.booking.terms import workdays_of
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import moderation, occupancy
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import act


@act
def object_to_outcome(
    *, actor: SignedIn, public_id: uuid.UUID, text: str, now: datetime
) -> Objection:
    """Keep what the citizen says against the outcome of a reception, and tell the moderators; once.

    Raises:
        NotFound: it is not the citizen's.
        WrongState: nothing is noted of it, the days for objecting are over, or they have objected.
        Incomplete: there is no text, or too much.
    """
    application = _locked(Application.objects.filter(citizen=actor.citizen), public_id)
    until = may_object_until(application)
    if until is None or now >= until:
        raise errors.WrongState
    cleaned = typed_text(text, most=MAX_OBJECTION, missing=_("Write what was different."))
    agency = application.official.agency
    zone = ZoneInfo(agency.time_zone)
    objection = Objection.objects.create(
        application=application,
        outcome=application.state,
        text=cleaned,
        created_at=now,
        due=answer_due(now, zone, workdays=workdays_of(agency)),
    )
    journal.record(JournalAct.OBJECT, subject=application, citizen=actor.citizen, now=now)
    letters.queue_objection(application, due=objection.due, now=now)
    return objection


@act
def answer_objection(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    outcome: Act | None,
    text: str,
    now: datetime,
) -> Objection:
    """Answer an objection, with the outcome as it is to be from now on; the citizen gets a letter.

    Args:
        version: Of the application that was on the page.
        outcome: One of `OUTCOMES`; None, and what is noted already, leave it as it is.

    Raises:
        NotFound, WrongState, AbsenceTooEarly, CitizenCame: as `note_outcome`; there is nothing to answer.
        Incomplete: there is no text, or too much.
    """
    found = applications_visible_to(moderator)
    objected = found.filter(public_id=public_id).first()
    if objected is not None:
        # Before the application, as every act of moderators locks them.
        occupancy.lock_all(occupancy.resources_of(objected))
    application = _locked(found, public_id)
    objection = Objection.objects.filter(application=application, answered_at=None).first()
    if objection is None or application.version != version:
        raise errors.WrongState
    missing = _("Write the answer: the citizen will read it.")
    objection.answer = typed_text(text, most=MAX_OBJECTION, missing=missing)
    if outcome is not None and OUTCOMES.get(outcome) != application.state:
        application = moderation.note_outcome(
            moderator=moderator, public_id=public_id, version=version, outcome=outcome, now=now
        )
    objection.application = application
    objection.answered_at, objection.answered_by_id = now, moderator.pk
    objection.save()
    journal.record(JournalAct.ANSWER_OBJECTION, subject=application, staff_id=moderator.pk, now=now)
    facts: dict[str, object] = {"answer": objection.answer, "changed": objection.is_upheld}
    facts["state"] = application.state
    letters.queue(Letter.Kind.OBJECTION_ANSWERED, application=application, now=now, facts=facts)
    return objection


def _locked(among: QuerySet[Application], public_id: uuid.UUID) -> Application:
    application = (
        among.select_for_update(of=("self",))
        .select_related("official__unit__agency", "citizen")
        .filter(public_id=public_id)
        .first()
    )
    if application is None:
        raise errors.NotFound
    return application
