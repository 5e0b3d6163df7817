"""From the outbox to a real mail server: at least once, under one Message-ID, by one at a time."""

import logging
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks import task_backends
from icalendar import Calendar

from diia_videoreception.models import Application, EmailConfirmation, Letter
from diia_videoreception.rules.retries import pause_after
from diia_videoreception.services import letters
from diia_videoreception.services.accounts import citizens
from diia_videoreception.services.letters import delivery
from diia_videoreception.services.letters.delivery import (
    ATTEMPTS,
    LEASE,
    deliver_due,
    deliver_letter,
    deliver_urgent,
)
from tests.factories import NOW
from tests.harness.html import Page
from tests.harness.smtp import MailServer

Queued = Callable[..., Letter]
MINUTE = timedelta(minutes=1)
OF_EACH = 2
"""Statements for each letter of those that are claimed together: its documents, and that it is sent."""


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body(preferencelist=(kind,))
    assert found is not None
    return str(found.get_content())


def state_of(letter: Letter) -> tuple[str, int, str]:
    letter.refresh_from_db()
    reason = [letter.error_kind, str(letter.smtp_reply or "")]
    return letter.state, letter.attempts, " ".join(word for word in reason if word)


@pytest.fixture
def elsewhere(smtp: MailServer, settings: Any) -> Callable[[bool], None]:
    """`elsewhere(True)` takes the mail server away, `elsewhere(False)` brings it back."""

    def move(away: bool) -> None:
        # Port 9 is "discard": nobody listens there.
        settings.EMAIL_PORT = 9 if away else smtp.port

    return move


def test_a_letter_arrives__with_both_parts_and_the_calendar(
    smtp: MailServer, confirmed: Application, queued: Queued
) -> None:
    letter = queued("confirmation", confirmed)

    assert deliver_due(now=NOW) == 1

    (message,) = smtp.messages
    assert message["Subject"].strip() == (
        "Прийом підтверджено: 01.12.2026, 10:30 за київським часом"
    )
    assert message["To"] == "melnyk@example.com"
    assert message["From"] == "Портал <portal@example.gov.ua>"
    assert message["Message-ID"] == letter.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert "вівторок, 1 грудня 2026 року, 10:30 за київським часом" in part(message, "plain")
    assert Page(part(message, "html")).language == "uk"
    (calendar,) = message.iter_attachments()
    assert (calendar.get_filename(), calendar.get_content_type()) == (
        "videopryiom.ics",
        "text/calendar",
    )
    read = Calendar.from_ical(calendar.get_content())
    assert [str(event["UID"]) for event in read.walk("VEVENT")] == [
        f"{confirmed.public_id}@testserver"
    ]
    assert state_of(letter) == ("sent", 1, "")
    assert (letter.sent_at is None, letter.next_attempt_at, letter.leased_until) == (
        False,
        None,
        None,
    )


def test_a_sent_letter__is_not_sent_again(
    smtp: MailServer, application: Application, queued: Queued
) -> None:
    queued("receipt", application)

    assert [deliver_due(now=NOW + n * MINUTE) for n in range(3)] == [1, 0, 0]
    assert len(smtp.messages) == 1


def test_without_an_address__the_letter_stays_in_the_cabinet(
    smtp: MailServer, application: Application, queued: Queued
) -> None:
    application.letters_address = ""
    letter = queued("receipt", application)

    assert deliver_due(now=NOW) == 0
    assert state_of(letter) == ("cabinet_only", 0, "")


def test_letters_released_from_the_cabinet__leave_as_soon_as_all_others(
    application: Application, queued: Queued, monkeypatch: pytest.MonkeyPatch
) -> None:
    application.letters_address = ""
    letter = queued("receipt", application)
    enqueued: list[int] = []
    monkeypatch.setattr(delivery, "enqueue_delivery", lambda one: enqueued.append(one.pk))

    letters.send_from_cabinet(Letter.objects.all(), now=NOW, address="new@example.com")

    letter.refresh_from_db()
    assert (letter.state, letter.address, enqueued) == ("queued", "new@example.com", [letter.pk])


def test_while_the_server_is_away__the_letter_waits_and_then_arrives_under_the_same_id(
    smtp: MailServer,
    elsewhere: Callable[[bool], None],
    application: Application,
    queued: Queued,
) -> None:
    letter = queued("receipt", application)
    elsewhere(True)

    assert deliver_due(now=NOW) == 0
    assert state_of(letter) == ("queued", 1, "unavailable")
    assert deliver_due(now=NOW + MINUTE - timedelta(seconds=1)) == 0
    assert state_of(letter)[1] == 1
    assert deliver_due(now=NOW + MINUTE) == 0
    assert state_of(letter)[1] == 2

    elsewhere(False)
    assert deliver_due(now=NOW + 2 * MINUTE) == 0, "the second pause is twice as long"
    assert deliver_due(now=NOW + 3 * MINUTE) == 1
    assert state_of(letter) == ("sent", 3, "")
    assert [message["Message-ID"] for message in smtp.messages] == [letter.message_id]


