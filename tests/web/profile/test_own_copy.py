"""The copy of one's own data and who looked at one's cases: all of it, only one's own, not too often."""

import json
import re
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diia_videoreception.models import (
    Application,
    CalendarFeed,
    Citizen,
    CitizenSession,
    Clarification,
    Draft,
    JournalRecord,
    Letter,
)
from diia_videoreception.selectors.own_data import own_data_of
from diia_videoreception.web.citizen.own_data.copies import copy_as_json, copy_as_page
from tests.factories import NOW, ApplicationFactory, CitizenFactory, OfficialFactory, signed_in
from tests.harness.html import Page
from tests.harness.kept import ROOT
from tests.steps.looks import looked_at
from tests.steps.people import sign_in
from tests.steps.waiting import fill, serve, wait

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen"), pytest.mark.any_database]

COPY = "/videoreception/profile/copy/"
LOOKS = "/videoreception/profile/looks/"
SCHEMA = json.loads((ROOT / "docs" / "own-data.schema.json").read_text())


@pytest.fixture
def citizen(client: Client) -> Citizen:
    return sign_in(client)


def letter_to(application: Application) -> Letter:
    return Letter.objects.create(
        citizen=application.citizen,
        application=application,
        kind="receipt",
        facts={},
        address=application.citizen.email,
        message_id=f"<{application.pk}@example.com>",
        state="sent",
        created_at=NOW,
    )


def case_of(citizen: Citizen, **values: Any) -> Application:
    """A case with a little of everything."""
    case = ApplicationFactory(citizen=citizen, state="cancelled", decided_at=NOW, **values)
    looked_at(case)
    letter_to(case)
    Clarification.objects.create(
        application=case,
        question="З якого місяця?",
        asked_at=NOW,
        deadline=NOW,
        answer="З вересня.",
        outcome="answered",
        ended_at=NOW,
    )
    return case


def copied(client: Client) -> Any:
    answer = client.post(COPY, {"form": "json"})
    assert answer.status_code == 200
    return json.loads(b"".join(answer))


def test_the_file__has_everything_of_the_person_as_the_schema_says(
    client: Client, citizen: Citizen
) -> None:
    case = case_of(citizen, topic="Моє запитання")
    Draft.objects.create(citizen=citizen, topic="Ще не подано", created_at=NOW, updated_at=NOW)
    CalendarFeed.objects.create(
        audience="citizen", citizen=citizen, secret_hash="a" * 64, created_at=NOW, used_at=NOW
    )
    full = fill(OfficialFactory())
    wait(full, signed_in(citizen))
    full.first.occupancies.all().delete()
    serve()
    copy = copied(client)

    jsonschema.Draft202012Validator(SCHEMA).validate(copy)
    assert copy["account"]["identifier"] == citizen.identifier
    assert copy["notifications"]["email"] == citizen.email
    assert copy["drafts"][0]["topic"] == "Ще не подано"
    (told,) = copy["applications"]
    assert (told["number"], told["topic"]) == (case.number, "Моє запитання")
    assert told["questions"][0]["answer"] == "З вересня."
    assert [one["post"] for one in told["looks"]] == [case.official.post]
    assert case.number in {letter["application"] for letter in copy["letters"]}
    assert copy["consents"][0]["edition"] == 1
    (queue,) = copy["queues"]
    assert (queue["state"], queue["official"]) == ("waiting", full.official.full_name)
    assert [offer["answer"] for offer in queue["offers"]] == [""]
    assert copy["is_whole"]
    text = json.dumps(copy)
    assert "77123" not in text, "who of the staff it was is not told"
    assert "a" * 64 not in text


def test_the_copy__has_nothing_of_anybody_else(client: Client, citizen: Citizen) -> None:
    stranger = CitizenFactory(email="stranger@example.com", last_name="Чужий")
    other = case_of(stranger, topic="Чуже запитання")
    for form in ("json", "html"):
        answer = client.post(COPY, {"form": form})
        text = b"".join(answer).decode()
        assert not re.search(f"Чуж|stranger|{other.number}", text)
    assert other.number not in client.get(LOOKS).text


