"""What it costs to look at a centre again and again: few statements, however much goes on there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.rules.centres import CentreFunction
from diia_videoreception.rules.visits import MAX_OPEN
from diia_videoreception.services.centres import workplaces
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, decided, member, user

pytestmark = pytest.mark.any_database
MOST = 8
"""Statements of a refresh, throttle, session and the member's right to look among them."""
VISITS, PLACES = 50, 20


def make_busy(world: CentreWorld) -> None:
    """Give the centre open visits of several members, and places with somebody at each."""
    decided(world.centre, CentreFunction.SELF_SERVICE)
    helpers = [world.member]
    helpers += [member(world.centre, user(f"m{one}")) for one in range(VISITS // MAX_OPEN)]
    models.CentreVisit.objects.bulk_create(
        models.CentreVisit(
            centre=world.centre,
            member=helpers[number // MAX_OPEN],
            letter=number % MAX_OPEN,
            started_at=NOW,
            changed_at=NOW,
        )
        for number in range(VISITS)
    )
    for number in range(PLACES):
        place = workplaces.make_workplace(
            world.centre.public_id,
            kind=models.CentreWorkplace.Kind.SELF_SERVICE,
            label=f"Місце № {number}",
            staff=world.head,
            now=NOW,
        )
        models.VisitorSession.objects.create(
            workplace=place, token_hash=str(number), started_at=NOW, seen_at=NOW, ends_at=NOW
        )


@pytest.mark.parametrize("page", ["centre_places", "centre_visits"])
def test_a_refresh__takes_few_statements_whatever_goes_on(world: CentreWorld, page: str) -> None:
    client = world.proven_client("administrator")
    address = reverse(f"diia_videoreception:{page}", args=[world.centre.public_id])

    def statements(client: Client) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address, headers={"X-VR-Poll": "1"}).status_code == 200
        return len(asked)

    client.get(address)
    calm = statements(client)
    make_busy(world)
    assert calm <= statements(client) <= MOST
