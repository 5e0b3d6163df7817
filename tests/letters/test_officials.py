"""Letters to officials: confirmed, moved, cancelled, the evening before; nobody is named."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from icalendar import Calendar

from diia_videoreception.models import Application, Letter, Official
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.services.booking import applications
from diia_videoreception.services.letters.calendars import calendar_of_letter
from diia_videoreception.services.letters.evenings import write_evenings
from diia_videoreception.services.letters.rendering import NothingToSend
from tests.factories import NOW, ApplicationFactory, ScheduleRuleFactory, signed_in
from tests.harness.clock import START
from tests.steps.letters import render
from tests.steps.moderation import decide

LATER = START + timedelta(days=1)
EVENING = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
"""18:00 in Kyiv on the day before START."""


@pytest.fixture(autouse=True)
def receiver(official: Official) -> Any:
    user = get_user_model().objects.create_user("receiver", email="receiver@agency.example")
    Official.objects.filter(pk=official.pk).update(user=user)
    return user


@pytest.fixture
def moderator(official: Official) -> Any:
    return get_user_model().objects.create_user("admin", is_superuser=True)


def letters_to_official(kind: str = "") -> list[Letter]:
    letters = Letter.objects.filter(kind__startswith=f"official_{kind}")
    return list(letters.order_by("pk"))


def act(name: str, application: Application, moderator: Any, **how: Any) -> None:
    application.refresh_from_db()
    decide(name, application, moderator, **how)


def personal(application: Application) -> list[str]:
    citizen = application.citizen
    return [citizen.last_name, citizen.first_name, citizen.email, "671234567", application.topic]


def test_official__is_told_of_each_change(application: Application, moderator: Any) -> None:
    act("confirm", application, moderator)
    act("confirm_other_time", application, moderator, start=LATER)
    act("decline", application, moderator, refusal=Refusal("Хвороба"))

    assert [letter.kind for letter in letters_to_official()] == [
        "official_confirmed",
        "official_moved",
        "official_cancelled",
    ]
    assert {letter.address for letter in letters_to_official()} == {"receiver@agency.example"}
    assert {(letter.application, letter.citizen) for letter in letters_to_official()} == {
        (None, None)
    }


def test_official__is_told_of_another_time_at_once(
    application: Application, moderator: Any
) -> None:
    act("confirm_other_time", application, moderator, start=LATER)
    assert [letter.kind for letter in letters_to_official()] == ["official_confirmed"]


def test_official__is_told_when_the_citizen_cancels(
    application: Application, moderator: Any
) -> None:
    act("confirm", application, moderator)
    applications.cancel(
        actor=signed_in(application.citizen), public_id=application.public_id, now=NOW
    )
    assert [letter.kind for letter in letters_to_official()] == [
        "official_confirmed",
        "official_cancelled",
    ]


def test_official__is_not_told_of_what_was_never_appointed(
    application: Application, moderator: Any
) -> None:
    act("decline", application, moderator, refusal=Refusal("Не до нас"))
    assert letters_to_official() == []


@pytest.mark.parametrize("reason", ["nobody", "no address", "dismissed"])
def test_nobody__is_told_without_an_address(
    application: Application, moderator: Any, receiver: Any, reason: str
) -> None:
    if reason == "nobody":
        Official.objects.update(user=None)
    receiver.email = "" if reason == "no address" else receiver.email
    receiver.is_active = reason != "dismissed"
    receiver.save()
    act("confirm", application, moderator)
    Application.objects.filter(pk=application.pk).update(start=START)
    assert write_evenings(now=EVENING) == 0
    assert letters_to_official() == []


def test_letters__name_nobody(application: Application, moderator: Any) -> None:
    act("confirm", application, moderator)
    write_evenings(now=EVENING)
    first, evening = (render(letter) for letter in letters_to_official())
    assert first.subject == "Прийом підтверджено: 01.12.2026, 10:30 за київським часом"
    assert f"/official/{application.public_id}/" in first.text
    assert evening.subject == "Прийоми 1 грудня: 1"
    assert "10:30 за київським часом: ВП-2026-000123-7" in evening.text
    assert "/official/?day=2026-12-01" in evening.text
    act("confirm_other_time", application, moderator, start=LATER)
    moved = render(letters_to_official("moved")[0])
    assert "Попередній час: вівторок, 1 грудня 2026 року, 10:30" in moved.text
    act("decline", application, moderator, refusal=Refusal("Хвороба"))
    cancelled = render(letters_to_official("cancelled")[0])
    for letter in (first, evening, moved, cancelled):
        for private in [*personal(application), "Хвороба"]:
            assert private not in letter.subject + letter.text + letter.html


def test_calendar__names_nobody_and_follows_the_reception(
    application: Application, moderator: Any
) -> None:
    act("confirm", application, moderator)
    act("confirm_other_time", application, moderator, start=LATER)
    act("decline", application, moderator, refusal=Refusal("Хвороба"))
    files = [calendar_of_letter(letter) for letter in letters_to_official()]
    events = []
    for file in files:
        assert file is not None
        calendar = Calendar.from_ical(file.content)
        (event,) = calendar.walk("VEVENT")
        events.append((calendar["METHOD"], event))
        text = file.content.decode().replace("\r\n ", "")
        for private in personal(application):
            assert private not in text
    assert [method for method, _event in events] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({event["UID"] for _method, event in events}) == 1
    sequences = [int(event["SEQUENCE"]) for _method, event in events]
    assert sequences == sorted(set(sequences))
    assert events[0][1]["DTSTART"].dt == START
    assert events[1][1]["DTSTART"].dt == LATER
    own = calendar_of_letter(Letter.objects.filter(kind="confirmation")[0])
    assert own is not None
    assert events[0][1]["UID"].encode() not in own.content.replace(b"\r\n ", b"")


def test_what_is_not_true_any_more__is_not_sent(application: Application, moderator: Any) -> None:
    act("confirm", application, moderator)
    act("confirm_other_time", application, moderator, start=LATER)
    with pytest.raises(NothingToSend):
        render(letters_to_official("confirmed")[0])
    act("decline", application, moderator, refusal=Refusal("Хвороба"))
    with pytest.raises(NothingToSend):
        render(letters_to_official("moved")[0])
    render(letters_to_official("cancelled")[0])


def test_evening__once_and_not_before_it(application: Application, moderator: Any) -> None:
    act("confirm", application, moderator)
    assert write_evenings(now=EVENING - timedelta(minutes=1)) == 0
    assert write_evenings(now=EVENING) == 1
    assert write_evenings(now=EVENING + timedelta(hours=1)) == 0
    (letter,) = letters_to_official("tomorrow")
    assert letter.facts == {"day": "2026-12-01", "applications": [application.number]}
    with pytest.raises(NothingToSend):
        render(letter, now=START + timedelta(hours=1))


def test_evening__of_the_own_receptions_of_that_day_only(
    application: Application, official: Official, moderator: Any
) -> None:
    act("confirm", application, moderator)
    other = ScheduleRuleFactory().official
    for whose, start, state in (
        (official, START + timedelta(hours=1), "submitted"),
        (official, START + timedelta(days=1), "confirmed"),
        (other, START, "confirmed"),
    ):
        ApplicationFactory(official=whose, start=start, state=state, decided_at=NOW)
    assert write_evenings(now=EVENING) == 1
    (letter,) = letters_to_official("tomorrow")
    assert letter.facts["applications"] == [application.number]
    assert Official.objects.get(pk=official.pk).notified_day == date(2026, 12, 1)
