"""«Підрозділи й посадові особи з файлу»: seen first, then done; of the own agency only."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diia_videoreception.models import Unit
from diia_videoreception.rules.centre_lists import ListProblem
from diia_videoreception.wagtail_admin.list_files import PROBLEMS
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.workbooks import workbook

ADDRESS = reverse("videoreception_agency_lists:index")


def test_a_file__is_tried_and_then_imported(world: World) -> None:
    client = world.client("moderator")
    file = SimpleUploadedFile("units.csv", "name\nНовий відділ\n".encode("cp1251"))
    sent = {"agency": world.agency.pk, "kind": "units", "file": file}
    page = Page(client.post(ADDRESS, sent))
    assert "Новий відділ" in page.text
    assert not Unit.objects.filter(name="Новий відділ").exists()

    again = page.form("import").hidden() | {"text": "name\nНовий відділ\n", "step": "import"}
    assert client.post(ADDRESS, again).status_code == 302
    assert Unit.objects.get(name="Новий відділ").agency == world.agency


def test_a_workbook__is_tried_and_imported_as_its_first_sheet_shows_it(world: World) -> None:
    client = world.client("moderator")
    file = SimpleUploadedFile("units.xlsx", workbook(["name", "part_of"], ["Новий відділ", None]))
    sent = {"agency": world.agency.pk, "kind": "units", "file": file}
    shown = client.post(ADDRESS, sent)
    form = Page(shown).form("import")
    text = shown.context["text"]
    assert "Новий відділ" in Page(shown).text
    assert client.post(ADDRESS, form.hidden() | {"text": text, "step": "import"}).status_code == 302
    assert Unit.objects.get(name="Новий відділ").agency == world.agency


def test_a_workbook_of_an_older_kind__says_what_to_do(world: World) -> None:
    file = SimpleUploadedFile("units.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    sent = {"agency": world.agency.pk, "kind": "units", "file": file}
    page = world.client("moderator").post(ADDRESS, sent)
    assert page.status_code == 422
    assert str(PROBLEMS[ListProblem.OLD_WORKBOOK]) in Page(page).text


def test_wrong_rows__are_told_and_nothing_is_added(world: World) -> None:
    client = world.client("moderator")
    file = SimpleUploadedFile("units.csv", "name;part_of\nОдин;\nДва;Немає такого\n".encode())
    page = client.post(ADDRESS, {"agency": world.agency.pk, "kind": "units", "file": file})
    assert page.status_code == 422
    assert "Немає такого" in Page(page).text
    assert not Unit.objects.filter(name="Один").exists()


def test_another_agency_and_odd_input__are_not_found(world: World) -> None:
    client = world.client("foreigner")
    sent = {"step": "import", "kind": "units", "agency": world.agency.pk, "text": "name\nx"}
    for changes in ({}, {"agency": "x"}, {"kind": "people"}, {"agency": "9" * 30}):
        assert client.post(ADDRESS, sent | changes).status_code == 404
    assert not Unit.objects.filter(name="x").exists()


def test_what_no_database_keeps__is_refused_like_a_file_that_is_no_text(world: World) -> None:
    client = world.client("moderator")
    sent = {"step": "import", "kind": "units", "agency": world.agency.pk, "text": "name\nОдин\0"}
    page = Page(client.post(ADDRESS, sent, follow=True))
    assert str(PROBLEMS[ListProblem.NO_TEXT]) in page.text
    assert not Unit.objects.filter(name__startswith="Один").exists()
