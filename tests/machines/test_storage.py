"""Documents in a storage of objects: written, given to who may read them, and deleted."""

from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from diia_videoreception.checks import check_host
from diia_videoreception.models import Document
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import draft_documents
from diia_videoreception.services.documents.storage import delete_orphans, private_storage
from tests.factories import NOW, CitizenFactory, signed_in
from tests.harness.html import Page
from tests.steps.application import ANSWERS, sign_in_for_long, url
from tests.steps.inspection import examine_inside
from tests.steps.people import page_after
from tests.steps.samples import png

pytestmark = pytest.mark.any_database
PNG = png()
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def bucket(s3: dict[str, Any]) -> Any:
    service = boto3.resource(
        "s3",
        endpoint_url=s3["endpoint_url"],
        region_name=s3["region_name"],
        aws_access_key_id=s3["access_key"],
        aws_secret_access_key=s3["secret_key"],
    )
    return service.create_bucket(
        Bucket=s3["bucket_name"],
        CreateBucketConfiguration={"LocationConstraint": s3["region_name"]},
    )


@pytest.fixture(autouse=True)
def _in_a_bucket(bucket: Any, s3: dict[str, Any], settings: Any) -> None:
    store_in(settings, s3)


def store_in(settings: Any, options: dict[str, Any]) -> None:
    backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"diia_videoreception": backend}


def store_nowhere(settings: Any, options: dict[str, Any]) -> None:
    hurried = Config(connect_timeout=1, read_timeout=1, retries={"max_attempts": 0})
    store_in(settings, options | {"endpoint_url": NOWHERE, "client_config": hurried})


@pytest.fixture(autouse=True)
def _examined_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


@pytest.fixture
def person(db: None, time_machine: Any) -> SignedIn:
    time_machine.move_to(NOW, tick=False)
    return signed_in(CitizenFactory())


@pytest.fixture
def client(person: SignedIn) -> Client:
    return sign_in_for_long(Client(), person.citizen)


@pytest.fixture
def document(person: SignedIn) -> Document:
    return draft_documents.add_document(
        citizen=person.citizen, data=PNG, filename="Довідка.png", now=NOW
    )


def keys(bucket: Any) -> list[str]:
    return [one.key for one in bucket.objects.all()]


def test_a_document__lies_in_the_bucket_and_comes_from_the_portal(
    document: Document, bucket: Any, client: Client
) -> None:
    answer = client.get(url("document", document.public_id))

    assert keys(bucket) == [document.path]
    assert (answer.status_code, answer.getvalue()) == (
        200,
        bucket.Object(document.path).get()["Body"].read(),
    )
    assert "Location" not in answer


def test_a_stranger__gets_nothing_of_the_bucket(document: Document) -> None:
    stranger = sign_in_for_long(Client(), CitizenFactory())

    assert stranger.get(url("document", document.public_id)).status_code == 404


def test_a_removed_document__leaves_the_bucket(
    document: Document, person: SignedIn, bucket: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        draft_documents.remove_document(citizen=person.citizen, public_id=document.public_id)

    assert keys(bucket) == []


def test_an_object_without_a_row__goes_after_a_day(document: Document, bucket: Any) -> None:
    bucket.put_object(Key="documents/0a/left-behind", Body=b"x")

    assert delete_orphans(now=NOW + timedelta(hours=23)) == 0
    assert delete_orphans(now=NOW + timedelta(hours=25)) == 1
    assert keys(bucket) == [document.path]


def test_a_storage_that_does_not_answer__keeps_the_form_and_says_so(
    client: Client, s3: dict[str, Any], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    store_nowhere(settings, s3)
    files = [SimpleUploadedFile(name, PNG) for name in ("А.png", "Б.png")]
    answer = client.post(url("application_documents"), {"files": files, **ANSWERS})
    page = Page(page_after(client, answer))

    assert page.text.count("Зараз немає зв’язку зі сховищем документів.") == 2
    assert "З тієї ж причини не додано: Б.png" in page.text
    assert page.field("topic").value == ANSWERS["topic"]
    assert Document.objects.count() == 0
    assert caplog.text.count("The storage of documents failed: EndpointConnectionError") == 1


def test_a_document_that_cannot_be_fetched__is_for_later_and_no_error(
    document: Document, client: Client, s3: dict[str, Any], settings: Any
) -> None:
    store_nowhere(settings, s3)
    answer = client.get(url("document", document.public_id))

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "Зараз немає зв’язку зі сховищем документів." in answer.text


def test_a_document_that_is_gone__is_not_found(
    document: Document, client: Client, bucket: Any
) -> None:
    bucket.Object(document.path).delete()

    assert client.get(url("document", document.public_id)).status_code == 404


@pytest.mark.parametrize("acl", ["public-read", "public-read-write", "authenticated-read"])
def test_a_bucket_for_everybody__is_refused_at_the_start(
    s3: dict[str, Any], settings: Any, acl: str
) -> None:
    assert "diia_videoreception.E009" not in [one.id for one in check_host()]
    store_in(settings, s3 | {"default_acl": acl})

    assert "diia_videoreception.E009" in [one.id for one in check_host()]
    assert private_storage().default_acl == acl  # type: ignore[attr-defined]
