"""The clock stands at `NOW`; an administrator may act for people, whose phones take texts."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, new_centre_world
from tests.steps.mandates import may_act, takes_texts
from tests.steps.second_factor import with_app


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> datetime:
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> CentreWorld:
    takes_texts(settings, tmp_path)
    made = new_centre_world()
    with_app(made.administrator)
    may_act(made.administrator)
    return made
