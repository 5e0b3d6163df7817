"""What the letters say, in both languages, and what they must never say."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import product
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from diia_videoreception.models import (
    Application,
    Document,
    Letter,
    Occupancy,
    Official,
)
from diia_videoreception.services.letters.delivery import as_message
from diia_videoreception.services.letters.rendering import current_version
from diia_videoreception.services.letters.rendering.context import in_first_words
from tests.factories import NOW, ApplicationFactory
from tests.harness.clock import START
from tests.harness.html import Page
from tests.steps.letters import PASSWORD, render

pytestmark = pytest.mark.any_database

Queued = Callable[..., Letter]

OLD_START = "2026-11-30T07:00:00+00:00"
FACTS: dict[str, list[dict[str, Any]]] = {
    "receipt": [{}],
    "confirmation": [{}, {"old_start": OLD_START}],
    "moved": [{}, {"old_start": OLD_START}],
    "switched": [{}],
    "declined": [{"by": "agency", "calendar": False, "reason": "Питання іншої установи."}],
    "cancelled": [
        {"by": "citizen", "calendar": False},
        {"by": "citizen", "calendar": True},
        {"by": "agency", "calendar": True, "reason": "Відрядження."},
    ],
    "lapsed": [{}],
    "check_device": [{}],
    "reminder": [{}],
}
CASES = [
    (kind, facts, language, for_sending, policy)
    for kind, variants in FACTS.items()
    for facts, language, for_sending, policy in product(
        variants, ["uk", "en"], [True, False], ["official_mailbox_only", "always", "link"]
    )
]
LEFT_OVER = re.compile(r"%\(|\{\{|\{%|%s|None|\bFalse\b|\[\]")
CYRILLIC_WORD = re.compile(r"[А-Яа-яЇїІіЄєҐґ]{3,}")


def plain(text: str) -> str:
    """With ordinary spaces where numbers and their units are kept together."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def choosing(application: Application) -> str:
    official = application.official
    return f"agency={official.agency.pk}&official={official.pk}"


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += data.split()


def words_of(html: str) -> set[str]:
    parser = _Words()
    parser.feed(html)
    return set(parser.found)


@pytest.mark.parametrize(("kind", "facts", "language", "for_sending", "policy"), CASES)
def test_every_letter__is_complete_in_both_parts(
    kind: str,
    facts: dict[str, Any],
    language: str,
    for_sending: bool,
    policy: str,
    confirmed: Application,
    queued: Queued,
    settings: Any,
) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "LETTER_PASSWORD": policy}
    Application.objects.filter(pk=confirmed.pk).update(language=language)
    confirmed.refresh_from_db()

    rendered = render(queued(kind, confirmed, **facts), for_sending=for_sending)

    assert len(rendered.subject) <= 60
    for part in (rendered.subject, rendered.text, rendered.html):
        assert not LEFT_OVER.search(part)
    assert Page(rendered.html).language == language
    assert "01.12.2026, 10:30" in rendered.subject or "ВП-2026-000123-7" in rendered.subject
    assert confirmed.number in rendered.text
    assert "10:30" in rendered.text
    assert "Коваленко Олена Петрівна" in rendered.text
    # The plain text shouts its headings and spells addresses out; everything else is in both parts.
    words = {word.casefold() for word in rendered.text.split() if "://" not in word}
    shown = {word.casefold() for word in words_of(rendered.html)}
    assert {word for word in words - shown if not re.fullmatch(r"--|—|\d+\.|[^:]+:", word)} == set()


@pytest.mark.parametrize("kind", FACTS)
def test_an_english_letter__has_no_ukrainian_sentence(
    kind: str, confirmed: Application, queued: Queued
) -> None:
    Application.objects.filter(pk=confirmed.pk).update(
        language="en", topic="Benefits", needs=["sign_language"]
    )
    confirmed.refresh_from_db()
    agency = confirmed.official.agency
    agency.instructions = agency.equipment = agency.program_name = ""
    agency.save()

    rendered = render(queued(kind, confirmed, reason="Not ours.", by="agency"))

    names = {*str(confirmed.official).split(), *confirmed.official.post.split()}
    names |= set(confirmed.citizen.full_name.split())
    names |= {*agency.name.split(), *agency.short_name.split()}
    left = set(CYRILLIC_WORD.findall(rendered.text)) - names
    assert left == set()


