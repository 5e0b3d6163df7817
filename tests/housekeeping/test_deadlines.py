"""The alarm a day before the start and the lapse at the start, to the second."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception.models import Application, JournalRecord, Letter, Occupancy
from diia_videoreception.services.booking import deadlines, states
from diia_videoreception.services.booking.deadlines import alarm_agencies, lapse_undecided
from tests.factories import NOW, AgencyFactory, ApplicationFactory

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
CLOSED = ["confirmed", "declined", "cancelled", "lapsed", "completed"]


def decided(state: str, **options: Any) -> Application:
    return ApplicationFactory(state=state, reason="…", decided_at=NOW, **options)


def test_alarm__begins_24_hours_before_the_start(db: None) -> None:
    application = ApplicationFactory(start=NOW + 2 * DAY)

    assert alarm_agencies(now=NOW + DAY - SECOND) == 0
    assert alarm_agencies(now=NOW + DAY) == 1

    application.refresh_from_db()
    assert (application.alarmed_at, application.state) == (NOW + DAY, "submitted")
    letter = Letter.objects.get()
    assert (letter.kind, letter.agency, letter.citizen) == (
        "agency_alarm",
        application.official.agency,
        None,
    )
    assert letter.address == application.official.agency.email
    assert JournalRecord.objects.get().act == "application.alarm"


def test_alarm__is_given_once(db: None) -> None:
    ApplicationFactory(start=NOW + DAY)

    assert [alarm_agencies(now=NOW + n * SECOND) for n in range(3)] == [1, 0, 0]
    assert Letter.objects.count() == 1


def test_alarm__one_letter_for_each_agency(db: None) -> None:
    first = ApplicationFactory(start=NOW + timedelta(hours=3))
    second = ApplicationFactory(start=NOW + timedelta(hours=1), official=first.official)
    other = ApplicationFactory(start=NOW + timedelta(hours=2))

    assert alarm_agencies(now=NOW) == 3

    alarmed = {
        letter.agency: sorted(letter.facts["applications"]) for letter in Letter.objects.all()
    }
    assert alarmed == {
        first.official.agency: sorted([first.number, second.number]),
        other.official.agency: [other.number],
    }


def test_alarm__without_an_address_is_on_record_only(db: None) -> None:
    ApplicationFactory(start=NOW + DAY, official__unit__agency=AgencyFactory(email=""))

    assert alarm_agencies(now=NOW) == 1
    assert (Letter.objects.count(), JournalRecord.objects.count()) == (0, 1)


@pytest.mark.parametrize("state", CLOSED)
def test_alarm__only_for_what_waits(state: str, db: None) -> None:
    decided(state, start=NOW + timedelta(hours=1))

    assert alarm_agencies(now=NOW) == 0


def test_alarm__not_for_what_is_decided_in_the_same_moment(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = ApplicationFactory(start=NOW + timedelta(hours=1))
    alarm = deadlines._alarm

    def decide_first(**arguments: Any) -> int:
        Application.objects.update(state="declined", reason="…", decided_at=NOW)
        return alarm(**arguments)

    monkeypatch.setattr(deadlines, "_alarm", decide_first)

    assert alarm_agencies(now=NOW) == 0
    application.refresh_from_db()
    assert application.alarmed_at is None
    assert Letter.objects.count() == 0


def test_lapse__happens_at_the_start(db: None) -> None:
    application = ApplicationFactory(start=NOW + DAY)

    assert lapse_undecided(now=NOW + DAY - SECOND) == 0
    assert lapse_undecided(now=NOW + DAY) == 1

    application.refresh_from_db()
    assert (application.state, application.version, application.decided_at) == (
        "lapsed",
        2,
        NOW + DAY,
    )
    assert not Occupancy.objects.exists(), "the time is not occupied any more"
    letter = Letter.objects.get()
    assert (letter.kind, letter.address) == ("lapsed", application.letters_address)
    assert JournalRecord.objects.get().act == "application.lapse"
    assert lapse_undecided(now=NOW + DAY) == 0


@pytest.mark.parametrize("state", CLOSED)
def test_lapse__only_of_what_waits(state: str, db: None) -> None:
    application = decided(state, start=NOW - timedelta(hours=1))

    assert lapse_undecided(now=NOW) == 0
    application.refresh_from_db()
    assert (application.state, application.version) == (state, 1)


def test_lapse__one_that_fails_stops_no_other(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = ApplicationFactory(start=NOW - 2 * DAY)
    good = ApplicationFactory(start=NOW - DAY)
    change_state = states.change_state

    def fail_for_one(application: Application, *arguments: Any, **options: Any) -> None:
        if application.pk == broken.pk:
            raise LookupError(application.phone)
        change_state(application, *arguments, **options)

    monkeypatch.setattr(deadlines, "change_state", fail_for_one)
    with caplog.at_level(logging.ERROR):
        assert lapse_undecided(now=NOW) == 1

    good.refresh_from_db()
    assert good.state == "lapsed"
    assert "LookupError" in caplog.text
    assert broken.phone not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_side_by_side__everything_happens_once(at_once: Callable[..., list[object]]) -> None:
    for number in range(4):
        ApplicationFactory(start=NOW - (number + 1) * DAY)
    ApplicationFactory(start=NOW + timedelta(hours=1))

    outcomes = at_once(lambda _rival: lapse_undecided(now=NOW) + alarm_agencies(now=NOW), range(4))

    assert sum(int(str(count)) for count in outcomes) == 5
    assert sorted(Letter.objects.values_list("kind", flat=True)) == [
        "agency_alarm",
        *["lapsed"] * 4,
    ]
    assert JournalRecord.objects.count() == 5
