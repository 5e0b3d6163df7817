"""Forms as no browser sends them, to every screen: each gets an answer of ours, never a failure."""

import encodings
import pkgutil
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories import NOW
from tests.steps.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_pages(settings: Any) -> None:
    settings.CSRF_FAILURE_VIEW = "diia_videoreception.web.errors.csrf_failure"


FORM = "application/x-www-form-urlencoded"
CODECS = sorted(
    {one.name for one in pkgutil.iter_modules(encodings.__path__)} - {"aliases", "mbcs", "oem"}
)


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


def addresses() -> list[str]:
    """Of every screen for citizens, with made-up keys in them."""
    found = get_resolver("tests.urls").namespace_dict["diia_videoreception"]
    made_up = {"UUIDConverter": uuid4(), "IntConverter": 1}
    urls = []
    for pattern in patterns(found[1]):
        if not pattern.callback.__module__.startswith("diia_videoreception.web"):
            continue
        kwargs: dict[str, Any] = {
            name: made_up.get(type(kind).__name__, "portal")
            for name, kind in pattern.pattern.converters.items()
        }
        urls.append(reverse(f"diia_videoreception:{pattern.name}", kwargs=kwargs))
    return urls


def strict(*, signed_in: bool) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    # Without a secret no form is read.
    client.cookies[settings.CSRF_COOKIE_NAME] = "s" * 32
    if signed_in:
        sign_in(client)
    return client


@pytest.mark.parametrize("signed_in", [False, True], ids=["guest", "citizen"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"topic=a&topic=b", f"{FORM}; charset=utf-16"),
        (b"topic=a", f"{FORM}; charset=hex"),
        (b"topic=%C3%28&%=%ZZ&&;==", FORM),
        (b"topic=a", f"{FORM}; charset=idna"),
        (b"&".join([b"a=1"] * 5000), FORM),
        (b"--b\r\n", "multipart/form-data"),
        (b"--b\r\nContent-Disposition: form-data; name=a", "multipart/form-data; boundary=b"),
        (b"{}", "application/json; charset=zlib"),
        (b"\xff\xfe", ""),
    ],
    ids=lambda value: str(value[:24]),
)
def test_a_form_that_cannot_be_read__is_refused_by_every_screen(
    time_machine: Any, signed_in: bool, body: bytes, content_type: str
) -> None:
    time_machine.move_to(NOW, tick=False)
    client = strict(signed_in=signed_in)
    urls = addresses()
    assert len(urls) > 25
    for url in urls:
        answer = client.generic("POST", url, body, content_type)
        assert answer.status_code < 500, (url, answer.status_code)


def test_no_codec_of_python__breaks_a_page(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    client = strict(signed_in=False)
    url = reverse("diia_videoreception:sign_in")
    for codec in CODECS:
        for body in (b"a=1&b=%FF", b"\\x+AGE=\xff"):
            kind = f"{FORM}; charset={codec}"
            assert client.generic("POST", url, body, kind).status_code < 500, codec
