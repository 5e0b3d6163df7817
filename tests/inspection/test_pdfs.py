"""PDFs: what is accepted passes byte for byte, what could act on its own is refused (A-46)."""

import struct
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from integrations.examination import pdf
from integrations.examination.formats import FileRefused
from tests.steps import samples
from tests.steps.inspection import inspect_document, refusal
from tests.steps.samples import IN_OBJECT_STREAMS, archive, new_pdf, saved

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
    with pytest.raises(pdf.FileRefused, match="pdf_too_complex"):
        pdf.examine(data)


def test_bounds__too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    data = samples.raw_pdf([*samples.PAGE_TREE, b"[" + b"[1 2]" * 500 + b"]"])
    assert pdf.examine(data).pages == 1
    monkeypatch.setattr(pdf, "MAX_VALUES", 1000)
    with pytest.raises(pdf.FileRefused, match="pdf_too_complex"):
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
        raise FileRefused("file_busy")

    with pytest.raises(FileRefused, match="file_busy"):
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
