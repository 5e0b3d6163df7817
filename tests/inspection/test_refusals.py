"""What is refused before anything is decoded, and what the person reads."""

import hashlib

import pytest
from django.utils import translation

from diia_videoreception.rules.uploads import UploadLimits
from diia_videoreception.services.documents.inspection import (
    DocumentRefused,
    errors,
    inspect_document,
    pdf,
)
from tests.inspection import samples

REFUSALS = [
    errors.FileBusy,
    errors.FileEmpty,
    errors.FileTooLarge,
    errors.FileType,
    errors.FileTypeHeic,
    errors.ImageBroken,
    errors.ImageTooManyPixels,
    errors.PdfBroken,
    errors.PdfEncrypted,
    errors.PdfExecutable,
    errors.PdfLaunch,
    errors.PdfScript,
    errors.PdfTooComplex,
]


def refused(data: bytes, filename: str = "a.pdf", **options: UploadLimits) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        inspect_document(data, filename=filename, **options)
    return caught.value


def test_size__empty_file() -> None:
    refusal = refused(b"", "dir/заява.pdf")
    assert refusal.code == "file_empty"
    with translation.override("uk"):
        assert str(refusal).startswith("Файл „заява.pdf“ порожній")


def test_size__limit_is_inclusive() -> None:
    data = samples.png()
    fitting = data + bytes(5 * 1024 * 1024 - len(data))
    assert inspect_document(fitting, filename="a").content == data
    refusal = refused(fitting + b"\0", "фото.png")
    assert refusal.code == "file_too_large"
    with translation.override("uk"):
        assert str(refusal).startswith("Файл „фото.png“ більший за 5 МБ")


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
        b"\n" + samples.saved(samples.new_pdf()),
        b"GIF89a" + samples.saved(samples.new_pdf()),
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
        assert str(refusal).startswith(f"Файл „{filename}“ не є png, jpg або pdf")


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_type__iphone_photo_is_told_how_to_mend_it(brand: bytes) -> None:
    refusal = refused(b"\0\0\0\x18ftyp" + brand + bytes(40), "IMG_0001.HEIC")
    assert refusal.code == "file_type"
    with translation.override("uk"):
        assert "iPhone" in str(refusal)
        assert str(refusal).startswith("Файл „IMG_0001.HEIC“ не є png, jpg або pdf")


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
    assert ("“" in text and "„" not in text) == (language == "en")
    assert len(text) > 60


def test_codes__are_stable() -> None:
    assert sorted({kind.code for kind in REFUSALS}) == [
        "file_busy",
        "file_empty",
        "file_too_large",
        "file_type",
        "image_broken",
        "image_too_many_pixels",
        "pdf_broken",
        "pdf_encrypted",
        "pdf_executable",
        "pdf_launch",
        "pdf_script",
        "pdf_too_complex",
    ]


def test_pdfs_are_examined_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_QUEUE_SECONDS", 0.01)
    assert refused(b"%PDF-1.7 broken").code == "pdf_broken"
    for _ in range(pdf.AT_ONCE):
        assert pdf._places.acquire(blocking=False), "every place is given back"
    try:
        assert refused(b"%PDF-1.7 broken").code == "file_busy"
        assert inspect_document(samples.png(), filename="a.png").extension == "png"
    finally:
        for _ in range(pdf.AT_ONCE):
            pdf._places.release()
