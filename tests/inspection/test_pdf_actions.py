"""What a PDF does by itself or at a click: no script, nothing that reaches out (A-46)."""

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from integrations.examination import pdf
from integrations.examination.formats import FileRefused
from tests.steps import samples
from tests.steps.inspection import refusal
from tests.steps.samples import IN_OBJECT_STREAMS, new_pdf, saved, script_action

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
    with pytest.raises(FileRefused, match="pdf_outside"):
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
    with pytest.raises(FileRefused, match="pdf_outside"):
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
    with pytest.raises(FileRefused, match="pdf_outside"):
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