def test_pauses__double_up_to_six_hours() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, ATTEMPTS)]

    assert pauses[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert pauses[-1] == max(pauses) == timedelta(hours=6)
    assert timedelta(days=2) < sum(pauses, timedelta()) < timedelta(days=4)
    assert {pause_after(attempts) for attempts in (43, 1000, 10**9)} == {timedelta(hours=6)}


def test_after_the_last_attempt__the_letter_has_failed(
    smtp: MailServer,
    elsewhere: Callable[[bool], None],
    application: Application,
    queued: Queued,
) -> None:
    letter = queued("receipt", application)
    Letter.objects.update(attempts=ATTEMPTS - 1)
    elsewhere(True)

    deliver_due(now=NOW)

    assert state_of(letter) == ("failed", ATTEMPTS, "unavailable")
    elsewhere(False)
    assert deliver_due(now=NOW + timedelta(days=30)) == 0


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ("550 5.1.1 <melnyk@example.com> no such user", "failed", "no_address 550 5.1.1"),
        ("553 melnyk@example.com is not here", "failed", "no_address 553"),
        ("552 5.2.2 <melnyk@example.com> is full", "failed", "mailbox_full 552 5.2.2"),
        ("450 4.2.1 <melnyk@example.com> is busy", "queued", "unavailable 450 4.2.1"),
    ],
)
def test_a_refused_address__fails_at_once_only_when_it_is_for_good(
    answer: str,
    state: str,
    reason: str,
    smtp: MailServer,
    application: Application,
    queued: Queued,
    caplog: pytest.LogCaptureFixture,
) -> None:
    letter = queued("receipt", application)
    smtp.refusals["melnyk@example.com"] = answer

    with caplog.at_level(logging.DEBUG):
        deliver_due(now=NOW)

    assert state_of(letter) == (state, 1, reason)
    log = "\n".join(
        caplog.handler.format(record)
        for record in caplog.records
        # The mail server in this process keeps a log of its own.
        if record.name != "mail.log"
    )
    assert f"SMTP {reason.partition(' ')[2]}" in log
    assert "melnyk" not in log


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ("554 5.7.1 refused", "failed", "refused 554 5.7.1"),
        ("451 4.3.0 later", "queued", "unavailable 451 4.3.0"),
    ],
)
def test_a_refused_letter__likewise(
    answer: str,
    state: str,
    reason: str,
    smtp: MailServer,
    application: Application,
    queued: Queued,
) -> None:
    letter = queued("receipt", application)
    smtp.answer_to_data = answer

    deliver_due(now=NOW)

    assert state_of(letter) == (state, 1, reason)


