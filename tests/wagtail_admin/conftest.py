"""The clock stands at `NOW`, two agencies receive: see tests/steps/admin.py."""

from datetime import datetime
from typing import Any

import pytest

from tests.harness.clock import NOW
from tests.steps.admin import World, new_world

CONFERENCE = {"default": {"BACKEND": "integrations.conference.external.ExternalProgram"}}


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> datetime:
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture(autouse=True)
def conference(settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "CONFERENCE": CONFERENCE}


@pytest.fixture
def world(db: None) -> World:
    return new_world()
