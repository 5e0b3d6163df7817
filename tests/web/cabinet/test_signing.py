"""Signing a filed application on the screens, from the case to the container (B-24, B-29)."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, ApplicationSignature
from diia_videoreception.personal_data import encrypt, lookup_hash
from diia_videoreception.services.booking import signatures
from integrations.kep.cms import read_signed_data
from tests.factories import ApplicationFactory, CitizenFactory
from tests.harness.html import Page
from tests.steps.authority import signature
from tests.steps.people import page_after, sign_in
from tests.steps.signing import install

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen"), pytest.mark.any_database]


@pytest.fixture(autouse=True)
def kep(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    install(settings, monkeypatch)


@pytest.fixture
def application(client: Client) -> Application:
    citizen = CitizenFactory(
        identifier_kind="rnokpp",
        identifier_hash=lookup_hash("rnokpp", "3142501187"),
        identifier_encrypted=encrypt("3142501187"),
    )
    sign_in(client, citizen)
    return ApplicationFactory(citizen=citizen, consent=citizen.consents.get())


def address(name: str, application: Application) -> str:
    return reverse(f"diia_videoreception:{name}", args=[application.public_id])


def text_of(response: Any) -> str:
    return str(response.content.decode())


def post(client: Client, application: Application, data: bytes) -> Any:
    page = Page(client.get(address("case_sign", application)))
    file = SimpleUploadedFile("manifest.p7s", data)
    return client.post(
        address("case_sign", application),
        {"challenge": page.field("challenge").value, "file": file},
    )


def test_signing__leads_from_the_case_to_the_container(
    client: Client, application: Application
) -> None:
    case = text_of(client.get(address("case", application)))
    assert "Підписати КЕП" in case
    page = text_of(client.get(address("case_sign", application)))
    assert application.number in page
    assert "заявку вже подано" in page

    signed = signature("olena", signatures.manifest_of(application).encode())
    answer = post(client, application, signed)
    assert answer["Location"] == f"{address('case', application)}#signature"

    case = text_of(client.get(address("case", application)))
    assert "Підписано кваліфікованим електронним підписом" in case
    assert "Вербицька Олена Ігорівна" in case
    assert "Ви підписали заявку" in case
    assert "Підписати КЕП" not in case
    container = client.get(address("case_signature", application))
    assert container["Content-Disposition"].startswith("attachment")
    content = read_signed_data(container.getvalue()).content
    assert content == signatures.manifest_of(application).encode()


@pytest.mark.parametrize(
    ("slug", "changed", "problem"),
    [
        ("taras", "", "Це інша особа"),
        ("olena", "x", "Підписано інший текст"),
    ],
)
def test_refusal__is_told_in_words_and_nothing_is_written(
    client: Client, application: Application, slug: str, changed: str, problem: str
) -> None:
    content = signatures.manifest_of(application) + changed
    answer = post(client, application, signature(slug, content.encode()))

    assert answer.status_code == 400
    assert problem in text_of(answer)
    assert not ApplicationSignature.objects.exists()


def test_a_form_without_a_file__keeps_the_text(client: Client, application: Application) -> None:
    sent = client.post(address("case_sign", application), {"challenge": "none"})
    answer = page_after(client, sent)
    assert application.number in text_of(answer)
    assert "Виберіть файл" in text_of(answer)


def test_nobody_else__sees_or_signs_it(client: Client, application: Application) -> None:
    stranger = Client()
    sign_in(stranger)
    for name in ("case_sign", "case_signature"):
        assert stranger.get(address(name, application)).status_code == 404
    assert client.get(address("case_signature", application)).status_code == 404


def test_after_signing_out__the_text_is_nobodys(client: Client, application: Application) -> None:
    page = text_of(client.get(address("case_sign", application)))
    found = re.search(r"/videoreception/sign/[0-9a-f-]+/text/", page)
    assert found
    assert application.number.encode() in client.get(found[0]).getvalue()  # type: ignore[attr-defined]
    client.post("/videoreception/sign-out/")
    assert client.get(found[0]).status_code == 404
    sign_in(client)
    assert client.get(found[0]).status_code == 404


def test_where_the_portal_verifies_no_signatures__nothing_is_offered(
    client: Client, application: Application, settings: Any
) -> None:
    configured = settings.DIIA_VIDEORECEPTION
    without = {"portal": configured["IDENTITY"]["portal"]}
    settings.DIIA_VIDEORECEPTION = {**configured, "IDENTITY": without}

    assert "Підписати КЕП" not in text_of(client.get(address("case", application)))
    assert client.get(address("case_sign", application)).status_code == 404


def test_a_decided_application__is_not_signed_any_more(
    client: Client, application: Application
) -> None:
    Application.objects.filter(pk=application.pk).update(
        state="declined", reason="Інша установа", decided_at=application.submitted_at
    )
    assert "Підписати КЕП" not in text_of(client.get(address("case", application)))
    assert client.get(address("case_sign", application))["Location"] == address("case", application)
