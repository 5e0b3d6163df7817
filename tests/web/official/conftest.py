"""The clock, and an official with receptions."""

from datetime import datetime
from typing import Any

import pytest

from tests.harness.clock import NOW
from tests.steps.officials import World, new_world


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> datetime:
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture
def world(db: None) -> World:
    return new_world()
