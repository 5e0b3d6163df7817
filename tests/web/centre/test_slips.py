"""Staff of a centre make another slip, by the number that the person tells."""

import pytest

from diia_videoreception import models
from tests.factories import ApplicationFactory
from tests.harness.html import Page
from tests.steps.centres import CentreWorld
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
