"""PDFs: what is accepted passes byte for byte, what could act on its own is refused (A-46)."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from diia_videoreception.services.documents.inspection import DocumentRefused
from integrations.examination import pdf
from integrations.examination.formats import Refused
from tests.steps import samples
from tests.steps.inspection import inspect_document
from tests.steps.samples import new_pdf, saved, script_action

IN_OBJECT_STREAMS = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentRefused) as refused:
        inspect_document(data, filename="a.pdf")
    return refused.value.code


def archive(comment: bytes = b"", **members: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as whole:
        for name, content in members.items():
            whole.writestr(name, content)
        whole.comment = comment
    return buffer.getvalue()


# --- Accepted ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"linearize": True},
        IN_OBJECT_STREAMS,
        {"encryption": pikepdf.Encryption(owner="owner", user="")},
        {"encryption": pikepdf.Encryption(owner="owner", user=""), **IN_OBJECT_STREAMS},
    ],
    ids=["plain", "linear", "object streams", "owner password", "owner password, object streams"],
)
def test_accepted__byte_for_byte(options: dict[str, object]) -> None:
    data = saved(new_pdf(pages=3), **options)

    document = inspect_document(data, filename="a.pdf")

    assert document.content == data
    assert not document.changed
    assert (document.media_type, document.extension) == ("application/pdf", "pdf")
    assert document.pages == 3
    assert (document.signed, document.has_attachments) == (False, False)


def test_accepted__signed_is_marked() -> None:
    data = samples.signed_pdf()
    document = inspect_document(data, filename="a.pdf")
    assert document.signed
    assert document.content == data


def test_accepted__empty_signature_field_is_not_signed() -> None:
    pdf_file = new_pdf()
    field = pdf_file.make_indirect(Dictionary(FT=Name.Sig, T=String("here")))
    pdf_file.Root.AcroForm = Dictionary(Fields=Array([field]))
    assert not inspect_document(saved(pdf_file), filename="a.pdf").signed


def test_accepted__data_attachment_is_marked() -> None:
    pdf_file = new_pdf()
    samples.attach(pdf_file, "додаток.xml", b"<invoice/>")
    data = saved(pdf_file)
    document = inspect_document(data, filename="a.pdf")
    assert document.has_attachments
    assert document.content == data


def test_accepted__attached_by_an_annotation_is_marked() -> None:
    pdf_file = new_pdf()
    specification = samples.attach(pdf_file, "data.csv", b"1;2;3")
    del pdf_file.Root.Names
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.FileAttachment, FS=specification, Rect=[0, 0, 9, 9]
    )
    pdf_file.pages[0].Annots = Array([pdf_file.make_indirect(note)])
    assert inspect_document(saved(pdf_file), filename="a.pdf").has_attachments


def test_accepted__links_forms_and_jumps_are_harmless() -> None:
    pdf_file = new_pdf()
    jump = Dictionary(S=Name.GoTo, D=Array([pdf_file.pages[0].obj, Name.Fit]))
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=[0, 0, 9, 9],
        A=Dictionary(S=Name.URI, URI=String("https://example.gov.ua/javascript:")),
    )
    pdf_file.pages[0].Annots = Array([pdf_file.make_indirect(link)])
    pdf_file.pages[0].AA = Dictionary(O=jump)
    pdf_file.Root.OpenAction = jump
    field = Dictionary(FT=Name.Tx, T=String("JavaScript /JS"))
    pdf_file.Root.AcroForm = Dictionary(Fields=Array([pdf_file.make_indirect(field)]))
    assert inspect_document(saved(pdf_file), filename="a.pdf").pages == 1


def test_accepted__wrong_reference_table_is_repaired() -> None:
    data = saved(new_pdf())
    start = data.rindex(b"startxref")
    broken = data[:start] + b"startxref\n7\n%%EOF\n"
    document = inspect_document(broken, filename="a.pdf")
    assert document.content == broken


# --- Scripts -----------------------------------------------------------------------------------


def _at_opening(pdf_file: Pdf) -> None:
    pdf_file.Root.OpenAction = script_action(pdf_file)


def _in_names(pdf_file: Pdf) -> None:
    tree = Dictionary(Names=Array([String("a"), script_action(pdf_file)]))
    pdf_file.Root.Names = Dictionary(
        JavaScript=Dictionary(Kids=Array([pdf_file.make_indirect(tree)]))
    )


def _at_page(pdf_file: Pdf) -> None:
    pdf_file.pages[0].AA = Dictionary(O=script_action(pdf_file))


def _at_closing(pdf_file: Pdf) -> None:
    pdf_file.Root.AA = Dictionary(WC=Dictionary(S=Name.JavaScript, JS=pdf_file.make_stream(b"1")))


def _in_annotation(pdf_file: Pdf) -> None:
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=script_action(pdf_file)
    )
    pdf_file.pages[0].Annots = Array([pdf_file.make_indirect(note)])


def _in_field(pdf_file: Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("f"), AA=Dictionary(K=script_action(pdf_file)))
    pdf_file.Root.AcroForm = Dictionary(Fields=Array([pdf_file.make_indirect(field)]))


def _in_chain(pdf_file: Pdf) -> None:
    pdf_file.Root.OpenAction = Dictionary(
        S=Name.GoTo,
        D=Array([pdf_file.pages[0].obj, Name.Fit]),
        Next=Array([script_action(pdf_file)]),
    )


def _in_outline(pdf_file: Pdf) -> None:
    item = pdf_file.make_indirect(Dictionary(Title=String("x"), A=script_action(pdf_file)))
    pdf_file.Root.Outlines = Dictionary(First=item, Last=item, Count=1)


def _in_rendition(pdf_file: Pdf) -> None:
    pdf_file.Root.OpenAction = Dictionary(S=Name.Rendition, OP=0, JS=String("app.alert(1)"))


def _in_link_target(pdf_file: Pdf) -> None:
    pdf_file.Root.OpenAction = Dictionary(S=Name.URI, URI=String(" JavaScript:alert(1)"))


def _in_model(pdf_file: Pdf) -> None:
    pdf_file.Root.Model = pdf_file.make_stream(b"", OnInstantiate=pdf_file.make_stream(b"1"))


@pytest.mark.parametrize(
    "options",
    [{}, {"encryption": pikepdf.Encryption(owner="owner", user=""), **IN_OBJECT_STREAMS}],
    ids=["plain", "hidden"],
)
@pytest.mark.parametrize(
    "put",
    [
        _at_opening,
        _in_names,
        _at_page,
        _at_closing,
        _in_annotation,
        _in_field,
        _in_chain,
        _in_outline,
        _in_rendition,
        _in_link_target,
        _in_model,
    ],
)
def test_script__is_found_wherever_it_is(
    put: Callable[[Pdf], None], options: dict[str, object]
) -> None:
    pdf_file = new_pdf()
    put(pdf_file)
    assert refusal(saved(pdf_file, **options)) == "pdf_script"


def test_script__with_its_names_written_in_hexadecimal_is_found() -> None:
    catalog, *rest = samples.PAGE_TREE
    hidden = catalog.replace(b">>", b"/OpenAction << /S /J#61vaScript /#4aS (1) >> >>")
    assert refusal(samples.raw_pdf([hidden, *rest])) == "pdf_script"


def test_script__that_nothing_refers_to_is_found() -> None:
    orphan = b"<< /S /JavaScript /JS (1) >>"
    assert refusal(samples.raw_pdf([*samples.PAGE_TREE, orphan])) == "pdf_script"


@pytest.mark.parametrize(
    "value",
    [
        b"<< /S /JavaScript >>",
        b"<< /JS (1) >>",
        b"<< /Names << /JavaScript << /Names [(a) (1)] >> >> >>",
    ],
)
def test_script__half_written_is_found(value: bytes) -> None:
    assert refusal(samples.raw_pdf([*samples.PAGE_TREE, value])) == "pdf_script"


def test_script__outside_of_all_objects_is_found() -> None:
    data = samples.raw_pdf(samples.PAGE_TREE)
    trailer = b"/Root 1 0 R /X << /S /JavaScript /JS (1) >>"
    assert refusal(data.replace(b"/Root 1 0 R", trailer)) == "pdf_script"


def test_script__in_a_file_that_needs_repair_is_found() -> None:
    catalog, *rest = samples.PAGE_TREE
    data = samples.raw_pdf([catalog.replace(b">>", b"/OpenAction << /JS (1) >> >>"), *rest])
    assert refusal(data.replace(b"startxref\n", b"startxref\n9")) == "pdf_script"


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
    _at_opening(pdf_file)
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


# --- Reaching out ------------------------------------------------------------------------------

SHARE = String("\\\\host\\share\\a.pdf")
OUTSIDE = {
    "GoToR": Dictionary(S=Name.GoToR, F=SHARE, D=Array([0, Name.Fit])),
    "GoToE": Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C, N=String("a"))),
    "SubmitForm": Dictionary(S=Name.SubmitForm, F=String("https://example.com/")),
    "ImportData": Dictionary(S=Name.ImportData, F=String("data.fdf")),
    "Thread": Dictionary(S=Name.Thread, D=0),
    "URI": Dictionary(S=Name.URI, URI=String("https://example.com/")),
    "Movie": Dictionary(S=Name.Movie, T=String("a")),
    "Named": Dictionary(S=Name.Named, N=Name.SaveAs),
    "of nobody knows what kind": Dictionary(S=Name.Fetch),
}


def _opened(pdf_file: Pdf, action: Dictionary) -> None:
    pdf_file.Root.OpenAction = action


def _on_the_page(pdf_file: Pdf, action: Dictionary) -> None:
    pdf_file.pages[0].AA = Dictionary(O=action)


def _of_the_document(pdf_file: Pdf, action: Dictionary) -> None:
    pdf_file.Root.AA = Dictionary(WP=action)


def _under_the_pointer(pdf_file: Pdf, action: Dictionary) -> None:
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], AA=Dictionary(E=action)
    )
    pdf_file.pages[0].Annots = Array([pdf_file.make_indirect(note)])


def _of_a_field(pdf_file: Pdf, action: Dictionary) -> None:
    field = Dictionary(FT=Name.Tx, T=String("f"), AA=Dictionary(F=action))
    pdf_file.Root.AcroForm = Dictionary(Fields=Array([pdf_file.make_indirect(field)]))


def _after_another(pdf_file: Pdf, action: Dictionary) -> None:
    jump = Dictionary(S=Name.GoTo, D=Array([pdf_file.pages[0].obj, Name.Fit]), Next=action)
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=jump)
    pdf_file.pages[0].Annots = Array([pdf_file.make_indirect(note)])


@pytest.mark.parametrize("kind", OUTSIDE)
@pytest.mark.parametrize(
    "put",
    [_opened, _on_the_page, _of_the_document, _under_the_pointer, _of_a_field, _after_another],
)
def test_outside__what_a_reader_does_by_itself_stays_within(
    put: Callable[[Pdf, Dictionary], None], kind: str
) -> None:
    pdf_file = new_pdf()
    put(pdf_file, OUTSIDE[kind])
    with pytest.raises(Refused, match="pdf_outside"):
        pdf.examine(saved(pdf_file))


def _clicked(pdf_file: Pdf, action: Dictionary) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)
    pdf_file.pages[0].Annots = Array([pdf_file.make_indirect(note)])


def _in_the_outline(pdf_file: Pdf, action: Dictionary) -> None:
    item = pdf_file.make_indirect(Dictionary(Title=String("x"), A=action))
    pdf_file.Root.Outlines = Dictionary(First=item, Last=item, Count=1)


@pytest.mark.parametrize("kind", sorted(OUTSIDE.keys() - {"URI"}))
@pytest.mark.parametrize("put", [_clicked, _in_the_outline])
def test_outside__a_click_sends_and_fetches_nothing(
    put: Callable[[Pdf, Dictionary], None], kind: str
) -> None:
    pdf_file = new_pdf()
    put(pdf_file, OUTSIDE[kind])
    with pytest.raises(Refused, match="pdf_outside"):
        pdf.examine(saved(pdf_file))


LINKS = [
    "https://zakon.rada.gov.ua/laws",
    "mailto:a@example.gov.ua",
    "tel:+380440000000",
    "www.gov.ua",
]


@pytest.mark.parametrize("put", [_clicked, _in_the_outline])
@pytest.mark.parametrize("address", LINKS)
def test_links__to_click_are_ordinary(put: Callable[[Pdf, Dictionary], None], address: str) -> None:
    pdf_file = new_pdf()
    put(pdf_file, Dictionary(S=Name.URI, URI=String(address)))
    assert pdf.examine(saved(pdf_file)).pages == 1


@pytest.mark.parametrize(
    "address", ["file://host/share/a", "\\\\host\\share", "//host/share", "smb://host/a"]
)
def test_links__to_files_elsewhere_are_refused(address: str) -> None:
    pdf_file = new_pdf()
    _clicked(pdf_file, Dictionary(S=Name.URI, URI=String(address)))
    with pytest.raises(Refused, match="pdf_outside"):
        pdf.examine(saved(pdf_file))


@pytest.mark.parametrize(
    "value",
    [
        b"<< /Type /Filespec /F (\\\\\\\\host\\\\share) >>",
        b"<< /FS /URL /F (https://example.com/a) >>",
        b"<< /S /GoToR >>",
        b"<< /Type /Action /S /SubmitForm >>",
        b"<< /Length 0 /F (//host/share) >>\nstream\n\nendstream",
    ],
)
def test_outside__files_elsewhere_are_refused_even_where_nothing_refers_to_them(
    value: bytes,
) -> None:
    assert refusal(samples.raw_pdf([*samples.PAGE_TREE, value])) == "pdf_outside"


@pytest.mark.parametrize("in_parts", [False, True])
def test_outside__xfa_forms_are_refused_whatever_they_say(*, in_parts: bool) -> None:
    pdf_file = new_pdf()
    xml = b"<template><draw><value><image href='\\\\host\\x.png'/></value></draw></template>"
    parts = Array([String("a"), pdf_file.make_stream(xml)])
    pdf_file.Root.AcroForm = Dictionary(Fields=Array([]), XFA=parts if in_parts else parts[1])
    assert refusal(saved(pdf_file)) == "pdf_form"


@pytest.mark.parametrize(
    "base", ["file://host/share/", "\\\\host\\share", "//host/", "smb://host/"]
)
def test_outside__links_relative_to_a_share_are_refused(base: str) -> None:
    pdf_file = new_pdf()
    pdf_file.Root.URI = Dictionary(Base=String(base))
    assert refusal(saved(pdf_file)) == "pdf_outside"


def test_links__relative_to_a_site_are_ordinary() -> None:
    pdf_file = new_pdf()
    pdf_file.Root.URI = Dictionary(Base=String("https://www.gov.ua/"))
    assert pdf.examine(saved(pdf_file)).pages == 1


# --- Two readers, two documents ----------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        b"<< /S /URI /URI (file://host/x) /URI (https://www.gov.ua) >>",
        b"<< /S /JavaScript /S /GoTo >>",
        b"[<< /A << /S /Launch /S /GoTo >> >>]",
        b"<< /S /Launch /#53 /GoTo >>",
    ],
)
def test_twice__a_key_that_stands_twice_is_refused(value: bytes) -> None:
    """Readers take the first value or the last; only the last is seen here."""
    assert refusal(samples.raw_pdf([*samples.PAGE_TREE, value])) == "pdf_broken"


def test_twice__a_key_in_an_object_stream_is_found() -> None:
    body = b"5 0 << /S /URI /URI (file://host/x) /URI (https://www.gov.ua) >>"
    hidden = samples.stream(b"/Type /ObjStm /N 1 /First 4", body)
    table = struct.pack(">BHB", 0, 0, 255)
    objects = [*samples.PAGE_TREE, hidden]
    data = samples.raw_pdf(objects)[: samples.raw_pdf(objects).index(b"xref\n")]
    for number in range(1, 5):
        table += struct.pack(">BHB", 1, data.index(b"%d 0 obj" % number), 0)
    table += struct.pack(">BHB", 2, 4, 0) + struct.pack(">BHB", 1, len(data), 0)
    keys = b"/Type /XRef /W [1 2 1] /Size 7 /Root 1 0 R"
    data += b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        samples.stream(keys, table),
        len(data),
    )
    assert refusal(data) == "pdf_broken"


@pytest.mark.parametrize("mark", [b"startxref", b"startxrex"])
def test_twice__two_documents_in_one_file_are_refused(mark: bytes) -> None:
    """A reader that believes the first table would show the first."""
    catalog, *rest = samples.PAGE_TREE
    acts = samples.raw_pdf([catalog.replace(b">>", b"/OpenAction << /JS (1) >> >>"), *rest])
    harmless = samples.raw_pdf(samples.PAGE_TREE)
    assert refusal(acts.replace(b"startxref", mark) + harmless) == "pdf_broken"


@pytest.mark.parametrize(
    "tail",
    [
        archive(a=b"1"),
        archive(b"\nstartxref\n9\n%%EOF\n", a=b"1"),
        b"<script>alert(1)</script>",
        b"\n <hta:application>",
        b"x" * 1025,
    ],
    ids=["archive", "archive with the end as comment", "page", "application", "long"],
)
def test_twice__something_else_after_the_end_is_refused(tail: bytes) -> None:
    assert refusal(saved(new_pdf()) + tail) == "pdf_suffix"


@pytest.mark.parametrize("tail", [b"\r\n\r\n", bytes(4096), b"%sent by a gateway\n"])
def test_twice__what_programs_leave_after_the_end_is_accepted(tail: bytes) -> None:
    assert pdf.examine(saved(new_pdf()) + tail).pages == 1


# --- Locked and broken -------------------------------------------------------------------------


@pytest.mark.parametrize("revision", [3, 4, 6])
def test_encrypted__with_a_password_to_open_is_refused(revision: int) -> None:
    lock = pikepdf.Encryption(
        owner="owner", user="user", R=revision, metadata=revision > 3, aes=revision > 3
    )
    assert refusal(saved(new_pdf(), encryption=lock)) == "pdf_encrypted"


def test_encrypted__by_certificate_is_refused() -> None:
    data = samples.raw_pdf([*samples.PAGE_TREE, b"<< /Filter /Adobe.PubSec /V 4 /R 4 >>"])
    locked = data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 4 0 R /ID [(1)(1)]")
    assert refusal(locked) == "pdf_encrypted"


@pytest.mark.parametrize("options", [{}, {"linearize": True}, IN_OBJECT_STREAMS])
@pytest.mark.parametrize("part", [0.01, 0.2, 0.5, 0.9])
def test_broken__cut_off_one_is_refused(part: float, options: dict[str, object]) -> None:
    """A repaired half would show blank pages: nobody would know what was on them."""
    data = saved(new_pdf(pages=9), **options)
    assert refusal(data[: int(len(data) * part)]) == "pdf_broken"


def test_broken__cut_off_second_revision_is_refused() -> None:
    data = saved(new_pdf()) + b"1 0 obj\n<< /Type /Catalog /Pages"
    assert refusal(data) == "pdf_broken"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + bytes(1000) + b"startxref\n0\n%%EOF",
        saved(pikepdf.new()),
        samples.raw_pdf([b"<< /Type /Catalog >>"]),
        samples.raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Kids [2 0 R] /Count 1 >>"]),
    ],
    ids=["header", "zeros", "no pages", "no page tree", "page tree in a circle"],
)
def test_broken__without_pages_is_refused(data: bytes) -> None:
    assert refusal(data) == "pdf_broken"


def test_broken__damaged_object_stream_is_refused() -> None:
    """Another reader might still find in it what cannot be seen here."""
    data = zlib.compress(b"5 0 << /S /JavaScript >>")[:-8]
    hidden = samples.stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", b"\xff" + data)
    assert refusal(samples.raw_pdf([*samples.PAGE_TREE, hidden])) == "pdf_broken"


# --- Bounds ------------------------------------------------------------------------------------


def _bomb(filters: bytes, content: bytes) -> bytes:
    dictionary = b"/Type /ObjStm /N 1 /First 4 /Filter " + filters
    return samples.raw_pdf([*samples.PAGE_TREE, samples.stream(dictionary, content)])


def test_bounds__bomb_in_an_object_stream() -> None:
    assert refusal(_bomb(b"/FlateDecode", samples.zeros_deflated(80))) == "pdf_too_complex"


def test_bounds__bomb_in_a_bomb() -> None:
    nested = zlib.compress(samples.zeros_deflated(80), 9)
    assert refusal(_bomb(b"[/FlateDecode /FlateDecode]", nested)) == "pdf_too_complex"


def test_bounds__bomb_in_an_attachment() -> None:
    content = samples.stream(
        b"/Type /EmbeddedFile /Filter /FlateDecode", samples.zeros_deflated(80)
    )
    assert refusal(samples.raw_pdf([*samples.PAGE_TREE, content])) == "pdf_too_complex"


def test_bounds__many_streams_together() -> None:
    content = samples.stream(
        b"/Type /EmbeddedFile /Filter /FlateDecode", samples.zeros_deflated(40)
    )
    assert refusal(samples.raw_pdf([*samples.PAGE_TREE, *[content] * 9])) == "pdf_too_complex"


def test_bounds__many_objects_are_fine_too_many_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    data = samples.raw_pdf([*samples.PAGE_TREE, *[b"0"] * 40_000])
    assert inspect_document(data, filename="a.pdf").pages == 1
    monkeypatch.setattr(pdf, "MAX_OBJECTS", 40_000)
    with pytest.raises(pdf.Refused, match="pdf_too_complex"):
        pdf.examine(data)


def test_bounds__too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    data = samples.raw_pdf([*samples.PAGE_TREE, b"[" + b"[1 2]" * 500 + b"]"])
    assert pdf.examine(data).pages == 1
    monkeypatch.setattr(pdf, "MAX_VALUES", 1000)
    with pytest.raises(pdf.Refused, match="pdf_too_complex"):
        pdf.examine(data)


@pytest.mark.parametrize(
    "value",
    [
        b"[" + b"[1 2]" * 110_000 + b"]",
        samples.stream(b"/Type /EmbeddedFile /Filter /FlateDecode", samples.zeros_deflated(40)),
    ],
    ids=["values", "attachments"],
)
def test_bounds__many_values_need_the_heavy_place(value: bytes) -> None:
    def all_taken() -> None:
        raise Refused("file_busy")

    with pytest.raises(Refused, match="file_busy"):
        pdf.examine(samples.raw_pdf([*samples.PAGE_TREE, value]), all_taken)


def test_bounds__deeply_nested_value() -> None:
    deep = b"[" * 5000 + b"]" * 5000
    code = refusal(samples.raw_pdf([*samples.PAGE_TREE, deep]))
    assert code in {"pdf_too_complex", "pdf_broken"}


def test_bounds__bomb_in_page_content_is_the_viewers_business() -> None:
    page = samples.PAGE_TREE[2].replace(b">>", b"/Contents 4 0 R >>")
    content = samples.stream(b"/Filter /FlateDecode", samples.zeros_deflated(80))
    data = samples.raw_pdf([*samples.PAGE_TREE[:2], page, content])
    assert inspect_document(data, filename="a.pdf").content == data
