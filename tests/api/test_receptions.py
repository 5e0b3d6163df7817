"""What comes of a reception, through the API: an objection to what was noted, and a signed document."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from rest_framework.test import APIClient

from diia_videoreception.models import Application, ConsentAcceptance, Document, Objection, Official
from diia_videoreception.services.documents.storage import private_storage
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW
from tests.steps.api import API
from tests.steps.signing import put_signature

WORDS = "Я була в кімнаті вчасно."


@pytest.fixture
def noted(client: APIClient, official: Official) -> Application:
    """The official has noted that the citizen did not come."""
    consent = ConsentAcceptance.objects.get()
    return ApplicationFactory(
        official=official,
        citizen=consent.citizen,
        consent=consent,
        state="citizen_absent",
        decided_at=NOW - timedelta(hours=1),
        start=NOW - timedelta(hours=2),
    )


def url(noted: Application, act: str = "") -> str:
    return f"{API}/applications/{noted.public_id}{act}"


def test_objection__is_kept_once_and_told(client: APIClient, noted: Application) -> None:
    before = client.get(url(noted)).json()
    assert before["objection"] is None
    assert before["may_object_until"] == "2026-11-29T00:00:00+02:00"

    sent = client.post(url(noted, "/objection"), {"text": WORDS}, format="json")
    assert sent.status_code == 201
    told = sent.json()["objection"]
    assert (told["outcome"], told["text"], told["answer"]) == ("citizen_absent", WORDS, "")
    assert told["is_upheld"] is False
    assert sent.json()["may_object_until"] is None
    again = client.post(url(noted, "/objection"), {"text": WORDS}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert Objection.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "х" * 4001])
def test_objection__without_words_or_with_too_many_is_refused(
    client: APIClient, noted: Application, text: str
) -> None:
    answer = client.post(url(noted, "/objection"), {"text": text}, format="json")
    assert answer.status_code == 400
    assert not Objection.objects.exists()


def test_objection__too_late_or_of_somebody_else_is_refused(
    client: APIClient, noted: Application
) -> None:
    Application.objects.filter(pk=noted.pk).update(decided_at=NOW - timedelta(days=7))
    assert client.get(url(noted)).json()["may_object_until"] is None
    late = client.post(url(noted, "/objection"), {"text": WORDS}, format="json")
    assert late.json()["code"] == "wrong_state"
    other = ApplicationFactory(state="citizen_absent", decided_at=NOW)
    foreign = client.post(url(other, "/objection"), {"text": WORDS}, format="json")
    assert foreign.status_code == 404


def test_signed_document__has_an_address_of_its_own(client: APIClient, noted: Application) -> None:
    document = Document.objects.create(
        application=noted, name="Згода.pdf", media_type="application/pdf", size=7,
        sha256="0" * 64, created_at=NOW,
        path=private_storage().save("documents/aa/signed", ContentFile(b"content")),
    )  # fmt: skip
    assert client.get(url(noted)).json()["documents"][0]["signed_url"] is None
    assert client.get(f"{API}/documents/{document.public_id}/signed").status_code == 404
    put_signature(document)
    signed_url = client.get(url(noted)).json()["documents"][0]["signed_url"]
    assert zipfile.is_zipfile(io.BytesIO(client.get(signed_url).getvalue()))  # type: ignore[attr-defined]
