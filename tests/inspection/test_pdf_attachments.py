"""Programs and files inside a PDF: what may act is refused, the others by the same rules (A-46)."""

import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.steps import samples
from tests.steps.inspection import inspect_document, refusal
from tests.steps.samples import IN_OBJECT_STREAMS, archive, new_pdf, saved, script_action

# --- Programs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, IN_OBJECT_STREAMS], ids=["plain", "hidden"])
def test_launch__is_refused(options: dict[str, object]) -> None:
    pdf_file = new_pdf()
    target = Dictionary(Type=Name.Filespec, F=String("cmd.exe"))
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F=target)
    )
    pdf_file.pages[0].Annots = Array([pdf_file.make_indirect(note)])
    assert refusal(saved(pdf_file, **options)) == "pdf_launch"


def test_launch__behind_references_is_refused() -> None:
    catalog, *rest = samples.PAGE_TREE
    opening = catalog.replace(b">>", b"/OpenAction 4 0 R >>")
    data = samples.raw_pdf([opening, *rest, b"<< /S 5 0 R /F (cmd.exe) >>", b"/Launch"])
    assert refusal(data) == "pdf_launch"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.txt", b"MZ\x90\0" + bytes(64)),
        ("data.txt", b"\x7fELF\x02\x01\x01"),
        ("data.txt", b"\xcf\xfa\xed\xfe\x07\0\0\x01"),
        ("data.txt", b"\xca\xfe\xba\xbe\0\0\0\x02"),
        ("data.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("data.txt", b"CWS\x0a"),
        ("setup.exe", b"data"),
        ("setup.EXE . ", b"data"),
        ("рахунок.pdf.js", b"data"),
        ("txt.\u202escr", b"data"),
        ("a.jar", b"PK\x03\x04"),
        ("a.ps1", b"data"),
    ],
)
def test_program__inside_is_refused(name: str, content: bytes) -> None:
    pdf_file = new_pdf()
    samples.attach(pdf_file, name, content)
    assert refusal(saved(pdf_file)) == "pdf_executable"


def test_program__without_a_name_or_type_is_refused() -> None:
    pdf_file = new_pdf()
    pdf_file.Root.X = Dictionary(EF=Dictionary(F=pdf_file.make_stream(b"MZ\x90\0")))
    assert refusal(saved(pdf_file)) == "pdf_executable"


def test_program__in_a_lone_embedded_file_is_refused() -> None:
    pdf_file = new_pdf()
    pdf_file.Root.X = pdf_file.make_stream(b"MZ\x90\0", Type=Name.EmbeddedFile)
    assert refusal(saved(pdf_file)) == "pdf_executable"


@pytest.mark.parametrize("kind", ["RichMedia", "Flash"])
def test_program__flash_and_rich_media_are_refused(kind: str) -> None:
    pdf_file = new_pdf()
    note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9])
    pdf_file.pages[0].Annots = Array([pdf_file.make_indirect(note)])
    assert refusal(saved(pdf_file)) == "pdf_executable"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("наказ.docm", b"PK\x03\x04"),
        ("наказ.docx", b"PK\x03\x04"),
        ("наказ.odt", b"PK\x03\x04"),
        ("сторінка.html", b"text"),
        ("диск.iso", b"data"),
        ("лист.doc", b"data"),
        ("data.svg", b"data"),
        ("..\\..\\data.txt", b"data"),
        ("C:/data.txt", b"data"),
        ("a.exe:data.txt", b"data"),
        ("data\0.txt", b"data"),
        ("data.txt", b"<!DOCTYPE html><p>1"),
        ("data.txt", b"text <HTA:APPLICATION>"),
        ("data.txt", b"[InternetShortcut]\nURL=file://host"),
        ("data.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)),
        ("data.txt", bytes(32_769) + b"CD001"),
        ("data.csv", b"1;=cmd|' /C calc'!A0"),
        ("data.csv", b"@SUM(1)"),
        ("data.xml", b"data"),
        ("data.xml", b"\xef\xbb\xbf <svg onload='1'>"),
        ("data.xml", b"<r><h:script xmlns:h='http://www.w3.org/1999/xhtml'>1</h:script></r>"),
        ("data.xml", b"<r><h:b xmlns:h='http:&#47;/www.w3.org/1999/xhtml'>1</h:b></r>"),
        ("data.xml", b"<?xml-stylesheet href='http://host/'?><x/>"),
        ("data.xml", b"<?mso-application progid='Word.Document'?><x/>"),
        ("data.xml", b"<!DOCTYPE a SYSTEM 'http://host/a.dtd'><a/>"),
        ("data.xml", "<html/>".encode("utf-16")),
        ("data.png", b"data"),
        ("data.png", samples.png() + b"more"),
        ("data.jpg", samples.jpeg()[:-2]),
        ("data.p7s", b"0\x82\x01\x00\x06\x09*\x86H\x86\xf7\r\x01\x07\x02MZ" + bytes(99)),
        ("data.pdf", b"data"),
        ("data.asice", archive(mimetype=b"application/vnd.etsi.asic-e+zip", x=b"1")),
        ("data.asice", archive(a=b"1")),
        ("data.asice", b"PK\x03\x04"),
    ],
)
def test_attachment__of_a_kind_that_may_act_is_refused(name: str, content: bytes) -> None:
    pdf_file = new_pdf()
    samples.attach(pdf_file, name, content)
    assert refusal(saved(pdf_file)) == "pdf_attachment"


