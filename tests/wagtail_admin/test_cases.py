"""What a moderator does with an application: the list, the case page and the acts."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from diia_videoreception.models import Application, Citizen, JournalRecord, Letter, Need, Occupancy
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.services.booking import moderation
from tests import factories
from tests.factories import NOW
from tests.harness.html import Page
from tests.steps.admin import MARKER, World
from tests.steps.clarifications import ask
from tests.steps.written_answers import answer_in_writing

pytestmark = pytest.mark.any_database


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def text(response: Any) -> str:
    return str(response.content.decode())


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


LIST = "/admin/videoreception/applications/"


# --- The list ------------------------------------------------------------------------------------


def numbers_in(response: Any) -> set[str]:
    return set(re.findall(r"ВП-\d{4}-\d{6}-\d", text(response)))


def test_list__says_what_the_moderator_needs(world: World, moderator: Client) -> None:
    page = text(moderator.get(LIST))

    for part in ("ВП-2025-000101-0", "01.12.2026, 9:00", "подано", "23.11.2026, 10:00", "портал"):
        assert part in page
    assert "залишилося менше ніж 24 години" not in page


def test_undecided_less_than_a_day_before__is_marked(world: World, moderator: Client) -> None:
    soon = factories.ApplicationFactory(
        official=world.official, start=NOW + timedelta(hours=23), number="ВП-2025-000103-0"
    )
    assert "залишилося менше ніж 24 години" in text(moderator.get(LIST))
    assert "залишилося менше ніж 24 години" in text(moderator.get(url("inspect", soon)))
    assert "залишилося менше ніж 24 години" in text(moderator.get("/admin/"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("waiting=yes", {"ВП-2025-000101-0"}),
        ("state=confirmed", {"ВП-2025-000102-0"}),
        ("channel=api", set()),
        ("start_from=2026-12-02&start_to=2026-12-02", {"ВП-2025-000102-0"}),
        ("q=000101", {"ВП-2025-000101-0"}),
        ("", {"ВП-2025-000101-0", "ВП-2025-000102-0", "ВП-2025-000104-0"}),
    ],
)
def test_filters__narrow_the_list(
    world: World, moderator: Client, query: str, found: set[str]
) -> None:
    response = moderator.get(f"{LIST}results/?{query}")
    assert numbers_in(response) == found


def test_list__is_not_filtered_by_itself(world: World, moderator: Client) -> None:
    assert "w-active-filters" not in text(moderator.get(LIST))


def test_list__is_filtered_by_official_and_agency(world: World) -> None:
    superuser = world.client("superuser")
    of_official = superuser.get(f"{LIST}results/?official={world.foreign.official_id}")
    of_agency = superuser.get(f"{LIST}results/?agency={world.agency.pk}")

    assert numbers_in(of_official) == {world.foreign.number}
    assert numbers_in(of_agency) == {
        world.submitted.number,
        world.confirmed.number,
        world.held.number,
    }


def test_number__is_found_as_people_type_it(world: World, moderator: Client) -> None:
    number = format_number(2026, 123)
    factories.ApplicationFactory(official=world.official, number=number)
    typed = number.replace("ВП-", "bn ").replace("-", " ")
    assert numbers_in(moderator.get(f"{LIST}results/", {"q": typed})) == {number}


def test_queries_of_the_list__do_not_grow(world: World, moderator: Client) -> None:
    moderator.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as few:
        moderator.get(LIST)
    for hour in range(12):
        factories.ApplicationFactory(
            official=factories.OfficialFactory(unit=world.unit),
            start=NOW + timedelta(days=10, hours=hour),
        )
    with CaptureQueriesContext(connection) as many:
        assert len(numbers_in(moderator.get(LIST))) == 15
    assert len(many) == len(few)


def test_list__is_paged(world: World, moderator: Client) -> None:
    factories.ApplicationFactory.create_batch(50, official=world.idle_official)
    assert len(numbers_in(moderator.get(f"{LIST}results/"))) == 50
    assert len(numbers_in(moderator.get(f"{LIST}results/?p=2"))) == 3


def test_list__has_no_export(world: World) -> None:
    response = world.client("superuser").get(f"{LIST}?export=csv")
    assert response["Content-Type"].startswith("text/html")


# --- The case page -------------------------------------------------------------------------------


def test_case_page_tells_until_when_to_decide__while_there_is_something_to_decide(
    world: World, moderator: Client
) -> None:
    waiting = dict(Page(moderator.get(url("inspect", world.submitted))).facts())
    assert waiting["Строк рішення"].startswith("30 листопада")
    assert "Строк рішення" not in text(moderator.get(url("inspect", world.confirmed)))


def test_case_page__tells_all_but_the_identifier(world: World, moderator: Client) -> None:
    Application.objects.filter(pk=world.submitted.pk).update(
        needs=[Need.SIGN_LANGUAGE.value], companion="Сестра", prior=world.confirmed
    )
    Citizen.objects.filter(pk=world.submitted.citizen_id).update(
        user_type=Citizen.UserType.REPRESENTATIVE, edrpou="14360570", organisation="ТОВ «Світанок»"
    )
    page = text(moderator.get(url("inspect", world.submitted)))

    for part in (
        f"Питання {MARKER}",
        world.submitted.citizen.full_name,
        "+380\u00a067\u00a0123\u00a045\u00a067",
        "жестовою мовою",
        "Сестра",
        "представник юридичної особи",
        "ТОВ «Світанок», ЄДРПОУ 14360570",
        "вівторок, 1 грудня 2026",
        f"довідка {MARKER}.pdf",
        "підписаний",
        world.confirmed.number,
    ):
        assert part.lower() in page.lower()
    assert world.submitted.citizen.identifier not in page


def test_without_an_address__the_moderator_is_told_to_call(world: World, moderator: Client) -> None:
    assert "Без e-mail: зателефонуйте" not in text(moderator.get(url("inspect", world.submitted)))
    Application.objects.filter(pk=world.submitted.pk).update(letters_address="")

    page = text(moderator.get(url("inspect", world.submitted)))
    assert "Без e-mail: зателефонуйте +380\u00a067\u00a0123\u00a045\u00a067" in page


def test_case_page__shows_other_applications_of_the_person_to_this_official_only(
    world: World, moderator: Client
) -> None:
    citizen = world.submitted.citizen
    theirs = {"citizen": citizen, "consent": world.submitted.consent}
    same = factories.ApplicationFactory(
        **theirs, official=world.official, start=datetime(2026, 12, 3, 7, tzinfo=UTC)
    )
    other = factories.ApplicationFactory(**theirs, official=world.foreign.official)

    page = text(moderator.get(url("inspect", world.submitted)))
    assert same.number in page
    assert other.number not in page


def test_document__is_a_download_and_nothing_else(world: World, moderator: Client) -> None:
    address = reverse(
        "videoreception_applications:document",
        args=[world.submitted.public_id, world.document.public_id],
    )
    response = moderator.get(address)

    assert b"".join(response.streaming_content).decode() == f"зміст {MARKER}"  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]
    other = reverse(
        "videoreception_applications:document",
        args=[world.confirmed.public_id, world.document.public_id],
    )
    assert moderator.get(other).status_code == 404


BUTTONS = {
    "submitted": {
        "Прийняти до розгляду",
        "Підтвердити…",
        "Запропонувати інший час",
        "Запитати уточнення",
        "Призначити погоджений час",
        "Відхилити заявку",
    },
    "in_review": {
        "Підтвердити…",
        "Запропонувати інший час",
        "Запитати уточнення",
        "Призначити погоджений час",
        "Відхилити заявку",
    },
    "clarification": {"Не чекати, прийняти рішення зараз"},
    "confirmed": {"Запропонувати інший час", "Перенести на погоджений час", "Скасувати прийом"},
    "declined": set(),
    "cancelled": set(),
    "answered": set(),
    "not_considered": set(),
    "lapsed": set(),
    "completed": set(),
    "citizen_absent": set(),
    "agency_absent": set(),
}


def buttons_on(page: str) -> set[str]:
    return set(Page(page).texts("a.button, button.button")) & set().union(*BUTTONS.values())


@pytest.mark.parametrize("state", list(Application.State))
def test_buttons__are_those_of_the_transition_table(
    world: World, moderator: Client, state: str
) -> None:
    if state == "clarification":
        ask(world.submitted, world.moderator)
    elif state == "answered":
        answer_in_writing(world.submitted, world.moderator)
    else:
        Application.objects.filter(pk=world.submitted.pk).update(
            state=state, decided_at=NOW, reason="причина", legal_ground="Стаття 8."
        )
    assert buttons_on(text(moderator.get(url("inspect", world.submitted)))) == BUTTONS[state]


def test_buttons__go_once_the_time_has_come(
    world: World, moderator: Client, time_machine: Any
) -> None:
    time_machine.move_to(world.submitted.start, tick=False)
    assert buttons_on(text(moderator.get(url("inspect", world.submitted)))) == set()
    late = {"version": 1, "words": "Пізно", "step": "decline"}
    assert moderator.post(url("decline", world.submitted), late).status_code == 409


# --- The acts ------------------------------------------------------------------------------------


def test_confirm__is_told_written_and_shown(world: World, moderator: Client) -> None:
    response = moderator.post(url("confirm", world.submitted), {"version": 1}, follow=True)

    assert fresh(world.submitted).state == "confirmed"
    assert Letter.objects.filter(application=world.submitted, kind="confirmation").count() == 1
    page = text(response)
    assert "Час підтверджено. Заявник отримає лист." in page
    assert "Підтверджено обраний час (own" in page
    assert "Прийом підтверджено, на власну адресу заявника: чекає надсилання" in page
    entry = ModelLogEntry.objects.get(action="diia_videoreception.confirm")
    assert (entry.user, entry.label, entry.data) == (world.moderator, "ВП-2025-000101-0", {})


def test_decision__is_refused_when_somebody_else_was_faster(
    world: World, moderator: Client
) -> None:
    moderation.decline(
        moderator=world.moderator,
        public_id=world.submitted.public_id,
        version=1,
        refusal=Refusal("інше"),
        now=NOW,
    )
    for version in ({"version": 1}, {}):
        response = moderator.post(url("confirm", world.submitted), version, follow=True)
        assert "Заявка змінилася" in text(response)
        assert "відхилено" in text(response)
    assert fresh(world.submitted).state == "declined"


def starts_offered(page: str) -> list[str]:
    return Page(page).values("start")


def test_other_time__offers_only_free_times(world: World, moderator: Client) -> None:
    page = text(moderator.get(url("other_time", world.submitted)))

    offered = starts_offered(page)
    assert next(start for start in offered if start.startswith("2026-12-01")) == (
        "2026-12-01T09:30:00+02:00"
    )
    assert "2026-12-02T09:00:00+02:00" not in offered
    assert "9:00 — обраний зараз" in page
    assert "?week=2026-12-07" in page
    assert "?week=2026-11-23" in page
    week = text(moderator.get(url("other_time", world.submitted) + "?week=2026-12-07"))
    # 7 December is closed, on the 8th the official is away until 11:00.
    assert not any(start.startswith("2026-12-07") for start in starts_offered(week))
    assert starts_offered(week)[0] == "2026-12-08T11:00:00+02:00"


def test_every_offered_time__is_accepted(world: World, moderator: Client) -> None:
    page = text(moderator.get(url("other_time", world.submitted) + "?week=2026-12-07"))
    start = starts_offered(page)[0]
    response = moderator.post(
        url("other_time", world.submitted),
        {"version": 1, "start": start, "is_agreed": "on", "step": "confirm"},
        follow=True,
    )
    assert "Новий час підтверджено" in text(response)
    assert "01.12.2026, 9:00 → 08.12.2026, 11:00" in text(response)
    application = fresh(world.submitted)
    assert application.start == datetime(2026, 12, 8, 9, tzinfo=UTC)
    assert application.requested_start == datetime(2026, 12, 1, 7, tzinfo=UTC)
    assert Occupancy.objects.get(application=application).start == application.start


@pytest.mark.parametrize("step", ["preview", "confirm"])
def test_taken_time__keeps_the_page(world: World, moderator: Client, step: str) -> None:
    response = moderator.post(
        url("other_time", world.submitted),
        {
            "version": 1,
            "start": "2026-12-02T09:00:00+02:00",
            "week": "2026-11-30",
            "is_agreed": "on",
            "step": step,
        },
    )
    assert response.status_code == 409
    assert "Цей час щойно зайняли" in text(response)
    assert starts_offered(text(response))
    assert fresh(world.submitted).state == "submitted"


@pytest.mark.parametrize("start", ["", "вчора", "2026-12-01T10:00:00", "2026-12-01T03:00:00+02:00"])
def test_unusable_times__are_refused(world: World, moderator: Client, start: str) -> None:
    for step in ("preview", "confirm"):
        sent = {"version": 1, "start": start, "step": step}
        response = moderator.post(url("other_time", world.submitted), sent)
        assert response.status_code in {409, 422}
    assert fresh(world.submitted).version == 1


def test_move_of_a_confirmed_reception__is_shown_and_written(
    world: World, moderator: Client
) -> None:
    response = moderator.post(
        url("other_time", world.confirmed),
        {"version": 1, "start": "2026-12-03T09:00:00+02:00", "is_agreed": "on", "step": "confirm"},
        follow=True,
    )
    assert "Прийом перенесено на інший час: 02.12.2026, 9:00 → 03.12.2026, 9:00" in text(response)
    assert Letter.objects.get(application=world.confirmed).kind == "moved"


def test_decline__shows_what_the_citizen_will_read_first(world: World, moderator: Client) -> None:
    address = url("decline", world.submitted)
    words = {"version": 1, "suggestion": "1", "words": "Зверніться до <суду>."}

    preview = moderator.post(address, words | {"step": "preview"})
    assert fresh(world.submitted).state == "submitted"
    assert "Питання не належить до повноважень установи." in text(preview)
    assert "Зверніться до &lt;суду&gt;." in text(preview)
    assert "Зверніться до &lt;суду&gt;." in text(moderator.post(address, words | {"step": "edit"}))

    moderator.post(address, words | {"step": "decline"})
    application = fresh(world.submitted)
    assert application.state == "declined"
    assert application.reason == (
        "Питання не належить до повноважень установи.\nЗверніться до <суду>."
    )


def test_reason__is_required(world: World, moderator: Client) -> None:
    for step in ("preview", "decline"):
        response = moderator.post(
            url("decline", world.submitted), {"version": 1, "words": "  ", "step": step}
        )
        assert response.status_code == 422
        assert "Напишіть причину" in text(response)
    assert fresh(world.submitted).state == "submitted"


def test_typed_reason__stays_when_somebody_was_faster(world: World, moderator: Client) -> None:
    moderation.confirm(
        moderator=world.moderator, public_id=world.submitted.public_id, version=1, now=NOW
    )
    response = moderator.post(
        url("decline", world.submitted),
        {"version": 1, "words": "Довге пояснення", "step": "decline"},
    )
    assert response.status_code == 409
    assert "Заявка змінилася" in text(response)
    assert "Довге пояснення" in text(response)
    # The page is the fresh one: it knows the new version and that this would call off.
    assert set(Page(response).values("version")) == {"2"}
    assert "Скасувати прийом" in text(response)
    assert fresh(world.submitted).state == "confirmed"


def test_what_became_of_a_reception__is_noted_and_put_right(
    world: World, moderator: Client, time_machine: Any
) -> None:
    def note(outcome: str) -> str:
        version = fresh(world.confirmed).version
        sent = {"version": version, "outcome": outcome}
        return text(moderator.post(url("outcome", world.confirmed), sent, follow=True))

    time_machine.move_to(world.confirmed.start - timedelta(seconds=1), tick=False)
    assert "Заявка змінилася" in note("complete")
    time_machine.move_to(world.confirmed.start, tick=False)
    assert "через 10 хв після початку" in note("note_citizen_absent")
    time_machine.move_to(world.confirmed.end, tick=False)
    world.moderator.refresh_from_db()
    moderator = world.client("moderator")
    assert "Чи відбувся прийом?" in text(moderator.get(url("inspect", world.confirmed)))
    home = text(moderator.get("/admin/"))
    assert "1 прийом минув: зазначте, чи він відбувся" in home
    assert numbers_in(moderator.get(f"{LIST}results/?waiting=outcome")) == {world.confirmed.number}

    assert "Записано." in note("note_citizen_absent")
    assert "прийом минув" not in text(moderator.get("/admin/"))
    assert not Occupancy.objects.filter(application=world.confirmed).exists()
    for nonsense in ("note_citizen_absent", "cancel_by_agency"):
        assert "Заявка змінилася" in note(nonsense)
    page = note("complete")
    assert "Позначка помилкова?" in page
    assert page.index("Прийом не відбувся: заявник не з’явився (own") < page.index(
        "Прийом відбувся (own"
    )
    assert fresh(world.confirmed).state == "completed"


def test_password__is_shown_by_post_and_written_down(world: World, moderator: Client) -> None:
    assert f"таємне-{MARKER}" not in text(moderator.get(url("inspect", world.confirmed)))

    response = moderator.post(url("password", world.confirmed))
    assert f"таємне-{MARKER}" in text(response)
    assert "no-store" in response["Cache-Control"]
    record = JournalRecord.objects.get(act="reception.reveal_password_to_moderator")
    assert (record.actor_id, record.details) == (str(world.moderator.pk), {})


def test_password__is_not_shown_after_the_reception(
    world: World, moderator: Client, time_machine: Any
) -> None:
    time_machine.move_to(world.confirmed.end + timedelta(minutes=15), tick=False)
    response = moderator.post(url("password", world.confirmed))
    assert f"таємне-{MARKER}" not in text(response)
    assert "Заявка змінилася" in text(response)
