"""Whatever a stranger asks for has a rate; no parameter of a page is an error of the server."""

import itertools
import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from device_check.conf import RATES as CHECK_RATES
from device_check.models import CheckRequestCounter
from diia_videoreception.conf import RATES
from diia_videoreception.models import Official, RequestCounter
from tests.factories import ScheduleRuleFactory
from tests.steps.api import HOSTILE


@pytest.fixture
def official(db: None) -> Official:
    return ScheduleRuleFactory().official


OURS = ("videoreception/", "device-check/")
VALUES = {"int": "1", "uuid": str(uuid.UUID(int=1)), "str": "camera", "slug": "portal"}


def _addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, path)
        elif isinstance(entry, URLPattern):
            yield "/" + re.sub(r"<(\w+):\w+>", lambda found: VALUES[found[1]], path)


ADDRESSES = sorted(
    address
    for address in _addresses(get_resolver())
    if address.startswith(tuple(f"/{o}" for o in OURS))
)


def counted() -> int:
    return sum(
        counter.hits
        for kind in (RequestCounter, CheckRequestCounter)
        for counter in kind.objects.all()
    )


@pytest.mark.any_database
@pytest.mark.parametrize("method", ["get", "post", "head"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address__is_counted(db: None, address: str, method: str) -> None:
    answer = getattr(Client(), method)(address)

    # A method that the address does not have costs nothing.
    assert answer.status_code == 405 or counted() > 0


def test_the_walk__meets_all_parts() -> None:
    assert len(ADDRESSES) > 60
    assert {"/videoreception/choose/", "/videoreception/api/v1/schema", "/device-check/enrol/"} <= {
        *ADDRESSES
    }


@pytest.mark.parametrize(
    "address", ["/videoreception/choose/", "/device-check/", "/device-check/words/"]
)
def test_a_page__has_a_rate(db: None, settings: Any, address: str) -> None:
    once = {"THROTTLE": {"page": "1/min"}}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | once
    settings.DEVICE_CHECK = settings.DEVICE_CHECK | once
    client = Client()

    answers = [client.get(address) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 429, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 120


def test_the_times_of_an_official__are_counted_once_and_by_a_rate_of_their_own(
    settings: Any, official: Official
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"THROTTLE": {"times": "1/min"}}
    client = Client()

    first = client.get("/videoreception/choose/", {"official": official.pk})
    hits = counted()
    second = client.get("/videoreception/choose/", {"official": official.pk})

    assert (first.status_code, hits, second.status_code) == (200, 1, 429)
    assert client.get("/videoreception/choose/").status_code == 200


FORM = "application/x-www-form-urlencoded"
PARAMETERS = (
    "agency",
    "unit",
    "official",
    "week",
    "time",
    "q",
    "next",
    "reason",
    "page",
    "context",
    "embed",
)


@pytest.mark.parametrize("address", [address for address in ADDRESSES if "/api/" not in address])
def test_no_parameter_of_a_page__is_an_error(
    db: None, settings: Any, official: Official, address: str
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "THROTTLE": dict.fromkeys(RATES, "100000/min")
    }
    settings.DEVICE_CHECK = settings.DEVICE_CHECK | {
        "THROTTLE": dict.fromkeys(CHECK_RATES, "100000/min")
    }
    client = Client()
    # Each value in every parameter at once, and each parameter by itself with the first of them.
    for value in HOSTILE:
        sent = value.encode(errors="surrogatepass")
        everywhere = dict.fromkeys(PARAMETERS, sent)
        assert client.get(address, everywhere).status_code != 500, value[:40]
        # Encoded here: Django's client takes bytes for a list and sends the number of each.
        answer = client.post(address, urlencode(everywhere), content_type=FORM)
        assert answer.status_code != 500, value[:40]
    for name, value in itertools.product(("official", "week", "time"), HOSTILE):
        query = {"official": official.pk} | {name: value.encode(errors="surrogatepass")}
        if address.endswith("/choose/"):
            assert client.get(address, query).status_code < 500, (name, value[:40])
