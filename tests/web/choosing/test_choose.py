"""The choosing page: agencies, officials, times (A-23 to A-32)."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.models import Citizen, Official
from diia_videoreception.services.booking import holds
from tests.factories import (
    NOW,
    AgencyFactory,
    ApplicationFactory,
    CitizenFactory,
    OfficialFactory,
    ScheduleRuleFactory,
    UnitFactory,
    signed_in,
)
from tests.harness.captcha import solved_captcha
from tests.harness.html import Page
from tests.steps.people import sign_in

CHOOSE = "/videoreception/choose/"

pytestmark = pytest.mark.django_db


def day(page: str, weekday: str) -> str:
    """What stands in the column of one weekday."""
    return next(text for text in Page(page).texts("li.vr-day") if text.startswith(weekday))


def test_a_guest__sees_only_connected_agencies_with_somebody_who_receives(
    client: Client, official: Official
) -> None:
    OfficialFactory(unit__agency=AgencyFactory(name="Непідключена установа", is_connected=False))
    AgencyFactory(name="Установа без нікого")
    page = client.get(CHOOSE)
    assert "Міністерство соціальної політики" in page.text
    assert "Непідключена" not in page.text
    assert "без нікого" not in page.text
    assert "Відомство" in page.text
    assert "Список з’явиться, коли Ви виберете відомство." in page.text
    assert Page(page).title == "Крок 1 з 4: Виберіть посадову особу і час — Запис на відеоприйом"
    assert Page(page).heading, "one and no other"
    assert "no-store" in page.headers["Cache-Control"]


def test_officials__stand_below_their_units(client: Client, official: Official) -> None:
    page = client.get(CHOOSE, {"agency": official.agency.pk}).text
    assert "Спершу знайдіть підрозділ, потім прізвище" in page
    unit, person = page.index("Відділ соціальної підтримки"), page.index("Коваленко")
    other, second = page.index("Департамент соціальних"), page.index("Гончар’як")
    assert (unit < person < other < second) or (other < second < unit < person)
    assert "Розклад з’явиться, коли Ви виберете посадову особу." in page


@pytest.mark.parametrize("search", ["гончар'як", "ДИРЕКТОР", "соціальних посл"])
def test_search__finds_by_surname_post_and_unit(
    client: Client, official: Official, search: str
) -> None:
    page = client.get(CHOOSE, {"agency": official.agency.pk, "q": search}).text
    assert "Гончар’як" in page
    assert "Коваленко" not in page
    assert "Знайдено 1\u00a0особу." in page


def test_search_without_a_hit__says_so(client: Client, official: Official) -> None:
    page = client.get(CHOOSE, {"agency": official.agency.pk, "q": "<b>щось"}).text
    assert "За запитом «&lt;b&gt;щось» нікого не знайдено." in page


def test_the_week__shows_free_and_taken_times_by_day_and_part(
    client: Client, official: Official
) -> None:
    page = client.get(CHOOSE, {"official": official.pk, "week": "2026-12-01"}).text
    assert day(page, "Вівторок") == (
        "Вівторок 1 грудня 6 вільних Ранок 9:30 10:00 — зайнято 10:30 11:00 11:30 "
        "Після обіду 14:00 14:30"
    )
    assert day(page, "Середа") == "Середа 2 грудня прийому немає"
    assert "30 листопада — 4 грудня 2026 року" in page
    assert "за київським часом" in page
    assert Page(page).choice("2026-12-01T08:00Z").is_disabled, "a taken time cannot be chosen"
    assert "Найближчий вільний час: четвер, 26 листопада, 10:00" in page


@pytest.mark.parametrize(
    ("taken", "words"), [(6, "1\u00a0вільний"), (5, "2\u00a0вільні"), (2, "5\u00a0вільних")]
)
def test_free_times__are_counted_in_words(
    client: Client, official: Official, taken: int, words: str
) -> None:
    first = datetime(2026, 12, 3, 7, 30, tzinfo=UTC)
    starts = [first + timedelta(minutes=30 * number) for number in (0, 1, 2, 3, 4, 9, 10)]
    for start in starts[:taken]:
        ApplicationFactory(official=official, start=start)
    page = client.get(CHOOSE, {"official": official.pk, "week": "2026-12-03"}).text
    assert words in page.replace("&nbsp;", "\u00a0")


def test_the_lead_time__is_that_of_the_agency(client: Client, official: Official) -> None:
    agency = official.agency
    agency.lead_days = 5
    agency.save()
    start = client.get(CHOOSE, {"agency": agency.pk}).text
    assert "Найближчий можливий день — субота, 28 листопада." in start
    page = client.get(CHOOSE, {"official": official.pk}).text
    assert "не пізніше ніж за 5\u00a0діб до прийому" in page
    assert "Найближчий можливий день" not in page, "one nearest day is enough"
    assert "четвер, 26 листопада" not in page
    first_week = client.get(CHOOSE, {"official": official.pk, "week": "2026-11-23"}).text
    assert "запис закрито" in day(first_week, "Вівторок")


def test_the_week__begins_with_the_first_day_that_is_not_closed(
    client: Client, official: Official, time_machine: Any
) -> None:
    # Thursday, 26 November is three days away, but its last time, 14:30, is not any more.
    time_machine.move_to(NOW + timedelta(hours=5), tick=False)
    page = client.get(CHOOSE, {"official": official.pk, "week": "2026-11-26"}).text
    assert "запис закрито" not in page
    assert "27 листопада 2026 року" in page
    assert "27 листопада —" not in page, "a week of one day names it once"
    assert day(page, "П’ятниця") == "П’ятниця 27 листопада прийому немає"


def test_weeks__can_be_turned_only_within_the_window(client: Client, official: Official) -> None:
    official.horizon_days = 14
    official.save()
    first = client.get(CHOOSE, {"official": official.pk, "week": "2026-11-23"}).text
    assert "Раніше" not in first
    assert "week=2026-11-30" in first
    last = client.get(CHOOSE, {"official": official.pk, "week": "2026-12-07"}).text
    assert "week=2026-11-30" in last
    assert "Пізніше" not in last
    beyond = client.get(CHOOSE, {"official": official.pk, "week": "2031-01-01"}).text
    assert "7 грудня — 11 грудня 2026 року" in beyond


def test_the_nearest_free_time__is_one_click(client: Client, official: Official) -> None:
    page = Page(client.get(CHOOSE, {"official": official.pk, "week": "2026-12-07"}))
    [link] = page.all('a[data-vr-key="nearest"]')
    assert link.text.startswith("Вибрати 10:00")
    chosen = client.get(str(link.attribute("href")).split("#")[0]).text
    assert Page(chosen).choice("2026-11-26T08:00Z").is_checked
    assert "четвер, 26 листопада 2026 року, 10:00" in chosen


def test_a_full_week__points_to_the_next_free_time(client: Client, official: Official) -> None:
    for start in ("08:00", "08:30", "09:00", "09:30", "12:00", "12:30"):
        ApplicationFactory(
            official=official, start=datetime.fromisoformat(f"2026-11-26T{start}+00:00")
        )
    page = client.get(CHOOSE, {"official": official.pk, "week": "2026-11-23"}).text
    assert "На цьому тижні вільного часу немає." in page
    assert "Найближчий вільний час: вівторок, 1 грудня, 9:30" in page


def test_nothing_free__says_when_to_come_back(client: Client, clock: datetime) -> None:
    rule = ScheduleRuleFactory(recurrence="FREQ=WEEKLY;BYDAY=MO", valid_from=NOW.date())
    official = rule.official
    rule.valid_from = datetime(2026, 12, 28).date()
    rule.save()
    page = client.get(CHOOSE, {"official": official.pk}).text
    # Booking of 28 December opens 30 days before.
    assert "Спробуйте після 28 листопада: тоді відкриється новий час." in page
    assert "Резервувати час" not in page


def test_no_schedule__names_the_phone_of_the_agency(client: Client, clock: datetime) -> None:
    official = OfficialFactory()
    page = client.get(CHOOSE, {"official": official.pk}).text
    assert "Нових прийомів поки не заплановано." in page
    assert official.agency.phone.replace(" ", "\u00a0") in page


def test_a_time_lost_meanwhile__is_told(client: Client, official: Official) -> None:
    page = client.get(CHOOSE, {"official": official.pk, "time": "2026-12-01T08:00Z"}).text
    assert "Час, який Ви вибрали, — вівторок, 1 грудня, 10:00 — уже не вільний." in page


@pytest.mark.parametrize(
    "query",
    [
        "agency=x&official=-1&week=yesterday&time=soon&unit=%00",
        "agency=99999999999999999999999&official=99999999999999999999999",
        "official=9223372036854775807&time=0001-01-01T00:00%2B14:00",
        "week=9999-12-31&time=2026-12-01T08:30",
        "q=%00%01",
    ],
)
def test_links_that_make_no_sense__show_the_beginning(
    client: Client, official: Official, query: str
) -> None:
    page = client.get(f"{CHOOSE}?{query}")
    assert page.status_code == 200
    assert "Список з’явиться, коли Ви виберете відомство." in page.text


def test_odd_weeks_and_times__do_no_harm(client: Client, official: Official) -> None:
    for query in ("week=9999-12-31", "week=0001-01-01", "time=9999-12-31T23:59-12:00", "week=x"):
        page = client.get(f"{CHOOSE}?official={official.pk}&{query}")
        assert page.status_code == 200
        assert "Найближчий вільний час" in page.text


def test_level_too_low__leads_to_a_stronger_sign_in(client: Client, official: Official) -> None:
    sign_in(client, level="low")
    page = client.get(CHOOSE, {"official": official.pk, "week": "2026-11-30"}).text
    assert "Ця установа просить увійти надійнішим способом" in page
    assert "reason=level&amp;next=%2Fvideoreception%2Fchoose%2F%3F" in page
    assert "Резервувати час" not in page


def test_without_consent__the_way_leads_to_the_terms(
    client: Client, official: Official, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "SERVICE_URL": "/poslugy/pryiom/"
    }
    sign_in(client, consent=False)
    page = Page(client.get(CHOOSE, {"official": official.pk}))
    assert "Спершу погодьтеся" in page.text
    # What was chosen is waiting after the tick.
    chosen = f"?next=%2Fvideoreception%2Fchoose%2F%3Fagency%3D{official.agency.pk}%26official%3D{official.pk}"
    assert any(address.startswith(f"/poslugy/pryiom/{chosen}") for _, address in page.links())


def test_five_hundred_officials__stay_light(
    client: Client, clock: datetime, django_assert_max_num_queries: Any
) -> None:
    agency = AgencyFactory()
    units = [
        UnitFactory(
            agency=agency,
            name=f"Відділ із доволі довгою назвою, номер {number:02}",
            position=number,
        )
        for number in range(60)
    ]
    officials = [
        OfficialFactory(
            unit=units[number % 60], post="заступник начальника відділу з питань прикладів"
        )
        for number in range(500)
    ]
    chosen = officials[123]
    ScheduleRuleFactory(official=chosen, starts=time(9), ends=time(18))
    sign_in(client)
    client.get(CHOOSE)
    with django_assert_max_num_queries(14):
        page = client.get(CHOOSE, {"official": chosen.pk})
    assert len(page.content) <= 150_000
    assert all(unit.name in page.text for unit in units)
    assert chosen.full_name in page.text
    assert officials[0].full_name not in page.text, "the other units open one by one"
    opened = client.get(CHOOSE, {"agency": agency.pk, "unit": units[0].pk}).text
    assert officials[0].full_name in opened
    found = client.get(CHOOSE, {"agency": agency.pk, "q": "Коваленко"})
    assert "Знайдено 500\u00a0осіб." in found.text
    assert "Уточніть, будь ласка, запит." in found.text
    assert len(found.content) <= 150_000


def test_everybody_else__sees_a_held_time_as_taken(
    client: Client, official: Official, citizen: Citizen
) -> None:
    holds.reserve(
        actor=signed_in(citizen),
        official_id=official.pk,
        start=datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
        captcha=solved_captcha(),
        now=NOW,
    )
    query = {"official": official.pk, "week": "2026-11-30"}
    own = client.get(CHOOSE, query).text
    assert "10:30 — Ваш резерв" in day(own, "Вівторок")
    assert "Цей час зарезервовано за Вами: вівторок, 1 грудня, 10:30 (резерв діє до 10:15)." in own
    assert Page(own).choice("2026-12-01T08:30Z").is_checked
    other = Client()
    sign_in(other, CitizenFactory())
    for stranger in (other, Client()):
        theirs = stranger.get(CHOOSE, query).text
        assert "10:30 — зайнято" in day(theirs, "Вівторок")
        assert "до 10:15" not in theirs
