"""An agency of three units, one official with a half-full schedule, and a citizen on the pages."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.models import Citizen, Official
from tests.factories import (
    NOW,
    AgencyFactory,
    ApplicationFactory,
    OfficialFactory,
    ScheduleRuleFactory,
    UnitFactory,
)
from tests.harness.captcha import solved_captcha
from tests.steps.people import sign_in


@pytest.fixture
def clock(time_machine: Any) -> datetime:
    """Monday, 23 November 2026, 10:00 in Kyiv."""
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture
def official(db: None, clock: datetime) -> Official:
    """Receives on Tuesday and Thursday, 9:30 to 12:00 and 14:00 to 15:00; 1 December 10:00 is taken."""
    agency = AgencyFactory(name="Міністерство соціальної політики")
    unit = UnitFactory(agency=agency, name="Відділ соціальної підтримки родин")
    official = OfficialFactory(unit=unit, last_name="Коваленко")
    for starts, ends in ((time(9, 30), time(12)), (time(14), time(15))):
        ScheduleRuleFactory(
            official=official, recurrence="FREQ=WEEKLY;BYDAY=TU,TH", starts=starts, ends=ends
        )
    ApplicationFactory(official=official, start=datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
    other = UnitFactory(agency=agency, name="Департамент соціальних послуг")
    OfficialFactory(unit=other, last_name="Гончар’як", post="директор департаменту")
    return official


@pytest.fixture
def citizen(client: Client, clock: datetime, db: None) -> Citizen:
    return sign_in(client)


@pytest.fixture
def reserve(client: Client, official: Official) -> Callable[..., Any]:
    """`reserve("2026-12-01T08:30Z")` as the page's own form sends it.

    `held` is the time that the page showed as held, of `held_by` or of the official.
    """

    def send(
        moment: str,
        *,
        by: Client = client,
        captcha: str | None = None,
        held: str = "",
        held_by: Official = official,
        **more: Any,
    ) -> Any:
        if held:
            more |= {"held_official": held_by.pk, "held_start": held}
        data = {
            "agency": official.agency.pk,
            "official": official.pk,
            "week": "2026-11-30",
            "time": moment,
            "altcha": solved_captcha() if captcha is None else captcha,
        }
        answer = by.post("/videoreception/choose/reserve/", data | more)
        # A refusal is a page of its own, with the choice kept.
        is_refused = answer.status_code == 303 and "again=" in answer.headers["Location"]
        return by.get(answer.headers["Location"]) if is_refused else answer

    return send
