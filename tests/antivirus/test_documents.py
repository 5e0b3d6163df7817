"""Documents of citizens, scanned by a real clamd before they are kept."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Document, Draft
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import draft_documents
from diia_videoreception.services.documents.storage import private_storage
from integrations.antivirus.base import AntivirusProvider
from integrations.antivirus.clamd import Clamd
from integrations.examination.places import OwnPlacesTaken, place
from tests.factories import NOW, CitizenFactory, signed_in
from tests.harness.clamd import EICAR, FINDING, Daemon, Scan, clamd
from tests.steps.application import sign_in_for_long
from tests.steps.people import page_after
from tests.steps.samples import new_pdf, saved

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
CLEAN = saved(new_pdf())
BAD = CLEAN.replace(b"%%EOF", EICAR + b"\n%%EOF")
NAME = "Довідка Шевченка.pdf"


@pytest.fixture
def person() -> SignedIn:
    return signed_in(CitizenFactory())


@pytest.fixture
def client(client: Client, person: SignedIn, frozen: datetime) -> Client:
    return sign_in_for_long(client, person.citizen)


def add(person: SignedIn, data: bytes) -> Document:
    return draft_documents.add_document(citizen=person.citizen, data=data, filename=NAME, now=NOW)


def send(client: Client, *files: bytes, by_script: bool = True) -> Any:
    return client.post(
        reverse("diia_videoreception:application_documents"),
        {"files": [SimpleUploadedFile(NAME, data) for data in files], "topic": "Питання"},
        headers={"Accept": "application/json"} if by_script else {},
    )


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was written to the private storage, if only for a moment."""
    written: list[str] = []
    monkeypatch.setattr(
        type(private_storage()), "save", lambda self, name, file: written.append(name)
    )
    return written


def test_a_clean_document__is_kept(person: SignedIn, daemon: Daemon, configure: Scan) -> None:
    configure(**daemon.options)
    assert add(person, CLEAN).size == len(CLEAN)


def test_what_the_scanner_knows__is_refused_and_nothing_stored(
    client: Client,
    daemon: Daemon,
    configure: Scan,
    stored: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    configure(**daemon.options)
    response = send(client, BAD)

    assert (response.status_code, response.json()["error"]["code"]) == (400, "virus_found")
    assert (
        f"Антивірус знайшов у файлі «{NAME}» небезпечний вміст"
        in response.json()["error"]["message"]
    )
    assert not Document.objects.exists()
    assert stored == []
    warnings = [line.getMessage() for line in caplog.records if line.levelno >= logging.WARNING]
    warned = [text for text in warnings if FINDING in text]
    assert warned == [f"A virus was found in an upload, which was not kept: {FINDING}"]
    assert "Шевченк" not in caplog.text


def test_without_a_scanner__documents_are_kept_as_before(person: SignedIn) -> None:
    assert add(person, BAD).size == len(BAD)


@pytest.mark.parametrize("trouble", ["killed", "hanging", "stream limit"])
def test_without_an_answer__nothing_is_kept(
    client: Client,
    configure: Scan,
    stored: list[str],
    trouble: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with clamd(stream_bytes=1024 if trouble == "stream limit" else 2**20) as own:
        configure(**own.options, seconds=1)
        if trouble == "hanging":
            with own.standing_still():
                response = send(client, CLEAN)
        else:
            if trouble == "killed":
                own.kill()
            data = CLEAN + b"\n" * 2**17 if trouble == "stream limit" else CLEAN
            response = send(client, data)

    assert (response.status_code, response.json()["error"]["code"]) == (503, "scanner_unavailable")
    assert response["Retry-After"] == "180"
    assert response.json()["error"]["message"] == (
        f"Файл «{NAME}» не додано: перевірка файлів зараз недоступна. Спробуйте за кілька хвилин; "
        "решту заявки збережено."
    )
    assert not Document.objects.exists()
    assert stored == []
    assert "The virus scanner cannot be asked" in caplog.text
    assert "Шевченк" not in caplog.text


def test_the_other_files_of_a_form__do_not_wait_as_well(
    client: Client, configure: Scan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configure(socket=str(tmp_path / "nobody"))
    asked = []
    scan = Clamd.scan
    monkeypatch.setattr(Clamd, "scan", lambda self, data: (asked.append(1), scan(self, data)))
    response = send(client, CLEAN, CLEAN, CLEAN, by_script=False)

    assert len(asked) == 1
    assert "перевірка файлів зараз недоступна" in page_after(client, response).text
    assert Draft.objects.get().topic == "Питання"
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "value",
    [
        "clamd",
        {"BACKEND": "integrations.antivirus.clamd.Clamd"},
        {"clam": {"BACKEND": "integrations.antivirus.clamd.Clamd", "OPTIONS": {"host": "clamd"}}},
        {"default": {"BACKEND": "integrations.antivirus.clamd.Clamd", "OPTIONS": {}}},
        {"default": {"BACKEND": "nowhere.Scanner"}},
        {"default": {"BACKEND": "integrations.captcha.altcha.AltchaCaptcha"}},
    ],
)
def test_wrong_settings__let_nothing_through(client: Client, settings: Any, value: object) -> None:
    """A server starts without any check: who has named a scanner must not go without it."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"ANTIVIRUS": value}
    assert send(client, CLEAN).json()["error"]["code"] == "scanner_unavailable"
    assert not Document.objects.exists()


class Watching(AntivirusProvider):
    """Notes what holds while it scans."""

    Options = Clamd.Options
    seen: list[tuple[bool, bool]]

    def scan(self, data: bytes) -> None:
        assert data == CLEAN
        self.seen.append((connection.in_atomic_block, _has_place()))


def _has_place() -> bool:
    folder = Path(Watching.folder)  # type: ignore[attr-defined]
    try:
        with place(folder, person=Watching.person, count=9):  # type: ignore[attr-defined]
            try:
                with place(folder, person=Watching.person, count=9):  # type: ignore[attr-defined]
                    return False
            except OwnPlacesTaken:
                return True
    except OwnPlacesTaken:
        return True


@pytest.mark.django_db(transaction=True)
def test_a_file_keeps_its_place__while_it_is_scanned(
    person: SignedIn, configure: Scan, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    """And no transaction waits for the scanner."""
    configure(f"{__name__}.Watching", host="nobody")
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "EXAMINERS": 9,
        "EXAMINERS_FOLDER": str(tmp_path),
    }
    Watching.seen = []
    monkeypatch.setattr(Watching, "folder", tmp_path, raising=False)
    monkeypatch.setattr(Watching, "person", f"citizen {person.citizen.pk}", raising=False)
    add(person, CLEAN)

    assert Watching.seen == [(False, True)]
