"""A citizen at the form of an application: holding a time, writing a draft, looking at what is filed."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from diia_videoreception.models import (
    Application,
    Citizen,
    CitizenSession,
    Draft,
    Occupancy,
    Official,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import drafts, holds
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.factories import NOW, ApplicationFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.harness.html import Page
from tests.steps import people

ANSWERS = {
    "topic": "Прошу роз’яснити, чому припинили компенсацію.",
    "phone": "067 123 45 67",
    "prior_number": "",
    "companion": "",
}


def url(name: str, *args: object) -> str:
    return reverse(f"diia_videoreception:{name}", args=args)


def sign_in_for_long(client: Client, citizen: Citizen) -> Client:
    """Signs the citizen in for longer than any test moves the clock."""
    people.sign_in(client, citizen)
    long = NOW + timedelta(days=30)
    CitizenSession.objects.filter(citizen=citizen).update(idle_deadline=long, deadline=long)
    return client


def filed(person: SignedIn, **how: Any) -> Application:
    """An application of the person."""
    consent = person.citizen.consents.get()
    return ApplicationFactory(citizen=person.citizen, consent=consent, **how)


def hold_time(person: SignedIn, official: Official, start: datetime = START) -> Occupancy:
    return holds.reserve(
        actor=person, official_id=official.pk, start=start, captcha=solved_captcha(), now=NOW
    )


def write_draft(person: SignedIn, *, by_program: bool = False, **changes: Any) -> Draft:
    answers = {"topic": ANSWERS["topic"], "phone": ANSWERS["phone"]} | changes
    return drafts.save_answers(
        citizen=person.citizen, answers=DraftAnswers(**answers), by_program=by_program, now=NOW
    )


def checked(client: Client) -> dict[str, str]:
    """What the page of the check sends to file what it shows."""
    page = Page(client.get(url("check")))
    return page.form(url("submit")).hidden() | {"altcha": solved_captcha()}
