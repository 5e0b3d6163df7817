"""Reference data in the admin: who may change what, recurrence for people, absences, roles."""

import re
from datetime import UTC, date, datetime, time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission

from diia_videoreception import models
from diia_videoreception.errors import Incomplete
from diia_videoreception.rules.schedule import validate_rrule
from diia_videoreception.services.reference_data import save_reference
from diia_videoreception.wagtail_admin.recurrence import Choices, from_rrule, in_words, to_rrule
from integrations.conference.livekit import LiveKitRoom
from tests import factories
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World, client_of, staff
from tests.steps.livekit_service import LIVEKIT_OPTIONS
from tests.steps.rooms import OWN_ROOM, TURN

pytestmark = pytest.mark.any_database

LIVEKIT = "integrations.conference.livekit.LiveKitRoom"


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def text(response: Any) -> str:
    return str(response.content.decode())


def edit_url(name: str, row: Any) -> str:
    return reverse(f"videoreception_{name}:edit", args=[row.pk])


def test_lists__speak_in_words(world: World, moderator: Client) -> None:
    officials = Page(moderator.get(reverse("videoreception_officials:index")))
    assert "так" in officials.texts("td")
    assert "Усього: 2" in officials.text
    models.Absence.objects.all().delete()
    absences = text(moderator.get(reverse("videoreception_absences:index")))
    assert "Тут ще нічого немає." in absences


# --- Agencies and units --------------------------------------------------------------------------

AGENCY = {
    "name": "Перейменоване",
    "is_connected": "",
    "minimum_level": "low",
    "lead_days": 0,
    "lead_time_policy": "hours",
    "time_zone": "UTC",
    "conference": "default",
    "phone": "0 800 111 222",
    "email": "new@example.gov.ua",
    "notices": "daily",
    "instructions": "Нові кроки",
    "equipment": "камера",
    "works_on_holidays": "on",
    "answer_hours": 24,
}


def test_a_program__is_downloaded_by_https_only(world: World, moderator: Client) -> None:
    """Letters tell citizens to install it."""
    before = models.Agency.objects.get(pk=world.agency.pk).program_url
    for wrong in ("http://vkz.example.gov.ua/", "ftp://vkz.example.gov.ua/"):
        page = text(
            moderator.post(edit_url("agencies", world.agency), AGENCY | {"program_url": wrong})
        )
        assert "Адреса має починатися з https://." in page
    assert models.Agency.objects.get(pk=world.agency.pk).program_url == before
    moderator.post(edit_url("agencies", world.agency), AGENCY | {"program_url": "vkz.example.org/"})
    assert models.Agency.objects.get(pk=world.agency.pk).program_url == "https://vkz.example.org/"


def test_moderator__keeps_contacts_and_instructions_only(world: World, moderator: Client) -> None:
    page = Page(moderator.get(edit_url("agencies", world.agency)))
    assert page.has_field("phone")
    for field in ("is_connected", "minimum_level", "lead_days", "conference", "name"):
        assert not page.has_field(field)

    moderator.post(edit_url("agencies", world.agency), AGENCY)
    agency = models.Agency.objects.get(pk=world.agency.pk)
    assert (agency.phone, agency.instructions, agency.works_on_holidays) == (
        "0 800 111 222",
        "Нові кроки",
        True,
    )
    assert (agency.name, agency.is_connected, agency.minimum_level) == (
        world.agency.name,
        True,
        "substantial",
    )
    assert (agency.lead_days, agency.time_zone) == (3, "Europe/Kyiv")


def test_superuser__connects_an_agency(world: World) -> None:
    world.client("superuser").post(edit_url("agencies", world.agency), AGENCY)
    agency = models.Agency.objects.get(pk=world.agency.pk)
    assert (agency.name, agency.is_connected, agency.minimum_level) == (
        "Перейменоване",
        False,
        "low",
    )


