"""An application that a centre types for a person: by their consent alone, and by their own word."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from diia_videoreception import errors, models
from diia_videoreception.rules.mandates import IdentitySource, MandateState
from diia_videoreception.services.assistance import revoking, typing, visits
from diia_videoreception.services.assistance.mandate_ends import EndedBy, end
from diia_videoreception.services.booking import holds, moderation
from diia_videoreception.services.letters.delivery import deliver_urgent
from diia_videoreception.services.letters.rendering.render import render_letter
from tests.factories import CitizenFactory, ConsentTextFactory, ScheduleRuleFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps.centres import CentreWorld, accredited, decided
from tests.steps.corrections import correct
from tests.steps.mandates import (
    PHONE,
    SHEVCHUK,
    asked,
    may_act,
    sealed,
    takes_texts,
    visit_for,
)
from tests.steps.people import sign_in
from tests.steps.second_factor import with_app
from tests.steps.typing import (
    ANSWERS,
    TOPIC,
    asked_to_confirm,
    confirmed,
    filed_for,
    held,
    typed,
)
from tests.steps.visits import shown

pytestmark = pytest.mark.any_database
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def staff(world: CentreWorld) -> Any:
    with_app(world.administrator)
    return may_act(world.administrator)


@pytest.fixture
def official(db: None) -> models.Official:
    ConsentTextFactory()
    return ScheduleRuleFactory().official


@pytest.fixture
def visit(world: CentreWorld, staff: Any, settings: Any, tmp_path: Path) -> models.CentreVisit:
    """A visit of a person who has agreed that the centre books for them."""
    takes_texts(settings, tmp_path)
    found = visit_for(world)
    sealed(found, staff)
    return found


def revoke(visit: models.CentreVisit) -> None:
    visit.refresh_from_db()
    assert visit.mandate
    end(visit.mandate, MandateState.REVOKED, EndedBy.PERSON, now=NOW)


def test_what_is_typed_and_confirmed__is_filed_with_who_typed_and_how_it_was_confirmed(
    visit: models.CentreVisit, staff: Any, official: models.Official, world: CentreWorld
) -> None:
    application = filed_for(visit, staff, official)
    visit.refresh_from_db()
    assert (application.channel, application.centre) == ("intermediary", world.centre)
    assert (application.mandate, application.entered_by) == (visit.mandate, world.member)
    assert (application.confirmed_at, application.confirmed_with) == (NOW, "sms_code")
    assert {"topic", "time"} <= application.entered.keys()
    assert application.entered["topic"]["by"] == str(world.member.public_id)
    assert (application.topic, application.start) == (TOPIC, START)
    assert application.level == "substantial"
    assert application.citizen.consents.count() == 1
    assert visit.phase == "close"
    assert not models.Draft.objects.exists()
    record = models.JournalRecord.objects.get(act="application.submit")
    assert record.actor_id == str(application.citizen.public_id)
    assert record.details["entered_by"] == str(world.member.public_id)
    assert "Шевчук" not in str(list(models.JournalRecord.objects.values("details")))


def test_nothing_is_typed__without_a_consent_in_force(
    world: CentreWorld, staff: Any, settings: Any, tmp_path: Path, official: models.Official
) -> None:
    takes_texts(settings, tmp_path)
    visit = visit_for(world)
    with pytest.raises(errors.NoMandate):
        typed(visit, staff)
    asked(visit, staff)
    with pytest.raises(errors.NoMandate):
        typed(visit, staff)
    assert not models.Draft.objects.exists()


def test_a_consent_that_is_revoked__stops_the_next_write_and_keeps_what_was_typed(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    typed(visit, staff)
    held(visit, staff, official)
    code = asked_to_confirm(visit, staff)
    revoke(visit)
    for act in (
        lambda: typed(visit, staff, replace(ANSWERS, topic="Інше")),
        lambda: held(visit, staff, official, START + timedelta(hours=1)),
        lambda: asked_to_confirm(visit, staff, now=LATER),
        lambda: confirmed(visit, staff, code),
    ):
        with pytest.raises(errors.MandateEnded) as refusal:
            act()
        assert refusal.value.status == 409
    assert models.Draft.objects.get().topic == TOPIC
    assert not models.Application.objects.exists()


def test_the_code__goes_to_the_phone_of_the_consent_and_names_the_centre(
    visit: models.CentreVisit, staff: Any, official: models.Official, tmp_path: Path
) -> None:
    typed(visit, staff, replace(ANSWERS, phone="067 765 43 21"))
    held(visit, staff, official)
    code = asked_to_confirm(visit, staff)
    letter = models.Letter.objects.get(kind="typed_code")
    assert letter.phone == PHONE
    assert code not in str(vars(letter))
    deliver_urgent(now=NOW)
    text = "".join(file.read_text() for file in (tmp_path / "sms").iterdir())
    assert code in text


@pytest.mark.parametrize("code", ["", "12345", "000000"])
def test_without_the_code_of_the_person__nothing_is_filed(
    visit: models.CentreVisit, staff: Any, official: models.Official, code: str
) -> None:
    typed(visit, staff)
    held(visit, staff, official)
    with pytest.raises(errors.WrongState):
        confirmed(visit, staff, code)
    right = asked_to_confirm(visit, staff)
    if right != code:
        with pytest.raises(errors.CodeWrong):
            confirmed(visit, staff, code)
    assert not models.Application.objects.exists()


def test_what_was_typed__is_not_there_for_who_only_says_the_same_name(
    world: CentreWorld, visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    typed(visit, staff)
    second = visit_for(world)
    said = replace(SHEVCHUK, source=IdentitySource.DECLARED, document_kind=None, document_number="")
    sealed(second, staff, said=said)
    with pytest.raises(errors.Incomplete):
        held(second, staff, official)


def test_a_revoked_consent__frees_the_time_that_was_held_under_it(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    typed(visit, staff)
    held(visit, staff, official)
    revoking.revoke_in_visit(shown(visit), staff=staff, now=LATER)
    assert not models.Occupancy.objects.exists()
    assert models.HoldUse.objects.get().outcome == models.HoldUse.Outcome.RELEASED


def test_a_question__is_corrected_as_often_as_needed(visit: models.CentreVisit, staff: Any) -> None:
    for number in range(8):
        typed(visit, staff, replace(ANSWERS, topic=f"{number} питання, написане інакше {number}."))
    draft = models.Draft.objects.get()
    assert draft.topic.startswith("7")
    assert draft.other_texts == {}


def test_for_who_has_an_account__nothing_is_typed(visit: models.CentreVisit, staff: Any) -> None:
    models.Mandate.objects.update(person=CitizenFactory())
    with pytest.raises(errors.PersonHasAccount):
        typed(visit, staff)


def test_what_is_changed_after_the_code__has_to_be_confirmed_anew(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    typed(visit, staff)
    held(visit, staff, official)
    code = asked_to_confirm(visit, staff)
    typed(visit, staff, replace(ANSWERS, topic="Зовсім інше питання."))
    with pytest.raises(errors.TypedChanged):
        confirmed(visit, staff, code)
    code = asked_to_confirm(visit, staff, now=LATER)
    held(visit, staff, official, START + timedelta(minutes=30))
    with pytest.raises(errors.TypedChanged):
        confirmed(visit, staff, code, now=LATER)
    assert not models.Application.objects.exists()


def test_a_code_that_was_given__files_once(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    typed(visit, staff)
    held(visit, staff, official)
    code = asked_to_confirm(visit, staff)
    confirmed(visit, staff, code)
    with pytest.raises(errors.WrongState):
        confirmed(visit, staff, code)
    assert models.Application.objects.count() == 1


def test_a_centre__has_the_rules_of_everybody(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    with pytest.raises(errors.Incomplete):
        held(visit, staff, official)
    typed(visit, staff)
    with pytest.raises(errors.TooEarly):
        held(visit, staff, official, START - timedelta(days=7))
    holds.reserve(
        actor=signed_in(CitizenFactory()),
        official_id=official.pk,
        start=START,
        captcha=solved_captcha(),
        now=NOW,
    )
    with pytest.raises(errors.SlotTaken):
        held(visit, staff, official)
    hold = held(visit, staff, official, START + timedelta(minutes=30))
    assert hold.expires_at == NOW + timedelta(minutes=15)
    code = asked_to_confirm(visit, staff)
    models.Occupancy.objects.filter(pk=hold.pk).update(expires_at=LATER)
    with pytest.raises(errors.HoldExpired):
        confirmed(visit, staff, code, now=LATER)


def test_who_only_says_who_they_are__is_not_known_well_enough_for_every_agency(
    world: CentreWorld, staff: Any, settings: Any, tmp_path: Path, official: models.Official
) -> None:
    takes_texts(settings, tmp_path)
    models.Agency.objects.update(minimum_level="substantial")
    visit = visit_for(world)
    said = replace(SHEVCHUK, source=IdentitySource.DECLARED, document_kind=None, document_number="")
    sealed(visit, staff, said=said)
    typed(visit, staff)
    with pytest.raises(errors.LevelTooLow):
        held(visit, staff, official)


def test_another_centre__does_not_find_what_was_typed(
    visit: models.CentreVisit, staff: Any, world: CentreWorld, official: models.Official
) -> None:
    typed(visit, staff)
    with pytest.raises(errors.NotFound):
        typed(visit, may_act(world.foreign_head))
    rival = world.foreign_head
    with_app(rival)
    member_there = models.CentreMember.objects.get(user=rival)
    models.CentreMember.objects.filter(pk=member_there.pk).update(role="administrator")
    decided(world.foreign)
    accredited(rival, world.foreign)
    theirs = visits.begin(world.foreign.public_id, staff=may_act(rival), now=NOW)
    models.CentreVisit.objects.filter(pk=theirs.pk).update(
        phase="work", mode="on_behalf", reason="no_eid"
    )
    sealed(theirs, may_act(rival))
    row = typing.write(shown(theirs), replace(ANSWERS, topic=""), staff=may_act(rival), now=NOW)
    assert row.draft.topic == ""
    assert [draft.topic for draft in models.Draft.objects.order_by("pk")] == [TOPIC, ""]


def test_the_database__holds_nothing_on_behalf_without_consent_and_word(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    application = filed_for(visit, staff, official)
    found = models.Application.objects.filter(pk=application.pk)
    for without in (
        {"mandate": None},
        {"entered_by": None},
        {"confirmed_at": None},
        {"confirmed_with": ""},
        {"centre": None},
        {"channel": "web"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(**without)


def test_who_helped__is_named_in_letters_and_decides_nothing(
    visit: models.CentreVisit, staff: Any, official: models.Official, world: CentreWorld
) -> None:
    application = filed_for(visit, staff, official)
    letter = models.Letter.objects.get(kind="receipt")
    with override("uk"):
        told = str(render_letter(letter, for_sending=False, now=NOW).blocks)
    assert world.administrator.get_full_name() in told
    assert world.centre.name in told
    assert world.centre.phone in told
    models.AgencyModerator.objects.create(agency=application.agency, user=staff)
    with pytest.raises(errors.HelpedYourself):
        moderation.accept_for_review(
            moderator=staff, public_id=application.public_id, version=application.version, now=NOW
        )


def test_who_typed_and_who_confirmed__is_told_for_each_answer_to_the_person_and_to_the_agency(
    visit: models.CentreVisit, staff: Any, official: models.Official, world: CentreWorld
) -> None:
    application = filed_for(visit, staff, official)
    for name in ("name", "phone", "topic", "time"):
        said = application.entered[name]
        assert said["by"] == str(world.member.public_id)
        assert (said["confirmed_with"], said["confirmed_at"]) == ("sms_code", NOW.isoformat())
    citizen = Client()
    sign_in(citizen, application.citizen)
    case = reverse("diia_videoreception:case", args=[application.public_id])
    name = world.administrator.get_full_name()
    text = Page(citizen.get(case)).text
    assert f"Короткий зміст питання: заповнив(ла) адміністратор {name}" in text
    assert "Усе підтвердили Ви кодом із SMS" in text
    correct(application, topic="Моїми словами.")
    text = Page(citizen.get(case)).text
    assert "Короткий зміст питання: заповнили Ви" in text
    assert f"Контактний телефон: заповнив(ла) адміністратор {name}" in text
    application = models.Application.objects.get()
    template = "diia_videoreception/includes/helped.html"
    told = Page(render_to_string(template, {"application": application})).text
    assert "Усе підтвердив(ла) заявник(ця) кодом із SMS" in told
    assert "Короткий зміст питання: заповнив(ла) заявник(ця)" in told


def test_codes__are_sent_a_minute_apart_thrice_more_and_to_a_phone_alone(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    typed(visit, staff)
    held(visit, staff, official)
    asked_to_confirm(visit, staff)
    with pytest.raises(errors.TooManyRequests):
        asked_to_confirm(visit, staff, now=NOW + timedelta(seconds=59))
    for minutes in (1, 2, 3):
        asked_to_confirm(visit, staff, now=NOW + timedelta(minutes=minutes))
    with pytest.raises(errors.TooManyCodes):
        asked_to_confirm(visit, staff, now=NOW + timedelta(minutes=4))
    models.Mandate.objects.update(phone="")
    with pytest.raises(errors.NoTextMessages):
        asked_to_confirm(visit, staff, now=NOW + timedelta(minutes=5))
