"""The clock, and two centres."""

from datetime import datetime
from typing import Any

import pytest

from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, new_centre_world


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> datetime:
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture
def world(db: None) -> CentreWorld:
    return new_centre_world()