def test_receipt__repeats_the_whole_order(application: Application, queued: Queued) -> None:
    prior = ApplicationFactory(number="ВП-2026-000001-5", official=application.official)
    Application.objects.filter(pk=application.pk).update(
        topic="Рядок перший.\nРядок другий.",
        needs=["sign_language", "companion"],
        companion="донька",
        claims_priority=True,
        prior=prior,
    )
    for name, size in (("довідка.pdf", 84 * 1024), ("скан <1>.png", 1258291)):
        Document.objects.create(
            application=application,
            name=name,
            media_type="application/pdf",
            size=size,
            sha256="0" * 64,
            path=name,
            created_at=NOW,
        )
    application.refresh_from_db()

    rendered = render(queued("receipt", application))

    assert rendered.subject == "Заявку № ВП-2026-000123-7 отримано"
    for part in (
        "Міністерство соціальної політики",
        "Коваленко Олена Петрівна, начальниця відділу",
        "вівторок, 1 грудня 2026 року, 10:30 за київським часом",
        "Рядок перший.\n  Рядок другий.",
        "+380 67 123 45 67",
        "Переклад українською жестовою мовою",
        "донька",
        "Заявлено. Під час прийому майте документи при собі.",
        "ВП-2026-000001-5",
        "довідка.pdf (84 КБ)",
        "скан <1>.png (1,2 МБ)",
        "Дата та час, зазначені Вами у заявці, можуть бути змінені",
        "0 800 000 001",
        "понеділок, 30 листопада 2026 року, 10:30",
        f"http://testserver/videoreception/cabinet/{application.public_id}/",
    ):
        assert part in plain(rendered.text)
    shown = Page(rendered.html)
    assert "скан <1>.png" in shown.text
    [topic] = [part for part in shown.all("td, dd, p") if part.text.startswith("Рядок перший.")]
    assert topic.text == "Рядок перший. Рядок другий."
    assert topic.has("br")


def test_receipt__tells_no_deadline_that_is_past(application: Application, queued: Queued) -> None:
    letter = queued("receipt", application)
    Letter.objects.filter(pk=letter.pk).update(created_at=START - timedelta(hours=3))

    assert "Кінцевий строк: вівторок, 1 грудня 2026 року, 10:30" in render(letter).text


def test_confirmation__has_all_one_needs_to_take_part(
    confirmed: Application, queued: Queued
) -> None:
    rendered = render(queued("confirmation", confirmed, old_start=OLD_START))

    assert rendered.subject == "Час прийому змінено: 01.12.2026, 10:30 за київським часом"
    assert rendered.title == "Ваш прийом підтверджено на інший час"
    for part in (
        "Дата і час: вівторок, 1 грудня 2026 року, 10:30 за київським часом",
        "Ви просили: понеділок, 30 листопада 2026 року, 9:00 за київським часом",
        "Тривалість: 30 хвилин",
        "Логін: vp-a2b3c4d5",
        "Програма: ВКЗ Клієнт",
        "https://vkz.example.gov.ua/",
        "1. Завантажте програму.\n2. Введіть логін і пароль.",
        "— веб-камера\n— навушники або динаміки\n— мікрофон\n— доступ до Інтернету",
        "відкрийте заявку і скасуйте її",
        "Це узгоджений час. Якщо він зміниться",
        "Знімків і звуку ми не зберігаємо.",
    ):
        assert part in plain(rendered.text)


def test_confirmation_of_the_time_asked_for__mentions_no_other(
    confirmed: Application, queued: Queued
) -> None:
    rendered = render(queued("confirmation", confirmed))

    assert rendered.subject == "Прийом підтверджено: 01.12.2026, 10:30 за київським часом"
    assert "Ви просили" not in rendered.text


@pytest.mark.parametrize(
    ("policy", "for_sending", "expected"),
    [
        ("official_mailbox_only", True, False),
        ("official_mailbox_only", False, False),
        ("link", True, False),
        ("link", False, False),
        ("always", True, True),
        ("always", False, False),
    ],
)
@pytest.mark.parametrize("kind", ["confirmation", "moved"])
def test_password__only_by_policy_and_only_while_sending(
    kind: str,
    policy: str,
    for_sending: bool,
    expected: bool,
    confirmed: Application,
    queued: Queued,
    settings: Any,
) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "LETTER_PASSWORD": policy}

    rendered = render(queued(kind, confirmed), for_sending=for_sending)

    assert (PASSWORD in rendered.text, PASSWORD in rendered.html) == (expected, expected)
    assert PASSWORD not in repr(rendered)
    where = "Пароль з’явиться на сторінці Вашої заявки за 15 хвилин до прийому"
    assert (where in rendered.text) == (not expected)


@pytest.mark.parametrize(("minutes", "is_there"), [(16, False), (15, True), (3, True)])
@pytest.mark.parametrize("kind", ["confirmation", "moved"])
def test_password_of_a_reception_soon__is_there_already(
    kind: str, minutes: int, is_there: bool, confirmed: Application, queued: Queued
) -> None:
    start = NOW + timedelta(minutes=minutes)
    Application.objects.filter(pk=confirmed.pk).update(
        start=start, end=start + timedelta(minutes=30)
    )
    confirmed.refresh_from_db()

    text = render(queued(kind, confirmed)).text

    assert ("Пароль уже є на сторінці Вашої заявки." in text) == is_there
    assert ("за 15 хвилин до прийому" in text) != is_there


