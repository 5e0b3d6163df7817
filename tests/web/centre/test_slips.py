"""Staff of a centre make another slip, by the number that the person tells."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from diia_videoreception import errors, models
from diia_videoreception.services.assistance import slips
from diia_videoreception.services.letters.delivery import deliver_due, deliver_texts
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.centres import CentreWorld
from tests.steps.mandates import takes_texts
from tests.steps.slips import made_in

pytestmark = pytest.mark.any_database


def test_a_slip_that_got_lost__is_made_again_by_its_number(world: CentreWorld) -> None:
    application = made_in(world.centre)
    client = world.proven_client("consultant")
    here = f"/videoreception/centre/{world.centre.public_id}/slips/"
    answer = client.post(here, {"number": application.number})
    page = Page(client.get(answer["Location"]))
    assert application.number in page.text
    assert application.topic not in page.text
    assert application.citizen.last_name not in page.text
    assert models.Slip.objects.get().copies == 1
    record = models.JournalRecord.objects.get(act="application.slip_given")
    assert record.actor_id == str(world.consultant.pk)


def test_an_application_from_elsewhere__gets_none(world: CentreWorld) -> None:
    client = world.proven_client("administrator")
    here = f"/videoreception/centre/{world.centre.public_id}/slips/"
    foreign, at_home = made_in(world.foreign), ApplicationFactory()
    for number in (foreign.number, at_home.number, "ВП-1", ""):
        answer = client.post(here, {"number": number})
        assert answer.status_code == 303
        shown = Page(client.get(answer["Location"])).text
        assert foreign.official.full_name not in shown
    assert not models.Slip.objects.exists()


# --- By email and SMS --------------------------------------------------------------------------


@pytest.fixture
def desk(world: CentreWorld, settings: Any, tmp_path: Path) -> Client:
    """The browser of who has just made the slip of a case."""
    takes_texts(settings, tmp_path)
    client = world.proven_client("consultant")
    application = made_in(world.centre)
    here = f"/videoreception/centre/{world.centre.public_id}/slips/"
    client.post(here, {"number": application.number})
    return client


def sends(client: Client, world: CentreWorld, **sent: str) -> Page:
    address = f"/videoreception/centre/{world.centre.public_id}/slips/shown/"
    return Page(client.post(address, sent, follow=True))


def sent_slips() -> Any:
    return models.Letter.objects.filter(kind__in=["slip", "slip_text"])


def code_on(page: Page) -> str:
    return re.search(r"[2-9A-Z]{4}-[2-9A-Z]{2}", page.text)[0]  # type: ignore[index]


def test_a_slip__goes_by_email_without_code_name_and_question(
    desk: Client, world: CentreWorld, mailoutbox: list[Any]
) -> None:
    page = sends(desk, world, act="email", address="shevchuk@example.org")
    assert "вже в дорозі" in page.text
    deliver_due(now=timezone.now())
    (letter,) = [one for one in mailoutbox if one.to == ["shevchuk@example.org"]]
    application = models.Application.objects.get()
    told = letter.body + str(letter.alternatives)
    assert application.number in letter.body
    assert application.official.full_name in letter.body
    assert world.centre.phone in letter.body
    for secret in (code_on(page), application.citizen.last_name, application.topic):
        assert secret not in told
    record = models.JournalRecord.objects.get(act="application.slip_sent")
    assert record.details == {"way": "email", "times": 1}
    assert models.Slip.objects.get().sent == 1


def test_a_slip__goes_as_a_text_to_the_phone_of_the_case(
    desk: Client, world: CentreWorld, tmp_path: Path
) -> None:
    page = sends(desk, world, act="sms")
    deliver_texts(now=timezone.now())
    (text,) = [file.read_text() for file in (tmp_path / "sms").iterdir()]
    assert models.Application.objects.get().number in text
    assert code_on(page).replace("-", "") not in text.replace("-", "")
    assert models.Letter.objects.get(kind="slip_text").phone == "+380671234567"


def test_what_cannot_be_sent__is_told_at_the_slip(desk: Client, world: CentreWorld) -> None:
    assert sends(desk, world, act="email", address="нікуди").has("#address_error")
    for _ in range(6):
        page = sends(desk, world, act="sms")
    assert "вже надсилали 5 разів" in page.text
    models.Application.objects.update(phone="")
    models.Slip.objects.update(sent=0)
    assert "не можна надіслати SMS" in sends(desk, world, act="sms").text
    assert sent_slips().count() == 5


def test_without_a_slip_of_a_moment_ago__nothing_is_sent(world: CentreWorld) -> None:
    made_in(world.centre)
    sends(world.proven_client("administrator"), world, act="sms")
    assert not sent_slips().exists()


def test_the_slip_of_another_centre__is_not_sent(desk: Client, world: CentreWorld) -> None:
    application = models.Application.objects.get()
    with pytest.raises(errors.NotFound):
        slips.send(
            world.foreign.public_id, application.public_id, staff=world.foreign_head, now=NOW
        )
    assert not sent_slips().exists()
