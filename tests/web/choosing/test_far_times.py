"""Times at the ends of the calendar, in links and forms."""

import pytest
from django.test import Client

from diia_videoreception.models import Occupancy
from tests.factories import ScheduleRuleFactory

CHOOSE = "/videoreception/choose/"
FAR = ["9999-12-31T23:59Z", "9999-12-31T21:55Z", "0001-01-01T00:00Z", "0001-01-01T00:00+14:00"]


@pytest.mark.parametrize("time", FAR)
def test_a_link_with_such_a_time__shows_the_times_of_the_schedule(
    db: None, client: Client, time: str
) -> None:
    official = ScheduleRuleFactory().official

    page = client.get(CHOOSE, {"official": official.pk, "time": time})

    assert page.status_code == 200
    assert official.last_name in page.content.decode()
    assert not Occupancy.objects.exists()