def test_a_failing_letter__holds_up_no_other(
    smtp: MailServer,
    application: Application,
    queued: Queued,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, good = queued("receipt", application), queued("receipt", application)
    Letter.objects.filter(pk=broken.pk).update(template_version=99)

    assert deliver_due(now=NOW) == 1

    assert state_of(broken) == ("queued", 1, "fault")
    assert state_of(good) == ("sent", 1, "")
    assert "render_letter" in caplog.text, "the log says where"


def test_a_code_nobody_waits_for__is_given_up(smtp: MailServer, application: Application) -> None:
    citizens.ask_to_confirm_address(citizen=application.citizen, address="new@example.com", now=NOW)
    EmailConfirmation.objects.all().delete()

    deliver_due(now=NOW)

    assert state_of(Letter.objects.get()) == ("failed", 1, "out_of_date")
    assert smtp.messages == []


def test_a_code__goes_before_everything_that_waits_longer(
    smtp: MailServer, application: Application, queued: Queued
) -> None:
    queued("receipt", application)
    later = NOW + MINUTE
    citizens.ask_to_confirm_address(
        citizen=application.citizen, address="new@example.com", now=later
    )

    assert deliver_due(now=later) == 2
    assert [message["To"] for message in smtp.messages] == [
        "new@example.com",
        "melnyk@example.com",
    ]


def test_what_nobody_waits_for__is_not_urgent(
    smtp: MailServer, application: Application, queued: Queued
) -> None:
    queued("receipt", application)
    citizens.ask_to_confirm_address(citizen=application.citizen, address="new@example.com", now=NOW)

    assert deliver_urgent(now=NOW) == 1
    assert deliver_urgent(now=NOW) == 0
    assert [message["To"] for message in smtp.messages] == ["new@example.com"]


def test_a_lease__keeps_others_away_until_it_runs_out(
    smtp: MailServer, application: Application, queued: Queued, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = queued("receipt", application)

    def die(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "get_connection", die)
        with pytest.raises(SystemExit):
            deliver_due(now=NOW)

    assert deliver_due(now=NOW + LEASE - timedelta(seconds=1)) == 0
    assert deliver_due(now=NOW + LEASE) == 1
    assert state_of(letter) == ("sent", 2, "")
    assert [message["Message-ID"] for message in smtp.messages] == [letter.message_id]


def test_sent_but_not_marked__is_sent_again_under_the_same_id(
    smtp: MailServer, application: Application, queued: Queued, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = queued("receipt", application)
    send = delivery.EmailMultiAlternatives.send

    def send_and_die(self: Any, *args: Any) -> None:
        send(self, *args)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(delivery.EmailMultiAlternatives, "send", send_and_die)
        with pytest.raises(SystemExit):
            deliver_due(now=NOW)
    deliver_due(now=NOW + LEASE)

    assert [message["Message-ID"] for message in smtp.messages] == [letter.message_id] * 2


def test_one_who_lost_the_lease__does_not_undo_what_the_next_one_did(
    smtp: MailServer, application: Application, queued: Queued, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = queued("receipt", application)
    send = delivery.EmailMultiAlternatives.send

    def slow_to_fail(self: Any, *args: Any) -> None:
        monkeypatch.setattr(delivery.EmailMultiAlternatives, "send", send)
        assert deliver_due(now=NOW + LEASE) == 1
        raise TimeoutError

    monkeypatch.setattr(delivery.EmailMultiAlternatives, "send", slow_to_fail)
    deliver_due(now=NOW)

    assert state_of(letter) == ("sent", 2, "")


def test_what_a_slow_server_leaves_no_time_for__is_free_for_others_at_once_and_no_attempt(
    smtp: MailServer, application: Application, queued: Queued, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = queued("receipt", application), queued("receipt", application)
    send = delivery.EmailMultiAlternatives.send
    seen = []

    def slowly(self: Any, *args: Any) -> None:
        # What was read for the second is too old by then, and another deliverer has begun.
        monkeypatch.setattr(delivery, "FRESH_SECONDS", 0)
        send(self, *args)

    def another(*args: Any, **kwargs: Any) -> None:
        give_back(*args, **kwargs)
        seen.append(state_of(second))
        assert deliver_due(now=NOW) == 1

    give_back = delivery.give_back
    monkeypatch.setattr(delivery.EmailMultiAlternatives, "send", slowly)
    monkeypatch.setattr(delivery, "give_back", another)

    assert deliver_due(now=NOW) == 1
    assert seen == [("queued", 0, "")]
    assert state_of(first) == state_of(second) == ("sent", 1, "")
    assert len(smtp.messages) == 2


def test_ten_letters__are_claimed_and_read_together(
    application: Application, queued: Queued, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    def statements(letters: int) -> int:
        for _ in range(letters):
            queued("receipt", application)
        with CaptureQueriesContext(connection) as asked:
            assert deliver_due(now=NOW) == letters
        return len(asked)

    of_one = statements(1)
    assert statements(10) - of_one == 9 * OF_EACH


@pytest.mark.django_db(transaction=True)
def test_deliverers_side_by_side__send_each_letter_once(
    smtp: MailServer,
    application: Application,
    queued: Queued,
    at_once: Callable[..., list[object]],
) -> None:
    waiting = [queued("receipt", application).message_id for _ in range(12)]

    outcomes = at_once(lambda _rival: deliver_due(now=NOW), range(4))

    assert sum(int(str(sent)) for sent in outcomes) == 12
    assert sorted(message["Message-ID"] for message in smtp.messages) == sorted(waiting)


def test_the_task__sends_a_due_letter_once(
    smtp: MailServer, application: Application, queued: Queued, time_machine: Any
) -> None:
    letter = queued("receipt", application)
    time_machine.move_to(NOW, tick=False)

    deliver_letter.call(letter.pk)
    deliver_letter.call(letter.pk)
    deliver_letter.call(letter.pk + 1)

    assert len(smtp.messages) == 1
    assert state_of(letter) == ("sent", 1, "")


@pytest.mark.django_db(transaction=True)
def test_after_the_commit__a_worker_hurries_the_letter(
    smtp: MailServer, application: Application, queued: Queued, settings: Any, time_machine: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    time_machine.move_to(NOW, tick=False)

    with transaction.atomic():
        letter = queued("receipt", application)
        assert task_backends["default"].results == []
    (waiting,) = task_backends["default"].results
    waiting.task.call(*waiting.args)

    assert waiting.args == [letter.pk]
    assert len(smtp.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_without_a_worker__nobody_waits_for_the_mail_server(
    smtp: MailServer, application: Application, queued: Queued, settings: Any, time_machine: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    time_machine.move_to(NOW, tick=False)

    queued("receipt", application)

    assert smtp.messages == []
    assert deliver_due(now=NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_an_act_taken_back__sends_nothing(
    smtp: MailServer, application: Application, queued: Queued, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)

    with transaction.atomic():
        queued("receipt", application)
        transaction.set_rollback(True)

    assert (smtp.messages, Letter.objects.count()) == ([], 0)
