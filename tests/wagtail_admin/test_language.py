"""Staff screens are Ukrainian throughout, Wagtail's own words included."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import wagtail
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, Workflow

from cms_pages.models import InstructionPage, ServicePage
from diia_videoreception.apps import WAGTAIL_TEXTS
from tests.harness import html
from tests.steps.admin import World
from tests.wagtail_admin.routes import CASES, address_of

ENGLISH = re.compile(r"[A-Za-z]{3,}")
STRAIGHT = re.compile(r"[А-Яа-яЇїІіЄєҐґ]'|'[А-Яа-яЇїІіЄєҐґ]")
# Addresses, names of files, formats, products and units; what the tests and a fresh Wagtail call things.
FOREIGN = re.compile(
    r"[\w.+-]+@[\w.-]+|https?://\S+|\S+\.pdf|FREQ=\S+|\([a-z_]+\)"
    r"|\{[a-z_]+\}|\b(Wagtail|JavaScript|BankID|RRULE|SMTP|LMTP|SMS|TLS|API|URLs?|CSV|XLSX|AVIF|GIF|JPE?G|PNG|WEBP|WebP|SVG"
    # Wagtail 8.0 says “Actions” to screen readers in a template without a translation.
    r"|title|mail|own|super|foreign|kerivnyk|zastupnyk|pryimach|localhost|Root|Actions)\b"
)
SITE = "Мій сайт"
OTHERS = {"receiver", "helper"}
"""What is theirs is not the superuser's."""
NOT_SAID = {"script", "style", "code", "template", "svg", "option"}


class TextReader(HTMLParser):
    """What a page says: its text and the names that screen readers tell."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = ""
        self._open = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # What is quoted in another language says so.
        if not self._silent and (tag in NOT_SAID or ("lang", "en") in attrs):
            self._silent = tag
        self._open += tag == self._silent
        names = {"aria-label", "title", "placeholder", "alt"}
        self.found += [value for name, value in attrs if name in names and value]

    def handle_endtag(self, tag: str) -> None:
        self._open -= tag == self._silent
        if not self._open:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append(" ".join(data.split()))


def wrong(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200, address
    reader = TextReader()
    reader.feed(response.content.decode())
    return [
        text
        for text in reader.found
        if (ENGLISH.search(FOREIGN.sub("", text)) or STRAIGHT.search(text))
        # A counter that Wagtail hides while there is nothing to count.
        and text != "None"
    ]


@pytest.mark.any_database
@pytest.mark.parametrize("owner", ["moderator", "receiver", "helper", "superuser"])
def test_our_screens__have_no_english_word(world: World, owner: str) -> None:
    client = world.client(owner)
    # The official of the tests has a Latin first name, with which the home page greets.
    addresses = [] if owner in OTHERS else ["/admin/"]
    for name, case in CASES.items():
        is_page = case.get and not name.endswith(
            (":container", ":document", "signature", "_results")
        )
        is_own = case.owner == owner or (owner == "superuser" and case.owner not in OTHERS)
        if is_page and is_own:
            addresses.append(address_of(name, world))

    problems = {address: found for address in addresses if (found := wrong(client, address))}

    assert problems == {}


@pytest.mark.any_database
def test_editors_screens__have_no_english_word(world: World) -> None:
    Workflow.objects.update(name="Перевірка")
    home = Page.objects.get(depth=2)
    home.title = home.draft_title = SITE
    home.save()
    service, steps = ServicePage(title="Послуга", terms="Так"), InstructionPage(title="Кроки")
    for page in (service, steps):
        home.add_child(instance=page)
    client = world.client("superuser")

    problems = {
        address: found
        for address in (
            "/admin/pages/",
            f"/admin/pages/{home.pk}/",
            f"/admin/pages/{home.pk}/add_subpage/",
            f"/admin/pages/{service.pk}/edit/",
            f"/admin/pages/{service.pk}/history/",
            f"/admin/pages/{service.pk}/unpublish/",
            f"/admin/pages/{service.pk}/delete/",
            f"/admin/pages/{steps.pk}/edit/",
            "/admin/pages/search/?q=a",
            "/admin/images/",
            "/admin/images/add/",
            "/admin/documents/",
            "/admin/reports/site-history/",
        )
        if (found := wrong(client, address))
    }

    assert problems == {}


def test_signing_in__is_ukrainian(db: None) -> None:
    assert wrong(Client(), "/admin/login/") == []
    assert html.Page(Client().get("/admin/login/")).heading == "Вхід для працівників"


def test_words_that_wagtail_lacks_or_has_wrong__are_ours() -> None:
    count = "%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"
    with translation.override("uk"):
        assert translation.gettext("Account") == "Обліковий запис"
        assert translation.gettext("New: %(model_name)s") == "Додавання: %(model_name)s"
        assert (
            translation.gettext(count)
            == "Показано %(start_index)s–%(end_index)s із %(items_count)s"
        )
        for act in ("created", "saved"):
            error = translation.gettext(f"The page could not be {act} due to validation errors.")
            assert not ENGLISH.search(error)


def test_scripts_of_the_admin__get_the_words_too(world: World) -> None:
    answer = world.client("moderator").get(reverse("wagtailadmin_javascript_catalog"))
    words = re.search(r'"Toggle sidebar": ("[^"]*")', answer.content.decode())

    assert words is not None
    assert json.loads(words[1]) == "Показати або сховати бічну панель"


def test_no_word_of_wagtails_scripts__is_left_in_english(world: World) -> None:
    answer = world.client("moderator").get(reverse("wagtailadmin_javascript_catalog"))
    known = answer.content.decode()
    english = Path(wagtail.__file__).parent / "admin" / "locale" / "en" / "LC_MESSAGES"
    texts = re.findall('^msgid "(.+)"$', (english / "djangojs.po").read_text("utf-8"), re.MULTILINE)

    assert len(texts) > 50
    missing = [text for text in texts if f"{json.dumps(text)}: " not in known]
    assert missing == []


def test_the_portals_own_words__win() -> None:
    assert str(WAGTAIL_TEXTS) == list(django_settings.LOCALE_PATHS)[-1]
    with translation.override("uk"):
        assert translation.gettext("Sidebar") == "Бічна панель"


def test_help_for_editors__calls_no_moderator(world: World) -> None:
    def menu_of(owner: str) -> Any:
        return world.client(owner).get("/admin/").content.decode()

    assert '"name": "help"' not in menu_of("moderator")
    assert '"name": "help"' in menu_of("superuser")