def test_row__cannot_be_given_to_another_agency(world: World, moderator: Client) -> None:
    response = moderator.post(
        edit_url("units", world.unit),
        {"agency": world.foreign.official.agency.pk, "name": "Відділ", "position": 0},
    )
    assert response.status_code == 200
    assert models.Unit.objects.get(pk=world.unit.pk).agency == world.agency


@pytest.mark.parametrize("mistake", ["itself", "below", "foreign"])
def test_units__stay_a_tree_of_one_agency(world: World, mistake: str) -> None:
    below = factories.UnitFactory(agency=world.agency, parent=world.unit)
    parent = {"itself": world.unit, "below": below, "foreign": world.foreign.official.unit}[mistake]
    response = world.client("superuser").post(
        edit_url("units", world.unit),
        {"agency": world.agency.pk, "parent": parent.pk, "name": "Відділ", "position": 0},
    )
    assert response.status_code == 200
    assert models.Unit.objects.get(pk=world.unit.pk).parent is None


def test_official_with_applications__is_not_deleted(world: World, moderator: Client) -> None:
    address = reverse("videoreception_officials:delete", args=[world.official.pk])
    response = moderator.post(address, follow=True)
    assert "Це не можна видалити" in text(response)
    assert models.Official.objects.filter(pk=world.official.pk).exists()


def test_official_with_applications__stays_with_the_agency(world: World) -> None:
    official, elsewhere = world.official, world.foreign.official.unit

    official.unit = elsewhere
    with pytest.raises(Incomplete) as refused:
        save_reference(official, staff=world.superuser, now=NOW)
    assert "unit" in refused.value.fields
    unit = models.Unit.objects.get(pk=world.unit.pk)
    unit.agency = world.foreign.official.agency
    with pytest.raises(Incomplete) as refused:
        save_reference(unit, staff=world.superuser, now=NOW)
    assert "agency" in refused.value.fields

    idle = models.Official.objects.get(pk=world.idle_official.pk)
    idle.unit = elsewhere
    save_reference(idle, staff=world.superuser, now=NOW)
    assert models.Official.objects.get(pk=idle.pk).agency == elsewhere.agency


# --- Schedules -----------------------------------------------------------------------------------

ROUND_TRIP = [
    "FREQ=WEEKLY;BYDAY=MO,WE",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=1MO,1TH,-1MO,-1TH",
    "FREQ=MONTHLY;BYDAY=2MO,-1FR",
    "FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO",
    "FREQ=MONTHLY;BYDAY=MO",
]


@pytest.mark.parametrize("rrule", ROUND_TRIP)
def test_form__gives_back_every_rule_unchanged(rrule: str) -> None:
    validate_rrule(rrule)
    assert to_rrule(from_rrule(rrule)) == rrule


def test_rules__are_said_in_words() -> None:
    assert in_words("FREQ=WEEKLY;BYDAY=MO,WE") == "Щотижня: понеділок, середа"
    assert in_words("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR") == "Кожні 2 тижні: п’ятниця"
    assert in_words("FREQ=WEEKLY;INTERVAL=5;BYDAY=FR") == "Кожні 5 тижнів: п’ятниця"
    assert in_words("FREQ=MONTHLY;BYDAY=-1TU") == "Щомісяця: вівторок (останній раз у місяці)"
    assert in_words("FREQ=MONTHLY;BYDAY=2MO,-1FR") == "FREQ=MONTHLY;BYDAY=2MO,-1FR"


def test_choices_in_any_order__give_the_same_rule() -> None:
    assert to_rrule(Choices("weekly", ["FR", "MO"])) == "FREQ=WEEKLY;BYDAY=MO,FR"
    assert to_rrule(Choices("monthly", ["TU"], places=["-1", "2"])) == "FREQ=MONTHLY;BYDAY=2TU,-1TU"


RULE = {"starts": "14:00", "ends": "16:00", "valid_from": "2026-12-01"}


