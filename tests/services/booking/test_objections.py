"""Objecting to what was noted of a reception: by whom, until when, how often, answered by whom."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import (
    Application,
    JournalAct,
    JournalRecord,
    Letter,
    Objection,
    Official,
)
from diia_videoreception.rules.objections import MAX_OBJECTION
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.letters import worth_sending
from diia_videoreception.services.booking.objections import answer_objection, object_to_outcome
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import AgencyFactory, ApplicationFactory, CitizenFactory, signed_in
from tests.harness.clock import NOW
from tests.steps.moderation import decide, moderator_of

NOTED = NOW - timedelta(hours=1)
LAST_MOMENT = datetime.fromisoformat("2026-11-29T00:00:00+02:00") - timedelta(seconds=1)
"""Five days after the day of the note, which is 23 November by the agency's clock."""


@pytest.fixture
def noted(official: Official, citizen: SignedIn) -> Application:
    return ApplicationFactory(
        official=official,
        citizen=citizen.citizen,
        state="citizen_absent",
        decided_at=NOTED,
        start=NOW - timedelta(hours=2),
    )


def object_to(noted: Application, citizen: SignedIn, **changed: Any) -> Objection:
    asked = {"actor": citizen, "public_id": noted.public_id, "text": "Я була.", "now": NOW}
    return object_to_outcome(**asked | changed)


def answer(noted: Application, moderator: AbstractBaseUser, **changed: Any) -> Objection:
    asked = {
        "moderator": moderator,
        "public_id": noted.public_id,
        "version": noted.version,
        "outcome": None,
        "text": "Перевірили.",
        "now": NOW,
    }
    return answer_objection(**asked | changed)


def test_objection__is_kept_and_written_down(noted: Application, citizen: SignedIn) -> None:
    objection = object_to(noted, citizen)
    assert (objection.text, objection.outcome) == ("Я була.", "citizen_absent")
    record = JournalRecord.objects.get()
    assert (record.act, record.details) == (JournalAct.OBJECT, {})
    with pytest.raises(errors.WrongState):
        object_to(noted, citizen)


@pytest.mark.parametrize("text", ["", " \n ", "а" * (MAX_OBJECTION + 1)])
def test_objection__needs_words_and_not_too_many(
    noted: Application, citizen: SignedIn, text: str
) -> None:
    with pytest.raises(errors.Incomplete):
        object_to(noted, citizen, text=text)
    assert not Objection.objects.exists()


def test_objection__of_somebody_else_is_not_found(noted: Application) -> None:
    with pytest.raises(errors.NotFound):
        object_to(noted, signed_in(CitizenFactory()))


def test_objection__is_too_late_after_five_days(noted: Application, citizen: SignedIn) -> None:
    with pytest.raises(errors.WrongState):
        object_to(noted, citizen, now=LAST_MOMENT + timedelta(seconds=1))
    assert object_to(noted, citizen, now=LAST_MOMENT)


def test_objection__to_what_nobody_has_noted_is_refused(
    official: Official, citizen: SignedIn
) -> None:
    confirmed = ApplicationFactory(
        official=official, citizen=citizen.citizen, state="confirmed", decided_at=NOTED
    )
    with pytest.raises(errors.WrongState):
        object_to(confirmed, citizen)


def test_answer__may_leave_the_record_as_it_is(
    noted: Application, citizen: SignedIn, moderator: AbstractBaseUser
) -> None:
    object_to(noted, citizen)
    answered = answer(noted, moderator, outcome=Act.NOTE_CITIZEN_ABSENT)
    assert (answered.is_upheld, answered.answer) == (False, "Перевірили.")
    letter = Letter.objects.get(kind="objection_answered", copy_of=None)
    assert letter.facts["changed"] is False
    last = JournalRecord.objects.last()
    assert last is not None
    assert (last.act, last.actor_id) == (JournalAct.ANSWER_OBJECTION, str(moderator.pk))
    with pytest.raises(errors.WrongState):
        answer(noted, moderator)


def test_answer__may_change_the_record(
    noted: Application, citizen: SignedIn, moderator: AbstractBaseUser
) -> None:
    object_to(noted, citizen)
    answered = answer(noted, moderator, outcome=Act.COMPLETE)
    noted.refresh_from_db()
    assert (noted.state, answered.is_upheld) == ("completed", True)


@pytest.mark.parametrize("outcome", [None, Act.COMPLETE])
def test_record__stays_once_the_objection_is_answered(
    noted: Application, citizen: SignedIn, moderator: AbstractBaseUser, outcome: Act | None
) -> None:
    """The citizen could not object again, and has read what the answer says of the record."""
    object_to(noted, citizen)
    before = answer(noted, moderator, outcome=outcome)
    noted.refresh_from_db()

    with pytest.raises(errors.WrongState):
        decide("note_outcome", noted, moderator, outcome=Act.NOTE_AGENCY_ABSENT, now=NOW)

    told = Objection.objects.select_related("application").get()
    assert told.is_upheld is before.is_upheld is (outcome is not None)


def test_record__may_be_put_right_while_an_objection_waits(
    noted: Application, citizen: SignedIn, moderator: AbstractBaseUser
) -> None:
    object_to(noted, citizen)

    righted = decide("note_outcome", noted, moderator, outcome=Act.COMPLETE, now=NOW)

    assert righted.state == "completed"


def test_answer__is_of_the_agency_alone_and_has_words(
    noted: Application, citizen: SignedIn, moderator: AbstractBaseUser
) -> None:
    object_to(noted, citizen)
    with pytest.raises(errors.NotFound):
        answer(noted, moderator_of(AgencyFactory(), name="foreign"))
    with pytest.raises(errors.Incomplete):
        answer(noted, moderator, text=" ")
    with pytest.raises(errors.WrongState):
        answer(noted, moderator, version=noted.version + 1)
    assert Objection.objects.get().answered_at is None


def test_a_letter_of_a_new_record__promises_no_second_objection(
    noted: Application, citizen: SignedIn, moderator: AbstractBaseUser
) -> None:
    object_to(noted, citizen)
    answer(noted, moderator, outcome=Act.NOTE_AGENCY_ABSENT)

    letter = Letter.objects.get(application=noted, kind="not_held")
    assert letter.facts["may_object"] is False
    assert "заперечити" not in render_letter(letter, for_sending=False, now=NOW).text


def test_letter_of_an_absence_that_is_put_right__is_not_sent_any_more(
    noted: Application, moderator: AbstractBaseUser
) -> None:
    by_citizen = Letter(kind="not_held", application=noted, facts={"by": "citizen"})
    assert worth_sending([by_citizen], noted, now=NOW) == [by_citizen]

    noted.state = "completed"
    assert worth_sending([by_citizen], noted, now=NOW) == []


def test_the_answer__tells_what_was_recorded_then(
    noted: Application, citizen: SignedIn, moderator: AbstractBaseUser
) -> None:
    object_to(noted, citizen)
    answer(noted, moderator)
    Application.objects.filter(pk=noted.pk).update(state="completed")

    letter = Letter.objects.get(application=noted, kind="objection_answered")
    told = render_letter(letter, for_sending=False, now=NOW).text
    assert Application(state="citizen_absent").get_state_display() in told
