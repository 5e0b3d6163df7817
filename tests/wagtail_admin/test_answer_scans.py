"""The scan of an answer that is signed on paper: examined, kept, given away, deleted with the documents."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from diia_videoreception import errors
from diia_videoreception.models import AnswerSignature, Application, Document, JournalRecord
from diia_videoreception.services.booking import retention, written_answers
from diia_videoreception.services.booking.answer_signing import WithKep
from diia_videoreception.services.documents.scans import Upload
from diia_videoreception.services.documents.storage import FOLDER, private_storage
from diia_videoreception.signing_form import SigningForm
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.inspection import examine_inside
from tests.steps.people import sign_in
from tests.steps.samples import png
from tests.steps.written_answers import ON_PAPER, PAPER, answer_in_writing

SCANNED = replace(PAPER, scan=Upload("Мельник Ірина.PNG", png()))


@pytest.fixture(autouse=True)
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


@pytest.fixture
def answered(world: World) -> Application:
    answer_in_writing(world.submitted, world.moderator, signing=SCANNED)
    return Application.objects.get(pk=world.submitted.pk)


def files() -> list[str]:
    storage = private_storage()
    try:
        folders = storage.listdir(FOLDER)[0]
    except FileNotFoundError:
        return []
    return [name for folder in folders for name in storage.listdir(f"{FOLDER}/{folder}")[1]]


def test_a_scan__is_downloaded_by_the_citizen_and_by_staff(
    world: World, answered: Application
) -> None:
    citizen = Client()
    sign_in(citizen, answered.citizen)
    key = [answered.public_id]
    case = Page(citizen.get(reverse("diia_videoreception:case", args=key)))
    where = reverse("diia_videoreception:case_answer_signature", args=key)

    assert where in dict(case.links()).values()
    for client, url in (
        (citizen, where),
        (
            world.client("moderator"),
            reverse("videoreception_applications:answer_signature", args=key),
        ),
    ):
        file: Any = client.get(url)
        assert file["Content-Type"] == "image/png"
        assert "png" in file["Content-Disposition"]
        assert file.getvalue().startswith(b"\x89PNG")
    stranger = Client()
    sign_in(stranger, world.foreign.citizen)
    assert stranger.get(where).status_code == 404


def test_a_scan__is_no_document_of_the_case(world: World, answered: Application) -> None:
    scan = Document.objects.get(answer_signature__isnull=False)
    assert scan not in list(answered.documents.all())
    citizen = Client()
    sign_in(citizen, answered.citizen)
    other_way = reverse("diia_videoreception:document", args=[scan.public_id])
    assert citizen.get(other_way).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=scan.pk).update(application=answered)


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "file_empty"), (b"<html>", "file_type"), (b"MZ" * 9, "file_type")]
)
def test_what_is_no_scan__is_refused_and_nothing_is_done(
    world: World, data: bytes, code: str
) -> None:
    before = files()
    signing = replace(PAPER, scan=Upload("скан.pdf", data))
    with pytest.raises(errors.Incomplete) as refused:
        answer_in_writing(world.submitted, world.moderator, signing=signing)
    assert refused.value.codes == {"scan": code}
    assert not AnswerSignature.objects.filter(application=world.submitted).exists()
    assert Application.objects.get(pk=world.submitted.pk).state == "submitted"
    assert files() == before


def test_an_answer_that_is_refused__leaves_no_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files()

    def late(*args: Any, **how: Any) -> None:
        assert len(files()) == len(before) + 1
        raise errors.WrongState

    monkeypatch.setattr(written_answers, "lock_case", late)
    with pytest.raises(errors.WrongState):
        answer_in_writing(world.submitted, world.moderator, signing=SCANNED)
    assert files() == before


def test_a_scan__goes_with_the_documents_and_the_answer_stays(
    answered: Application, django_capture_on_commit_callbacks: Any
) -> None:
    answered.agency.document_days = 30
    answered.agency.save()
    answered.documents.all().delete()
    later = max(answered.end, NOW) + timedelta(days=31)
    [due] = [one for one in retention.report(now=later) if one.agency == answered.agency]
    assert (due.applications, due.documents) == (1, 1)
    before = len(files())

    with django_capture_on_commit_callbacks(execute=True):
        assert retention.delete_due(now=later) == 1

    assert len(files()) == before - 1
    assert JournalRecord.objects.filter(act="application.documents_deleted").count() == 1
    kept = AnswerSignature.objects.get(application=answered)
    assert (kept.kind, kept.has_file) == ("paper", False)


def test_the_form__takes_a_scan_only_of_paper() -> None:
    def chosen(**changes: str) -> Any:
        file = SimpleUploadedFile("скан.png", png())
        signature = SimpleUploadedFile("answer.p7s", b"1")
        sent = {"scan": file, "signature": signature}
        form = SigningForm(ON_PAPER | changes, sent)  # type: ignore[arg-type]
        assert form.is_valid()
        return form.chosen

    assert chosen().scan == Upload("скан.png", png())
    assert isinstance(chosen(signing="kep"), WithKep)


def test_a_page__says_at_the_field_why_a_scan_is_refused(world: World) -> None:
    where = reverse("videoreception_applications:answer", args=[world.submitted.public_id])
    sent = ON_PAPER | {
        "version": world.submitted.version, "text": "Так.", "outgoing_number": "1", "step": "send",
        "scan": SimpleUploadedFile("скан.pdf", b"<html>"),
    }  # fmt: skip
    refused = world.client("moderator").post(where, sent)
    assert refused.status_code == 422
    assert "Скан підписаної відповіді" in Page(refused).text
    assert "скан.pdf" in Page(refused).text
