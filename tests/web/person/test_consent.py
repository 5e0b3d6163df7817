"""The consent on the own phone: who gets the code, finds the number, signs in and agrees; and who does not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import errors, models
from diia_videoreception.personal_data import encrypt, lookup_hash
from diia_videoreception.rules.mandates import ConsentMethod, HelpScope
from diia_videoreception.services.assistance import mandates, person_view, visits
from diia_videoreception.services.assistance.person_view import LIVES
from tests.factories import CitizenFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import client_of
from tests.steps.centres import CentreWorld
from tests.steps.mandates import BOOKING, RNOKPP, asked, by, seal, visit_for
from tests.steps.people import sign_in
from tests.steps.visits import shown

pytestmark = pytest.mark.any_database


@pytest.fixture
def visit(world: CentreWorld) -> models.CentreVisit:
    visit = visit_for(world)
    asked(visit, world.administrator, by(ConsentMethod.EID_CONFIRMATION))
    return visit


@pytest.fixture
def view(world: CentreWorld, visit: models.CentreVisit) -> models.PersonView:
    return person_view.offer(shown(visit), staff=world.administrator, now=NOW)


def shevchuk(**changes: Any) -> models.Citizen:
    values = {
        "last_name": "ШЕВЧУК",
        "first_name": "Петро",
        "identifier_kind": "rnokpp",
        "identifier_hash": lookup_hash("rnokpp", RNOKPP),
    }
    return CitizenFactory(**(values | changes))


def url(name: str) -> str:
    return reverse(f"diia_videoreception:person_{name}")


def claimed(view: models.PersonView, client: Client | None = None) -> Client:
    """The phone that has the code of the screen."""
    phone = client or Client()
    answer = phone.post(url("join"), {"code": person_view.secret_of(view)})
    assert answer["Location"] == url("match")
    return phone


def matched(view: models.PersonView, citizen: models.Citizen | None = None) -> Client:
    phone = Client()
    if citizen is not None:
        sign_in(phone, citizen)
    claimed(view, phone)
    assert phone.post(url("match"), {"number": view.number})["Location"] == url("consent")
    return phone


def given() -> bool:
    return models.ConsentEvidence.objects.exists()


def test_the_person__reads_on_their_own_phone_and_agrees(
    world: CentreWorld, visit: models.CentreVisit, view: models.PersonView
) -> None:
    told = models.Mandate.objects.get().person
    citizen = shevchuk()
    phone = matched(view, citizen)
    page = Page(phone.get(url("consent")))
    assert "Я, Шевчук Петро Іванович, погоджуюся" in page.text
    assert phone.post(url("consent"), {"agree": "1"})["Location"] == url("done")
    assert world.centre.name in Page(phone.get(url("done"))).text

    mandate = models.Mandate.objects.get()
    assert (mandate.person, mandate.identity_source) == (citizen, "eid")
    assert mandate.level == "substantial"
    assert not models.Citizen.objects.filter(pk=told.pk).exists()
    record = models.JournalRecord.objects.get(act="mandate.given")
    assert (record.actor_kind, record.actor_id) == ("citizen", str(citizen.public_id))
    seal(visit, world.administrator)
    visit.refresh_from_db()
    assert mandates.require_scope(visit, HelpScope.BOOK_RECEPTION, now=NOW).person == citizen
    assert phone.post(url("consent"), {"agree": "1"}).status_code == 303
    assert models.ConsentEvidence.objects.count() == 1


def test_an_administrator__does_not_agree_to_their_own_help(
    world: CentreWorld, view: models.PersonView
) -> None:
    staff = world.administrator
    own = lookup_hash("staff_key", f"{staff.pk}\0rnokpp:{RNOKPP}")
    models.StaffKey.objects.create(user=staff, identifier_hash=own, label="АЦСК", bound_at=NOW)
    phone = matched(view, shevchuk(identifier_encrypted=encrypt(RNOKPP)))
    assert phone.post(url("consent"), {"agree": "1"}).status_code == 403
    assert not given()


def test_who_does_not_agree__is_not_asked_again(
    visit: models.CentreVisit, view: models.PersonView
) -> None:
    phone = matched(view, shevchuk())
    phone.post(url("consent"), {"refuse": "1"})
    mandate = models.Mandate.objects.get()
    assert (mandate.state, mandate.ended_by) == ("refused", "person")
    record = models.JournalRecord.objects.get(act="mandate.refused")
    assert record.actor_kind == "citizen"
    assert not given()


def test_the_screen_of_the_centre__shows_the_code_and_goes_on(
    world: CentreWorld, visit: models.CentreVisit
) -> None:
    desk = world.proven_client("administrator")
    args = [world.centre.public_id, visit.public_id]
    here = reverse("diia_videoreception:centre_consent", args=args)
    state = reverse("diia_videoreception:centre_consent_state", args=args)
    assert desk.get(state).json() == {"state": "gone"}
    desk.post(here, {"act": "show", "version": shown(visit).version})
    view = models.PersonView.objects.get()
    page = Page(desk.get(here))
    assert page.has(".vr-qr")
    assert str(view.number) in page.text
    phone = matched(view, shevchuk())
    assert desk.get(state).json() == {"state": "matched"}
    assert not Page(desk.get(here)).has(".vr-qr")
    phone.post(url("consent"), {"agree": "1"})
    assert "Людина погодилася" in Page(desk.get(here)).text


def test_who_is_not_signed_in__signs_in_first(view: models.PersonView) -> None:
    phone = matched(view)
    answer = phone.get(url("consent"))
    assert answer["Location"].startswith("/videoreception/sign-in/")
    assert phone.post(url("consent"), {"agree": "1"})["Location"].startswith(
        "/videoreception/sign-in/"
    )
    assert not given()


@pytest.mark.parametrize(
    "changes", [{"last_name": "Мельник"}, {"first_name": "Павло"}, {"identifier_hash": "f" * 64}]
)
def test_somebody_else__reads_and_confirms_nothing(
    view: models.PersonView, changes: dict[str, str]
) -> None:
    phone = matched(view, shevchuk(**changes))
    for answer in (phone.get(url("consent")), phone.post(url("consent"), {"agree": "1"})):
        assert answer.status_code == 403
        assert "погоджуюся" not in answer.content.decode()
    assert not given()


def test_a_browser_of_staff__confirms_nothing(world: CentreWorld, view: models.PersonView) -> None:
    secret = person_view.secret_of(view)
    staff = client_of(world.administrator)
    sign_in(staff, shevchuk())
    for name in ("join", "match", "consent", "done"):
        assert staff.get(url(name)).status_code == 403
    assert staff.post(url("join"), {"code": secret}).status_code == 403
    phone = matched(view, shevchuk(identifier_hash="0" * 64, identifier_kind="passport"))
    phone.force_login(world.administrator)
    assert phone.post(url("consent"), {"agree": "1"}).status_code == 403
    assert not given()


def test_the_code__goes_to_one_browser_once(view: models.PersonView) -> None:
    secret = person_view.secret_of(view)
    claimed(view)
    stranger = Client()
    assert stranger.post(url("join"), {"code": secret}).status_code == 422
    assert stranger.get(url("match")).status_code == 409
    view.refresh_from_db()
    assert view.secret_encrypted == ""


def test_a_wrong_number__ends_the_code_and_is_recorded(view: models.PersonView) -> None:
    phone = claimed(view)
    assert phone.post(url("match"), {"number": "1"}).status_code == 409
    assert phone.post(url("match"), {"number": view.number}).status_code == 409
    assert models.JournalRecord.objects.filter(act="visit.view_refused").count() == 1


def test_an_old_code__and_one_of_an_ended_visit_are_worth_nothing(
    world: CentreWorld, visit: models.CentreVisit, view: models.PersonView, time_machine: Any
) -> None:
    phone = matched(view, shevchuk())
    again = person_view.offer(shown(visit), staff=world.administrator, now=NOW)
    assert phone.post(url("consent"), {"agree": "1"}).status_code == 409
    with pytest.raises(errors.PersonViewGone):
        person_view.claim(person_view.secret_of(again), now=NOW + LIVES)
    visits.end(
        shown(visit),
        reason=models.CentreVisit.EndReason.LEFT,
        outcome=models.CentreVisit.Outcome.NOTHING,
        staff=world.administrator,
        now=NOW,
    )
    with pytest.raises(errors.PersonViewGone):
        person_view.claim(person_view.secret_of(again), now=NOW)


def test_what_is_asked_anew__is_not_agreed_to_by_the_page_of_before(
    world: CentreWorld, visit: models.CentreVisit, view: models.PersonView, time_machine: Any
) -> None:
    phone = matched(view, shevchuk())
    later = NOW + timedelta(minutes=1)
    time_machine.move_to(later, tick=False)
    consent = by(ConsentMethod.EID_CONFIRMATION, scopes=[HelpScope.BOOK_RECEPTION])
    mandates.ask(shown(visit), consent, staff=world.administrator, now=later)
    assert phone.post(url("consent"), {"agree": "1"}).status_code == 409
    assert not given()


def test_an_old_sign_in__is_given_anew(view: models.PersonView) -> None:
    phone = matched(view, shevchuk())
    models.CitizenSession.objects.update(auth_time=NOW - timedelta(hours=1))
    answer = phone.post(url("consent"), {"agree": "1"})
    assert answer["Location"].startswith("/videoreception/sign-in/")
    assert not given()


def test_who_declines__ends_the_code(view: models.PersonView) -> None:
    phone = matched(view, shevchuk())
    phone.post(url("consent"), {"refuse": "1"})
    assert phone.get(url("consent")).status_code == 409
    assert not given()


def test_no_code__is_offered_for_another_way(world: CentreWorld, visit: models.CentreVisit) -> None:
    mandates.ask(shown(visit), BOOKING, staff=world.administrator, now=NOW)
    with pytest.raises(errors.WrongState):
        person_view.offer(shown(visit), staff=world.administrator, now=NOW)
