"""Reserving a time on the page: one hold, never two, and never an error page (A-33 to A-36)."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from diia_videoreception import errors
from diia_videoreception.models import Citizen, HoldUse, Occupancy, Official, Service, SpentProof
from diia_videoreception.services import booking as services
from diia_videoreception.web.citizen.choosing.forms import ReserveForm
from tests.factories import (
    NOW,
    ApplicationFactory,
    ConsentTextFactory,
    OfficialFactory,
    ScheduleRuleFactory,
)
from tests.harness.captcha import solved_captcha
from tests.harness.html import Page
from tests.steps.people import sign_in

CHOOSE = "/videoreception/choose/"
RESERVE = "/videoreception/choose/reserve/"
RELEASE = "/videoreception/choose/release/"
APPLICATION = "/videoreception/application/"
TIME, OTHER, TAKEN = "2026-12-01T08:30Z", "2026-12-01T09:00Z", "2026-12-01T08:00Z"
LATER = "2026-12-01T09:30Z"

pytestmark = pytest.mark.django_db

Reserve = Callable[..., Any]


def holds() -> list[tuple[Citizen, str]]:
    return [
        (hold.citizen, f"{hold.start:%Y-%m-%dT%H:%MZ}")
        for hold in Occupancy.objects.filter(kind="hold", expires_at__gt=NOW)
    ]


def test_what_is_wrong_with_no_field__is_shown_at_the_times(
    citizen: Citizen, reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clean(form: ReserveForm) -> None:
        form.add_error(None, "Разом так не можна")

    monkeypatch.setattr(ReserveForm, "clean", clean)

    shown = reserve(TIME)

    assert Page(shown).errors() == [("times", "Разом так не можна")]


def test_a_chosen_time__is_held_for_fifteen_minutes(citizen: Citizen, reserve: Reserve) -> None:
    answer = reserve(TIME)
    assert (answer.status_code, answer.headers["Location"]) == (303, APPLICATION)
    assert holds() == [(citizen, TIME)]
    assert Occupancy.objects.get(kind="hold").expires_at == NOW + timedelta(minutes=15)


def test_a_guest__signs_in_and_comes_back_with_the_choice(
    client: Client, official: Official, reserve: Reserve
) -> None:
    answer = reserve(TIME)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/videoreception/sign-in/?next=")
    assert holds() == []
    sign_in(client)
    page = Page(client.get(answer.headers["Location"], follow=True))
    assert page.choice(TIME).is_checked
    assert "вівторок, 1 грудня 2026 року, 10:30" in page.text


def test_a_double_click_and_a_second_tab__give_one_hold(citizen: Citizen, reserve: Reserve) -> None:
    captcha = solved_captcha()
    assert reserve(TIME, captcha=captcha).headers["Location"] == APPLICATION
    assert reserve(TIME, captcha=captcha).headers["Location"] == APPLICATION
    assert reserve(OTHER, captcha="", held=TIME).headers["Location"] == APPLICATION
    assert holds() == [(citizen, OTHER)]
    assert HoldUse.objects.count() == 1


def test_a_second_click_while_the_first_reserves__waits_on_a_page_that_leads_on(
    client: Client, citizen: Citizen, reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**_: object) -> None:
        raise errors.ActInProgress

    later = NOW + timedelta(seconds=30)
    running = SpentProof.objects.create(
        key_hash="1", citizen=citizen, act="reserve", acting_until=later, expires_at=later
    )
    with monkeypatch.context() as patched:
        patched.setattr(services.holds, "reserve", busy)
        place = reserve(TIME).headers["Location"]
    assert place.startswith("/videoreception/choose/holding/?")
    assert "Резервуємо час" in client.get(place).text

    running.delete()
    assert client.get(place).headers["Location"] == place.replace("holding/", "")
    reserve(TIME)
    assert client.get(place).headers["Location"] == APPLICATION


def test_moving__keeps_the_deadline(citizen: Citizen, reserve: Reserve, time_machine: Any) -> None:
    reserve(TIME)
    time_machine.move_to(NOW + timedelta(minutes=6), tick=False)
    reserve(OTHER, captcha="", held=TIME)
    hold = Occupancy.objects.get(kind="hold")
    assert (f"{hold.start:%H:%M}", hold.expires_at) == ("09:00", NOW + timedelta(minutes=15))


def test_a_time_held_in_another_tab__is_not_given_up_unseen(
    client: Client, citizen: Citizen, official: Official, reserve: Reserve
) -> None:
    """A tab from before the hold, and one that shows where the hold was before."""
    reserve(TIME)
    page = reserve(OTHER).text
    assert "Помилка: " in page
    assert "За Вами зарезервовано інший час: вівторок, 1 грудня, 10:30" in page
    assert holds() == [(citizen, TIME)]

    reserve(OTHER, captcha="", held=TIME)
    page = reserve(LATER, captcha="", held=TIME).text
    assert "Час змінено в іншій вкладці: тепер за Вами вівторок, 1 грудня 2026 року, 11:00" in page
    assert holds() == [(citizen, OTHER)]
    assert reserve(LATER, captcha="", held=OTHER).headers["Location"] == APPLICATION
    assert holds() == [(citizen, LATER)]


def test_giving_back__asks_again_when_another_tab_has_moved_the_time(
    client: Client, citizen: Citizen, reserve: Reserve
) -> None:
    reserve(TIME)
    shown = Page(client.get(CHOOSE)).form("release").hidden()
    reserve(OTHER, captcha="", held=TIME)

    page = client.post(RELEASE, shown, follow=True).text
    assert "Час змінено в іншій вкладці" in page
    assert holds() == [(citizen, OTHER)]
    client.post(RELEASE, Page(client.get(CHOOSE)).form("release").hidden())
    assert holds() == []


def test_a_taken_time__shows_the_page_again_with_the_choice_kept(
    citizen: Citizen, official: Official, reserve: Reserve
) -> None:
    page = Page(reserve(TAKEN))
    text = "Цей час щойно зайняли. Виберіть, будь ласка, інший."
    assert page.errors() == [("times", text)]
    assert page.title.startswith("Помилка: Крок 1 з 4")
    assert page.field("official").value == str(official.pk)
    assert "30 листопада — 4 грудня 2026 року" in page.text
    assert holds() == []


def test_without_a_time__the_page_asks_for_one(citizen: Citizen, reserve: Reserve) -> None:
    page = Page(reserve(""))
    assert page.title.startswith("Помилка: ")
    assert page.errors() == [("times", "Виберіть час прийому")]
    assert holds() == []


@pytest.mark.parametrize(
    "moment", ["2026-12-01T08:31Z", "2026-12-02T08:30Z", "2026-11-24T08:30Z", "2031-01-07T08:30Z"]
)
def test_what_the_schedule_does_not_offer__cannot_be_held(
    citizen: Citizen, reserve: Reserve, moment: str
) -> None:
    page = Page(reserve(moment))
    assert page.title.startswith("Помилка: ")
    assert page.errors()
    assert holds() == []


@pytest.mark.parametrize("moment", ["soon", "2026-12-01T08:30", "9999-12-31T23:59-23:59", "\x00"])
def test_a_time_that_is_none__is_refused_on_the_page(
    citizen: Citizen, reserve: Reserve, moment: str
) -> None:
    page = reserve(moment)
    assert "Помилка: " in page.text
    assert "Такого часу немає в розкладі." in page.text
    assert holds() == []


def test_a_robot__gets_no_hold(citizen: Citizen, reserve: Reserve) -> None:
    for captcha in ("", "rubbish", "0" * 30_000):
        page = Page(reserve(TIME, captcha=captcha))
        assert page.title.startswith("Помилка: ")
        assert [where for where, _ in page.errors()] == ["captcha"]
    used = solved_captcha()
    reserve(TAKEN, captcha=used)
    assert "Помилка: " in reserve(TIME, captcha=used).text
    assert holds() == []


def test_a_low_level_and_missing_terms__are_refused(
    client: Client, official: Official, reserve: Reserve
) -> None:
    sign_in(client, level="low")
    page = reserve(TIME)
    assert "Помилка: " in page.text
    assert "Увійти в інший спосіб" in page.text
    other = Client()
    sign_in(other, consent=False)
    page = reserve(TIME, by=other)
    assert "Помилка: " in page.text
    assert "Прочитати умови й погодитися" in page.text
    assert holds() == []


def test_new_terms__are_asked_for_again(citizen: Citizen, reserve: Reserve) -> None:
    ConsentTextFactory(version=2)
    assert "Помилка: " in reserve(TIME).text
    assert holds() == []


def test_a_paused_service__takes_no_holds(
    client: Client, citizen: Citizen, official: Official, reserve: Reserve
) -> None:
    Service.objects.create(key="video-reception", is_paused=True)
    page = client.get(CHOOSE, {"official": official.pk}).text
    assert "Запис тимчасово призупинено." in page
    assert "Помилка: " in reserve(TIME).text
    assert holds() == []


def test_an_agency_that_left__is_told(
    citizen: Citizen, official: Official, reserve: Reserve
) -> None:
    agency = official.agency
    agency.is_connected = False
    agency.save()
    page = Page(reserve(TIME))
    assert page.title.startswith("Помилка: ")
    assert [where for where, _ in page.errors()] == ["agency"]
    assert holds() == []


def test_the_cool_down__says_when_it_ends(
    citizen: Citizen, official: Official, reserve: Reserve
) -> None:
    for minutes in (50, 30):
        start = NOW - timedelta(minutes=minutes)
        HoldUse.objects.create(
            token=f"00000000-0000-4000-8000-0000000000{minutes}",
            citizen=citizen,
            official=official,
            start=datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
            created_at=start,
            expires_at=start + timedelta(minutes=15),
        )
    page = reserve(TIME)
    assert "Помилка: " in page.text
    assert "10:15" in page.text, "the second hold ended at 9:45, half an hour before"
    assert holds() == []


def test_open_applications__are_limited(
    citizen: Citizen, official: Official, reserve: Reserve
) -> None:
    for hour in (9, 10):
        ApplicationFactory(
            citizen=citizen,
            official=official,
            start=datetime(2026, 12, 3, hour, 0, tzinfo=UTC),
            consent=citizen.consents.get(),
        )
    page = reserve(TIME)
    assert "Помилка: " in page.text
    assert holds() == []


def test_too_many_reservations__wait(
    citizen: Citizen, reserve: Reserve, settings: Any, client: Client
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"THROTTLE": {"reserve": "1/min"}}
    reserve(TAKEN)
    page = reserve(TIME)
    assert "Помилка: " in page.text
    assert "Резервувати час" in page.text, "the choice is kept"
    other = Client()
    sign_in(other)
    assert reserve(TIME, by=other).status_code == 303, "others are not slowed down"


def test_reloading_the_refused_page__is_no_error(client: Client, citizen: Citizen) -> None:
    answer = client.get(RESERVE)
    assert (answer.status_code, answer.headers["Location"]) == (303, CHOOSE)


def test_a_forged_form__reserves_nothing(citizen: Citizen, official: Official) -> None:
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, citizen)
    answer = strict.post(RESERVE, {"official": official.pk, "time": TIME})
    assert answer.status_code == 403
    assert holds() == []


def test_a_hold__is_given_back(
    client: Client, citizen: Citizen, official: Official, reserve: Reserve
) -> None:
    reserve(TIME)
    token = str(Occupancy.objects.get(kind="hold").token)
    assert Page(client.get(CHOOSE, {"official": official.pk})).hidden()["token"] == token
    data = {"token": token, "official": official.pk}
    for _ in range(2):
        answer = client.post("/videoreception/choose/release/", data)
        assert answer.status_code == 303
        assert f"official={official.pk}" in answer.headers["Location"]
    assert holds() == []


def test_nobody__gives_back_the_hold_of_another(
    client: Client, citizen: Citizen, reserve: Reserve
) -> None:
    reserve(TIME)
    token = str(Occupancy.objects.get(kind="hold").token)
    thief = Client()
    sign_in(thief)
    for stolen in (token, "not-a-token", ""):
        assert thief.post("/videoreception/choose/release/", {"token": stolen}).status_code == 404
    assert Client().post("/videoreception/choose/release/", {"token": token}).status_code == 303
    assert holds() == [(citizen, TIME)]


def test_moving_to_another_official__names_the_held_one(
    client: Client, citizen: Citizen, official: Official, reserve: Reserve
) -> None:
    reserve(TIME)
    other = OfficialFactory(unit=official.unit, last_name="Савчук")
    ScheduleRuleFactory(official=other)
    page = Page(client.get(CHOOSE, {"official": other.pk}))
    for text in (
        "За Вами зарезервовано інший час: вівторок, 1 грудня, 10:30 (резерв діє до 10:15).",
        "Якщо зарезервуєте новий час, попередній звільниться. Строк резерву не зміниться.",
    ):
        assert text in page.text
    assert set(page.values("held_official")) == {str(official.pk)}
    reserve("2026-12-01T07:30Z", captcha="", official=other.pk, held=TIME)
    assert holds() == [(citizen, "2026-12-01T07:30Z")]


def test_the_widget__gets_a_new_challenge_each_time(client: Client, clock: datetime) -> None:
    answers = [client.get("/videoreception/captcha/") for _ in range(2)]
    first, second = (json.loads(answer.content) for answer in answers)
    assert first != second
    assert "no-store" in answers[0].headers["Cache-Control"]


def test_without_javascript__the_page_says_who_helps(
    client: Client, citizen: Citizen, official: Official, settings: Any
) -> None:
    other = "Адміністратор ЦНАП може записати Вас."
    changes = {"SUPPORT_PHONE": "+380800000000", "OTHER_WAYS": other}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | changes
    note = Page(client.get(CHOOSE, {"official": official.pk})).one("noscript").text
    assert official.agency.phone in note
    assert other in note
