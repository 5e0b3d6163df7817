"""What follows from an editor's act in the admin (A-20, C01)."""

from collections.abc import Callable
from datetime import date

from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

from cms_pages.models import InstructionPage, ServicePage
from diia_videoreception.models import ConsentText, Service
from tests.steps.cms_pages import TERMS, page_form

Publish = Callable[..., ServicePage]


def editions() -> list[tuple[int, str]]:
    return list(ConsentText.objects.order_by("version").values_list("version", "body"))


def test_first_publication__makes_edition_1_and_opens_booking(page: ServicePage) -> None:
    text = ConsentText.objects.get()

    assert (text.version, text.language) == (1, "uk")
    assert "Послуга безоплатна." in text.body
    assert text.service == str(page.translation_key)
    assert not Service.objects.get(key=text.service).is_paused


def test_page__goes_anywhere_in_the_tree(publish: Publish) -> None:
    home = Page.objects.get(depth=2)
    section = InstructionPage(title="Послуги", slug="posluhy")
    home.add_child(instance=section)

    page = publish(parent=section)

    assert page.get_parent().pk == section.pk
    assert page.url_path == "/home/posluhy/pryiom/"


def test_changed_terms__make_edition_2_and_edition_1_stays(
    publish: Publish, page: ServicePage
) -> None:
    publish(page, terms=rich_text("<p>Послуга безоплатна. Розмову не записують.</p>"))

    versions = editions()
    assert [version for version, _body in versions] == [1, 2]
    assert "не записують" not in versions[0][1]
    assert "не записують" in versions[1][1]


def test_other_changes__make_no_edition(publish: Publish, page: ServicePage) -> None:
    publish(page, title="Відеоприйом", terms=rich_text(TERMS))

    page.refresh_from_db()
    assert page.title == "Відеоприйом"
    assert len(editions()) == 1


def test_draft__changes_nothing_for_citizens(desk: Client, page: ServicePage) -> None:
    form = page_form(terms=rich_text("<p>Нові умови.</p>"), is_paused="on")
    del form["action-publish"]
    desk.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)

    page.refresh_from_db()
    assert page.get_latest_revision_as_object().is_paused
    assert len(editions()) == 1
    assert not Service.objects.get().is_paused


def test_pause__reaches_the_service_with_its_date(publish: Publish, page: ServicePage) -> None:
    publish(page, is_paused="on", paused_until="2030-12-01")

    service = Service.objects.get()
    assert service.is_paused
    assert service.paused_until == date(2030, 12, 1)


def test_unpublished_page__pauses_the_service(desk: Client, page: ServicePage) -> None:
    desk.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))

    page.refresh_from_db()
    assert not page.live
    assert Service.objects.get().is_paused


def test_deleted_page__pauses_the_service_and_keeps_the_editions(page: ServicePage) -> None:
    page.delete()

    assert Service.objects.get().is_paused
    assert len(editions()) == 1


def test_page_without_the_three_stages__is_not_accepted(desk: Client) -> None:
    home = Page.objects.get(depth=2)
    address = reverse("wagtailadmin_pages:add", args=["diia_cms_pages", "servicepage", home.pk])
    form = page_form(body=[])
    form |= {"body-count": "0"}

    answer = desk.post(address, form)

    assert answer.status_code == 200
    assert "body" in answer.context["form"].errors
    assert not ServicePage.objects.exists()


def test_editor__reads_in_ukrainian_that_a_new_edition_is_for_new_consents(
    desk: Client, page: ServicePage
) -> None:
    answer = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    assert "Нову редакцію буде застосовано до нових згод." in answer.content.decode()
