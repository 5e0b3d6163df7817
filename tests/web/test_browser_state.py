"""What the browser's session remembers: kept as it is today, and absent when it cannot be read."""

import uuid
from typing import Any

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Purpose
from diia_videoreception.web.browser_state import (
    ATTEMPTS,
    CITIZEN,
    CONSENT,
    NOTICE,
    REGISTRATION,
    SIGNING,
    TOLD,
    Attempt,
    Kept,
    PendingRegistration,
    TickedConsent,
)
from diia_videoreception.web.refused import SESSION_KEY as REFUSED
from tests.harness.clock import NOW

pytestmark = pytest.mark.any_database

ROW = uuid.UUID("5a0d3f1e-8f0c-4b66-9d52-6f3b9a6c0d11")
ATTEMPT = {
    "nonce": "n",
    "next": "",
    "alias": "kep",
    "button": "",
    "choice": "",
    "purpose": "sign_in",
    "at": 0,
}
ODD = [None, True, 7, -1.5, "", "x", [], ["x"], [1, 2, 3], {}, {"nonce": "n"}, [[]], [{}]]
SCREENS = [
    "cabinet",
    "choose",
    "application",
    "profile",
    "registration",
    "sign_in",
    "means_bind",
    "find_official",
    "refused",
]


def browser(**kept: object) -> HttpRequest:
    request = HttpRequest()
    request.session = SessionStore()
    request.session.update(kept)
    return request


@pytest.mark.parametrize(
    ("state", "value"),
    [
        (CITIZEN, ROW),
        (ATTEMPTS, [Attempt("n", "/x/", "kep", "b", "c", Purpose.BIND, NOW.timestamp())]),
        (REGISTRATION, PendingRegistration(ROW, "/x/")),
        (CONSENT, TickedConsent(7, NOW.timestamp())),
        (SIGNING, "secret"),
        (NOTICE, "registered"),
        (TOLD, ("sealed", NOW.timestamp())),
    ],
)
def test_state__comes_back_as_it_was(state: Kept[Any], value: object) -> None:
    request = browser()
    state.save(request, value)
    # As a store does between two requests.
    request.session = SessionStore(request.session._get_session_key())  # type: ignore[attr-defined]

    assert state.load(request) == value
    assert state.take(request) == value
    assert state.load(request) is None


@pytest.mark.parametrize(
    "state", [CITIZEN, ATTEMPTS, REGISTRATION, CONSENT, TOLD], ids=lambda one: one.key
)
@pytest.mark.parametrize("raw", ODD, ids=repr)
def test_state__what_cannot_be_read_is_absent(state: Kept[Any], raw: object) -> None:
    assert not state.load(browser(**{state.key: raw}))


@pytest.mark.parametrize(
    ("state", "raw"),
    [
        (ATTEMPTS, [ATTEMPT | {"at": float("inf")}]),
        (ATTEMPTS, [ATTEMPT | {"at": 10**14}]),
        (ATTEMPTS, [ATTEMPT | {"at": True}]),
        (ATTEMPTS, [ATTEMPT | {"purpose": "of old"}]),
        (CONSENT, [2**70, 0]),
        (CONSENT, [True, 0]),
        (CONSENT, [1, float("nan")]),
        (REGISTRATION, ["no key", ""]),
    ],
)
def test_state__what_no_code_of_today_can_use_is_absent(state: Kept[Any], raw: object) -> None:
    assert state.load(browser(**{state.key: raw})) is None


def test_state__leads_to_no_other_site() -> None:
    request = browser(
        **{
            ATTEMPTS.key: [ATTEMPT | {"next": "https://example.com/"}],
            REGISTRATION.key: [str(ROW), "//example.com/"],
        }
    )

    attempts, pending = ATTEMPTS.load(request), REGISTRATION.load(request)
    assert attempts is not None
    assert pending is not None
    assert (attempts[0].next, pending.next_url) == ("", "")


@pytest.mark.django_db
@pytest.mark.parametrize("raw", [None, 7, ["x"], {"a": {}}], ids=repr)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen__survives_a_session_that_cannot_be_read(
    client: Client, raw: object, screen: str
) -> None:
    store = client.session
    for key in (
        CITIZEN.key,
        ATTEMPTS.key,
        REGISTRATION.key,
        CONSENT.key,
        SIGNING.key,
        NOTICE.key,
        REFUSED,
    ):
        store[key] = raw
    store.save()

    answer = client.get(reverse(f"diia_videoreception:{screen}"), {"again": "x"})

    assert answer.status_code < 500
