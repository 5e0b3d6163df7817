"""Booking through the API: the path, its refusals, its repetitions."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from diia_videoreception.models import Application, Document, IdempotentAnswer, Occupancy, Official
from diia_videoreception.services.documents.storage import private_storage
from integrations.common.levels import Level
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.steps.api import API
from tests.steps.representing import BY_ATTORNEY, FOR_CHILD

ANSWERS = {"topic": "Компенсація за догляд", "phone": "067 123 45 67"}


def hold(client: APIClient, official: Official, start: datetime = START, **headers: Any) -> Any:
    body = {"official": official.pk, "start": start.isoformat(), "captcha": solved_captcha()}
    return client.post(f"{API}/holds", body, format="json", headers=headers)


def png(name: str = "довідка.png") -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (4, 4), "white").save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/png")


def submit(client: APIClient) -> Any:
    draft = client.put(f"{API}/draft", ANSWERS, format="json").json()["token"]
    body = {"draft": draft, "captcha": solved_captcha()}
    return client.post(f"{API}/applications", body, format="json")


def test_the_path__leads_from_agency_to_application(client: APIClient, official: Official) -> None:
    agency = client.get(f"{API}/agencies", {"search": "прикладів"}).json()["results"][0]["id"]
    found = client.get(f"{API}/agencies/{agency}/officials").json()["results"]
    slots = client.get(
        f"{API}/officials/{found[0]['id']}/slots", {"first": "2026-12-01", "last": "2026-12-01"}
    ).json()["slots"]
    assert [slot["start"][11:16] for slot in slots][:4] == ["09:00", "09:30", "10:00", "10:30"]

    held = hold(client, official)
    assert (held.status_code, held.json()["expires_at"][11:16]) == (201, "10:15")
    upload = client.post(f"{API}/draft/documents", {"file": png()}, format="multipart")
    assert upload.json()["name"] == "довідка.png"
    filed = submit(client)

    assert filed.status_code == 201
    assert filed.json()["state"] == "submitted"
    assert filed.json()["documents"][0]["sha256"] == upload.json()["sha256"]
    listed = client.get(f"{API}/applications").json()
    assert [row["number"] for row in listed["results"]] == [filed.json()["number"]]
    document = client.get(filed.json()["documents"][0]["url"])
    assert b"".join(document.streaming_content)[:4] == b"\x89PNG"
    assert document.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in document.headers["Cache-Control"]
    assert "sandbox" in document.headers["Content-Security-Policy"]

    cancelled = client.post(f"{API}/applications/{filed.json()['id']}/cancellation")
    assert cancelled.json()["state"] == "cancelled"
    assert not Occupancy.objects.exists()


@pytest.mark.parametrize(("said", "marked"), [({"proves_authority": "true"}, True), ({}, False)])
def test_a_scan_of_the_authority__is_marked_as_one(
    client: APIClient, official: Official, said: dict[str, str], marked: bool
) -> None:
    hold(client, official)
    client.put(f"{API}/draft", ANSWERS | BY_ATTORNEY, format="json")

    answer = client.post(f"{API}/draft/documents", {"file": png()} | said, format="multipart")

    assert (answer.status_code, answer.json()["proves_authority"]) == (201, marked)
    assert Document.objects.get().proves_authority is marked


def test_a_document_whose_file_is_gone__is_not_found(client: APIClient, official: Official) -> None:
    hold(client, official)
    client.post(f"{API}/draft/documents", {"file": png()}, format="multipart")
    document = Document.objects.get()
    private_storage().delete(document.path)

    answer = client.get(f"{API}/documents/{document.public_id}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_each_refusal__has_its_code_and_writes_nothing(
    client_for: Callable[..., APIClient], official: Official
) -> None:
    hold(client_for(1), official)
    client = client_for(2)
    refused = {
        "slot_taken": (START, 409),
        "outside_schedule": (START + timedelta(minutes=35), 409),
        "too_early": (datetime.fromisoformat("2026-11-24T10:00+02:00"), 409),
        "too_late": (datetime.fromisoformat("2027-03-01T10:00+02:00"), 409),
    }
    for code, (start, status) in refused.items():
        answer = hold(client, official, start)
        assert (answer.json()["code"], answer.status_code) == (code, status)
    free = START + timedelta(minutes=30)
    assert hold(client_for(3, consent=False), official, free).json()["code"] == "consent_required"
    assert hold(client_for(4, level=Level.LOW), official, free).json()["code"] == "level_too_low"
    no_proof = client.post(f"{API}/holds", {"official": official.pk, "start": free}, format="json")
    assert no_proof.json()["code"] == "captcha_failed"
    official.agency.is_connected = False
    official.agency.save()
    assert hold(client, official, free).json()["code"] == "agency_not_connected"
    assert Occupancy.objects.count() == 1


def test_a_second_hold__is_refused_but_the_first_can_be_moved_and_released(
    client: APIClient, official: Official
) -> None:
    first = hold(client, official).json()
    later = START + timedelta(minutes=30)
    assert hold(client, official, later).json()["code"] == "hold_exists"

    moved = client.patch(
        f"{API}/holds/{first['token']}", {"official": official.pk, "start": later}, format="json"
    ).json()
    assert (moved["token"], moved["expires_at"]) == (first["token"], first["expires_at"])
    assert client.get(f"{API}/holds").json()["start"] == moved["start"] != first["start"]

    for _ in range(2):
        assert client.delete(f"{API}/holds/{first['token']}").status_code == 204
    assert client.get(f"{API}/holds").json()["code"] == "hold_expired"


def test_what_belongs_to_another_citizen__is_not_found(
    client_for: Callable[..., APIClient], official: Official
) -> None:
    owner, stranger = client_for(1), client_for(2)
    token = hold(owner, official).json()["token"]
    upload = owner.post(f"{API}/draft/documents", {"file": png()}, format="multipart").json()
    paths = [
        ("get", f"holds/{token}"),
        ("delete", f"holds/{token}"),
        ("get", f"documents/{upload['id']}"),
        ("delete", f"draft/documents/{upload['id']}"),
    ]
    for method, path in paths:
        answer = getattr(stranger, method)(f"{API}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    filed = submit(owner).json()
    for method, path in (("get", ""), ("post", "/cancellation")):
        answer = getattr(stranger, method)(f"{API}/applications/{filed['id']}{path}")
        assert answer.status_code == 404
    stolen = {"draft": str(Application.objects.get().draft_token), "captcha": solved_captcha()}
    assert stranger.post(f"{API}/applications", stolen, format="json").status_code == 404
    assert Application.objects.get().state == "submitted"


def test_filing_after_the_hold_has_ended__keeps_the_draft(
    client: APIClient, official: Official, time_machine: Any, frozen: datetime
) -> None:
    hold(client, official)
    client.put(f"{API}/draft", ANSWERS, format="json")
    Occupancy.objects.update(expires_at=frozen + timedelta(seconds=1))
    time_machine.move_to(frozen + timedelta(seconds=1), tick=False)

    refused = submit(client)

    assert (refused.status_code, refused.json()["code"]) == (409, "hold_expired")
    assert client.get(f"{API}/draft").json()["topic"] == ANSWERS["topic"]


def test_an_incomplete_draft__names_its_fields(client: APIClient, official: Official) -> None:
    hold(client, official)
    draft = client.put(f"{API}/draft", {"phone": "12"}, format="json").json()["token"]
    body = {"draft": draft, "captcha": solved_captcha()}
    refused = client.post(f"{API}/applications", body, format="json")
    assert refused.json()["code"] == "incomplete"
    assert set(refused.json()["fields"]) == {"topic", "phone"}


def test_a_repeated_write__gets_the_first_answer(client: APIClient, official: Official) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"official": official.pk, "start": START, "captcha": solved_captcha()}
    first = client.post(f"{API}/holds", body, format="json", headers=key)
    token = first.json()["token"]
    client.delete(f"{API}/holds/{token}")

    again = client.post(f"{API}/holds", body, format="json", headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert not Occupancy.objects.exists()

    other = {**body, "start": START + timedelta(minutes=30)}
    mismatch = client.post(f"{API}/holds", other, format="json", headers=key)
    assert (mismatch.status_code, mismatch.json()["code"]) == (422, "idempotency_mismatch")
    IdempotentAnswer.objects.update(status=None)
    busy = client.post(f"{API}/holds", body, format="json", headers=key)
    assert busy.json()["code"] == "idempotency_in_progress"


def test_filing_twice__gives_the_same_application(client: APIClient, official: Official) -> None:
    hold(client, official)
    draft = client.put(f"{API}/draft", ANSWERS, format="json").json()["token"]
    body = {"draft": draft, "captcha": solved_captcha()}
    first = client.post(f"{API}/applications", body, format="json").json()
    assert client.post(f"{API}/applications", body, format="json").json()["id"] == first["id"]
    assert Application.objects.count() == 1


def test_the_draft__tells_what_is_missing_and_keeps_nothing_hidden(
    client: APIClient, official: Official
) -> None:
    hold(client, official)
    sent = {"topic": "Питан\u202eня\x07", "phone": "067 123 45 67 доб. 12"}
    draft = client.put(f"{API}/draft", sent, format="json").json()

    assert draft["topic"] == "Питання"
    assert [(one["field"], one["code"]) for one in draft["problems"]] == [
        ("phone", "phone_extension")
    ]
    assert draft["problems"][0]["detail"]
    proof = {"draft": draft["token"], "captcha": solved_captcha()}
    refused = client.post(f"{API}/applications", proof, format="json").json()
    assert (refused["code"], refused["codes"]) == ("incomplete", {"phone": "phone_extension"})
    assert refused["fields"] == {"phone": [draft["problems"][0]["detail"]]}


def test_a_draft_with_a_version__is_merged_and_never_overwritten(client: APIClient) -> None:
    first = client.put(f"{API}/draft", {"topic": "Питання"}, format="json").json()
    version = {"version": first["version"]}
    second = client.put(f"{API}/draft", {"phone": "0671234567"} | version, format="json").json()
    assert (second["topic"], second["phone"]) == ("Питання", "+380671234567")
    third = {"topic": "Інше питання", "version": second["version"]}
    assert client.put(f"{API}/draft", third, format="json").json()["topic"] == "Інше питання"

    # Of a program that has read the first version only: the phone fits, the topic does not.
    late = {"topic": "Третє питання", "companion": "Син"} | version
    refused = client.put(f"{API}/draft", late, format="json")

    assert (refused.status_code, refused.json()["code"]) == (409, "draft_changed")
    assert list(refused.json()["fields"]) == ["topic"]
    now = client.get(f"{API}/draft").json()
    assert (now["topic"], now["companion"]) == ("Інше питання", "")
    fits = {"companion": "Син"} | version
    assert client.put(f"{API}/draft", fits, format="json").json()["topic"] == "Інше питання"


def test_priority__is_a_yes_or_no_of_draft_and_application(
    client: APIClient, official: Official
) -> None:
    hold(client, official)
    refused = client.put(f"{API}/draft", ANSWERS | {"claims_priority": "УБД"}, format="json")
    assert refused.status_code == 400
    draft = client.put(f"{API}/draft", ANSWERS | {"claims_priority": True}, format="json").json()
    assert draft["claims_priority"] is True
    kept = client.put(f"{API}/draft", {"version": draft["version"]}, format="json").json()
    assert kept["claims_priority"] is True

    body = {"draft": draft["token"], "captcha": solved_captcha()}
    filed = client.post(f"{API}/applications", body, format="json").json()

    assert filed["claims_priority"] is True


def test_an_application_for_a_child__says_so(client: APIClient, official: Official) -> None:
    hold(client, official)
    grown = FOR_CHILD | {"represented_born": "1990"}
    draft = client.put(f"{API}/draft", ANSWERS | grown, format="json").json()
    assert [one["code"] for one in draft["problems"]] == ["represented_child_of_age"]
    right = {"represented_born": "2015", "version": draft["version"]}
    draft = client.put(f"{API}/draft", right, format="json").json()
    assert draft["problems"] == []

    body = {"draft": draft["token"], "captcha": solved_captcha(), "version": draft["version"]}
    filed = client.post(f"{API}/applications", body, format="json").json()

    assert filed["representation"] == {
        "kind": "child",
        "name": FOR_CHILD["represented_name"],
        "born": 2015,
        "document": FOR_CHILD["ground_document"],
        "number": FOR_CHILD["ground_number"],
        "date": "2015-05-12",
        "until": None,
        "checked_at": None,
    }


def test_a_program__files_the_draft_that_it_has_seen(client: APIClient, official: Official) -> None:
    hold(client, official)
    seen = client.put(f"{API}/draft", ANSWERS, format="json").json()
    changed = {"topic": "Інше питання", "version": seen["version"]}
    now = client.put(f"{API}/draft", changed, format="json").json()
    assert now["version"] == client.get(f"{API}/draft").json()["version"]

    def file(version: str) -> Any:
        body = {"draft": seen["token"], "captcha": solved_captcha(), "version": version}
        return client.post(f"{API}/applications", body, format="json")

    refused = file(seen["version"])
    assert (refused.status_code, refused.json()["code"]) == (409, "draft_changed")
    assert list(refused.json()["fields"]) == ["topic"]
    assert file(now["version"]).json()["topic"] == "Інше питання"


def test_a_program__files_and_cancels_what_it_has_seen(
    client: APIClient, official: Official
) -> None:
    hold(client, official)
    draft = client.put(f"{API}/draft", ANSWERS, format="json").json()["token"]

    def file(**seen: Any) -> Any:
        body = {"draft": draft, "captcha": solved_captcha()} | seen
        return client.post(f"{API}/applications", body, format="json")

    later = (START + timedelta(minutes=30)).isoformat()
    moved = file(official=official.pk, start=later)
    assert (moved.status_code, moved.json()["code"]) == (409, "hold_moved")
    assert list(file(official=official.pk).json()["fields"]) == ["start"]
    filed = file(official=official.pk, start=START.isoformat())
    assert filed.status_code == 201

    path = f"{API}/applications/{filed.json()['id']}/cancellation"
    other = client.post(path, {"start": later}, format="json")
    assert (other.status_code, other.json()["code"]) == (409, "reception_moved")
    cancelled = client.post(path, {"start": START.isoformat()}, format="json")
    assert cancelled.json()["state"] == "cancelled"
