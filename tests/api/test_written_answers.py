"""An answer in writing, read by a program."""

from dataclasses import replace
from typing import Any

import pytest
from rest_framework.test import APIClient

from diia_videoreception.models import ConsentAcceptance, Official
from diia_videoreception.services.booking.answer_signing import WithKep, text_to_sign
from diia_videoreception.services.documents.scans import Upload
from integrations.kep.cms import read_signed_data
from tests.factories import ApplicationFactory
from tests.harness.clock import START
from tests.steps.api import API
from tests.steps.authority import signature
from tests.steps.inspection import examine_inside
from tests.steps.moderation import moderator_of
from tests.steps.samples import png
from tests.steps.signing import install
from tests.steps.written_answers import ANSWER, NUMBER, PAPER, answer_in_writing


def test_an_application__has_the_answer_and_its_number(
    client: APIClient, official: Official
) -> None:
    consent = ConsentAcceptance.objects.get()
    application = ApplicationFactory(
        official=official, citizen=consent.citizen, start=START, consent=consent
    )
    answer_in_writing(application, moderator_of(official.agency))

    body = client.get(f"{API}/applications/{application.public_id}").json()

    assert (body["state"], body["written_answer"], body["outgoing_number"]) == (
        "answered", ANSWER, NUMBER,
    )  # fmt: skip
    assert body["answer_signature"] == {
        "kind": "paper",
        "signer": PAPER.signer,
        "signed_on": f"{PAPER.signed_on}",
        "serial": "",
        "url": None,
    }
    missing = client.get(f"{API}/applications/{application.public_id}/answer-signature")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_an_answer_on_paper__is_given_as_its_scan(
    client: APIClient, official: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine_inside(monkeypatch)
    consent = ConsentAcceptance.objects.get()
    application = ApplicationFactory(
        official=official, citizen=consent.citizen, start=START, consent=consent
    )
    signing = replace(PAPER, scan=Upload("скан.png", png()))
    answer_in_writing(application, moderator_of(official.agency), signing=signing)

    body = client.get(f"{API}/applications/{application.public_id}").json()

    assert body["documents"] == []
    assert client.get(body["answer_signature"]["url"]).getvalue().startswith(b"\x89PNG")


def test_an_answer_with_kep__is_given_with_its_signature(
    client: APIClient, official: Official, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(settings, monkeypatch)
    consent = ConsentAcceptance.objects.get()
    application = ApplicationFactory(
        official=official, citizen=consent.citizen, start=START, consent=consent
    )
    content = text_to_sign(application, text=ANSWER, number=NUMBER)
    signing = WithKep(signature("olena", content), is_entitled=True)
    answer_in_writing(application, moderator_of(official.agency), signing=signing)

    body = client.get(f"{API}/applications/{application.public_id}").json()

    shown = body["answer_signature"]
    assert (shown["kind"], shown["signer"], shown["signed_on"]) == (
        "kep", "Вербицька Олена Ігорівна", None,
    )  # fmt: skip
    file = client.get(shown["url"])
    assert read_signed_data(file.getvalue()).content == content