def add_rule(world: World, client: Client, **choices: Any) -> Any:
    data = {"official": world.idle_official.pk, **RULE, **choices}
    return client.post(reverse("videoreception_schedule_rules:add"), data)


@pytest.mark.parametrize(
    ("choices", "rrule"),
    [
        ({"frequency": "weekly", "weekdays": ["MO", "WE"]}, "FREQ=WEEKLY;BYDAY=MO,WE"),
        (
            {"frequency": "every_n_weeks", "weekdays": ["TU"], "weeks": 3},
            "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU",
        ),
        (
            {"frequency": "monthly", "weekdays": ["TU"], "places": ["2"]},
            "FREQ=MONTHLY;BYDAY=2TU",
        ),
    ],
)
def test_ticks__become_a_rule(
    world: World, moderator: Client, choices: dict[str, Any], rrule: str
) -> None:
    assert add_rule(world, moderator, **choices).status_code == 302
    rule = models.ScheduleRule.objects.get(official=world.idle_official)
    assert (rule.recurrence, rule.starts) == (rrule, time(14))


@pytest.mark.parametrize(
    "choices",
    [
        {"frequency": "weekly"},
        {"frequency": "every_n_weeks", "weekdays": ["TU"], "weeks": ""},
        {"frequency": "monthly", "weekdays": ["TU"]},
        {"frequency": "other", "rrule": "FREQ=DAILY"},
        {"frequency": "weekly", "weekdays": ["MO"], "ends": "13:00"},
        {"frequency": "weekly", "weekdays": ["MO"], "valid_until": "2026-11-01"},
    ],
)
def test_incomplete_ticks__are_told(
    world: World, moderator: Client, choices: dict[str, Any]
) -> None:
    response = add_rule(world, moderator, **choices)
    assert response.status_code == 200
    assert "error-message" in text(response)
    assert not models.ScheduleRule.objects.filter(official=world.idle_official).exists()


def test_officials_page__shows_what_the_schedule_gives(world: World, moderator: Client) -> None:
    page = Page(
        moderator.get(reverse("videoreception_officials:inspect", args=[world.official.pk]))
    )

    assert "Щотижня: понеділок, вівторок, середа, четвер, п’ятниця" in page.text
    assert "07.12.2026" in page.text
    assert "Вільний час у найближчі два тижні" in page.text
    preview = {day.lower(): times for day, times in page.facts()}
    # 9:00 is an application's; the others are free.
    assert re.findall(r"\d+:\d\d", preview["вівторок, 1 грудня"])[:2] == ["9:30", "10:00"]
    assert "понеділок, 7 грудня" not in preview


def test_exception__is_closed_or_has_hours(world: World, moderator: Client) -> None:
    address = reverse("videoreception_schedule_exceptions:add")
    base = {"official": world.official.pk, "date": "2026-12-11"}

    assert moderator.post(address, base).status_code == 200
    assert moderator.post(address, base | {"starts": "12:00", "ends": "10:00"}).status_code == 200
    moderator.post(address, base | {"starts": "10:00", "ends": "12:00"})
    exception = models.ScheduleException.objects.get(date=date(2026, 12, 11))
    assert (exception.closed, exception.starts) == (False, time(10))


def test_add_from_the_officials_page__knows_the_official(world: World, moderator: Client) -> None:
    page = Page(
        moderator.get(reverse("videoreception_absences:add") + f"?official={world.official.pk}")
    )
    assert page.field("official").value == str(world.official.pk)


# --- Absences ------------------------------------------------------------------------------------


def absence(world: World, start: str, end: str) -> dict[str, Any]:
    return {"official": world.official.pk, "start": start, "end": end}


