"""Who is spoken for, as moderators and officials see it, and «Повноваження перевірено»."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import errors
from diia_videoreception.models import Application, JournalRecord, Representation
from diia_videoreception.services.booking.representing import check_authority, name_represented
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.representing import MOTHER

SAID = "за довіреністю: Шульга Ганна Іванівна, 1941 року народження"
GROUND = "Підстава: довіреність № 7/2211 від 03.02.2026"
ENDS = "Дія документа закінчується до дня прийому."
CHECKED = "Повноваження перевірено: "


@pytest.fixture
def moderator(world: World) -> Client:
    name_represented(world.submitted, MOTHER)
    return world.client("moderator")


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


def tick(client: Client, application: Application, checked: str = "yes") -> Page:
    sent = {"version": application.version, "checked": checked}
    return Page(client.post(url("authority", application), sent, follow=True))


def test_the_case__says_for_whom_and_the_tick_changes_no_state(
    world: World, moderator: Client
) -> None:
    page = Page(moderator.get(url("inspect", world.submitted)))
    assert SAID in page.text
    assert GROUND in page.text
    assert CHECKED not in page.text
    assert ENDS not in page.text
    before = Application.objects.get(pk=world.submitted.pk)

    assert CHECKED in tick(moderator, world.submitted).text
    assert CHECKED in tick(moderator, world.submitted).text, "a second click changes nothing"

    after = Application.objects.get(pk=world.submitted.pk)
    assert (after.state, after.version) == (before.state, before.version)
    assert after.representation.checked_by == world.moderator
    assert JournalRecord.objects.filter(act="application.check_authority").count() == 1
    assert CHECKED not in tick(moderator, world.submitted, "no").text
    assert JournalRecord.objects.filter(act="application.withdraw_authority_check").count() == 1


def test_the_tick__is_for_moderators_of_the_agency_and_what_they_saw(
    world: World, moderator: Client
) -> None:
    sent = {"version": world.submitted.version, "checked": "yes"}
    assert (
        world.client("foreigner").post(url("authority", world.submitted), sent).status_code == 404
    )
    for version, public_id, refusal in (
        (world.submitted.version + 1, world.submitted.public_id, errors.WrongState),
        (world.confirmed.version, world.confirmed.public_id, errors.NotFound),
    ):
        with pytest.raises(refusal):
            check_authority(
                moderator=world.moderator,
                public_id=public_id,
                version=version,
                is_checked=True,
                now=NOW,
            )
    assert not Representation.objects.exclude(checked_at=None).exists()


def test_a_document_that_ends_before_the_reception__is_warned_of(
    world: World, moderator: Client
) -> None:
    Representation.objects.update(until=date(2026, 11, 30))
    assert ENDS in Page(moderator.get(url("inspect", world.submitted))).text
    Representation.objects.update(until=date(2026, 12, 1))
    assert ENDS not in Page(moderator.get(url("inspect", world.submitted))).text


@pytest.mark.parametrize("name", ["print", "card"])
def test_the_sheets_and_the_official__have_it(world: World, name: str) -> None:
    name_represented(world.confirmed, MOTHER)
    assert SAID in Page(world.client("moderator").get(url(name, world.confirmed))).text
    page = reverse("diia_videoreception:official_reception", args=[world.confirmed.public_id])
    receiver = Page(world.client("receiver").get(page)).text
    assert SAID in receiver
    assert "Повноваження ще не перевірено" in receiver
