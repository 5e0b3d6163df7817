"""The command: steps that do not stop each other, several processes, a clean end."""

import asyncio
import logging
import signal
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from diia_videoreception.models import Application, JournalAct, JournalRecord, Letter
from diia_videoreception.services import journal, letters
from diia_videoreception.services.accounts import citizens
from diia_videoreception.services.housekeeping import steps as steps
from diia_videoreception.services.letters.delivery import deliver_due
from tests.factories import NOW, ApplicationFactory, CitizenFactory
from tests.harness.smtp import MailServer
from tests.housekeeping.processes import housekeeping, output_of, summary_of

SLACK = 2
"""How much slower a machine may be on which many tests run at once."""
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def by(smtp: MailServer) -> dict[str, Any]:
    return {"EMAIL_BACKEND": SMTP, "EMAIL_HOST": smtp.host, "EMAIL_PORT": smtp.port}


def undecided() -> Application:
    """An application in which nothing is due for a long time, by the same clock."""
    application: Application = ApplicationFactory(start=timezone.now() + timedelta(days=30))
    return application


def queue_letters(count: int) -> list[str]:
    """Letters that are due now, by the real clock of other processes."""
    application = undecided()
    return [
        letters.queue(Letter.Kind.RECEIPT, application=application, now=timezone.now()).message_id
        for _ in range(count)
    ]


# --- One run -----------------------------------------------------------------------------------


