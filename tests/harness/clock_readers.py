"""Which tests read the clock of the machine: a plugin of pytest for the runs on other days.

What reads no clock cannot depend on the day. In the folder named by `CLOCK_READERS` the first run notes who reads
it; a run with `CLOCK_READERS_ONLY` besides asks these alone, and whatever has come since. The clock is
`django.utils.timezone.now`: the product has no other, and one that a test has set does not count.
"""

import os
import sys
from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
import time_machine
from django.utils import timezone

FOLDER = Path(os.environ["CLOCK_READERS"])
OF_USERS = {"date_joined", "last_login"}
"""Columns of Django's users, which no page shows and nothing is counted from."""
BESIDE = ("/django/contrib/auth/", "/django/contrib/sessions/")
"""What is good from now on, whenever that is."""

ONLY_READERS = "CLOCK_READERS_ONLY" in os.environ

_real_now = timezone.now


class _Watch:
    was_read = False
    fixtures: ClassVar[set[str]] = set()
    """Those that serve several tests and were made by the clock."""


def _now() -> datetime:
    caller = sys._getframe(1)
    column = getattr(caller.f_locals.get("self"), "name", "")
    harmless = column in OF_USERS or any(one in caller.f_code.co_filename for one in BESIDE)
    if not harmless and not time_machine.traveller_stack:
        _Watch.was_read = True
    return _real_now()


timezone.now = _now


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Generator[None, Any, Any]:
    """Remember that what many tests share was made by the clock: each of them depends on it."""
    before, _Watch.was_read = _Watch.was_read, False
    try:
        return (yield)
    finally:
        if _Watch.was_read and fixturedef.scope != "function":
            _Watch.fixtures.add(fixturedef.argname)
        _Watch.was_read |= before


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Note whether the test, or what it shares with others, has read the clock."""
    _Watch.was_read = False
    try:
        return (yield)
    finally:
        if not ONLY_READERS:
            shared = _Watch.fixtures & set(getattr(item, "fixturenames", ()))
            _tell(item.nodeid, "readers" if _Watch.was_read or shared else "others")


def _tell(name: str, kind: str) -> None:
    own = FOLDER / f"{kind}-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with own.open("a", encoding="utf-8") as told:
        told.write(f"{name!r}\n")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out who was seen not to read it."""
    if not ONLY_READERS:
        return
    others = {
        line for path in FOLDER.glob("others-*") for line in path.read_text("utf-8").splitlines()
    }
    out = [item for item in items if repr(item.nodeid) in others]
    items[:] = [item for item in items if repr(item.nodeid) not in others]
    config.hook.pytest_deselected(items=out)