def test_name_of_a_letter__is_what_its_subject_says(confirmed: Application, queued: Queued) -> None:
    for facts, name in (
        ({}, "Прийом підтверджено"),
        ({"old_start": OLD_START}, "Час прийому змінено"),
    ):
        letter = queued("confirmation", confirmed, **facts)
        assert letter.name == name
        assert render(letter).subject.startswith(f"{name}:")


def test_moved__tells_both_times(confirmed: Application, queued: Queued) -> None:
    rendered = render(queued("moved", confirmed, old_start=OLD_START))

    assert rendered.subject == "Час прийому змінено: 01.12.2026, 10:30 за київським часом"
    assert "Попередній час: понеділок, 30 листопада 2026 року, 9:00" in rendered.text
    assert "Новий час: вівторок, 1 грудня 2026 року, 10:30" in rendered.text
    assert "Логін і пароль нові; попередні вже не діють." in rendered.text


def test_an_old_letter__keeps_its_time_after_a_move(confirmed: Application, queued: Queued) -> None:
    letter = queued("confirmation", confirmed)
    Application.objects.filter(pk=confirmed.pk).update(
        start=START + timedelta(days=2), end=START + timedelta(days=2, minutes=30)
    )

    assert "вівторок, 1 грудня 2026 року, 10:30" in render(letter, for_sending=False).text


@pytest.mark.parametrize("kind", ["declined", "cancelled"])
def test_a_refusal__gives_reason_telephone_and_way_on(
    kind: str, confirmed: Application, queued: Queued
) -> None:
    facts = {"by": "agency", "calendar": kind == "cancelled", "reason": "Питання іншої установи."}

    text = render(queued(kind, confirmed, **facts)).text

    assert "Причина: Питання іншої установи." in text
    assert "Мінсоцполітики: 0 800 000 001" in text
    assert f"/videoreception/choose/?{choosing(confirmed)}" in text


def test_cancelled_by_the_citizen__asks_for_no_excuse(
    confirmed: Application, queued: Queued
) -> None:
    text = render(queued("cancelled", confirmed, by="citizen", calendar=True)).text

    assert "Ви скасували заявку." in text
    assert "Причина" not in text
    assert "Просимо вибачення" not in text


def test_lapsed__offers_the_next_free_times_that_are_left(
    application: Application, official: Official, queued: Queued
) -> None:
    letter = queued("lapsed", application)
    first = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    Occupancy.objects.create(
        official=official,
        kind="hold",
        start=first,
        end=first + timedelta(minutes=30),
        citizen=application.citizen,
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )

    sent, shown = render(letter), render(letter, for_sending=False)

    assert "Просимо вибачення" in sent.text
    offered = re.findall(r"— (\w+, \d+ листопада 2026 року, [\d:]+)", sent.text)
    assert offered == [
        "четвер, 26 листопада 2026 року, 10:30",
        "четвер, 26 листопада 2026 року, 11:00",
        "четвер, 26 листопада 2026 року, 11:30",
    ]
    assert "листопада" not in shown.text
    for rendered in (sent, shown):
        assert f"/videoreception/choose/?{choosing(application)}" in rendered.text


@pytest.mark.parametrize("gone", ["receives", "connected"])
def test_lapsed__offers_nothing_that_cannot_be_booked(
    gone: str, application: Application, official: Official, queued: Queued
) -> None:
    letter = queued("lapsed", application)
    if gone == "receives":
        Official.objects.update(receives=False)
    else:
        official.agency.is_connected = False
        official.agency.save()

    assert "листопада" not in render(letter).text


def test_times__are_those_of_the_agency(application: Application, queued: Queued) -> None:
    agency = application.official.agency
    agency.time_zone = "Europe/Warsaw"
    agency.save()

    text = render(queued("receipt", application)).text

    assert "вівторок, 1 грудня 2026 року, 9:30 (часовий пояс Europe/Warsaw)" in text


def test_rendering__leaves_the_language_of_the_caller_alone(
    application: Application, queued: Queued
) -> None:
    with translation.override("en"):
        assert "отримано" in render(queued("receipt", application)).subject
        assert translation.get_language() == "en"


def test_on_a_page__the_same_words_without_styles_of_their_own(
    confirmed: Application, queued: Queued
) -> None:
    rendered = render(queued("confirmation", confirmed, old_start=OLD_START), for_sending=False)

    page = render_to_string("diia_videoreception/letters/body.html", {"letter": rendered})

    assert "style=" not in page
    assert words_of(rendered.html) - words_of(page) <= words_of(
        f"<p>{rendered.subject} {rendered.title} "
        "Цей лист сформовано автоматично. Будь ласка, не відповідайте на нього.</p>"
    )


