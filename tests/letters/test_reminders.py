"""Reminders: once each, never of what is not to come, with the true time."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from diia_videoreception.models import (
    Application,
    Letter,
    OfficialMailbox,
    Reception,
    Reminder,
    ReminderChoice,
)
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.selectors.letters import worth_sending
from diia_videoreception.services.booking import applications, moderation
from diia_videoreception.services.letters.delivery import deliver_due
from diia_videoreception.services.letters.reminders import write_reminders
from diia_videoreception.services.letters.rendering import NothingToSend
from tests.factories import NOW, signed_in
from tests.harness.clock import START
from tests.steps.letters import render
from tests.steps.moderation import moderator_of
from tests.steps.rooms import own_room

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DAY = 24 * HOUR


def reminders() -> list[Letter]:
    return list(Letter.objects.filter(kind="reminder").order_by("pk"))


def run(before: timedelta) -> int:
    return write_reminders(now=START - before)


def choose(application: Application, **chosen: bool) -> None:
    ReminderChoice.objects.update_or_create(citizen=application.citizen, defaults=chosen)


def test_reminders__are_written_a_day_and_an_hour_before_once_each(confirmed: Application) -> None:
    assert [run(before) for before in (DAY + MINUTE, DAY, 23 * HOUR, 2 * HOUR)] == [0, 1, 0, 0]
    assert [run(before) for before in (HOUR, 30 * MINUTE, 0 * HOUR, -MINUTE)] == [1, 0, 0, 0]
    assert [row.lead for row in Reminder.objects.order_by("pk")] == ["day", "hour"]
    assert [letter.address for letter in reminders()] == ["melnyk@example.com"] * 2


def test_reminder__goes_to_mailbox_and_address(confirmed: Application) -> None:
    OfficialMailbox.objects.create(
        citizen=confirmed.citizen,
        provider="default",
        address="melnyk-1@mail.example",
        state="ready",
        created_at=NOW,
        ready_at=NOW,
    )
    assert run(DAY) == 1
    first, copy = reminders()
    assert (first.address, copy.address) == ("melnyk-1@mail.example", "melnyk@example.com")
    assert copy.copy_of == first


def test_words__tell_the_true_time_and_no_secret(confirmed: Application) -> None:
    run(3 * HOUR)
    (letter,) = reminders()
    late = render(letter, now=START - 3 * HOUR)
    assert late.subject == "Нагадування: прийом сьогодні о 10:30 за київським часом"
    assert len(late.subject) <= 60
    assert "24 годин" not in late.text
    assert render(letter, now=START - 20 * HOUR).title == (
        "Ваш прийом — завтра о 10:30 за київським часом"
    )
    kept = render(letter, for_sending=False, now=START + 90 * DAY)
    assert kept.title == "Ваш прийом — 01.12.2026, 10:30 за київським часом"
    assert "/profile/reminders/" in kept.text
    for secret in ("vp-a2b3c4d5", "k7pm"):
        assert secret not in late.text + kept.text


def test_the_room__is_one_click_away(confirmed: Application, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    Reception.objects.update(login="", password_encrypted="")
    run(DAY)
    (letter,) = reminders()
    assert f"/room/{confirmed.public_id}/" in render(letter, now=START - DAY).text


@pytest.mark.parametrize(
    ("chosen", "written"),
    [
        ({"by_email": False}, [0, 0]),
        ({"day_before": False}, [0, 1]),
        ({"hour_before": False}, [1, 0]),
        ({"day_before": False, "hour_before": False}, [0, 0]),
        ({}, [1, 1]),
    ],
)
def test_the_person__chooses(
    confirmed: Application, chosen: dict[str, bool], written: list[int]
) -> None:
    choose(confirmed, **chosen)
    assert [run(DAY), run(HOUR)] == written


@pytest.mark.parametrize("state", ["submitted", "declined", "cancelled", "lapsed"])
def test_what_is_not_confirmed__is_not_reminded_of(confirmed: Application, state: str) -> None:
    Application.objects.filter(pk=confirmed.pk).update(state=state, reason="…")
    assert run(DAY) + run(HOUR) == 0


def test_a_time_told_within_the_span__is_not_reminded_of(confirmed: Application) -> None:
    Reception.objects.update(confirmed_at=START - 5 * HOUR)
    assert [run(4 * HOUR), run(HOUR)] == [0, 1]


def test_a_reminder_under_way__is_stopped_by_a_cancellation(
    confirmed: Application, mailoutbox: list[Any]
) -> None:
    run(DAY)
    applications.cancel(
        actor=signed_in(confirmed.citizen), public_id=confirmed.public_id, now=START - DAY
    )
    deliver_due(now=START - DAY)
    assert not any("Нагадування" in message.subject for message in mailoutbox)
    (letter,) = reminders()
    assert (letter.state, letter.error_kind) == ("failed", "out_of_date")
    confirmed.refresh_from_db()
    assert letter not in worth_sending([letter], confirmed, now=START - DAY)


def test_reminders__follow_a_move(confirmed: Application, mailoutbox: list[Any]) -> None:
    run(DAY)
    later = START + 2 * DAY
    moderation.confirm_other_time(
        moderator=moderator_of(confirmed.official.agency),
        public_id=confirmed.public_id,
        version=confirmed.version,
        start=later,
        is_agreed=True,
        now=START - DAY,
    )
    deliver_due(now=START - DAY)
    (old,) = reminders()
    assert (old.state, old.error_kind) == ("failed", "out_of_date")
    assert run(HOUR) == 0
    assert [write_reminders(now=later - before) for before in (DAY, HOUR)] == [1, 1]
    with pytest.raises(NothingToSend):
        render(reminders()[1], now=later)
    assert "3 грудня" in render(reminders()[1], now=later - DAY).text


def test_a_declined_reception__is_not_reminded_of(confirmed: Application) -> None:
    moderation.decline(
        moderator=moderator_of(confirmed.official.agency),
        public_id=confirmed.public_id,
        version=confirmed.version,
        refusal=Refusal("Хвороба"),
        now=START - 2 * DAY,
    )
    assert run(DAY) + run(HOUR) == 0


def test_a_late_letter__never_leaves_after_the_start(
    confirmed: Application, mailoutbox: list[Any]
) -> None:
    run(HOUR)
    deliver_due(now=START)
    assert mailoutbox == []
    assert reminders()[0].error_kind == "out_of_date"


def test_a_clock_change__leaves_the_clock_time_right(
    confirmed: Application, queued: Callable[..., Letter]
) -> None:
    """12:00 on the day of the change is 9:00 UTC, no more 10:00 as the day before."""
    start = datetime(2027, 3, 28, 9, 0, tzinfo=UTC)
    Application.objects.filter(pk=confirmed.pk).update(start=start, end=start + HOUR)
    assert write_reminders(now=start - DAY) == 1
    words = render(reminders()[0], now=start - DAY)
    assert words.title == "Ваш прийом — завтра о 12:00 за київським часом"


def test_one_that_fails__keeps_no_other_from_being_written(
    confirmed: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("diia_videoreception.services.letters.reminders.queue", fail)
    assert run(DAY) == 0
    monkeypatch.undo()
    assert run(DAY) == 1, "nothing of the failed act stayed"


def test_called_off_while_others_are_written__is_not_reminded_of(
    confirmed: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def after_a_cancellation(acts: Iterable[Callable[[], int]]) -> int:
        Application.objects.update(state="cancelled")
        return sum(do() for do in acts)

    path = "diia_videoreception.services.letters.reminders.sum_of_acts"
    monkeypatch.setattr(path, after_a_cancellation)
    assert run(DAY) == 0
    assert reminders() == []
