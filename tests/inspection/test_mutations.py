"""Damaged files of every kind pass or are refused; nothing else ever happens, and it never takes long."""

import random
import struct
import time

import pikepdf
import pytest

from diia_videoreception.services.documents.inspection import DocumentRefused
from integrations.examination.formats import FileRefused
from integrations.examination.pdf import examine
from tests.steps import samples
from tests.steps.inspection import inspect_document
from tests.steps.samples import mutated

MAX_SECONDS = 5.0
# A damaged name or number may turn one thing into another.
PDF_CODES = {
    "pdf_broken",
    "pdf_encrypted",
    "pdf_too_complex",
    "pdf_outside",
    "pdf_attachment",
    "pdf_suffix",
}


def _pdf_with_everything(**options: object) -> bytes:
    pdf = samples.new_pdf(pages=3)
    samples.attach(pdf, "data.csv", b"1;2;3")
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]))
    return samples.saved(pdf, **options)


IMAGES = {
    "jpeg": lambda: samples.jpeg(exif=samples.exif(), icc_profile=samples.icc_profile()),
    "turned jpeg": lambda: samples.jpeg(exif=samples.exif(orientation=6), progressive=True),
    "cmyk jpeg": lambda: samples.jpeg(samples.picture("CMYK"), exif=samples.exif(orientation=5)),
    "png": lambda: samples.png(exif=samples.exif(orientation=8), icc_profile=samples.icc_profile()),
    "palette png": lambda: samples.png(samples.picture().quantize(9), transparency=0),
}
PDFS = {
    "pdf": _pdf_with_everything,
    "compressed pdf": lambda: _pdf_with_everything(
        object_stream_mode=pikepdf.ObjectStreamMode.generate
    ),
    "encrypted pdf": lambda: _pdf_with_everything(
        encryption=pikepdf.Encryption(owner="o", user="")
    ),
    "signed pdf": samples.signed_pdf,
}


def _recrc(data: bytes) -> bytes:
    """Mends the checksums of a PNG, so that damage gets past them to the decoder."""
    try:
        return samples.PNG_SIGNATURE + b"".join(
            samples.chunk(kind, body) for kind, body in samples.chunks(data)
        )
    except struct.error:
        return data


@pytest.mark.parametrize("kind", IMAGES)
def test_image__passes_or_is_refused(kind: str) -> None:
    chance = random.Random(kind)
    data = IMAGES[kind]()
    passed = 0
    for _ in range(150):
        upload = mutated(data, chance)
        upload = _recrc(upload) if "png" in kind and chance.random() < 0.5 else upload
        began = time.process_time()
        try:
            document = inspect_document(upload, filename="a")
        except DocumentRefused:
            continue
        assert time.process_time() - began < MAX_SECONDS
        assert inspect_document(document.content, filename="a").content == document.content
        passed += 1
    assert 0 < passed < 150


@pytest.mark.parametrize("kind", PDFS)
def test_pdf__passes_or_is_refused(kind: str) -> None:
    chance = random.Random(kind)
    data = PDFS[kind]()
    passed = 0
    codes = set()
    for _ in range(150):
        upload = mutated(data, chance)
        began = time.process_time()
        try:
            passed += examine(upload).pages > 0
        except FileRefused as refused:
            codes.add(refused.code)
        assert time.process_time() - began < MAX_SECONDS
    assert 0 < passed < 150
    assert codes <= PDF_CODES


def test_pdf__damaged_upload_gets_the_same_answer_from_its_own_process() -> None:
    chance = random.Random(7)
    data = _pdf_with_everything()
    for number in range(10):
        upload = b"%PDF-" + mutated(data, chance)[5:]
        try:
            expected = str(examine(upload).pages)
        except FileRefused as refused:
            expected = refused.code
        try:
            answer = str(inspect_document(upload, filename="a", person=str(number)).pages)
        except DocumentRefused as refusal:
            answer = refusal.code
        assert answer == expected
