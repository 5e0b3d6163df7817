"""Correcting an application in the cabinet: the page asks, only a POST corrects, nothing typed is lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, Citizen, Correction, Document
from tests.factories import CitizenFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.corrections import CORRECTED, correct
from tests.steps.inspection import examine_inside
from tests.steps.moderation import decide, moderator_of
from tests.steps.people import sign_in
from tests.steps.samples import png

pytestmark = pytest.mark.any_database

JSON = {"Accept": "application/json"}
SCREENS = ["case_correct", "case_correct_documents"]
SENT = {"topic": CORRECTED, "phone": "067 123 45 67"}


@pytest.fixture(autouse=True)
def _examined_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


def address(name: str, application: Application, *more: object) -> str:
    return reverse(f"diia_videoreception:{name}", args=[application.public_id, *more])


def upload(content: bytes = b"", name: str = "Довідка.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or png())


def send(
    client: Client, application: Application, name: str = "case_correct", **fields: Any
) -> Page:
    sent = SENT | {"corrected": application.version} | fields
    return Page(client.post(address(name, application), sent, follow=True))


def test_the_case__leads_to_the_form_which_has_what_stands(
    client: Client, submitted: Application
) -> None:
    case = Page(client.get(address("case", submitted)))
    assert "Виправити або доповнити заявку" in case.texts("a")

    page = Page(client.get(address("case_correct", submitted)))

    assert "Ваш час залишається за Вами." in page.text
    assert "Ваш підпис стосується" not in page.text
    assert page.field("topic").value.strip() == submitted.topic
    assert page.field("phone").value == "+380 67 123 45 67"
    assert not Correction.objects.exists(), "looking writes nothing"


def test_correcting__shows_what_it_was_and_what_it_is(
    client: Client, submitted: Application
) -> None:
    filed = submitted.topic

    page = send(client, submitted, needs=["chat"], files=[upload()])

    assert "Надіслано. Установа прочитає виправлення" in page.text
    assert "Що Ви виправили" in page.texts("h2")
    assert (CORRECTED in page.text, f"Було: {filed}" in page.text) == (True, True)
    assert "Ви виправили заявку" in page.text
    assert "Довідка.png" in page.texts("a")
    document = Document.objects.get()
    assert document.application == submitted
    where = reverse("diia_videoreception:document", args=[document.public_id])
    assert client.get(where).status_code == 200


def test_without_a_script__files_are_added_and_the_text_stays(
    client: Client, submitted: Application
) -> None:
    page = send(client, submitted, "case_correct_documents", topic="А <б>", files=[upload()])

    assert page.field("topic").value.strip() == "А <б>"
    assert "Додано 1 з 10" in page.text
    document = Document.objects.get()
    where = address("case_correct_document_remove", submitted, document.public_id)
    page = Page(client.post(where, SENT | {"topic": "Далі"}, follow=True))
    assert page.field("topic").value.strip() == "Далі"
    assert not Document.objects.exists()
    submitted.refresh_from_db()
    assert submitted.topic != "Далі"


@pytest.mark.parametrize(
    ("fields", "said", "kept"),
    [
        ({"topic": ""}, "Напишіть, про що Ви хочете поговорити", ""),
        ({"topic": "а" * 100_000}, "1000", "а" * 20_000),
        ({"phone": "12"}, "замало цифр", CORRECTED),
        ({"files": [upload(b"PK\x03\x04 Word", "Заява.docx")]}, "не є png, jpg або pdf", CORRECTED),
        ({"corrected": 7}, "Заявка змінилася", CORRECTED),
    ],
)
def test_what_is_refused__is_handed_back(
    client: Client, submitted: Application, fields: dict[str, Any], said: str, kept: str
) -> None:
    page = send(client, submitted, **fields)

    assert said in page.text
    assert page.field("topic").value.strip() == kept
    assert not Correction.objects.sent().exists()


def test_a_document__is_replaced_by_another_only(client: Client, submitted: Application) -> None:
    send(client, submitted, files=[upload(name="Стара.png")])
    submitted.refresh_from_db()
    old = Document.objects.get()

    alone = send(client, submitted, replaced=[old.public_id, "не ключ"])
    assert "Додайте документи замість тих" in alone.text
    assert alone.one("input[name=replaced]").attribute("checked") is not None

    page = send(client, submitted, replaced=[old.public_id], files=[upload(name="Нова.png")])
    assert "Замінені документи" in page.text
    assert page.texts("a").count("Нова.png") == 2
    assert page.texts("a").count("Стара.png") == 2, "as added once, and as replaced"


def test_what_names_no_document__is_not_kept(client: Client, submitted: Application) -> None:
    """PostgreSQL keeps no JSON with a zero character."""
    send(client, submitted, topic="", replaced=["\x00", "не ключ"])

    assert Correction.objects.get().typed["replaced"] == []


def test_a_script__gets_the_row_of_one_file_and_what_is_wrong(
    client: Client, submitted: Application
) -> None:
    where = address("case_correct_documents", submitted)

    added = client.post(where, {"files": [upload()]}, headers=JSON)
    remove = address("case_correct_document_remove", submitted, Document.objects.get().public_id)
    assert (added.status_code, added.json()["summary"]) == (201, "Додано 1 з 10")
    assert Page(added.json()["item"]).one("button").attribute("formaction") == remove

    bad = client.post(where, {"files": [upload(b"PK\x03\x04", "Б.docx")]}, headers=JSON)
    assert bad.json()["error"]["code"] == "file_type"
    assert client.post(remove, headers=JSON).json()["summary"] == "Додано 0 з 10"


def test_a_correction_that_comes_too_late__is_handed_back_to_copy(
    client: Client, submitted: Application
) -> None:
    decide("confirm", submitted, moderator_of(submitted.official.agency, name="quick"))

    page = send(client, submitted, topic="Нові <слова>")

    assert "Цю заявку вже не можна виправити" in page.text
    assert "Ваше виправлення не надіслано" in page.text
    assert "Нові <слова>" in page.text
    assert "Виправити або доповнити заявку" not in page.text
    answer = client.get(address("case_correct", submitted))
    assert answer["Location"] == address("case", submitted)


@pytest.mark.parametrize("name", SCREENS)
def test_who_was_signed_out_while_writing__gets_the_words_back_and_sends_them(
    citizen: Citizen, submitted: Application, name: str
) -> None:
    client = Client()
    sign_in(client, citizen)
    citizen.sessions.update(ended_at=NOW)

    answer = client.post(address(name, submitted), SENT | {"corrected": 1})

    page = Page(answer)
    assert (answer.status_code, page.field("topic").value) == (401, CORRECTED)
    assert page.one("main form").attribute("action") == address(name, submitted)
    assert not Correction.objects.exists(), "nothing is kept for who is not signed in"


@pytest.mark.parametrize("name", SCREENS)
def test_somebody_else__finds_nothing(submitted: Application, name: str) -> None:
    stranger = Client()
    sign_in(stranger, CitizenFactory())

    sent = SENT | {"corrected": 1, "files": [upload()]}
    assert stranger.get(address("case_correct", submitted)).status_code == 404
    assert stranger.post(address(name, submitted), sent).status_code == 404
    assert stranger.post(address(name, submitted), sent, headers=JSON).status_code == 404
    assert Client().post(address(name, submitted), sent).status_code == 303, "to the sign-in"
    assert not Correction.objects.exists()
    assert not Document.objects.exists()


def test_a_correction_by_a_program__is_shown_as_well(
    client: Client, submitted: Application
) -> None:
    correct(submitted)

    assert "Що Ви виправили" in Page(client.get(address("case", submitted))).texts("h2")