def test_a_run__does_everything_that_is_due(
    db: None, mailoutbox: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    overdue = ApplicationFactory(start=timezone.now() - timedelta(minutes=1))
    ApplicationFactory(start=timezone.now() + timedelta(hours=23))

    call_command("videoreception_housekeeping", verbosity=2)

    overdue.refresh_from_db()
    assert overdue.state == "lapsed"
    assert sorted(letter.kind for letter in Letter.objects.filter(state="sent")) == [
        "agency_alarm",
        "lapsed",
    ]
    assert len(mailoutbox) == 2
    assert not JournalRecord.objects.filter(sequence=None).exists()
    assert capsys.readouterr().out.startswith(
        "lapse_undecided 1, expire_proposals 0, expire_clarifications 0, expire_move_requests 0, serve_queues 0, alarm_agencies 1, alarm_overdue 0, alarm_late_answers 0, close_tests 0, warn_members 0, write_digests 0, write_evenings 0, write_reminders 0, "
        "make_mailboxes 0, deliver_due 2, deliver_texts 0, end_visits 0, tidy_rooms 0, end_forgotten_visits 0, expire_consents 0, delete_unfiled_papers 0, alarm_heads 0, seal_looks 0, seal_journal 2, clean "
    )

    call_command("videoreception_housekeeping", verbosity=2)
    assert (
        "lapse_undecided 0, expire_proposals 0, expire_clarifications 0, expire_move_requests 0, serve_queues 0, alarm_agencies 0, alarm_overdue 0, alarm_late_answers 0, close_tests 0, warn_members 0, write_digests 0, write_evenings 0, write_reminders 0, "
        "make_mailboxes 0, deliver_due 0, deliver_texts 0, end_visits 0, tidy_rooms 0, end_forgotten_visits 0, expire_consents 0, delete_unfiled_papers 0, alarm_heads 0, seal_looks 0, seal_journal 0"
        in (capsys.readouterr().out)
    )


def test_a_run__is_silent_unless_asked(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("videoreception_housekeeping")

    assert capsys.readouterr().out == ""


def test_a_failing_step__is_named_and_stops_no_other(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done, quoted = [], "melnyk@example.com"

    def fail(now: datetime) -> int:
        raise DatabaseError(f"Key (email)=({quoted}) already exists.")

    def work(now: datetime) -> int:
        done.append(now)
        return 1

    ours = {"first": work, "second": fail, "third": work}
    monkeypatch.setattr(steps.run, "__defaults__", (MappingProxyType(ours),))

    with pytest.raises(CommandError, match="second"), caplog.at_level(logging.ERROR):
        call_command("videoreception_housekeeping")

    assert len(done) == 2
    assert "second failed: DatabaseError" in caplog.text
    assert "in fail" in caplog.text, "the log says where"
    assert quoted not in caplog.text


@pytest.mark.parametrize("interval", ["0", "-1"])
def test_an_interval_that_is_none__is_refused(interval: str) -> None:
    with pytest.raises(CommandError, match="interval"):
        call_command("videoreception_housekeeping", "--loop", "--interval", interval)


# --- Several processes -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_processes_side_by_side__send_each_letter_once(smtp: MailServer) -> None:
    waiting = queue_letters(30)
    journal.record(JournalAct.ALARM, subject=undecided(), now=NOW)

    with housekeeping(changed=by(smtp)) as one, housekeeping(changed=by(smtp)) as other:
        outputs = [output_of(one), output_of(other)]

    assert [one.returncode, other.returncode] == [0, 0], outputs
    assert Counter(message["Message-ID"] for message in smtp.messages) == Counter(waiting)
    assert set(Letter.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert list(JournalRecord.objects.values_list("sequence", flat=True)) == [1]


@pytest.mark.django_db(transaction=True)
def test_the_loop__goes_on_and_ends_cleanly_at_sigterm(smtp: MailServer) -> None:
    with housekeeping("--loop", "--interval", "0.2", changed=by(smtp)) as process:
        assert "deliver_due 0" in summary_of(process)
        (message_id,) = queue_letters(1)
        while "deliver_due 1" not in (line := summary_of(process)):
            assert "deliver_due 0" in line
        process.send_signal(signal.SIGTERM)
        rest = output_of(process)

    assert process.returncode == 0
    assert "Traceback" not in rest
    assert [message["Message-ID"] for message in smtp.messages] == [message_id]


@pytest.mark.django_db(transaction=True)
def test_a_code__leaves_within_two_seconds_whatever_the_loop_does(smtp: MailServer) -> None:
    with housekeeping("--loop", "--interval", "600", changed=by(smtp)) as process:
        assert summary_of(process), "the loop waits ten minutes for its next run"
        started = monotonic()
        citizens.ask_to_confirm_address(
            citizen=CitizenFactory(), address="new@example.com", now=timezone.now()
        )
        while not smtp.messages and monotonic() - started < 20:
            sleep(0.05)
        delay = monotonic() - started
        process.send_signal(signal.SIGTERM)
        rest = output_of(process)

    assert [message["To"] for message in smtp.messages] == ["new@example.com"]
    assert delay < 2 * (1 + SLACK)
    assert (process.returncode, "Traceback" in rest) == (0, False)


@pytest.mark.django_db(transaction=True)
def test_killed_while_sending__another_sends_when_the_lease_has_run_out(
    smtp: MailServer, hold_data: tuple[Event, Event]
) -> None:
    reached, go_on = hold_data
    (message_id,) = queue_letters(1)
    with housekeeping(changed=by(smtp)) as process:
        assert reached.wait(60), "the letter is on its way"
        process.send_signal(signal.SIGKILL)
        process.wait(60)
    go_on.set()
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts) == ("queued", 1)
    assert letter.leased_until is not None

    assert deliver_due(now=letter.leased_until - timedelta(seconds=1)) == 0
    assert deliver_due(now=letter.leased_until) == 1

    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.message_id) == ("sent", 2, message_id)
    assert {message["Message-ID"] for message in smtp.messages} == {message_id}


@pytest.fixture
def hold_data(smtp: MailServer, monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """The mail server takes a letter and answers only when told to: (letter is here, answer now)."""
    reached, go_on = Event(), Event()
    answer: Callable[..., Any] = smtp.handle_DATA

    async def wait_and_answer(*arguments: Any) -> str:
        reached.set()
        await asyncio.get_running_loop().run_in_executor(None, go_on.wait, 60)
        return str(await answer(*arguments))

    monkeypatch.setattr(smtp, "handle_DATA", wait_and_answer)
    return reached, go_on
