"""The terms a citizen books under: editions, several services, a pause (A-20)."""

from datetime import datetime, timedelta

import pytest

from diia_videoreception import errors
from diia_videoreception.models import ConsentText, Official
from diia_videoreception.selectors.accounts.consents import terms_of
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.accounts import consents
from diia_videoreception.services.booking import holds
from integrations.common.levels import Level
from tests.factories import CitizenFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW


def publish(terms: str, *, service: str = "one", paused: bool = False) -> ConsentText:
    return consents.publish_service(
        key=service, language="uk", terms=terms, is_paused=paused, paused_until=None, now=NOW
    )


@pytest.fixture
def person(db: None) -> SignedIn:
    citizen = CitizenFactory()
    return SignedIn(citizen=citizen, level=Level.SUBSTANTIAL, method="bankid", auth_time=NOW)


def reserve(person: SignedIn, official: Official, start: datetime) -> str:
    try:
        holds.reserve(
            actor=person,
            official_id=official.pk,
            start=start,
            captcha=solved_captcha(),
            now=NOW,
        )
    except errors.ActRefused as refusal:
        return refusal.code
    return "held"


def test_a_new_edition__asks_for_a_new_consent(
    person: SignedIn, official: Official, slot_start: datetime
) -> None:
    first = publish("перша редакція")
    assert publish("перша редакція") == first
    assert reserve(person, official, slot_start) == "consent_required"
    consents.accept(citizen=person.citizen, text_id=first.pk, now=NOW)
    second = publish("друга редакція")
    assert (second.version, terms_of(person.citizen).consent) == (2, None)
    with pytest.raises(errors.NotFound):
        consents.accept(citizen=person.citizen, text_id=first.pk, now=NOW)
    assert reserve(person, official, slot_start) == "consent_required"
    consents.accept(citizen=person.citizen, text_id=second.pk, now=NOW)
    assert reserve(person, official, slot_start) == "held"


def test_agreeing_twice__keeps_the_first_moment(person: SignedIn) -> None:
    text = publish("умови")
    for minutes in (0, 5):
        consents.accept(
            citizen=person.citizen, text_id=text.pk, now=NOW + timedelta(minutes=minutes)
        )
    consent = terms_of(person.citizen).consent
    assert consent is not None
    assert consent.accepted_at == NOW


def test_a_pause__stops_booking_under_its_terms_only(
    person: SignedIn, official: Official, slot_start: datetime
) -> None:
    one, two = publish("одне"), publish("друге", service="two")
    for text in (one, two):
        consents.accept(citizen=person.citizen, text_id=text.pk, now=NOW)
    publish("друге", service="two", paused=True)
    consent = terms_of(person.citizen).consent
    assert consent is not None
    assert consent.text == one
    publish("одне", paused=True)
    assert reserve(person, official, slot_start) == "service_paused"
    publish("друге", service="two")
    assert reserve(person, official, slot_start) == "held"
