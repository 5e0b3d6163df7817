"""PDFs: what is accepted passes byte for byte, what could act on its own is refused (A-46)."""

import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from diia_videoreception.services.documents.inspection import DocumentRefused
from integrations.examination import pdf
from integrations.examination.formats import Refused
from tests.inspection import samples
from tests.inspection.samples import new_pdf, saved, script_action
from tests.inspection.uploads import inspect_document

IN_OBJECT_STREAMS = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentRefused) as refused:
        inspect_document(data, filename="a.pdf")
    return refused.value.code


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
    xfa = pdf_file.make_stream(b"<template><description>script</description></template>")
    field = Dictionary(FT=Name.Tx, T=String("JavaScript /JS"))
    pdf_file.Root.AcroForm = Dictionary(Fields=Array([pdf_file.make_indirect(field)]), XFA=xfa)
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


def _in_xfa_stream(pdf_file: Pdf) -> None:
    xfa = pdf_file.make_stream(b"<xdp:xdp><event><script>app.alert(1)</script></event></xdp:xdp>")
    pdf_file.Root.AcroForm = Dictionary(Fields=Array([]), XFA=xfa)


def _in_xfa_parts(pdf_file: Pdf) -> None:
    parts = [b"<x><t:scr", b"ipt contentType='application/x-javascript'>1</t:script></x>"]
    streams = [pdf_file.make_stream(part) for part in parts]
    pdf_file.Root.AcroForm = Dictionary(
        Fields=Array([]), XFA=Array([String("a"), streams[0], String("b"), streams[1]])
    )


def _in_xfa_utf16(pdf_file: Pdf) -> None:
    xfa = pdf_file.make_stream("<x><script>1</script></x>".encode("utf-16"))
    pdf_file.Root.AcroForm = Dictionary(Fields=Array([]), XFA=xfa)


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
        _in_xfa_stream,
        _in_xfa_parts,
        _in_xfa_utf16,
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
        ("сторінка.html", b"text"),
        ("диск.iso", b"data"),
        ("лист.doc", b"data"),
        ("data.svg", b"data"),
        ("data.txt", b"<!DOCTYPE html><p>1"),
        ("data.xml", b"\xef\xbb\xbf <svg onload='1'>"),
        ("data.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)),
        ("data.docx", b"PK\x03\x04 word/vbaProject.bin"),
        ("data.txt", bytes(32_769) + b"CD001"),
    ],
)
def test_attachment__of_a_kind_that_may_act_is_refused(name: str, content: bytes) -> None:
    pdf_file = new_pdf()
    samples.attach(pdf_file, name, content)
    assert refusal(saved(pdf_file)) == "pdf_attachment"


@pytest.mark.parametrize(
    "name", ["рахунок.xml", "a.P7S", "скан.jpeg", "лист.docx", "без розширення"]
)
def test_attachment__that_is_read_is_accepted(name: str) -> None:
    pdf_file = new_pdf()
    samples.attach(pdf_file, name, b"data")
    assert inspect_document(saved(pdf_file), filename="a.pdf").has_attachments


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


@pytest.mark.parametrize(
    "xml", [b"<x><submit target='https://example.com'/></x>", b"<x><connectionSet/></x>"]
)
def test_outside__a_form_that_sends_is_refused(xml: bytes) -> None:
    pdf_file = new_pdf()
    pdf_file.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf_file.make_stream(xml))
    assert refusal(saved(pdf_file)) == "pdf_outside"


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
    monkeypatch.setattr(pdf, "MOST_OBJECTS", 40_000)
    with pytest.raises(pdf.Refused, match="pdf_too_complex"):
        pdf.examine(data)


def test_bounds__too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    data = samples.raw_pdf([*samples.PAGE_TREE, b"[" + b"[1 2]" * 500 + b"]"])
    assert pdf.examine(data).pages == 1
    monkeypatch.setattr(pdf, "MOST_VALUES", 1000)
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
