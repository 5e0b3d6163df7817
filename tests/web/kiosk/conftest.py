"""The clock, and a centre with a self-service workplace."""

from datetime import datetime
from typing import Any

import pytest

from tests.harness.clock import NOW
from tests.steps.kiosk import KioskWorld, new_kiosk_world


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> datetime:
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture
def world(db: None) -> KioskWorld:
    return new_kiosk_world()
