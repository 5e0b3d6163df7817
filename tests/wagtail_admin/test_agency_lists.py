"""«Підрозділи й посадові особи з файлу»: seen first, then done; of the own agency only."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diia_videoreception.models import Unit
from diia_videoreception.rules.centre_lists import ListProblem
from diia_videoreception.wagtail_admin.centres.lists import PROBLEMS
from tests.harness.html import Page
from tests.steps.admin import World

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
