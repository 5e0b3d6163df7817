"""Housekeeping in two processes: each reminder is written once."""

from collections.abc import Callable
from datetime import timedelta

from diia_videoreception.models import Application, Letter, Reception, Reminder
from diia_videoreception.services.letters.reminders import write_reminders
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW, START

AtOnce = Callable[..., list[object]]
MANY = 6


def test_two_workers__write_each_reminder_once(transactional_db: None, at_once: AtOnce) -> None:
    for number in range(MANY):
        application = ApplicationFactory(
            start=START + timedelta(minutes=30 * number), state="confirmed", decided_at=NOW
        )
        Reception.objects.create(application=application, conference="default", confirmed_at=NOW)

    def act(worker: int) -> int:
        return write_reminders(now=START - timedelta(hours=20))

    written = at_once(act, range(2))

    assert Reminder.objects.count() == Letter.objects.filter(kind="reminder").count() == MANY
    assert sum(int(str(count)) for count in written) == MANY
    assert Application.objects.filter(reminders__lead="day").count() == MANY