def test_the_page__is_to_be_read_and_printed(client: Client, citizen: Citizen) -> None:
    case = case_of(citizen)
    answer = client.post(COPY, {"form": "html"})
    assert (
        answer.headers["Content-Disposition"] == 'attachment; filename="moi-dani-2026-11-23.html"'
    )
    text = b"".join(answer).decode()
    for words in (citizen.identifier, case.number, "З якого місяця?", "Хто переглядав Вашу заявку"):
        assert words in text


def test_a_copy__is_written_down_and_a_look_at_the_page_is_not(
    client: Client, citizen: Citizen
) -> None:
    assert client.get(COPY).status_code == 200
    assert not JournalRecord.objects.filter(act="citizen.own_data_copied").exists()
    answer = client.post(COPY, {"form": "json"})
    assert "no-store" in answer.headers["Cache-Control"]
    record = JournalRecord.objects.get(act="citizen.own_data_copied")
    assert (record.actor_id, record.details) == (str(citizen.public_id), {"form": "json"})
    assert client.post(COPY, {"form": "exe"}).status_code == 400


def test_who_signed_in_long_ago__proves_it_once_more(client: Client, citizen: Citizen) -> None:
    CitizenSession.objects.update(auth_time=NOW - timedelta(minutes=11))
    answer = client.post(COPY, {"form": "json"})
    assert answer.headers["Location"].startswith("/videoreception/sign-in/")
    assert not JournalRecord.objects.filter(act="citizen.own_data_copied").exists()


def test_asked_a_hundred_times__it_waits(client: Client, citizen: Citizen) -> None:
    answers = [client.post(COPY, {"form": "json"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert JournalRecord.objects.filter(act="citizen.own_data_copied").count() == 10


def test_two_hundred_cases__take_as_many_statements_as_one(db: None) -> None:
    citizen = CitizenFactory()
    first = case_of(citizen)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert json.loads(copy_as_json(own_data_of(citizen), now=NOW))["applications"]
    kept = {f.attname: getattr(first, f.attname) for f in Application._meta.concrete_fields}
    for name in ("id", "public_id", "number", "draft_token"):
        del kept[name]
    rows = [
        Application(
            **kept, number=f"X-{number}", draft_token=str(first.public_id)[:24] + f"{number:012}"
        )
        for number in range(200)
    ]
    Application.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as many:
        copy = json.loads(copy_as_json(own_data_of(citizen), now=NOW))
        assert len(copy["applications"]) == 201
        assert copy_as_page(own_data_of(citizen), now=NOW)
    assert len(many) == 2 * len(one) <= 60, "also when it is written out, as either file"


def test_looks_at_all_cases__are_in_one_list_and_on_the_page_of_the_account(
    client: Client, citizen: Citizen
) -> None:
    assert "Працівники ще не відкривали" in client.get(LOOKS).text
    cases = [ApplicationFactory(citizen=citizen), ApplicationFactory(citizen=citizen)]
    for quarter, case in enumerate(cases, start=1):
        looked_at(case, quarter=quarter)
    for address in (LOOKS, "/videoreception/profile/"):
        text = client.get(address).text
        assert 0 < text.index(cases[1].number) < text.index(cases[0].number), "the newest first"
        assert "77123" not in text


def test_the_account__tells_what_was_agreed_to(client: Client, citizen: Citizen) -> None:
    page = Page(client.get("/videoreception/profile/")).text
    assert "Умови послуги, редакція 1" in page
    assert "Ви погодилися 23.11.2026, 10:00" in page
    assert "Умови використання послуги." in page


def test_a_guest__signs_in_first(client: Client, db: None) -> None:
    for address in (COPY, LOOKS):
        assert client.get(address).status_code == 303
    assert client.post(COPY, {"form": "json"}).status_code == 303
