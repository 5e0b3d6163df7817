"""Calendar files, read back with another reader than a person."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from icalendar import Calendar, Event

from diia_videoreception.models import Application, Letter, Reception
from diia_videoreception.services.letters.calendars import (
    CalendarFile,
    calendar_of,
    calendar_of_letter,
)
from tests.factories import NOW
from tests.harness.clock import START
from tests.steps.letters import PASSWORD

Queued = Callable[..., Letter]


def event_of(file: CalendarFile | None) -> tuple[Calendar, Event]:
    """Reads a file; its label always says what is inside."""
    assert file is not None
    calendar = Calendar.from_ical(file.content)
    assert isinstance(calendar, Calendar)
    assert file.media_type == f"text/calendar; charset=utf-8; method={calendar['METHOD']}"
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_confirmation__is_an_event_in_the_agencys_zone(
    confirmed: Application, queued: Queued
) -> None:
    file = calendar_of_letter(queued("confirmation", confirmed))
    calendar, event = event_of(file)

    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"] == f"{confirmed.public_id}@testserver"
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert event["DTSTART"].dt == START
    assert event["DTEND"].dt == START + timedelta(minutes=30)
    assert event["SUMMARY"] == "Відеоприйом: Мінсоцполітики"
    assert (
        "Заявка № ВП-2026-000123-7\nПосадова особа: Коваленко Олена Петрівна"
        in event["DESCRIPTION"]
    )
    assert str(confirmed.public_id) in event["URL"]
    assert file is not None
    text = file.content.decode().replace("\r\n ", "")
    assert "DTSTART;TZID=Europe/Kyiv:20261201T103000" in text
    assert "DTEND;TZID=Europe/Kyiv:20261201T110000" in text
    assert "ORGANIZER;CN=Мінсоцполітики:mailto:portal@example.gov.ua" in text
    attendee = event["ATTENDEE"]
    assert attendee == "mailto:melnyk@example.com"
    assert (attendee.params["RSVP"], attendee.params["PARTSTAT"]) == ("FALSE", "ACCEPTED")


def test_time_zone__is_described_with_both_clock_changes(
    confirmed: Application, queued: Queued
) -> None:
    calendar, _event = event_of(calendar_of_letter(queued("confirmation", confirmed)))

    (described,) = calendar.walk("VTIMEZONE")
    assert described["TZID"] == "Europe/Kyiv"
    ours, real = described.to_tz(), ZoneInfo("Europe/Kyiv")
    for days in range(0, 365, 5):
        moment = (START + timedelta(days=days)).replace(tzinfo=None)
        assert moment.replace(tzinfo=ours).utcoffset() == moment.replace(tzinfo=real).utcoffset()


def test_nobody_else__is_named_and_nothing_is_secret(
    confirmed: Application, queued: Queued
) -> None:
    file = calendar_of_letter(queued("confirmation", confirmed))
    assert file is not None
    text = file.content.decode().replace("\r\n ", "")

    citizen = confirmed.citizen
    for private in (
        PASSWORD,
        "vp-a2b3c4d5",
        citizen.last_name,
        confirmed.phone,
        confirmed.topic,
    ):
        assert private not in text
    assert text.count("ATTENDEE") == 1, "the reader of the letter"
    assert b"ATTENDEE" not in calendar_of(confirmed, now=NOW).content


def test_a_move_and_a_cancellation__follow_the_same_event(
    confirmed: Application, queued: Queued
) -> None:
    _calendar, first = event_of(calendar_of_letter(queued("confirmation", confirmed)))
    Reception.objects.filter(application=confirmed).update(calendar_sequence=1)
    confirmed.refresh_from_db()
    confirmed.start += timedelta(days=1)
    confirmed.end += timedelta(days=1)
    _calendar, second = event_of(calendar_of_letter(queued("moved", confirmed)))
    last_calendar, last = event_of(
        calendar_of_letter(queued("cancelled", confirmed, by="citizen", calendar=True))
    )

    assert first["UID"] == second["UID"] == last["UID"]
    assert [event["SEQUENCE"] for event in (first, second, last)] == [0, 1, 2]
    assert second["DTSTART"].dt == START + timedelta(days=1)
    assert (last_calendar["METHOD"], last["STATUS"]) == ("CANCEL", "CANCELLED")


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("receipt", {}),
        ("declined", {"reason": "…"}),
        ("lapsed", {}),
        ("cancelled", {"calendar": False}),
    ],
)
def test_a_time_that_was_never_confirmed__is_in_no_calendar(
    kind: str, facts: dict[str, object], application: Application, queued: Queued
) -> None:
    assert calendar_of_letter(queued(kind, application, **facts)) is None


def test_download__shows_the_reception_as_it_stands(confirmed: Application) -> None:
    calendar, event = event_of(calendar_of(confirmed, now=NOW))
    assert (calendar["METHOD"], event["SEQUENCE"], event["DTSTART"].dt) == ("PUBLISH", 0, START)

    confirmed.state = Application.State.CANCELLED
    calendar, event = event_of(calendar_of(confirmed, now=NOW))
    assert (calendar["METHOD"], event["SEQUENCE"]) == ("CANCEL", 1)


def test_words__are_in_the_language_of_the_letters(confirmed: Application) -> None:
    confirmed.language = "en"
    with translation.override("uk"):
        _calendar, event = event_of(calendar_of(confirmed, now=NOW))

    assert event["SUMMARY"] == "Video reception: Мінсоцполітики"


def test_lines__are_short_and_end_as_the_standard_says(confirmed: Application) -> None:
    data = calendar_of(confirmed, now=NOW).content

    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
