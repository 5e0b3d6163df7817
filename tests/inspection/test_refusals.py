"""What is refused before anything is decoded, and what the person reads."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.utils import translation

from diia_videoreception.rules.uploads import UploadLimits
from diia_videoreception.services.documents.inspection import DocumentRefused, document, errors
from integrations.examination.formats import FileRefusal
from integrations.examination.places import place
from tests.steps import samples
from tests.steps.inspection import inspect_document

REFUSALS = [
    errors.FileBusy,
    errors.OwnFilesBusy,
    errors.FileEmpty,
    errors.FileTooLarge,
    errors.FileType,
    errors.FileTypeHeic,
    errors.ImageBroken,
    errors.ImageTooComplex,
    errors.ImageTooManyPixels,
    errors.PdfAttachment,
    errors.PdfBroken,
    errors.PdfEncrypted,
    errors.PdfExecutable,
    errors.PdfForm,
    errors.PdfLaunch,
    errors.PdfOutside,
    errors.PdfPrefix,
    errors.PdfScript,
    errors.PdfSuffix,
    errors.PdfTooComplex,
    errors.ScannerUnavailable,
    errors.VirusFound,
]


def refused(data: bytes, filename: str = "a.pdf", **options: UploadLimits) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        inspect_document(data, filename=filename, **options)
    return caught.value


def test_every_reason_of_the_examiner__has_words() -> None:
    assert document.REFUSALS.keys() == set(FileRefusal)
    assert set(document.REFUSALS.values()) <= set(REFUSALS)


def test_size__empty_file() -> None:
    refusal = refused(b"", "dir/заява.pdf")
    assert refusal.code == "file_empty"
    with translation.override("uk"):
        assert str(refusal).startswith("Файл «заява.pdf» порожній")


def test_size__limit_is_inclusive() -> None:
    data = samples.png()
    fitting = data + bytes(5 * 1024 * 1024 - len(data))
    assert inspect_document(fitting, filename="a").content == data
    refusal = refused(fitting + b"\0", "фото.png")
    assert refusal.code == "file_too_large"
    with translation.override("uk"):
        assert str(refusal).startswith("Файл «фото.png» більший за 5 МБ")


def test_size__limits_are_those_given() -> None:
    refusal = refused(samples.png(), limits=UploadLimits(bytes=512 * 1024 // 1024))
    assert refusal.code == "file_too_large"
    assert (
        refused(samples.png(), limits=UploadLimits(megapixels=1, bytes=100)).code
        == "file_too_large"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a" + bytes(20),
        b"RIFF\x10\0\0\0WEBPVP8 " + bytes(20),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"<html></html>",
        b"PK\x03\x04" + bytes(30),
        b"MZ" + bytes(60),
        b"BM" + bytes(60),
        b"II*\0" + bytes(60),
        b"\0" + samples.png(),
        b" " + samples.jpeg(),
        b"\xff\xd8",
        b"%PDF",
        b"\x89PNG",
    ],
)
@pytest.mark.parametrize("filename", ["a.pdf", "a.jpg", "a.png"])
def test_type__is_judged_by_the_first_byte_on_and_never_by_name(data: bytes, filename: str) -> None:
    refusal = refused(data, filename)
    assert refusal.code == "file_type"
    with translation.override("uk"):
        assert str(refusal).startswith(f"Файл «{filename}» не є png, jpg або pdf")


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_type__iphone_photo_is_told_how_to_mend_it(brand: bytes) -> None:
    refusal = refused(b"\0\0\0\x18ftyp" + brand + bytes(40), "IMG_0001.HEIC")
    assert refusal.code == "file_type"
    with translation.override("uk"):
        assert "iPhone" in str(refusal)
        assert str(refusal).startswith("Файл «IMG_0001.HEIC» не є png, jpg або pdf")


@pytest.mark.parametrize("filename", ["a.exe", "a.pdf", "a"])
def test_type__true_content_under_any_name_is_accepted(filename: str) -> None:
    document = inspect_document(samples.png(), filename=filename)
    assert (document.media_type, document.extension) == ("image/png", "png")
    assert inspect_document(samples.jpeg(), filename=filename).media_type == "image/jpeg"


def test_hash__is_of_what_is_kept() -> None:
    document = inspect_document(samples.jpeg(exif=samples.exif()), filename="a.jpg")
    assert document.changed
    assert document.sha256 == hashlib.sha256(document.content).hexdigest()


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("kind", REFUSALS)
def test_message__names_the_file_and_is_translated(
    kind: type[DocumentRefused], language: str
) -> None:
    with translation.override(language):
        text = str(kind(name="100% правда.pdf", limit="5"))
    assert "100% правда.pdf" in text
    assert ("“" in text) == (language == "en")
    assert len(text) > 60


def test_codes__are_stable() -> None:
    assert sorted({kind.code for kind in REFUSALS}) == [
        "file_busy",
        "file_empty",
        "file_too_large",
        "file_type",
        "image_broken",
        "image_too_complex",
        "image_too_many_pixels",
        "own_files_busy",
        "pdf_attachment",
        "pdf_broken",
        "pdf_encrypted",
        "pdf_executable",
        "pdf_form",
        "pdf_launch",
        "pdf_outside",
        "pdf_prefix",
        "pdf_script",
        "pdf_suffix",
        "pdf_too_complex",
        "scanner_unavailable",
        "virus_found",
    ]


def test_a_file__is_refused_at_once_when_the_places_are_taken(
    settings: Any, tmp_path: Path
) -> None:
    settings.DIIA_VIDEORECEPTION = {
        **settings.DIIA_VIDEORECEPTION,
        "EXAMINERS": 1,
        "EXAMINERS_FOLDER": str(tmp_path),
    }
    with place(tmp_path, person="somebody else", count=1):
        refusal = refused(samples.saved(samples.new_pdf()))
        assert (refusal.code, refusal.status, refusal.wait_seconds) == ("file_busy", 503, 60)
    assert inspect_document(samples.saved(samples.new_pdf()), filename="a").pages == 1


def test_a_third_file_of_one_person__is_refused_at_once(settings: Any, tmp_path: Path) -> None:
    settings.DIIA_VIDEORECEPTION = {
        **settings.DIIA_VIDEORECEPTION,
        "EXAMINERS": 9,
        "EXAMINERS_FOLDER": str(tmp_path),
    }
    with place(tmp_path, person="tests", count=9), place(tmp_path, person="tests", count=9):
        refusal = refused(samples.saved(samples.new_pdf()))
    assert (refusal.code, refusal.status, refusal.wait_seconds) == ("own_files_busy", 429, 60)


PDF = samples.saved(samples.new_pdf())


@pytest.mark.parametrize(
    "prefix",
    [
        b"\xef\xbb\xbf",
        b"\n",
        b"\r\n\r\n",
        b"\0\0",
        b"--b1\r\nContent-Disposition: form-data; name=f\r\n\r\n",
        b"Content-Type: application/pdf\nContent-Length: 1000\n\n",
    ],
)
def test_prefix__that_programs_leave_is_accepted(prefix: bytes) -> None:
    assert pikepdf.open(BytesIO(prefix + PDF)).get_warnings() == []
    document = inspect_document(prefix + PDF, filename="a.pdf")
    assert (document.media_type, document.content) == ("application/pdf", prefix + PDF)


@pytest.mark.parametrize(
    "prefix",
    [
        b"GIF89a",
        b"PK\x03\x04",
        b"MZ\n",
        b"#!/bin/sh\n",
        b"<html><script>1</script>\n",
        b"Content-Type: <script>\n",
        b"\xef\xbb\xbf<svg>\n",
        b"RIFF\x10\0\0\0WEBP",
        b"\x7fELF",
        b"{\\rtf1 ",
        b"ANY WORDS\n",
    ],
)
def test_prefix__that_another_reader_would_take_is_refused_and_named(prefix: bytes) -> None:
    refusal = refused(prefix + PDF)
    assert refusal.code == "pdf_prefix"
    with translation.override("uk"):
        assert "перед" in str(refusal)
        assert "не є" not in str(refusal)


def test_prefix__of_a_picture_makes_a_picture_of_it() -> None:
    assert refused(b"\x89PNG\r\n\x1a\n" + PDF).code == "image_broken"
    assert refused(b"\xff\xd8\xff" + PDF).code == "image_broken"
