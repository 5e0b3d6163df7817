"""Whoever works for the agency knows a case by the number of its books too: letters tell both."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from diia_videoreception.models import AgencyNews, Application, Letter, Official
from diia_videoreception.services import letters
from diia_videoreception.services.letters.evenings import write_evenings
from diia_videoreception.services.letters.queueing_for_staff import (
    notify_of_case,
    notify_official,
    queue_agency_alarm,
    queue_digest,
)
from tests.factories import NOW
from tests.steps.letters import render

BOTH = "ВП-2026-000123-7 (номер установи: К-<17>)"
EVENING = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)


@pytest.fixture
def registered(application: Application, official: Official) -> Application:
    user = get_user_model().objects.create_user("receiver", email="receiver@agency.example")
    Official.objects.filter(pk=official.pk).update(user=user)
    Application.objects.update(registration_number="К-<17>")
    return Application.objects.get(pk=application.pk)


def news(application: Application) -> None:
    letters.notify_agency(application, AgencyNews.Kind.NEW, now=NOW)


def digest(application: Application) -> None:
    agency = application.official.agency
    AgencyNews.objects.create(
        application=application, kind=AgencyNews.Kind.NEW, agency=agency, created_at=NOW
    )
    queue_digest(agency, now=NOW)


def alarm(application: Application) -> None:
    queue_agency_alarm(agency=application.official.agency, applications=[application], now=NOW)


def case(application: Application) -> None:
    user = application.official.user
    assert user is not None
    notify_of_case(Letter.CaseNews.GIVEN, application, user, now=NOW)


def confirmed(application: Application) -> None:
    Application.objects.update(state="confirmed", decided_at=NOW)
    notify_official(Letter.Kind.OFFICIAL_CONFIRMED, application, now=NOW)


def evening(application: Application) -> None:
    Application.objects.update(state="confirmed", decided_at=NOW)
    write_evenings(now=EVENING)


@pytest.mark.parametrize("tell", [news, digest, alarm, case, confirmed, evening])
def test_letters_to_staff__tell_both_numbers(registered: Application, tell: Any) -> None:
    tell(registered)
    letter = Letter.objects.latest("pk")

    assert BOTH in render(letter).text
    assert "К-&lt;17&gt;" in render(letter).html
    Application.objects.update(registration_number="")
    without = render(letter).text
    assert "ВП-2026-000123-7" in without
    assert "номер установи" not in without
