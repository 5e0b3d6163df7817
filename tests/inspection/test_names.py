"""Names of files: safe to show and to hand back, with the extension of the content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.services.documents.inspection.names import (
    MAX_NAME,
    clean_name,
    display_name,
)
from tests.steps import samples
from tests.steps.inspection import inspect_document


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("Заява.pdf", "Заява.pdf"),
        ("Заява.PDF", "Заява.pdf"),
        ("Заява", "Заява.pdf"),
        ("Заява.docx", "Заява.pdf"),
        ("invoice.pdf.exe", "invoice.pdf"),
        ("invoice.pdf.pdf", "invoice.pdf"),
        ("Наказ від 01.12", "Наказ від 01.12.pdf"),
        ("Наказ №5.Іваненко", "Наказ №5.Іваненко.pdf"),
        (r"C:\fakepath\Паспорт 1.jpg", "Паспорт 1.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "ab Set-Cookie_ x.pdf"),
        ("звіт\u202efdp.exe", "звітfdp.pdf"),
        ("  два   пробіли\u00a0тут .pdf", "два пробіли тут.pdf"),
        ("зв\u2019язок й\u0306.pdf", "зв\u2019язок й\u0306.pdf"),
        ("и\u0306.pdf", "й.pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
    ],
)
def test_display_name__is_read(given_name: str, expected: str) -> None:
    assert display_name(given_name, extension="pdf") == expected


@pytest.mark.parametrize("empty", ["", ".", "..", ".pdf", "/", " \u202e.png", "\ud800", ".pdf.pdf"])
def test_display_name__never_empty(empty: str) -> None:
    stem = display_name(empty, extension="pdf").removesuffix(".pdf")
    assert stem.strip()
    assert stem not in {".", ".."}


def test_display_name__long_one_keeps_its_extension() -> None:
    name = display_name("я" * 500 + ".png", extension="jpg")
    assert len(name) == MAX_NAME
    assert name.endswith("я.jpg")


@given(st.text(), st.sampled_from(["png", "jpg", "pdf"]))
def test_display_name__is_always_one_safe_line(filename: str, extension: str) -> None:
    name = display_name(filename, extension=extension)
    assert name.endswith(f".{extension}")
    assert len(extension) + 1 < len(name) <= MAX_NAME
    assert name.isprintable()
    assert not set(name) & set('/\\<>:"|?*')
    assert not name.startswith(".")
    assert display_name(name, extension=extension) == name
    name.encode()


@given(st.text())
def test_clean_name__is_stable(filename: str) -> None:
    name = clean_name(filename)
    assert clean_name(name) == name
    assert 0 < len(name) <= MAX_NAME


def test_inspected_name__follows_the_content() -> None:
    assert inspect_document(samples.png(), filename="x/фото.jpeg").display_name == "фото.png"
    assert inspect_document(samples.jpeg(), filename="фото.png").display_name == "фото.jpg"
