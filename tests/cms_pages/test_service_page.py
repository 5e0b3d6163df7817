"""The tick, the button and the states of the service page (A-20 to A-22, C01)."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import rich_text

from cms_pages.models import ServicePage
from diia_videoreception.models import Agency, Citizen, ConsentAcceptance, ConsentText, Official
from diia_videoreception.web.browser_state import CONSENT
from tests.harness.html import Page
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database

Publish = Callable[..., ServicePage]

NO_TICK = "Позначте, що погоджуєтеся з умовами послуги."
BUTTON = "Записатися на прийом"


def html(client: Client, page: ServicePage) -> str:
    answer = client.get(page.url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def choose() -> str:
    return reverse("diia_videoreception:choose")


def test_guest__sees_labels_of_the_source_and_the_terms(client: Client, page: ServicePage) -> None:
    shown = html(client, page)

    assert Page(shown).heading == "Прийом громадян за допомогою відеозв’язку"
    assert Page(shown).link("умовами використання послуги") == "#terms"
    assert "Я погоджуюся з умовами використання послуги" in Page(shown).text
    assert BUTTON in shown
    assert "Послуга безоплатна." in shown
    assert "Редакція 1" in shown
    assert "Далі попросимо Вас увійти." in shown
    assert "Залишити заявку" in shown


def test_button_without_tick__says_why_it_does_not_go_on(client: Client, page: ServicePage) -> None:
    answer = client.post(page.url)
    assert answer.status_code == 303, "neither Back nor a reload sends it again"
    shown = Page(client.get(answer["Location"]))

    assert shown.text.count(NO_TICK) == 2, "in the summary and at the field"
    assert shown.errors() == [("agree", NO_TICK)]
    assert shown.field("agree").is_invalid
    assert NO_TICK in shown.field("agree").error
    assert shown.title.startswith("Помилка: ")
    assert CONSENT.key not in client.session


def test_guest_with_tick__signs_in_and_the_tick_waits(client: Client, page: ServicePage) -> None:
    answer = client.post(page.url, {"agree": "on"})

    assert answer.status_code == 303
    assert (
        answer.url
        == f"{reverse('diia_videoreception:sign_in')}?next={choose().replace('/', '%2F')}"
    )
    assert client.session[CONSENT.key][0] == ConsentText.objects.get().pk
    assert not ConsentAcceptance.objects.exists()


def test_signed_in_with_tick__consent_is_stored_and_the_choice_follows(
    client: Client, page: ServicePage, citizen: Citizen
) -> None:
    sign_in(client, citizen, consent=False)

    answer = client.post(page.url, {"agree": "on"})

    assert (answer.status_code, answer.url) == (303, choose())
    acceptance = citizen.consents.get()
    assert acceptance.text.version == 1
    assert timezone.now() - acceptance.accepted_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("next_url", "leads_to"),
    [
        (
            "/videoreception/choose/?agency=1&official=2",
            "/videoreception/choose/?agency=1&official=2",
        ),
        ("https://evil.example/", "/videoreception/choose/"),
    ],
)
def test_who_was_choosing__comes_back_to_what_was_chosen(
    client: Client, page: ServicePage, citizen: Citizen, next_url: str, leads_to: str
) -> None:
    sign_in(client, citizen, consent=False)
    address = f"{page.url}?{urlencode({'next': next_url})}"

    forgotten = client.post(address)
    answer = client.post(forgotten.url, {"agree": "on"})

    assert (answer.status_code, answer.url) == (303, leads_to)


def test_who_has_agreed__is_told_when_and_not_asked_again(
    client: Client, page: ServicePage, citizen: Citizen
) -> None:
    sign_in(client, citizen, consent=False)
    client.post(page.url, {"agree": "on"})

    shown = html(client, page)
    answer = client.post(page.url)

    assert "Ви погодилися з" in shown
    assert f"{timezone.localdate().year} року" in shown
    assert not Page(shown).has_field("agree")
    assert (answer.status_code, answer.url) == (303, choose())
    assert citizen.consents.count() == 1


def test_new_edition__is_asked_for_again(
    client: Client, publish: Publish, page: ServicePage, citizen: Citizen
) -> None:
    sign_in(client, citizen, consent=False)
    client.post(page.url, {"agree": "on"})
    publish(page, terms=rich_text("<p>Інші умови.</p>"))

    assert Page(html(client, page)).has_field("agree")
    assert NO_TICK in client.post(page.url, follow=True).text


def test_terms_change_between_reading_and_ticking__nothing_is_agreed(
    client: Client, publish: Publish, page: ServicePage
) -> None:
    read = ConsentText.objects.get()
    publish(page, terms=rich_text("<p>Інші умови.</p>"))

    answer = client.post(page.url, {"agree": "on", "edition": read.pk}, follow=True)

    assert "Умови щойно змінилися." in answer.content.decode()
    assert CONSENT.key not in client.session


def test_paused__says_until_when_and_has_no_button(
    client: Client, publish: Publish, page: ServicePage
) -> None:
    day = timezone.localdate() + timedelta(days=40)
    publish(page, is_paused="on", paused_until=day.isoformat())

    shown = html(client, page)

    assert "Запис тимчасово призупинено." in shown
    assert f"Спробуйте після {day.day} " in shown
    assert BUTTON not in shown


def test_paused__a_page_left_open_does_not_get_further(
    client: Client, publish: Publish, page: ServicePage
) -> None:
    publish(page, is_paused="on")

    answer = client.post(page.url, {"agree": "on"}, follow=True)

    assert answer.redirect_chain == [(page.url, 303)]
    assert "Запис тимчасово призупинено." in answer.content.decode()
    assert CONSENT.key not in client.session


def test_pause_whose_date_has_passed__names_no_date(
    client: Client, publish: Publish, page: ServicePage
) -> None:
    publish(page, is_paused="on", paused_until="2020-01-01")

    shown = html(client, page)

    assert "Спробуйте, будь ласка, пізніше." in shown
    assert "2020" not in shown


@pytest.mark.parametrize("missing", ["agency", "official"])
def test_nobody_to_book__says_so(client: Client, page: ServicePage, missing: str) -> None:
    if missing == "agency":
        Agency.objects.update(is_connected=False)
    else:
        Official.objects.update(receives=False)

    assert "До послуги ще не підключено жодної установи." in html(client, page)
    assert BUTTON not in html(client, page)
    assert client.post(page.url, {"agree": "on"})["Location"] == page.url


def test_answer__may_not_be_kept_by_others(client: Client, page: ServicePage) -> None:
    assert "no-store" in client.get(page.url)["Cache-Control"]


def test_english__labels_in_english_and_the_text_marked_as_ukrainian(
    client: Client, page: ServicePage
) -> None:
    shown = Page(client.get(page.url, headers={"accept-language": "en"}))

    assert "Book a reception" in shown.text
    assert shown.language == "en"
    assert any("Послуга безоплатна." in text for text in shown.texts('[lang="uk"]'))


@pytest.mark.parametrize(
    ("mode", "seen", "not_seen"),
    [
        ("", "Далі попросимо Вас увійти.", "призупинено"),
        ("signed_in", BUTTON, "Далі попросимо Вас увійти."),
        ("paused", "Запис тимчасово призупинено.", BUTTON),
    ],
)
def test_preview__shows_each_state(page: ServicePage, mode: str, seen: str, not_seen: str) -> None:
    answer = page.make_preview_request(preview_mode=mode)
    shown = answer.content.decode()

    assert seen in shown
    assert not_seen not in shown
    for part in ("Ім’я заявника", "/sign-out/"):
        assert (part in shown) == (mode == "signed_in"), "as the header says"
