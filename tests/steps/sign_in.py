"""Signing in with a way whose answers the test decides, from the button to the answer."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from integrations.identity.base import IdentityError, Proof
from tests.harness.html import Page
from tests.steps import ways

CHOOSE = "/videoreception/choose/?agency=1"


def press(client: Client, alias: str = "bank", **fields: str) -> Any:
    return client.post(
        f"/videoreception/sign-in/{alias}/start/", {"next": CHOOSE, "button": "card"} | fields
    )


def begin(client: Client, alias: str = "bank", **fields: str) -> str:
    """Presses the button; gives the state that travels along."""
    address = Page(press(client, alias, **fields)).goes_on_to
    assert address.startswith(ways.AUTHORITY)
    return parse_qs(urlsplit(address).query)["state"][0]


def come_back(
    client: Client, state: str, answer: Proof | IdentityError, alias: str = "bank", **query: str
) -> Any:
    """The browser returns with a code for which the provider gives the answer."""
    code = f"code-{len(ways.ANSWERS)}"
    ways.ANSWERS[code] = answer
    return client.get(
        f"/videoreception/sign-in/{alias}/callback/", {"code": code, "state": state} | query
    )


def walk(client: Client, answer: Proof | IdentityError, **fields: str) -> Any:
    """Signs in from the button to the answer."""
    return come_back(client, begin(client, **fields), answer)
