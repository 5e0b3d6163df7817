"""Erasing at the person's request: not before its day, not what is to come, and then for good."""

from datetime import datetime, timedelta

import pytest
from django.apps import apps

from diia_videoreception import errors
from diia_videoreception.models import (
    Application,
    Citizen,
    Clarification,
    JournalRecord,
    Letter,
    SignInCredential,
)
from diia_videoreception.selectors.accounts.sessions import live_session
from diia_videoreception.services.accounts.citizens import get_or_create_citizen
from diia_videoreception.services.booking import holds
from diia_videoreception.services.booking.erasing import (
    ask_to_erase,
    erase_due,
    take_erasure_back,
)
from tests.factories import NOW, ApplicationFactory, CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.steps.people import start_session
from tests.steps.portal import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen"), pytest.mark.any_database]

DUE = NOW + timedelta(days=14)
WORDS = ("Незвичайне", "Запитанченко", "zvidky@example.com", "+380501112233")


@pytest.fixture
def citizen(db: None) -> Citizen:
    return CitizenFactory(last_name=WORDS[1], email=WORDS[2], phone=WORDS[3])


def closed(citizen: Citizen, *, days: int | None = 30) -> Application:
    case = ApplicationFactory(
        citizen=citizen, state="cancelled", decided_at=NOW, topic=WORDS[0], phone=WORDS[3]
    )
    case.agency.document_days = days
    case.agency.save()
    Clarification.objects.create(
        application=case, question="?", answer=WORDS[0], outcome="answered",
        asked_at=NOW, deadline=NOW, ended_at=NOW,
    )  # fmt: skip
    Letter.objects.create(
        citizen=citizen, application=case, kind="receipt", address=WORDS[2], message_id="<1>",
        state="sent", created_at=NOW,
    )  # fmt: skip
    return case


def left(*words: str) -> list[str]:
    """Where any of these words stands in a table of the product."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_app_config("diia_videoreception").get_models()
        for row in model._base_manager.values()
        for field in model._meta.concrete_fields
        if any(word.casefold() in str(row[field.attname]).casefold() for word in words)
    ]


def asked(citizen: Citizen) -> None:
    ask_to_erase(actor=signed_in(citizen), now=NOW)


def run(now: datetime) -> int:
    return erase_due(now=now)


def test_an_account_without_cases__is_nobodys_from_its_day_on(citizen: Citizen) -> None:
    session = start_session(citizen, now=NOW)
    SignInCredential.objects.create(
        citizen=citizen, provider="kep", kind="key", fingerprint_hash="f" * 64,
        label="x", level="high", bound_at=NOW,
    )  # fmt: skip
    asked(citizen)
    assert run(DUE - timedelta(seconds=1)) == 0
    assert run(DUE) == 1
    assert run(DUE) == 0
    gone = Citizen.objects.get(pk=citizen.pk)
    assert (gone.identifier_kind, gone.full_name, gone.erased_at) == ("erased", "", DUE)
    assert not SignInCredential.objects.exists()
    assert live_session(session.key, now=DUE) is None
    late = start_session(gone, now=DUE)
    assert live_session(late.key, now=DUE) is None, "one that was begun meanwhile"
    assert left(*WORDS, citizen.identifier) == []
    record = JournalRecord.objects.get(act="citizen.erased")
    assert (record.subject_id, record.details) == (str(citizen.public_id), {"kept": 0})


def test_who_comes_back__gets_an_account_of_their_own() -> None:
    identity = person(NOW)
    first = get_or_create_citizen(identity, now=NOW)
    asked(first)
    run(DUE)
    second = get_or_create_citizen(identity, now=DUE)
    assert second.pk != first.pk
    assert second.erasure_due is None


def test_what_an_agency_keeps__stays_with_the_name_until_its_time_is_over(
    citizen: Citizen,
) -> None:
    case = closed(citizen)
    asked(citizen)
    run(DUE)
    case.refresh_from_db()
    assert case.topic == WORDS[0]
    assert Citizen.objects.get(pk=citizen.pk).last_name == WORDS[1]
    assert left(WORDS[2]) == [], "where letters went is not kept"
    over = case.end + timedelta(days=30)
    assert run(over) == 0
    assert run(over + timedelta(seconds=1)) == 1
    assert run(over + timedelta(seconds=1)) == 0
    assert left(*WORDS) == []
    case.refresh_from_db()
    assert (case.state, case.topic) == ("cancelled", "")
    assert JournalRecord.objects.filter(act="application.erased").count() == 1


def test_an_agency_without_a_time_of_keeping__keeps(citizen: Citizen) -> None:
    case = closed(citizen, days=None)
    asked(citizen)
    run(DUE)
    run(DUE + timedelta(days=10_000))
    case.refresh_from_db()
    assert case.topic == WORDS[0]


def test_what_has_come_meanwhile__is_waited_for(citizen: Citizen) -> None:
    asked(citizen)
    case = ApplicationFactory(citizen=citizen)
    assert run(DUE) == 0
    case.state, case.decided_at = "cancelled", DUE
    case.save()
    assert run(DUE) == 1


def test_taken_back__nothing_goes(citizen: Citizen) -> None:
    asked(citizen)
    take_erasure_back(actor=signed_in(citizen), now=NOW)
    assert run(DUE) == 0


def test_nothing_new__is_begun_meanwhile(citizen: Citizen) -> None:
    official = ScheduleRuleFactory().official
    asked(citizen)
    with pytest.raises(errors.ErasureAsked):
        holds.reserve(
            actor=signed_in(citizen), official_id=official.pk, start=START,
            captcha=solved_captcha(), now=NOW,
        )  # fmt: skip
