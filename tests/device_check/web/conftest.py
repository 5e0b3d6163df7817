"""A browser in front of the check, and hosts that say who sits there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as portal_settings

from tests.steps.device_check import Browser


@pytest.fixture
def configure(settings: Any) -> Callable[..., None]:
    """`configure(VALID_DAYS=3)` sets keys of DEVICE_CHECK for the test."""

    def to(**values: Any) -> None:
        settings.DEVICE_CHECK = {
            **getattr(portal_settings, "DEVICE_CHECK", {}),
            "SUBJECT": "tests.steps.device_check.subject_from_header",
            "MAY_USE_CONTEXT": "tests.steps.device_check.own_context_only",
            **values,
        }

    to()
    return to


@pytest.fixture
def browser(db: None, configure: Callable[..., None]) -> Browser:
    """Of a guest."""
    return Browser()


@pytest.fixture
def olena(db: None, configure: Callable[..., None]) -> Browser:
    """Of somebody whom the host knows."""
    return Browser("olena")