def test_absence__takes_the_time_in_the_agencys_zone(world: World, moderator: Client) -> None:
    models.Agency.objects.filter(pk=world.agency.pk).update(time_zone="Europe/Lisbon")
    moderator.post(
        reverse("videoreception_absences:add"),
        absence(world, "2026-12-15 09:00", "2026-12-15 12:00"),
    )
    occupancy = models.Occupancy.objects.get(kind="absence", absence__start__day=15)
    assert (occupancy.start, occupancy.end) == (
        datetime(2026, 12, 15, 9, tzinfo=UTC),
        datetime(2026, 12, 15, 12, tzinfo=UTC),
    )
    page = Page(moderator.get(edit_url("absences", occupancy.absence)))
    assert page.field("start").value.startswith("2026-12-15 09:00")


def test_fields__say_who_reads_them_and_what_order_means(world: World, moderator: Client) -> None:
    page = text(moderator.get(reverse("videoreception_absences:add")))
    assert "лише модератори установи, не заявники" in page
    for name in ("units", "officials"):
        page = text(moderator.get(reverse(f"videoreception_{name}:add")))
        assert "Що менше число, то вище в переліку" in page


def test_a_rule_in_calendar_notation__is_for_superusers(world: World, moderator: Client) -> None:
    address = reverse("videoreception_schedule_rules:add")
    assert "RRULE" not in text(moderator.get(address))
    assert "RRULE" in text(world.client("superuser").get(address))
    other = {"frequency": "other", "rrule": "FREQ=MONTHLY;BYDAY=2MO,-1FR"}
    assert add_rule(world, moderator, **other).status_code == 200
    assert not models.ScheduleRule.objects.filter(official=world.idle_official).exists()

    # One that is there already stays as it is when a moderator changes the hours.
    add_rule(world, world.client("superuser"), **other)
    rule = models.ScheduleRule.objects.get(official=world.idle_official)
    data = {"official": world.idle_official.pk, **RULE, **other, "ends": "17:00"}
    assert moderator.post(edit_url("schedule_rules", rule), data).status_code == 302
    rule.refresh_from_db()
    assert (rule.recurrence, rule.ends) == (other["rrule"], time(17))


def test_deleting_an_absence__frees_its_time(world: World, moderator: Client) -> None:
    moderator.post(
        reverse("videoreception_absences:add"),
        absence(world, "2026-12-15 09:00", "2026-12-15 12:00"),
    )
    row = models.Absence.objects.get(start__day=15)
    moderator.post(reverse("videoreception_absences:delete", args=[row.pk]))
    assert not models.Occupancy.objects.filter(kind="absence", start__day=15).exists()


# --- Home page, integrations, roles --------------------------------------------------------------


def test_home_page__shows_what_waits(world: World, moderator: Client, time_machine: Any) -> None:
    page = text(moderator.get("/admin/"))
    assert "Чекають рішення: 1" in page
    assert "Сьогодні прийомів немає" in page

    time_machine.move_to(datetime(2026, 12, 2, 5, tzinfo=UTC), tick=False)
    page = text(world.client("moderator").get("/admin/"))
    assert "Нових заявок немає" in page
    assert world.confirmed.number in page


def test_home_page_of_an_editor__says_nothing_of_applications(world: World) -> None:
    page = text(client_of(staff("editor")).get("/admin/"))
    assert "Чекають рішення" not in page
    assert "Відеоприйом" not in page


def test_broken_integration__is_named(world: World, settings: Any) -> None:
    broken = {"default": {"BACKEND": "no.such.Provider"}}
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "CONFERENCE": broken}
    page = text(world.client("superuser").get(reverse("videoreception_integrations:index")))
    assert "no.such.Provider" in page


def test_a_way_to_sign_in_that_cannot_work__is_named(
    world: World, settings: Any, tmp_path: Path
) -> None:
    backend = "integrations.identity.kep.KepSignature"
    kep = {"kep": {"BACKEND": backend, "OPTIONS": {"trust": tmp_path}}}
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "IDENTITY": kep}
    address = reverse("videoreception_integrations:index")
    assert "holds no certificates" in text(world.client("superuser").get(address))
    (tmp_path / "services.json").write_text("[]")
    assert "services.json" in text(world.client("superuser").get(address))


