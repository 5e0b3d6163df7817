"""Answering a question of the agency in the cabinet: the page asks, only a POST answers, nothing typed is lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, Citizen, Clarification, Document, Letter
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import CitizenFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps import clarifications
from tests.steps.clarifications import QUESTION, REPLY
from tests.steps.inspection import examine_inside
from tests.steps.moderation import moderator_of
from tests.steps.people import sign_in
from tests.steps.samples import png

pytestmark = pytest.mark.any_database

ASKED = "Установа просить уточнити"
JSON = {"Accept": "application/json"}
SCREENS = ["case_reply", "case_reply_documents"]


@pytest.fixture(autouse=True)
def _examined_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


@pytest.fixture
def moderator(official: Any) -> Any:
    return moderator_of(official.agency, name="asker")


@pytest.fixture
def asked(submitted: Application, moderator: Any) -> Clarification:
    return clarifications.ask(submitted, moderator)


def case_url(asked: Clarification) -> str:
    return reverse("diia_videoreception:case", args=[asked.application.public_id])


def address(name: str, asked: Clarification, *more: object) -> str:
    arguments = [asked.application.public_id, asked.public_id, *more]
    return reverse(f"diia_videoreception:{name}", args=arguments)


def upload(content: bytes = b"", name: str = "Рішення.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or png())


def send(client: Client, asked: Clarification, name: str = "case_reply", **fields: Any) -> Page:
    return Page(client.post(address(name, asked), fields, follow=True))


def test_the_case__shows_the_question_and_until_when(client: Client, asked: Clarification) -> None:
    page = Page(client.get(case_url(asked)))

    assert ASKED in page.text
    assert QUESTION in page.text
    assert "Потрібне уточнення" in page.texts("span")
    assert "Дайте відповідь до: середа, 25 листопада 2026 року, 10:00" in page.text
    assert "Ваш час, вівторок, 1 грудня 2026 року, 10:30, поки що за Вами." in page.text
    assert "Через мовчання ні в чому не відмовляють." in page.text
    assert "Скасувати заявку" in page.text
    cabinet = Page(client.get(reverse("diia_videoreception:cabinet")))
    assert "Потрібне уточнення" in cabinet.texts("span")


def test_the_link_of_the_letter__shows_and_does_not_answer(
    client: Client, asked: Clarification
) -> None:
    letter = Letter.objects.get(kind="clarification")
    text = render_letter(letter, for_sending=True, now=NOW).text
    assert QUESTION in text
    assert "середа, 25 листопада 2026 року, 10:00" in text
    assert "Через мовчання ні в чому не відмовляють." in " ".join(text.split())
    link = next(line for line in text.splitlines() if line.endswith("#question"))
    path = link.partition("/videoreception/")[2].partition("#")[0]

    assert ASKED in client.get(f"/videoreception/{path}").text

    for name in SCREENS:
        led = client.get(address(name, asked))
        assert led["Location"] == case_url(asked) + "#question"
    asked.refresh_from_db()
    assert asked.outcome == ""


def test_answering__shows_both_and_says_so(client: Client, asked: Clarification) -> None:
    page = send(client, asked, reply=REPLY, files=[upload()])

    assert "Надіслано. Установа розглядає заявку далі." in page.text
    assert ASKED not in page.text
    assert "На розгляді" in page.texts("span")
    assert (QUESTION in page.text, REPLY in page.text) == (True, True)
    assert "Ви відповіли на запитання" in page.text
    document = Document.objects.get()
    assert (document.name, document.application_id) == ("Рішення.png", asked.application_id)
    where = reverse("diia_videoreception:document", args=[document.public_id])
    assert client.get(where).status_code == 200


def test_without_a_script__files_are_added_and_the_text_stays(
    client: Client, asked: Clarification
) -> None:
    page = send(client, asked, "case_reply_documents", reply="Рішення <ухвалило>", files=[upload()])

    assert page.field("reply").value.strip() == "Рішення <ухвалило>"
    assert "Додано 1 з 10" in page.text
    document = Document.objects.get()
    assert document.application is None
    own = reverse("diia_videoreception:document", args=[document.public_id])
    assert client.get(own).status_code == 200

    where = address("case_reply_document_remove", asked, document.public_id)
    page = Page(client.post(where, {"reply": "Далі"}, follow=True))
    assert page.field("reply").value.strip() == "Далі"
    assert not Document.objects.exists()


def test_a_refused_file__keeps_the_text_and_the_others(
    client: Client, asked: Clarification
) -> None:
    files = [upload(), upload(b"PK\x03\x04 Word", "Заява.docx")]

    page = send(client, asked, reply=REPLY, files=files)

    assert "Файл «Заява.docx» не є png, jpg або pdf" in page.text
    assert "Додано 1 з 10" in page.text
    assert page.field("reply").value.strip() == REPLY
    asked.refresh_from_db()
    assert asked.outcome == ""


@pytest.mark.parametrize(
    ("text", "said", "kept"),
    [("", "Напишіть відповідь", ""), ("а" * 100_000, "5000", "а" * 20_000)],
)
def test_a_refused_text__is_handed_back(
    client: Client, asked: Clarification, text: str, said: str, kept: str
) -> None:
    page = send(client, asked, reply=text, files=[upload()])

    assert said in page.text
    assert page.field("reply").value.strip() == kept
    assert "Додано 1 з 10" in page.text


def test_a_script__gets_the_row_of_one_file_and_what_is_wrong(
    client: Client, asked: Clarification
) -> None:
    where = address("case_reply_documents", asked)

    added = client.post(where, {"files": [upload()]}, headers=JSON)
    remove = address("case_reply_document_remove", asked, Document.objects.get().public_id)
    assert (added.status_code, added.json()["summary"]) == (201, "Додано 1 з 10")
    row = Page(added.json()["item"])
    assert row.one("button").attribute("formaction") == remove

    bad = client.post(where, {"files": [upload(b"PK\x03\x04", "Б.docx")]}, headers=JSON)
    assert bad.json()["error"]["code"] == "file_type"
    assert "Файл «Б.docx» не є png, jpg або pdf" in bad.json()["error"]["message"]

    asked.refresh_from_db()
    assert asked.outcome == ""
    removed = client.post(remove, headers=JSON)
    assert removed.json()["summary"] == "Додано 0 з 10"


def test_an_answer_that_comes_too_late__is_handed_back_to_copy(
    citizen: Citizen, asked: Clarification, clock: Any
) -> None:
    clock.move_to(asked.deadline, tick=False)
    client = Client()
    sign_in(client, citizen)
    shown = Page(client.get(case_url(asked)))
    assert ASKED not in shown.text
    assert "На розгляді" in shown.texts("span")
    assert "Не відповіли вчасно" in shown.text

    page = send(client, asked, reply="Рішення <ухвалило> управління")

    assert "На це запитання вже не можна відповісти" in page.text
    assert "Вашу відповідь не надіслано" in page.text
    assert "Рішення <ухвалило> управління" in page.text
    assert Application.objects.get().clarification == asked, "nobody has noted anything"


def test_an_answer_to_what_was_withdrawn__says_so(
    client: Client, asked: Clarification, moderator: Any
) -> None:
    clarifications.withdraw_question(asked.application, moderator)

    page = send(client, asked, reply=REPLY)

    assert "На це запитання вже не можна відповісти" in page.text
    assert "Установа відкликала запитання" in page.text
    letter = Letter.objects.get(kind="clarification_withdrawn")
    assert QUESTION in render_letter(letter, for_sending=True, now=NOW).text


@pytest.mark.parametrize("name", SCREENS)
def test_who_was_signed_out_while_writing__gets_the_words_back_and_sends_them(
    citizen: Citizen, asked: Clarification, name: str
) -> None:
    client = Client()
    sign_in(client, citizen)
    citizen.sessions.update(ended_at=NOW)

    answer = client.post(address(name, asked), {"reply": "Рішення <ухвалило> управління"})

    page = Page(answer)
    assert (answer.status_code, page.field("reply").value) == (401, "Рішення <ухвалило> управління")
    where = page.one("main form").attribute("action")
    assert where == address(name, asked)
    asked.refresh_from_db()
    assert (asked.outcome, asked.typed) == ("", ""), "nothing is kept for who is not signed in"

    sign_in(client, citizen)
    client.post(where, {"reply": page.field("reply").value})

    asked.refresh_from_db()
    kept = asked.answer if name == "case_reply" else asked.typed
    assert kept == "Рішення <ухвалило> управління"


@pytest.mark.parametrize("name", SCREENS)
def test_somebody_else__finds_nothing(asked: Clarification, name: str) -> None:
    stranger = Client()
    sign_in(stranger, CitizenFactory())

    sent = {"reply": REPLY, "files": [upload()]}
    assert stranger.post(address(name, asked), sent).status_code == 404
    assert stranger.post(address(name, asked), sent, headers=JSON).status_code == 404
    assert Client().post(address(name, asked), sent).status_code == 303, "to the sign-in"
    asked.refresh_from_db()
    assert (asked.outcome, asked.typed) == ("", "")
    assert not Document.objects.exists()
