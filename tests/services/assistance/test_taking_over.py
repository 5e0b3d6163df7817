"""A case that a centre has filed, offered after a later sign-in: to whom, what is told before, how it is taken."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import errors, models
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.services.assistance.taking_over import disown, take_over
from tests.factories import (
    CitizenFactory,
    ConsentTextFactory,
    ScheduleRuleFactory,
    signed_in,
)
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.centres import CentreWorld
from tests.steps.mandates import RNOKPP, may_act, sealed, takes_texts, visit_for
from tests.steps.people import sign_in
from tests.steps.second_factor import with_app
from tests.steps.typing import TOPIC, filed_for

pytestmark = pytest.mark.any_database
OFFERED = "diia_videoreception:offered"


@pytest.fixture
def application(world: CentreWorld, settings: Any, tmp_path: Path) -> models.Application:
    takes_texts(settings, tmp_path)
    with_app(world.administrator)
    staff = may_act(world.administrator)
    ConsentTextFactory()
    visit = visit_for(world)
    sealed(visit, staff)
    return filed_for(visit, staff, ScheduleRuleFactory().official)


def account(**changes: Any) -> models.Citizen:
    """Whoever signs in with the number that was told at the centre, under the same name in capitals."""
    values = {
        "last_name": "ШЕВЧУК",
        "first_name": "Петро",
        "identifier_kind": "rnokpp",
        "identifier_hash": lookup_hash("rnokpp", RNOKPP),
    }
    return CitizenFactory(**(values | changes))


def test_after_a_later_sign_in__the_case_is_offered_without_a_word_and_taken_by_its_number(
    application: models.Application, world: CentreWorld
) -> None:
    citizen, told = account(), application.citizen
    home = Client()
    sign_in(home, citizen)
    cabinet, here = reverse("diia_videoreception:cabinet"), reverse(OFFERED)
    case = reverse("diia_videoreception:case", args=[application.public_id])
    assert home.get(case).status_code == 404
    assert f"Для Вас подали заявки тут: {world.centre.name}" in Page(home.get(cabinet)).text
    for page in (cabinet, here):
        shown = home.get(page).content.decode()
        assert TOPIC not in shown
        assert application.number not in shown
    assert home.post(here, {"number": application.number})["Location"] == cabinet
    page = Page(home.get(cabinet)).text
    assert "Тепер ця заявка у Вашому кабінеті." in page
    assert "Для Вас подали" not in page
    assert TOPIC in Page(home.get(case)).text
    application.refresh_from_db()
    assert application.citizen == citizen
    assert application.consent.citizen == citizen
    assert application.occupancies.get().citizen == citizen
    record = models.JournalRecord.objects.get(act="application.take_over")
    assert (record.actor_kind, record.actor_id) == ("citizen", str(citizen.public_id))
    assert record.details["before"] == str(told.public_id)
    # Again it is no other act.
    assert take_over(application.number, actor=signed_in(citizen), now=NOW) == application
    assert models.JournalRecord.objects.filter(act="application.take_over").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"identifier_hash": "f" * 64},
        {"last_name": "Шевченко"},
        {"first_name": "Павло"},
        {"identifier_kind": "passport"},
    ],
)
def test_to_anybody_else__nothing_is_offered_and_the_number_is_not_enough(
    application: models.Application, changes: dict[str, str]
) -> None:
    stranger = account(**changes)
    elsewhere = Client()
    sign_in(elsewhere, stranger)
    cabinet = reverse("diia_videoreception:cabinet")
    assert "Для Вас подали" not in Page(elsewhere.get(cabinet)).text
    with pytest.raises(errors.CaseNotOffered):
        take_over(application.number, actor=signed_in(stranger), now=NOW)
    application.refresh_from_db()
    assert application.citizen != stranger


def test_who_is_not_surely_known__is_offered_nothing(application: models.Application) -> None:
    citizen = account()
    home = Client()
    sign_in(home, citizen, level="low")
    cabinet = reverse("diia_videoreception:cabinet")
    assert "Для Вас подали" not in Page(home.get(cabinet)).text
    with pytest.raises(errors.LevelTooLow):
        take_over(application.number, actor=signed_in(citizen, level="low"), now=NOW)


def test_what_is_no_number_of_theirs__is_refused_and_counted(
    application: models.Application, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "THROTTLE": {"take_over": "2/hour"}
    }
    actor = signed_in(account())
    for wrong in ("", "ВП-2026-999999-9"):
        with pytest.raises(errors.CaseNotOffered):
            take_over(wrong, actor=actor, now=NOW)
    with pytest.raises(errors.TooManyRequests):
        take_over(application.number, actor=actor, now=NOW)


def test_where_the_person_told_no_number__nothing_is_offered(
    application: models.Application,
) -> None:
    models.HelpedPerson.objects.update(claimed_hash="")
    with pytest.raises(errors.CaseNotOffered):
        take_over(application.number, actor=signed_in(account(identifier_hash="")), now=NOW)


# --- Not mine ----------------------------------------------------------------------------------


def test_who_says_that_it_is_not_theirs__is_offered_it_no_more_and_the_head_is_told(
    application: models.Application, world: CentreWorld
) -> None:
    citizen = account()
    home = Client()
    sign_in(home, citizen)
    here = reverse(OFFERED)
    key = str(world.centre.public_id)
    assert Page(home.get(here)).has(f"button[name=not_mine][value='{key}']")
    page = Page(home.post(here, {"not_mine": key}, follow=True)).text
    assert "Більше не пропонуємо" in page
    assert world.centre.name not in page
    assert "Для Вас подали" not in Page(home.get(reverse("diia_videoreception:cabinet"))).text
    record = models.JournalRecord.objects.get(act="centre.case_disowned")
    assert (record.subject_kind, record.subject_id) == ("centre", key)
    assert record.details == {"numbers": [application.number]}
    home.post(here, {"not_mine": key})
    assert models.JournalRecord.objects.filter(act="centre.case_disowned").count() == 1
    panel = reverse("diia_videoreception:centre_visits", args=[key])
    assert application.number in Page(world.proven_client("head").get(panel)).text
    assert application.number not in Page(world.proven_client("consultant").get(panel)).text
    application.refresh_from_db()
    assert application.citizen != citizen
    # For the same number in another account it stays as it was.
    assert models.DeclinedOffer.objects.get().citizen == citizen


@pytest.mark.parametrize("changes", [{"last_name": "Шевченко"}, {"identifier_hash": "f" * 64}])
def test_what_is_not_offered__cannot_be_disowned(
    application: models.Application, world: CentreWorld, changes: dict[str, str]
) -> None:
    who = signed_in(account(**changes))
    assert disown(world.centre.public_id, actor=who, now=NOW) == 0
    assert not models.DeclinedOffer.objects.exists()


def test_who_is_not_surely_known__disowns_nothing(
    application: models.Application, world: CentreWorld
) -> None:
    with pytest.raises(errors.LevelTooLow):
        disown(world.centre.public_id, actor=signed_in(account(), level="low"), now=NOW)
    assert not models.DeclinedOffer.objects.exists()


def test_guesses_at_centres__are_counted(
    application: models.Application, world: CentreWorld
) -> None:
    who = signed_in(account())
    models.RequestCounter.objects.all().delete()
    assert disown(world.foreign.public_id, actor=who, now=NOW) == 0
    assert models.RequestCounter.objects.exists()
