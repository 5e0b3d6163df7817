"""Documents: added, refused, removed and read by their owner alone (A-44 to A-47)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from diia_videoreception.models import Document, Draft
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import draft_documents
from diia_videoreception.services.documents.storage import deleted_unless_kept, private_storage
from tests.factories import NOW, CitizenFactory
from tests.harness.html import Page
from tests.steps.application import ANSWERS, filed, sign_in_for_long, url
from tests.steps.inspection import examine_inside
from tests.steps.people import page_after
from tests.steps.samples import png

pytestmark = pytest.mark.any_database

JSON = {"Accept": "application/json"}
PNG = png()


def upload(content: bytes = PNG, name: str = "Довідка лікаря.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(client: Client, *files: SimpleUploadedFile, **fields: Any) -> HttpResponse:
    return client.post(url("application_documents"), {"files": list(files), **fields})


def add_by_script(client: Client, *files: SimpleUploadedFile, **fields: Any) -> HttpResponse:
    return client.post(url("application_documents"), {"files": list(files), **fields}, headers=JSON)


@pytest.fixture(autouse=True)
def _examined_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


@pytest.fixture
def document(client: Client, person: SignedIn) -> Document:
    return draft_documents.add_document(
        citizen=person.citizen, data=PNG, filename="Довідка «А».png", now=NOW
    )


# --- Without a script ------------------------------------------------------------------------


def test_chosen_files__are_added_and_the_answers_kept(client: Client) -> None:
    response = add(client, upload(), upload(name="Друга.png"), **ANSWERS)

    assert (response.status_code, response["Location"]) == (303, url("application") + "#documents")
    assert [one.name for one in Document.objects.all()] == ["Довідка лікаря.png", "Друга.png"]
    page = Page(client.get(url("application")))
    assert page.field("topic").value == ANSWERS["topic"]
    assert "Додано 2 з 10" in page.text
    assert "Вилучити файл Друга.png" in page.buttons()


def test_going_on__adds_the_chosen_files_too(client: Client, hold: object) -> None:
    response = client.post(url("application"), {**ANSWERS, "files": [upload()]})

    assert response["Location"] == url("check")
    assert Document.objects.count() == 1


def test_a_refused_file__says_how_to_mend_it_and_the_others_stay(client: Client) -> None:
    answer = add(client, upload(), upload(b"PK\x03\x04 Word", "Заява.docx"), **ANSWERS)
    page = Page(page_after(client, answer))
    text = "Файл «Заява.docx» не є png, jpg або pdf. Збережіть документ як PDF"

    [(where, message)] = page.errors()
    assert (where, message.startswith(text)) == ("documents", True)
    assert page.text.count(text) == 2
    assert "Додано 1 з 10" in page.text
    assert page.field("topic").value == ANSWERS["topic"]
    assert Draft.objects.get().topic == ANSWERS["topic"]


def test_one_reason__stands_once_for_all_files(client: Client) -> None:
    files = [upload(b"PK\x03\x04 Word", name) for name in ("А.docx", "Б.docx", "{names}%s.docx")]
    answer = add(client, *files, upload(b"", "В.png"), **ANSWERS)
    page = Page(page_after(client, answer))
    also = "З тієї ж причини не додано: Б.docx, {names}%s.docx"

    assert page.text.count("не є png, jpg або pdf") == 2, "in the summary and in the list"
    assert page.text.count(also) == 2
    assert page.texts("strong").count("А.docx") == 1
    assert "Б.docx" not in page.texts("strong")
    assert page.text.count("Файл «В.png» порожній") == 2
    assert [where for where, _ in page.errors()] == ["documents", "documents"]


def test_who_has_piled_up_too_much__reads_what_to_do(client: Client, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"MAX_KEPT_FILES": 1}
    page = page_after(client, add(client, upload(), upload(name="Б.png"), **ANSWERS)).text
    response = add_by_script(client, upload())

    assert "не більше 1 документів і 100 МБ" in page
    assert "Подати заявку можна й без цього файлу" in page
    assert (response.status_code, response.json()["error"]["code"]) == (429, "document_limit")
    assert Document.objects.count() == 1


def test_how_long_files_are_kept__is_told_where_the_agency_has_said_it(
    client: Client, hold: Any
) -> None:
    page = client.get(url("application")).content.decode()
    assert "Файли зберігаємо" not in page
    agency = hold.official.agency
    agency.document_days, agency.document_ground = 1, "п. 5 «Переліку» <2012>"
    agency.save()
    page = client.get(url("application")).content.decode()
    assert "Файли зберігаємо 1 день після рішення або призначеного часу" in page
    assert "Підстава: п. 5 «Переліку» &lt;2012&gt;" in page
    agency.document_days, agency.document_ground = 90, ""
    agency.save()
    page = client.get(url("application")).content.decode()
    assert "Файли зберігаємо 90 днів після" in page
    assert "Підстава:" not in page


def test_a_document__is_removed_and_the_answers_kept(client: Client, document: Document) -> None:
    response = client.post(url("application_document_remove", document.public_id), ANSWERS)

    assert response["Location"] == url("application") + "#documents"
    assert not Document.objects.exists()
    assert Draft.objects.get().topic == ANSWERS["topic"]


def test_enter_in_a_field__goes_on_instead_of_removing_a_document(
    client: Client, document: Document
) -> None:
    form = Page(client.get(url("application"))).form("application")

    assert form.all("button")[0].attribute("formaction") is None


# --- With a script ---------------------------------------------------------------------------


def test_a_script__sends_one_file_and_gets_its_row(client: Client) -> None:
    response = add_by_script(client, upload())
    answer = response.json()
    document = Document.objects.get()

    assert response.status_code == 201
    assert url("application_document_remove", document.public_id) in answer["item"]
    assert "Довідка лікаря.png" in answer["item"]
    assert answer["message"] == "Файл Довідка лікаря.png додано."
    assert (answer["count"], answer["summary"]) == (1, "Додано 1 з 10")
    assert answer["draft"] == str(Draft.objects.get().token)


def test_a_script__learns_why_a_file_is_refused(client: Client) -> None:
    empty = add_by_script(client, upload(b"", "порожній.pdf"))
    wrong = add_by_script(client, upload(b"MZ", "program.pdf"))

    assert (empty.status_code, empty.json()["error"]["code"]) == (400, "file_empty")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (415, "file_type")
    assert "program.pdf" in wrong.json()["error"]["message"]
    assert not Document.objects.exists()


def test_a_file_over_the_limit__is_refused(client: Client, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"MAX_FILE_BYTES": 1000}

    response = add_by_script(client, upload(b"x" * 1001))

    assert (response.status_code, response.json()["error"]["code"]) == (413, "file_too_large")


def test_the_eleventh__is_refused(client: Client, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"MAX_FILES": 2}
    for _ in range(2):
        add_by_script(client, upload())

    response = add_by_script(client, upload())

    assert response.json()["error"]["message"] == "Можна додати не більше 2 файлів"
    assert Document.objects.count() == 2


def test_a_script__removes_a_document(client: Client, document: Document) -> None:
    address = url("application_document_remove", document.public_id)

    first, second = (client.post(address, headers=JSON) for _ in range(2))

    assert first.json() == second.json()
    assert first.json()["summary"] == "Додано 0 з 10"
    assert not Document.objects.exists()


def test_a_late_upload__does_not_begin_a_new_draft(client: Client, person: SignedIn) -> None:
    application = filed(person)

    response = add_by_script(client, upload(), draft=str(application.draft_token))

    assert (response.status_code, response.json()["error"]["code"]) == (409, "already_submitted")
    assert not Draft.objects.exists()


# --- What is no form at all --------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, JSON])
def test_too_large_a_request__is_refused_unread(
    client: Client, settings: Any, headers: dict[str, str]
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "MAX_FILES": 1,
        "MAX_FILE_BYTES": 1024 * 1024,
    }

    class Unread:
        def read(self, *size: int) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    response = client.generic(
        "POST",
        url("application_documents"),
        b"x" * (2 * 1024 * 1024 + 1),
        content_type="multipart/form-data; boundary=b",
        headers=headers,
        **{"wsgi.input": Unread()},
    )

    assert response.status_code == 413
    message = response.json()["error"]["message"] if headers else response.content.decode()
    assert "Додавайте документи по одному, кожен до 1 МБ." in message


CODES = {400: "request_unreadable", 413: "request_too_large"}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"--b\r\nnonsense", "multipart/form-data", 400),
        (b"--b\r\nContent-Disposition: form-data", "multipart/form-data; boundary=\xe9", 400),
        (b"topic=" + b"x" * 3_000_000, "application/x-www-form-urlencoded", 413),
        (b"a&" * 20_000, "application/x-www-form-urlencoded", 413),
        (b'{"topic": 1}', "application/json", 400),
    ],
)
@pytest.mark.parametrize("name", ["application", "application_documents"])
def test_a_broken_request__is_no_error_of_ours(
    client: Client, body: bytes, content_type: str, status: int, name: str
) -> None:
    response = client.generic("POST", url(name), body, content_type=content_type, headers=JSON)

    if name == "application" and content_type == "application/json":
        assert response.status_code == 200, "a form without fields is saved as such"
        return
    assert response.status_code == status
    assert response.json()["error"]["code"] == CODES[status]


def test_a_file_that_breaks_off__is_no_error_of_ours(client: Client) -> None:
    body = b"--b\r\nContent-Disposition: form-data; name=files; filename=a.png\r\n\r\n" + PNG[:50]

    response = client.generic(
        "POST",
        url("application_documents"),
        body,
        content_type="multipart/form-data; boundary=b",
        headers=JSON,
    )

    assert response.status_code in {400, 415}
    assert not Document.objects.exists()


# --- Reading ---------------------------------------------------------------------------------


def test_a_document__is_handed_back_for_saving(
    client: Client, document: Document, settings: Any
) -> None:
    settings.SECURE_CONTENT_TYPE_NOSNIFF = False
    response = client.get(url("document", document.public_id))

    assert response.getvalue() == private_storage().open(document.path).read()
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%94")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_document_of_an_application__is_handed_back_too(
    client: Client, person: SignedIn, document: Document
) -> None:
    application = filed(person)
    Document.objects.update(draft=None, application=application)

    assert client.get(url("document", document.public_id)).status_code == 200
    removal = client.post(url("application_document_remove", document.public_id), headers=JSON)
    assert removal.status_code == 404, "what is filed stays filed"
    assert Document.objects.exists()


def test_a_document_whose_file_is_gone__is_not_found(client: Client, document: Document) -> None:
    private_storage().delete(document.path)

    assert client.get(url("document", document.public_id)).status_code == 404


def test_the_documents_of_others__do_not_exist(db: None, client: Client) -> None:
    foreign = draft_documents.add_document(
        citizen=CitizenFactory(), data=PNG, filename="Чуже.png", now=NOW
    )

    for response in (
        client.get(url("document", foreign.public_id)),
        client.post(url("application_document_remove", foreign.public_id), ANSWERS),
        client.post(url("application_document_remove", foreign.public_id), headers=JSON),
    ):
        assert response.status_code == 404
        assert "Чуже" not in response.content.decode()
    assert Document.objects.count() == 1
    assert private_storage().exists(foreign.path)


def test_guests__can_neither_add_nor_read(document: Document) -> None:
    guest = Client()

    assert add_by_script(guest, upload()).status_code == 401
    assert add(guest, upload())["Location"].startswith(url("sign_in"))
    assert guest.get(url("document", document.public_id))["Location"].startswith(url("sign_in"))
    assert guest.post(url("application_document_remove", document.public_id)).status_code == 303
    assert Document.objects.count() == 1


# --- Files and rows --------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [OperationalError("gone"), KeyboardInterrupt(), MemoryError()])
def test_no_file__stays_whatever_fails(
    person: SignedIn, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    draft_documents.add_document(citizen=person.citizen, data=PNG, filename="a.png", now=NOW)
    before = stored_files()

    def fail(**values: object) -> None:
        raise failure

    monkeypatch.setattr(Document.objects, "create", fail)
    with pytest.raises(type(failure)):
        draft_documents.add_document(citizen=person.citizen, data=PNG, filename="b.png", now=NOW)
    assert stored_files() == before


def test_a_row_that_stands__keeps_its_file(document: Document) -> None:
    """The connection breaks after the commit: the act has failed for its caller, not for the person."""
    with pytest.raises(OperationalError), deleted_unless_kept(document.path):
        raise OperationalError("the connection broke off")
    assert private_storage().exists(document.path)


def test_stored_files__are_for_the_portal_alone(document: Document) -> None:
    path = Path(private_storage().path(document.path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_how_long_files_are_kept__stands_at_the_application(
    client: Client, person: SignedIn, document: Document
) -> None:
    application = filed(person)
    agency = application.official.agency
    agency.document_days, agency.document_ground = 22, "Наказ № 578/5"
    agency.save()
    address = url("case", application.public_id)
    assert "Файли зберігаємо" not in client.get(address).content.decode()
    Document.objects.update(draft=None, application=application)
    page = client.get(address).content.decode()
    assert "Файли зберігаємо 22 дні після рішення" in page
    assert "Підстава: Наказ № 578/5" in page


# --- At once ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_parallel_uploads__keep_the_limit(
    person: SignedIn, at_once: Callable[..., list[object]]
) -> None:
    rivals = [sign_in_for_long(Client(), person.citizen) for _ in range(13)]
    first = draft_documents.add_document(
        citizen=person.citizen, data=PNG, filename="a.png", now=NOW
    )
    before = stored_files() - {first.path}
    for _ in range(3):
        draft_documents.add_document(citizen=person.citizen, data=PNG, filename="a.png", now=NOW)

    outcomes = at_once(lambda client: add_by_script(client, upload()).status_code, rivals)

    assert sorted(outcomes) == [201] * 6 + [400] * 7
    kept = set(Document.objects.values_list("path", flat=True))
    assert len(kept) == 10
    assert stored_files() - before == kept, "files that lost the race are removed"


def stored_files() -> set[str]:
    return {
        f"documents/{folder}/{name}"
        for folder in private_storage().listdir("documents")[0]
        for name in private_storage().listdir(f"documents/{folder}")[1]
    }
