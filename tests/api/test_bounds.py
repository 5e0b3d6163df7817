"""What a read costs is bounded, and no parameter of any shape is an error of the server."""

import itertools
import json
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from diia_videoreception.models import Document, Official
from tests.factories import ScheduleRuleFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.steps.api import API, HOSTILE
from tests.steps.samples import png

PARAMETERS = ("page", "page_size", "search", "unit", "first", "last", "lang", "format", "version")
READS = ("agencies", "agencies/{pk}/units", "agencies/{pk}/officials", "officials/{pk}",
         "officials/{pk}/slots", "terms", "captcha", "holds", "draft", "applications", "schema")  # fmt: skip


@pytest.fixture
def often(settings: Any) -> None:
    from diia_videoreception.conf import RATES

    rates = {"THROTTLE": dict.fromkeys(RATES, "100000/min")}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | rates


@pytest.mark.parametrize("path", READS)
def test_no_parameter__is_an_error_of_the_server(
    client: APIClient, official: Official, often: None, path: str
) -> None:
    url = f"{API}/{path.format(pk=official.pk)}"
    for name, value in itertools.product(PARAMETERS, HOSTILE):
        answer = client.get(url, {name: value.encode(errors="surrogatepass")})
        assert answer.status_code < 500, (name, value[:40])


@pytest.mark.parametrize("value", HOSTILE)
def test_no_pair_of_dates_and_no_place_in_a_path__is_an_error(
    client: APIClient, official: Official, often: None, value: str
) -> None:
    slots = f"{API}/officials/{official.pk}/slots"
    sent = value.encode(errors="surrogatepass")
    assert client.get(slots, {"first": sent, "last": sent}).status_code < 500
    assert client.get(slots, {"first": "2026-12-01", "last": sent}).status_code < 500
    for path in ("agencies", "officials", "holds", "applications", "documents"):
        place = value.encode(errors="surrogatepass").hex() if not value.isalnum() else value
        assert client.get(f"{API}/{path}/{place}").status_code < 500


BODIES: list[tuple[str, str, dict[str, Any]]] = [
    ("post", "holds", {"official": 1, "start": START.isoformat(), "captcha": "x"}),
    ("put", "draft", dict.fromkeys(("topic", "phone", "email", "companion", "prior_number"), "a")),
    ("put", "draft", {"needs": ["sign_language"]}),
    ("post", "applications", {"draft": "x", "captcha": "x"}),
]


@pytest.mark.parametrize(("method", "path", "body"), BODIES)
def test_no_value_in_a_body__is_an_error_of_the_server(
    client: APIClient, official: Official, often: None, method: str, path: str, body: dict[str, Any]
) -> None:
    odd: list[Any] = [
        *HOSTILE,
        10**30,
        -(10**30),
        1e308,
        None,
        True,
        [],
        {},
        [["x"]],
        {"a": "\ud800"},
    ]
    for name, value in itertools.product(body, odd):
        sent = json.dumps(body | {name: value})
        answer = getattr(client, method)(f"{API}/{path}", sent, content_type="application/json")
        assert answer.status_code < 500, (name, value)


def test_times_without_dates__are_those_of_62_days(client: APIClient, official: Official) -> None:
    official.horizon_days = 180
    official.save()

    answer = client.get(f"{API}/officials/{official.pk}/slots").json()

    days = {date.fromisoformat(slot["start"][:10]) for slot in answer["slots"]}
    assert max(days) - min(days) < timedelta(days=62)
    assert max(days) <= date.fromisoformat(answer["through"])


def test_very_many_times__come_in_parts(client: APIClient, official: Official) -> None:
    official.horizon_days, official.slot_minutes, official.pause_minutes = 180, 5, 0
    official.save()
    official.schedule_rules.all().delete()
    ScheduleRuleFactory(
        official=official,
        recurrence="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        starts=time(0),
        ends=time(23, 55),
    )
    url = f"{API}/officials/{official.pk}/slots"

    answer = client.get(url).json()

    assert 2000 < len(answer["slots"]) <= 3000
    through = date.fromisoformat(answer["through"])
    assert answer["slots"][-1]["start"][:10] == through.isoformat()
    after = (through + timedelta(days=1)).isoformat()
    more = client.get(url, {"first": after, "last": after}).json()
    assert more["slots"][0]["start"][:10] == after


def test_the_schema__is_made_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from diia_videoreception.api.views import schema

    first = Client().get(f"{API}/schema", {"format": "json"})
    monkeypatch.delattr(schema, "SchemaGenerator")

    again = Client().get(f"{API}/schema", {"format": "json", "lang": "x" * 1000})
    assert (first.status_code, again.status_code) == (200, 200)


def test_refused_tokens__are_slowed_down_and_fill_no_log(
    db: None, settings: Any, caplog: pytest.LogCaptureFixture, client_for: Callable[..., APIClient]
) -> None:
    rates = {"THROTTLE": {"token": "5/min"}}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | rates
    stranger = Client(headers={"Authorization": "Bearer a.b.c"})

    codes = [stranger.get(f"{API}/agencies").status_code for _ in range(20)]

    assert codes == [401] * 5 + [429] * 15
    assert caplog.text.count("Access token refused") == 5
    assert client_for().get(f"{API}/agencies").status_code == 200


@pytest.mark.parametrize(
    ("second", "expected"), [((1, 2, 3), (201, 1)), ((3, 2, 1), (422, 1))], ids=["same", "other"]
)
def test_an_upload__is_known_by_its_content(
    client: APIClient, second: tuple[int, int, int], expected: tuple[int, int]
) -> None:
    contents = [
        png(Image.new("RGB", (40, 40), colour), compress_level=0) for colour in ((1, 2, 3), second)
    ]
    assert len(contents[0]) == len(contents[1])
    answers = [
        client.post(
            f"{API}/draft/documents",
            {"file": SimpleUploadedFile("довідка.png", content)},
            format="multipart",
            headers={"Idempotency-Key": "one"},
        )
        for content in contents
    ]

    assert (answers[1].status_code, Document.objects.count()) == expected


def test_the_wrong_period__is_told_in_the_language_of_the_person(
    client: APIClient, official: Official
) -> None:
    answer = client.get(
        f"{API}/officials/{official.pk}/slots",
        {"first": "2026-12-01"},
        headers={"Accept-Language": "uk"},
    )
    assert answer.json()["fields"]["last"] == ["Укажіть обидві дати або жодної."]


def test_proofs_of_any_shape__cost_their_count(client: APIClient, official: Official) -> None:
    body = {"official": official.pk, "start": START.isoformat(), "captcha": solved_captcha()[:-4]}
    assert client.post(f"{API}/holds", body, format="json").json()["code"] == "captcha_failed"
