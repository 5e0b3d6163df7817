"""Taking a consent back: from everywhere, at once, told to the phone on it."""

import json
from pathlib import Path
from typing import Any

import pytest

from diia_videoreception import errors, models
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.rules.mandates import ConsentMethod, HelpScope, MandateTerm
from diia_videoreception.selectors.assistance.mandates import mandates_of
from diia_videoreception.services.assistance import mandates, revoking
from diia_videoreception.services.centres import people
from diia_videoreception.services.letters.delivery import deliver_texts
from tests.factories import CitizenFactory, signed_in
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld
from tests.steps.mandates import (
    PHONE,
    RNOKPP,
    asked,
    by,
    may_act,
    sealed,
    takes_texts,
    visit_for,
)
from tests.steps.second_factor import with_app
from tests.steps.visits import shown

pytestmark = pytest.mark.any_database


@pytest.fixture
def staff(world: CentreWorld) -> Any:
    with_app(world.administrator)
    return may_act(world.administrator)


@pytest.fixture
def visit(world: CentreWorld, staff: Any, settings: Any, tmp_path: Path) -> models.CentreVisit:
    takes_texts(settings, tmp_path)
    return visit_for(world)


@pytest.fixture
def mandate(visit: models.CentreVisit, staff: Any) -> models.Mandate:
    found = sealed(visit, staff, consent=by(ConsentMethod.SMS_CODE, term=MandateTerm.DAYS_30))
    models.Letter.objects.all().delete()
    return found


def owner(**values: Any) -> models.Citizen:
    """Who signs in with the number that was told at the centre."""
    hashed = lookup_hash("rnokpp", RNOKPP)
    return CitizenFactory(identifier_kind="rnokpp", identifier_hash=hashed, **values)


def test_the_next_act__stops_and_the_phone_is_told(
    visit: models.CentreVisit, staff: Any, mandate: models.Mandate, tmp_path: Path
) -> None:
    visit.refresh_from_db()
    mandates.require_scope(visit, HelpScope.BOOK_RECEPTION, now=NOW)
    revoking.revoke_in_visit(shown(visit), staff=staff, now=NOW)
    with pytest.raises(errors.MandateEnded) as refusal:
        mandates.require_scope(visit, HelpScope.BOOK_RECEPTION, now=NOW)
    assert refusal.value.status == 409
    assert deliver_texts(now=NOW) == 1
    told = [json.loads(file.read_text()) for file in (tmp_path / "sms").iterdir()]
    assert {one["phone"] for one in told} == {PHONE}
    assert any(f"Вашу згоду {mandate.reference} відкликано" in one["text"] for one in told)
    with pytest.raises(errors.WrongState):
        revoking.revoke_in_visit(shown(visit), staff=staff, now=NOW)
    found = models.JournalRecord.objects.filter(act="mandate.revoked")
    assert [record.details["by"] for record in found] == ["person"]


def test_who_may_not_act_any_more__still_takes_it_back(
    world: CentreWorld, visit: models.CentreVisit, staff: Any, mandate: models.Mandate
) -> None:
    people.block(
        world.centre.public_id, world.member.public_id, reason="Так.", staff=world.head, now=NOW
    )
    revoking.revoke_in_visit(shown(visit), staff=staff, now=NOW)


def at_centre(
    centre: models.Centre, staff: Any, mandate: models.Mandate, **how: Any
) -> models.Mandate:
    values = {"reference": mandate.reference, "last_name": "ШЕВЧУК", "by_phone": False} | how
    reference, name = values.pop("reference"), values.pop("last_name")
    return revoking.revoke_at_centre(
        centre.public_id, reference, name, staff=staff, now=NOW, **values
    )


@pytest.mark.parametrize(
    ("who", "by_phone", "ended_by"),
    [
        ("consultant", False, "person"),
        ("consultant", True, "phone"),
        ("foreign_head", False, "other_centre"),
    ],
)
def test_any_centre__takes_it_back(
    world: CentreWorld, mandate: models.Mandate, who: str, by_phone: bool, ended_by: str
) -> None:
    centre = world.foreign if who == "foreign_head" else world.centre
    found = at_centre(centre, getattr(world, who), mandate, by_phone=by_phone)
    assert (found.state, found.ended_by) == ("revoked", ended_by)


@pytest.mark.parametrize(
    "wrong", [{"last_name": "Мельник"}, {"last_name": ""}, {"reference": "?"}, {"by_phone": True}]
)
def test_what_is_told_wrong__has_one_answer(
    world: CentreWorld, mandate: models.Mandate, wrong: dict[str, Any]
) -> None:
    with pytest.raises(errors.MandateUnknown):
        at_centre(world.foreign, world.foreign_head, mandate, **wrong)


def test_a_guesser__is_slowed_down(
    world: CentreWorld, mandate: models.Mandate, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "THROTTLE": {"mandate_search": "1/min"}
    }
    with pytest.raises(errors.MandateUnknown):
        at_centre(world.foreign, world.foreign_head, mandate, last_name="А")
    with pytest.raises(errors.TooManyRequests):
        at_centre(world.foreign, world.foreign_head, mandate)


def test_in_the_account__the_owner_of_the_number_takes_it_back(mandate: models.Mandate) -> None:
    citizen = owner()
    assert list(mandates_of(citizen)) == [mandate]
    for _ in range(2):
        revoking.revoke_in_account(mandate.public_id, actor=signed_in(citizen), now=NOW)
    mandate.refresh_from_db()
    assert (mandate.state, mandate.ended_by) == ("revoked", "cabinet")
    record = models.JournalRecord.objects.get(act="mandate.revoked")
    assert record.actor_id == str(citizen.public_id)


def test_in_the_account_of_somebody_else__it_is_not_there(
    world: CentreWorld, staff: Any, mandate: models.Mandate
) -> None:
    somebody = CitizenFactory()
    assert not mandates_of(somebody).exists()
    with pytest.raises(errors.NotFound):
        revoking.revoke_in_account(mandate.public_id, actor=signed_in(somebody), now=NOW)


def test_what_was_never_in_force__is_in_no_account(visit: models.CentreVisit, staff: Any) -> None:
    waiting = asked(visit, staff)
    citizen = owner()
    assert not mandates_of(citizen).exists()
    with pytest.raises(errors.NotFound):
        revoking.revoke_in_account(waiting.public_id, actor=signed_in(citizen), now=NOW)