def test_own_room_without_a_relay__is_named(world: World, settings: Any) -> None:
    address = reverse("videoreception_integrations:index")
    for options, is_named in (({}, True), ({"direct": True}, False), (TURN, False)):
        rooms = {"default": {"BACKEND": OWN_ROOM, "OPTIONS": options}}
        settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": rooms}
        page = text(world.client("superuser").get(address))

        assert "Власна кімната в браузері" in page
        assert ("Без TURN частина громадян не з’єднається" in page) is is_named


def test_conference_that_nobody_has_tried__says_so_until_somebody_has(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    livekit = {"BACKEND": LIVEKIT, "OPTIONS": LIVEKIT_OPTIONS | {"country": "DE"}}
    program = {"BACKEND": "integrations.conference.external.ExternalProgram"}
    settings.DIIA_VIDEORECEPTION |= {"CONFERENCE": {"default": program, "livekit": livekit}}
    monkeypatch.setattr(LiveKitRoom, "outages", lambda self: [])
    address = reverse("videoreception_integrations:index")

    page = Page(world.client("superuser").get(address))
    [row] = [text for text in page.texts("li") if text.startswith("LiveKit (livekit)")]
    assert "не перевірено з сервером" in row.lower()
    assert "Звук і зображення йдуть на сервер за межами України" in row
    [program] = [text for text in page.texts("li") if text.startswith("Зовнішня програма")]
    assert "не перевірено з сервером" not in program.lower()

    call_command("confirm_conference_trial", "livekit", "1.13.5", stdout=StringIO())
    page = Page(world.client("superuser").get(address))
    [row] = [text for text in page.texts("li") if text.startswith("LiveKit (livekit)")]
    assert "не перевірено з сервером" not in row.lower()
    assert "версія 1.13.5" in row


def test_what_nobody_asks__is_not_said_to_work(world: World) -> None:
    page = Page(world.client("superuser").get(reverse("videoreception_integrations:index")))
    [program] = [text for text in page.texts("li") if text.startswith("Зовнішня програма")]
    assert "налаштовано; зв’язку не перевіряємо" in program


def test_a_scanner_that_does_not_answer__is_named(
    world: World, settings: Any, tmp_path: Path
) -> None:
    backend = "integrations.antivirus.clamd.Clamd"
    options = {"socket": str(tmp_path / "nobody")}
    scanner = {"default": {"BACKEND": backend, "OPTIONS": options}}
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "ANTIVIRUS": scanner}
    page = text(world.client("superuser").get(reverse("videoreception_integrations:index")))
    assert "Антивірусна перевірка" in page
    assert "Сканер не відповідає: документи не додаються." in page


@pytest.mark.django_db
def test_roles__can_be_set_up_again_and_again(capsys: pytest.CaptureFixture[str]) -> None:
    for _time in range(2):
        call_command("setup_roles")
    moderators = Group.objects.get(name="Модератор")
    editors = Group.objects.get(name="Редактор порталу")
    operators = Group.objects.get(name="Оператор порталу")
    exporters = Group.objects.get(name="Вивантаження звітів")

    assert {permission.codename for permission in operators.permissions.all()} == {
        "access_admin",
        "operate_centres",
    }
    assert {permission.codename for permission in exporters.permissions.all()} == {
        "access_admin",
        "export_reports",
    }
    assert [permission.codename for permission in moderators.permissions.all()] == ["access_admin"]
    assert [permission.codename for permission in editors.permissions.all()] == ["access_admin"]
    codenames = GroupPagePermission.objects.filter(group=editors).values_list(
        "permission__codename", flat=True
    )
    assert sorted(codenames) == ["add_page", "change_page", "publish_page"]
    assert "Модератор" in capsys.readouterr().out
