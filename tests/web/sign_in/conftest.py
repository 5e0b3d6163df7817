"""A portal with ways to sign in whose answers the test decides."""

from collections.abc import Iterator
from typing import Any

import pytest

from diia_videoreception.models import ConsentText
from diia_videoreception.selectors.accounts.consents import RULES
from tests.factories import ConsentTextFactory
from tests.steps import ways


@pytest.fixture
def ways_in(settings: Any, frozen: Any) -> Iterator[None]:
    """A bank, a bank with branches to choose from, a service that is away, and the portal."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "IDENTITY": settings.DIIA_VIDEORECEPTION["IDENTITY"]
        | {
            "bank": ways.redirect_way(),
            "banks": ways.redirect_way(choices=("north", "south", "away-1")),
            "silent": ways.redirect_way(away=True),
        }
    }
    yield
    ways.ANSWERS.clear()
    ways.EXCHANGED.clear()


@pytest.fixture
def rules(db: None) -> ConsentText:
    text: ConsentText = ConsentTextFactory(service=RULES, body="<p>Правила чесні.</p>")
    return text
