"""The cabinet: what a citizen sees of the own applications and may do (C11, C12, C14)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, Citizen, JournalRecord, Letter, Occupancy
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking import drafts
from diia_videoreception.services.booking.deadlines import lapse_undecided
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.factories import ApplicationFactory, CitizenFactory
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database

Decide = Callable[..., Application]


def address(name: str, application: Application) -> str:
    return reverse(f"diia_videoreception:{name}", args=[application.public_id])


def page(client: Client, application: Application) -> str:
    return client.get(address("case", application)).text


def test_cabinet__says_that_there_is_nothing_yet(client: Client) -> None:
    answer = client.get(reverse("diia_videoreception:cabinet"))
    assert "У Вас ще немає заявок." in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_cabinet__shows_coming_past_and_the_draft(
    client: Client, citizen: Citizen, submitted: Application
) -> None:
    past = ApplicationFactory(
        citizen=citizen,
        consent=submitted.consent,
        official=submitted.official,
        state="declined",
        reason="Немає підстав",
        decided_at=NOW,
        start=START - timedelta(days=60),
        topic="Довідка про доходи",
    )
    drafts.save_answers(citizen=citizen, answers=DraftAnswers(topic="Ще питання"), now=NOW)
    text = Page(client.get(reverse("diia_videoreception:cabinet"))).one("main").text
    coming, gone = text.index(submitted.topic), text.index(past.topic)
    assert coming < text.index("Завершені") < gone
    assert "Бажаний час: вівторок, 1 грудня 2026 року, 10:30" in text
    assert "Подано" in text
    assert "Відхилено" in text
    assert "У Вас є незавершена заявка." in text


def test_a_declined_application__says_why_on_what_ground_and_whom_to_ask(
    client: Client, citizen: Citizen, submitted: Application
) -> None:
    declined = ApplicationFactory(
        citizen=citizen,
        consent=submitted.consent,
        official=submitted.official,
        state="declined",
        reason="Питання громади.",
        legal_ground="Стаття 7.",
        whom_to_ask="Управління громади,\n0 800 000 015",
        decided_at=NOW,
        start=START - timedelta(days=60),
    )

    text = Page(client.get(address("case", declined))).one("main").text

    assert "Причина: Питання громади." in text
    assert "Правова підстава: Стаття 7." in text
    assert "Куди звернутися: Управління громади, 0 800 000 015" in text


def test_a_confirmed_reception_that_is_over__is_past(
    client: Client, confirmed: Application, clock: Any
) -> None:
    clock.move_to(confirmed.end, tick=False)
    sign_in(client, confirmed.citizen)
    text = Page(client.get(reverse("diia_videoreception:cabinet"))).one("main").text
    assert text.index("Завершені") < text.index(confirmed.topic)
    assert "Час минув" in text
    assert "Час підтверджено" not in text


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("complete", "Прийом відбувся"),
        ("note_citizen_absent", "Установа зазначила, що Ви не під’єдналися."),
        ("note_agency_absent", "Прийом не відбувся з вини установи"),
    ],
)
def test_what_became_of_a_reception__is_told(
    client: Client, confirmed: Application, decide: Decide, clock: Any, outcome: str, expected: str
) -> None:
    clock.move_to(confirmed.end, tick=False)
    sign_in(client, confirmed.citizen)
    decide("note_outcome", confirmed, outcome=Act(outcome))
    text = page(client, confirmed)
    assert expected in text
    assert "Записатися ще раз з цього питання" in text
    assert confirmed.reception.login not in text


def test_a_submitted_application__warns_that_the_time_may_change(
    client: Client, submitted: Application
) -> None:
    text = page(client, submitted)
    assert "Дата і час можуть змінитися." in text
    assert submitted.number in text
    assert client.get(address("case_calendar", submitted)).status_code == 404


def test_a_confirmed_reception__says_how_to_enter(client: Client, confirmed: Application) -> None:
    text = page(client, confirmed)
    assert "Час підтверджено" in text
    assert "вівторок, 1 грудня 2026 року, 10:30" in text
    assert confirmed.reception.login in text
    assert "можна побачити з 01.12.2026, 10:15" in text
    assert confirmed.reception.password not in text
    assert "ВКЗ Клієнт" in text
    assert "мікрофон" in text


def test_the_calendar_of_a_confirmed_reception__is_handed_out(
    client: Client, confirmed: Application
) -> None:
    answer = client.get(address("case_calendar", confirmed))
    content = answer.getvalue()  # type: ignore[attr-defined]
    event = icalendar.Calendar.from_ical(content).walk("VEVENT")[0]
    assert event.start == confirmed.start
    assert confirmed.reception.password.encode() not in content
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer["Content-Disposition"] == 'attachment; filename="videopryiom.ics"'


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (START - timedelta(minutes=15, seconds=1), False),
        (START - timedelta(minutes=15), True),
        (START + timedelta(minutes=44), True),
        (START + timedelta(minutes=45), False),
    ],
)
def test_the_password__is_shown_around_the_reception_only(
    clock: Any, citizen: Citizen, confirmed: Application, moment: Any, shown: bool
) -> None:
    clock.move_to(moment, tick=False)
    client = Client()
    sign_in(client, citizen)
    assert confirmed.reception.password not in page(client, confirmed)
    assert client.get(address("case_password", confirmed)).status_code == 405
    answer = client.post(address("case_password", confirmed))
    assert answer.status_code == 303
    assert confirmed.reception.password not in str(dict(client.session.items()))
    # On one page only: a reload shows that it is hidden, and asks for nothing.
    pages = [client.get(answer["Location"]).text for _ in range(2)]
    assert [confirmed.reception.password in text for text in pages] == [shown, False]
    seen = JournalRecord.objects.filter(act="reception.reveal_password").count()
    assert seen == (1 if shown else 0)


def test_the_way_into_a_reception__needs_the_level_of_the_agency(
    clock: Any, citizen: Citizen, confirmed: Application
) -> None:
    """Who has booked by КЕП is not received as whoever signs in by less."""
    clock.move_to(START - timedelta(minutes=5), tick=False)
    agency = confirmed.official.agency
    agency.minimum_level = "high"
    agency.save()
    client = Client()
    sign_in(client, citizen, level="substantial")
    answer = client.post(address("case_password", confirmed))
    assert answer.status_code == 303
    assert parse_qs(urlsplit(answer["Location"]).query) == {
        "next": [address("case", confirmed)],
        "reason": ["level"],
    }
    assert not JournalRecord.objects.filter(act="reception.reveal_password").exists()
    sign_in(client, citizen, level="high")
    answer = client.post(address("case_password", confirmed), follow=True)
    assert confirmed.reception.password in answer.text


def test_a_moved_time__is_told_with_the_old_one(
    client: Client, confirmed: Application, decide: Decide
) -> None:
    decide("confirm_other_time", confirmed, start=START + timedelta(hours=1))
    shown = Page(page(client, confirmed))
    assert "Час прийому змінено" in shown.text
    assert "Було: вівторок, 1 грудня 2026 року, 10:30, тепер: вівторок, 1 грудня" in shown.text
    assert "Час змінено" in shown.texts("span")
    assert ("Було", "вівторок, 1 грудня, 10:30") in shown.facts()
    assert ("Тепер", "вівторок, 1 грудня, 11:30") in shown.facts()
    assert "Час змінено" in client.get(reverse("diia_videoreception:cabinet")).text


def test_another_time_than_asked_for__is_told_with_the_one_asked_for(
    client: Client, submitted: Application, decide: Decide
) -> None:
    decide("confirm_other_time", submitted, start=START + timedelta(hours=1))
    shown = Page(page(client, submitted))
    assert ("Ви просили", "вівторок, 1 грудня, 10:30") in shown.facts()
    assert "Час змінено" in shown.texts("span")


def test_a_refusal__says_why_and_whom_to_ask(
    client: Client, submitted: Application, decide: Decide
) -> None:
    decide("decline", submitted, refusal=Refusal("Питання належить до іншої установи."))
    shown = Page(page(client, submitted))
    assert "Питання належить до іншої установи." in shown.text
    assert shown.link("0 800 000 001").startswith("tel:")


def test_an_application_that_nobody_decided__offers_another_time(
    client: Client, citizen: Citizen, submitted: Application, clock: Any
) -> None:
    clock.move_to(START, tick=False)
    lapse_undecided(now=START)
    client = Client()
    sign_in(client, citizen)
    text = page(client, submitted)
    assert "Установа не розглянула Вашу заявку вчасно" in text
    assert f"official={submitted.official_id}#times" in text


def test_cancelling__asks_first_and_frees_the_time(client: Client, submitted: Application) -> None:
    asked = client.get(address("case_cancel", submitted))
    assert "Скасувати заявку?" in asked.text
    submitted.refresh_from_db()
    assert submitted.state == "submitted"

    for _ in range(2):
        assert client.post(address("case_cancel", submitted)).status_code == 303
    submitted.refresh_from_db()
    assert submitted.state == "cancelled"
    assert not Occupancy.objects.exists()
    assert Letter.objects.filter(kind="cancelled").count() == 1
    assert "Ви скасували заявку" in page(client, submitted)


def test_cancelling__asks_again_when_the_agency_has_moved_the_reception(
    client: Client, submitted: Application, decide: Callable[..., Application]
) -> None:
    start = Page(client.get(address("case_cancel", submitted))).field("start").value
    decide("confirm_other_time", submitted, start=START + timedelta(hours=1))

    page = client.post(address("case_cancel", submitted), {"start": start}, follow=True).text

    assert "Час прийому тим часом змінено: тепер це вівторок, 1 грудня 2026 року, 11:30" in page
    submitted.refresh_from_db()
    assert submitted.state == "confirmed"
    client.post(address("case_cancel", submitted), {"start": submitted.start.isoformat()})
    submitted.refresh_from_db()
    assert submitted.state == "cancelled"


def test_a_reception_that_has_begun__cannot_be_cancelled(
    citizen: Citizen, confirmed: Application, clock: Any
) -> None:
    clock.move_to(START, tick=False)
    client = Client()
    sign_in(client, citizen)
    assert "Скасувати заявку" not in page(client, confirmed)
    client.post(address("case_cancel", confirmed))
    confirmed.refresh_from_db()
    assert confirmed.state == "confirmed"


def test_the_application__names_who_has_filed_it(client: Client, submitted: Application) -> None:
    row = f"<dt>Прізвище, ім’я, по батькові</dt><dd>{submitted.citizen.full_name}</dd>"
    assert row in page(client, submitted)


def test_letters__are_in_the_cabinet_without_the_password(
    client: Client, confirmed: Application, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "LETTER_PASSWORD": "always"}
    assert "Прийом підтверджено" in client.get(reverse("diia_videoreception:letters")).text
    letter = Letter.objects.get(kind="confirmation")
    Letter.objects.filter(pk=letter.pk).update(
        facts=letter.facts | {"old_start": (START - timedelta(days=1)).isoformat()}
    )
    for lists in (client.get(reverse("diia_videoreception:letters")).text, page(client, confirmed)):
        assert "Час прийому змінено</" in lists, "as the subject says"
    letter.save()
    text = client.get(reverse("diia_videoreception:letter", args=[letter.public_id])).text
    assert confirmed.reception.login in text
    assert confirmed.reception.password not in text


def test_somebody_else__sees_and_changes_nothing(confirmed: Application) -> None:
    stranger = Client()
    sign_in(stranger, CitizenFactory())
    for name in ("case", "case_cancel", "case_calendar"):
        answer = stranger.get(address(name, confirmed))
        assert (answer.status_code, confirmed.number in answer.text) == (404, False)
    for name in ("case_cancel", "case_password"):
        assert stranger.post(address(name, confirmed)).status_code == 404
    letter = Letter.objects.get(kind="confirmation")
    answer = stranger.get(reverse("diia_videoreception:letter", args=[letter.public_id]))
    assert answer.status_code == 404
    confirmed.refresh_from_db()
    assert confirmed.state == "confirmed"


def test_the_cabinet__asks_the_same_number_of_queries_whatever_it_holds(
    client: Client, citizen: Citizen, submitted: Application, django_assert_max_num_queries: Any
) -> None:
    for hours in range(1, 15):
        ApplicationFactory(
            citizen=citizen,
            consent=submitted.consent,
            official=submitted.official,
            start=START + timedelta(hours=hours),
        )
    with django_assert_max_num_queries(10):
        client.get(reverse("diia_videoreception:cabinet"))


def test_the_heading__names_agency_and_day_and_one_moment_of_the_decision(
    citizen: Citizen, client: Client, submitted: Application
) -> None:
    submitted.topic = "Допомога на дитину (80 років"
    submitted.save()
    case = Page(page(client, submitted))
    done = Page(client.get(address("done", submitted)))

    assert case.heading.startswith("Прийом: ")
    assert "Допомога" not in case.heading
    due = re.search(r"Воно надійде до ([^.]+)\.", case.text)
    assert due is not None
    assert f"До {due.group(1)}" in done.text


def test_phones__are_links_that_call(
    citizen: Citizen, client: Client, submitted: Application
) -> None:
    agency = submitted.official.agency
    for typed, dialled in (("044 123 45 67", "+380441234567"), ("0 800 500 600", "+380800500600")):
        agency.phone = typed
        agency.save()
        assert Page(page(client, submitted)).leads_to(f"tel:{dialled}")
    agency.phone = "приймальня, кабінет 5"
    agency.save()
    assert "tel:" not in page(client, submitted)
