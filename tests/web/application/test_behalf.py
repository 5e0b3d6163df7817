"""«За кого»: one more question, and what is shown, filed and refused where it is somebody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from diia_videoreception.models import Application, Document, Draft, Occupancy, Representation
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import draft_documents
from diia_videoreception.services.booking.representing import name_represented
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import NOW, ApplicationFactory
from tests.harness.html import Page
from tests.steps.application import ANSWERS, checked, url, write_draft
from tests.steps.inspection import examine_inside
from tests.steps.representing import BY_ATTORNEY, FOR_CHILD, MOTHER
from tests.steps.samples import png

CHILD = "дитину: Мельник Софія Петрівна, 2015 року народження"
GROUND = "Підстава: свідоцтво про народження № І-БК 123456 від 12.05.2015"


@pytest.mark.usefixtures("hold")
def test_a_mother__files_for_her_child_with_a_scan(
    client: Client, person: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine_inside(monkeypatch)
    scan = SimpleUploadedFile("Свідоцтво.png", png(), content_type="image/png")

    client.post(url("application"), ANSWERS | FOR_CHILD | {"authority_files": scan})

    form = Page(client.get(f"{url('application')}?write=1"))
    assert "Свідоцтво.png" in form.text
    assert form.field("ground_number").value == "І-БК 123456"
    assert "І-БК" not in Draft.objects.get().ground_number_encrypted
    check = Page(client.get(url("check")))
    for said in (CHILD, GROUND, "підтверджує Ваші повноваження", person.citizen.full_name):
        assert said in check.text, said
    client.post(url("submit"), checked(client))
    application = Application.objects.get()
    assert application.citizen == person.citizen
    assert application.documents.get().proves_authority
    assert "І-БК" not in application.representation.number_encrypted
    assert application.representation.number == "І-БК 123456"
    letter = application.letters.get(kind="receipt")
    text = " ".join(render_letter(letter, for_sending=True, now=NOW).text.split())
    assert f"{CHILD} {GROUND}" in text
    case = Page(client.get(url("case", application.public_id)))
    assert CHILD in case.text
    assert GROUND in case.text


@pytest.mark.usefixtures("hold")
def test_who_speaks_for_themselves__files_nothing_of_others(
    client: Client, person: SignedIn
) -> None:
    """Also when they had begun to write of somebody else."""
    draft_documents.add_document(
        citizen=person.citizen, data=png(), filename="a.png", proves_authority=True, now=NOW
    )
    client.post(url("application"), ANSWERS | FOR_CHILD | {"on_behalf": "self"})

    client.post(url("submit"), checked(client))

    assert not Representation.objects.exists()
    assert not Document.objects.get().proves_authority
    assert Application.objects.get().documents.count() == 1


def test_what_is_wrong__is_said_beside_the_field(
    client: Client, hold: Occupancy, person: SignedIn
) -> None:
    grown = FOR_CHILD | {"represented_born": "1990", "ground_number": ""}

    page = Page(client.post(url("application"), ANSWERS | grown, follow=True))

    assert page.field("represented_born").is_invalid
    assert "Цій людині вже є 18 років" in page.text
    assert page.field("ground_number").is_invalid
    assert page.field("represented_name").value == FOR_CHILD["represented_name"]
    client.get(url("check"))
    client.post(url("submit"), {"draft": str(Draft.objects.get().token)})
    assert not Application.objects.exists()


@pytest.mark.usefixtures("hold")
def test_a_document_that_ends_before_the_reception__is_warned_of_and_filed(
    client: Client,
) -> None:
    client.post(url("application"), ANSWERS | BY_ATTORNEY)

    warned = "Дія документа закінчується до дня прийому."
    assert warned in Page(client.get(url("check"))).text
    client.post(url("submit"), checked(client))
    assert warned in Page(client.get(url("case", Application.objects.get().public_id))).text


@pytest.mark.usefixtures("hold")
def test_another_tab_that_changes_it__is_shown_before_filing(
    client: Client, person: SignedIn
) -> None:
    write_draft(person, **FOR_CHILD)
    shown = checked(client)
    write_draft(person, **FOR_CHILD | {"ground_number": "І-БК 654321"})

    page = Page(client.post(url("submit"), shown, follow=True))

    assert [term for term, _ in page.facts() if "Змінено" in term] == ["За кого Змінено"]
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"born": None},
        {"kind": "organisation"},
        {"kind": "self"},
        {"name": ""},
        {"number_encrypted": ""},
        {"until": "2020-01-01"},
    ],
)
def test_the_database__keeps_no_half_of_it(db: None, change: dict[str, object]) -> None:
    one = name_represented(ApplicationFactory(), MOTHER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Representation.objects.filter(pk=one.pk).update(**change)