@pytest.mark.parametrize("kind", FACTS)
def test_every_letter__greets_the_person_and_tells_the_portal(
    kind: str, confirmed: Application, queued: Queued, settings: Any
) -> None:
    settings.WAGTAIL_SITE_NAME = "Кабінет електронних сервісів"
    letter = queued(kind, confirmed, reason="…", by="agency")
    rendered = render(letter)

    assert "Вітаємо! Цей лист адресовано: Мельник Ірина Василівна." in rendered.text
    assert as_message(letter, rendered).from_email == (
        '"Кабінет електронних сервісів" <portal@example.gov.ua>'
    )


def test_no_letter_of_today__is_in_the_words_that_greeted_nobody() -> None:
    """They leave out how to complain, too."""
    today = [Letter(kind=kind, template_version=current_version(kind)) for kind in Letter.Kind]
    assert [one.kind for one in today if in_first_words(one)] == []


def test_a_sender_that_has_a_name__keeps_it(
    confirmed: Application, queued: Queued, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = {
        **settings.DIIA_VIDEORECEPTION,
        "LETTERS_FROM": "Прийом <a@example.gov.ua>",
    }
    letter = queued("receipt", confirmed)

    assert as_message(letter, render(letter)).from_email == "Прийом <a@example.gov.ua>"


@pytest.mark.parametrize(
    ("next_step", "query", "words"),
    [
        ("official", "?agency={agency}&official={official}", "Вибрати інший час"),
        ("agency", "?agency={agency}", "Вибрати посадову особу"),
        ("any", "", "Вибрати установу"),
        ("none", None, None),
    ],
)
@pytest.mark.parametrize("kind", ["declined", "cancelled"])
def test_a_refusal__does_not_lead_back_to_where_it_sends_away_from(
    kind: str,
    next_step: str,
    query: str | None,
    words: str | None,
    confirmed: Application,
    queued: Queued,
) -> None:
    facts = {"by": "agency", "calendar": kind == "cancelled", "reason": "…"}

    text = render(queued(kind, confirmed, **facts, next_step=next_step)).text

    if query is None:
        assert "/choose/" not in text
        return
    official = confirmed.official
    path = query.format(agency=official.agency.pk, official=official.pk)
    assert f"{words}:\nhttp://testserver/videoreception/choose/{path}\n" in text


def test_a_refusal__tells_the_legal_ground_and_how_to_complain(
    confirmed: Application, queued: Queued
) -> None:
    agency = confirmed.official.agency
    agency.complaints = "Скаргу можна подати до суду.\nСтрок: шість місяців."
    agency.save()
    facts = {"by": "agency", "calendar": True, "reason": "Відрядження."}

    for kind in ("declined", "cancelled"):
        text = render(queued(kind, confirmed, **facts, legal_ground="стаття 8 Закону")).text
        assert "Причина: Відрядження.\nПравова підстава: стаття 8 Закону" in text
        assert "ЯКЩО ВИ НЕ ЗГОДНІ\n\nСкаргу можна подати до суду.\n\nСтрок: шість" in text
    own = render(queued("cancelled", confirmed, by="citizen", calendar=True)).text
    assert "ЯКЩО ВИ НЕ ЗГОДНІ" not in own


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        ("", None),
        ("any", "Програма працює на комп’ютерах, планшетах і телефонах."),
        ("computer", "заздалегідь подзвоніть до установи: 0 800 000 001."),
    ],
)
def test_who_has_only_a_phone__is_told_the_truth(
    devices: str, expected: str | None, confirmed: Application, queued: Queued
) -> None:
    agency = confirmed.official.agency
    agency.program_devices, agency.equipment = devices, ""
    agency.save()

    text = plain(render(queued("confirmation", confirmed)).text)

    if expected is None:
        assert "Програма працює" not in text
    else:
        assert expected in text
    assert ("планшет або смартфон" in text) is (devices != "computer")


def test_a_letter_of_before__has_nothing_of_the_new_words(
    confirmed: Application, queued: Queued
) -> None:
    agency = confirmed.official.agency
    agency.complaints, agency.program_devices = "Скарга до суду.", "computer"
    agency.save()
    for kind in ("declined", "moved"):
        letter = queued(kind, confirmed, reason="…", by="agency")
        Letter.objects.filter(pk=letter.pk).update(template_version=1)

        text = render(letter, for_sending=False).text

        for new in ("Вітаємо", "не згодні", "лише на комп’ютерах"):
            assert new.casefold() not in text.casefold()
