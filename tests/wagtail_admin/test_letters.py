"""Letters that could not be sent: what a moderator is told, and «Надіслати ще раз»."""

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry

from diia_videoreception.models import JournalRecord, Letter
from diia_videoreception.services import letters
from diia_videoreception.services.booking import moderation
from diia_videoreception.services.letters.queueing import new_message_id
from tests.factories import NOW
from tests.steps.admin import World

SEND = "Надіслати ще раз"
LIST = "/admin/videoreception/applications/results/?letters=failed"


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def case_of(world: World) -> str:
    return reverse("videoreception_applications:inspect", args=[world.submitted.public_id])


def send_of(world: World, letter: Letter | None = None) -> str:
    keys = [world.submitted.public_id, (letter or world.failed_letter).public_id]
    return reverse("videoreception_applications:send_again", args=keys)


def text(response: Any) -> str:
    return str(response.content.decode())


def fail(letter: Letter, kind: str = "no_address") -> None:
    Letter.objects.filter(pk=letter.pk).update(
        state="failed", attempts=1, next_attempt_at=None, error_kind=kind
    )


def record_count() -> int:
    return JournalRecord.objects.filter(act="application.send_letter_again").count()


def test_two_clicks__are_one_sending(world: World, moderator: Client) -> None:
    page = text(moderator.get(case_of(world)))
    assert "не вдалося надіслати. Такої адреси немає або вона не приймає листів." in page
    assert "SMTP 550 5.1.1" in page
    assert "не дійшов до заявника" in page
    assert "1 заявка з листом, який не вдалося надіслати" in text(moderator.get("/admin/"))
    assert world.submitted.number in text(moderator.get(LIST))
    assert "Заявку отримано" in text(moderator.get(send_of(world)))

    answers = [moderator.post(send_of(world), follow=True) for _ in range(2)]

    assert all("Лист буде надіслано ще раз упродовж хвилини" in text(one) for one in answers)
    letter = Letter.objects.get(application=world.submitted)
    assert (letter.state, letter.attempts, letter.next_attempt_at) == ("queued", 0, NOW)
    assert letter.message_id == world.failed_letter.message_id
    (record,) = JournalRecord.objects.filter(act="application.send_letter_again")
    assert (record.actor_id, record.details["kind"]) == (str(world.moderator.pk), "receipt")
    assert ModelLogEntry.objects.filter(action="diia_videoreception.send_letter_again").count() == 1
    page = text(answers[1])
    assert "Лист надіслано ще раз: Заявку отримано" in page
    assert SEND not in page
    assert "не дійшов до заявника" not in page
    assert world.submitted.number not in text(moderator.get(LIST))


@pytest.mark.parametrize("kind", Letter.ErrorKind.values)
def test_why__is_told_for_every_kind_of_error(world: World, moderator: Client, kind: str) -> None:
    fail(world.failed_letter, kind)

    with translation.override("uk"):
        output = str(Letter.ErrorKind(kind).label)
    assert output in text(moderator.get(case_of(world)))
    assert not output.isascii(), "there is a translation"


def test_a_letter_that_fails_again__waits_ten_minutes(
    world: World, moderator: Client, time_machine: Any
) -> None:
    moderator.post(send_of(world))
    fail(world.failed_letter)
    assert "менше ніж 10 хвилин тому" in text(moderator.post(send_of(world), follow=True))
    assert record_count() == 1

    time_machine.move_to(NOW + timedelta(minutes=10), tick=False)
    moderator.post(send_of(world))
    assert record_count() == 2


def test_an_old_letter__is_not_sent_after_a_newer_one(world: World, moderator: Client) -> None:
    page_of_before = send_of(world)
    moderation.confirm(
        moderator=world.moderator, public_id=world.submitted.public_id, version=1, now=NOW
    )
    assert SEND not in text(moderator.get(case_of(world)))
    assert moderator.get(page_of_before).status_code == 302
    assert "Цей лист уже не відповідає дійсності" in text(
        moderator.post(page_of_before, follow=True)
    )
    assert Letter.objects.get(pk=world.failed_letter.pk).state == "failed"

    # The copy to the own address failed, the official mailbox has the letter: told, but no alarm.
    confirmation = Letter.objects.get(application=world.submitted, kind="confirmation")
    Letter.objects.filter(pk=confirmation.pk).update(state="sent")
    copy = Letter.objects.get(pk=confirmation.pk)
    copy.pk, copy.copy_of, copy.public_id = None, confirmation, uuid4()
    copy.message_id = new_message_id()
    copy.save()
    fail(copy, "mailbox_full")
    page = text(moderator.get(case_of(world)))
    assert "Скринька заявника переповнена" in page
    assert SEND in page
    assert "не дійшов до заявника" not in page


def test_a_letter_of_another_application__is_not_found(world: World, moderator: Client) -> None:
    other = letters.queue(Letter.Kind.RECEIPT, application=world.foreign, now=NOW)
    fail(other)

    assert moderator.post(send_of(world, other)).status_code == 404
    assert Letter.objects.get(pk=other.pk).state == "failed"


def test_operator__sends_all_that_are_still_true(world: World) -> None:
    old = letters.queue(Letter.Kind.RECEIPT, application=world.confirmed, now=NOW)
    fail(old)
    letters.queue(Letter.Kind.CONFIRMATION, application=world.confirmed, now=NOW)
    code = letters.queue_address_code(
        citizen=world.submitted.citizen, address="new@example.com", now=NOW
    )
    fail(code)
    before = letters.queue(
        Letter.Kind.RECEIPT, application=world.foreign, now=NOW - timedelta(days=2)
    )
    fail(before)

    def run(*options: str) -> str:
        output = StringIO()
        call_command("send_failed_letters", *options, stdout=output)
        return output.getvalue().strip()

    since = f"--since={NOW:%Y-%m-%d}"
    assert run(since, "--dry-run") == "To be sent again: 1. Left alone: 2."
    assert Letter.objects.filter(state="failed").count() == 4
    assert run(since) == "To be sent again: 1. Left alone: 2."
    assert run() == "To be sent again: 1. Left alone: 2."
    assert set(Letter.objects.filter(state="failed")) == {old, code}
    assert set(JournalRecord.objects.values_list("act", "actor_kind")) == {
        ("application.send_letter_again", "system")
    }