def container(**files: bytes) -> bytes:
    named = {name.replace("__", "."): content for name, content in files.items()}
    return archive(mimetype=b"application/vnd.etsi.asic-e+zip", **named)


def signature() -> bytes:
    """A detached signature without signers."""
    data = bytes.fromhex("300b06092a864886f70d010701")
    signed = bytes.fromhex("0201013100") + data + bytes.fromhex("3100")
    inner = b"\x30" + bytes([len(signed)]) + signed
    body = bytes.fromhex("06092a864886f70d010702") + b"\xa0" + bytes([len(inner)]) + inner
    return b"\x30" + bytes([len(body)]) + body


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("рахунок.xml", b"<?xml version='1.0'?><invoice/>"),
        ("a.P7S", signature()),
        ("скан.jpeg", samples.jpeg()),
        ("скан.png", samples.png()),
        ("наказ.pdf", saved(new_pdf())),
        ("дані.csv", "Прізвище;Телефон;Сума\nА;+380440000000;-5,1".encode("cp1251")),
        ("текст.txt", "Заява < 5 > 3".encode()),
        ("підпис.asice", container(a__pdf=saved(new_pdf()), **{"META-INF/s.p7s": signature()})),
        ("без розширення", b"text"),
        ("без розширення", signature()),
    ],
)
def test_attachment__that_is_read_is_accepted(name: str, content: bytes) -> None:
    pdf_file = new_pdf()
    samples.attach(pdf_file, name, content)
    assert inspect_document(saved(pdf_file), filename="a.pdf").has_attachments


def _with_attachment(name: str, content: bytes) -> bytes:
    pdf_file = new_pdf()
    samples.attach(pdf_file, name, content)
    return saved(pdf_file)


def _with_script() -> bytes:
    pdf_file = new_pdf()
    pdf_file.Root.OpenAction = script_action(pdf_file)
    return saved(pdf_file)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", _with_script(), "pdf_script"),
        ("a.PDF", _with_script(), "pdf_script"),
        ("a", _with_script(), "pdf_script"),
        ("a.pdf", _with_attachment("a.txt", b"text"), "pdf_attachment"),
        ("a.asice", container(a__pdf=_with_script()), "pdf_script"),
        ("a.asice", container(a__exe=b"data"), "pdf_executable"),
        ("a.asice", container(a__hta=b"data"), "pdf_executable"),
        ("a.asice", container(a__txt=b"MZ"), "pdf_executable"),
        ("a.asice", container(a__docx=b"PK"), "pdf_attachment"),
    ],
)
def test_attachment__is_examined_by_the_same_rules(name: str, content: bytes, code: str) -> None:
    assert refusal(_with_attachment(name, content)) == code
