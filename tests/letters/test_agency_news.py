"""Moderators are told of new and cancelled applications: at once, or once a day; never twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from diia_videoreception.models import Agency, AgencyNews, Application, Letter, Official
from diia_videoreception.services import letters
from diia_videoreception.services.booking import applications
from diia_videoreception.services.letters.digests import write_digests
from diia_videoreception.services.letters.rendering import NothingToSend
from tests.factories import NOW, ApplicationFactory, CitizenFactory, signed_in
from tests.harness.clock import START
from tests.steps.letters import render

News = AgencyNews.Kind
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
"""8:00 in Kyiv on the day after NOW."""


@pytest.fixture
def agency(official: Official) -> Agency:
    return official.agency


@pytest.fixture
def daily(agency: Agency) -> Agency:
    agency.notices = Agency.Notices.DAILY
    agency.save()
    return agency


def personal(application: Application) -> list[str]:
    citizen = application.citizen
    return [citizen.last_name, citizen.first_name, citizen.email, "671234567", application.topic]


def cancel(application: Application, now: datetime = NOW) -> None:
    applications.cancel(
        actor=signed_in(application.citizen), public_id=application.public_id, now=now
    )


def letters_to_agency(kind: str = "agency_news") -> list[Letter]:
    return list(Letter.objects.filter(kind=kind).order_by("pk"))


def test_a_new_application__is_told_without_anything_personal(
    application: Application, agency: Agency
) -> None:
    letters.notify_agency(application, News.NEW, now=NOW)

    (letter,) = letters_to_agency()
    rendered = render(letter)
    assert (letter.address, letter.application, letter.citizen) == (agency.email, None, None)
    assert rendered.subject == "Нова заявка № ВП-2026-000123-7"
    for text in (
        "Бажаний час: вівторок, 1 грудня 2026 року, 10:30 за київським часом",
        "Вирішити не пізніше ніж: понеділок, 30 листопада 2026 року, 10:30",
        f"http://testserver/admin/videoreception/applications/{application.public_id}/",
    ):
        assert text in rendered.text
    for private in personal(application):
        assert private not in rendered.text + rendered.html


def test_a_cancelled_one__likewise(application: Application) -> None:
    cancel(application)

    (letter,) = letters_to_agency()
    rendered = render(letter)
    assert rendered.subject == "Заявку № ВП-2026-000123-7 скасовано заявником"
    assert "Цей час знову вільний." in rendered.text
    for private in personal(application):
        assert private not in rendered.text + rendered.html


def test_cancelling_twice__tells_once(application: Application) -> None:
    cancel(application)
    cancel(application)

    assert len(letters_to_agency()) == 1


def test_news_that_are_none_any_more__are_not_sent(application: Application) -> None:
    letters.notify_agency(application, News.NEW, now=NOW)
    cancel(application)

    new, cancelled = letters_to_agency()
    with pytest.raises(NothingToSend):
        render(new)
    assert render(cancelled)


def test_without_an_address__nobody_is_told(
    application: Application, daily: Agency, settings: Any
) -> None:
    daily.email = ""
    daily.save()
    application.official.agency.email = ""

    letters.notify_agency(application, News.NEW, now=NOW)

    assert (letters_to_agency(), AgencyNews.objects.count()) == ([], 0)


def test_a_digest__comes_once_in_the_morning_with_everything(
    application: Application, daily: Agency
) -> None:
    other = ApplicationFactory(
        official=application.official, start=START + timedelta(days=1), citizen=CitizenFactory()
    )
    letters.notify_agency(application, News.NEW, now=NOW)
    letters.notify_agency(application, News.NEW, now=NOW)
    cancel(other)

    assert letters_to_agency() == []
    assert write_digests(now=MORNING - timedelta(seconds=1)) == 0
    assert write_digests(now=MORNING) == 1
    assert write_digests(now=MORNING + timedelta(days=1)) == 0

    (letter,) = letters_to_agency("agency_digest")
    rendered = render(letter)
    assert rendered.subject == "Заявки: нових 1, скасованих 1"
    assert rendered.text.count("ВП-2026-000123-7: вівторок, 1 грудня 2026 року, 10:30") == 1
    assert f"{other.number}: середа, 2 грудня 2026 року, 10:30" in rendered.text
    assert "http://testserver/admin/videoreception/applications/" in rendered.text
    for private in [*personal(application), *personal(other)]:
        assert private not in rendered.text + rendered.html


def test_what_happens_after_the_digest__waits_for_the_next(
    application: Application, daily: Agency
) -> None:
    letters.notify_agency(application, News.NEW, now=MORNING + timedelta(hours=1))

    assert write_digests(now=MORNING + timedelta(hours=2)) == 0
    assert write_digests(now=MORNING + timedelta(days=1)) == 1


def test_what_the_digest_would_tell_too_late__is_told_at_once(
    application: Application, daily: Agency
) -> None:
    cancel(application, now=START - timedelta(hours=1))

    assert (len(letters_to_agency()), AgencyNews.objects.count()) == (1, 0)


def test_an_agency_elsewhere__has_its_own_morning(application: Application, daily: Agency) -> None:
    daily.time_zone = "Europe/Warsaw"
    daily.save()
    application.official.agency.refresh_from_db()
    letters.notify_agency(application, News.NEW, now=NOW)

    assert write_digests(now=MORNING) == 0
    assert write_digests(now=MORNING + timedelta(hours=1)) == 1


def test_the_hour_of_the_digest__is_the_portals(
    application: Application, daily: Agency, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"DIGEST_HOUR": 0}
    midnight = MORNING - timedelta(hours=8)
    letters.notify_agency(application, News.NEW, now=midnight - timedelta(hours=1))

    assert write_digests(now=midnight - timedelta(seconds=1)) == 0
    assert write_digests(now=midnight) == 1


@pytest.mark.django_db(transaction=True)
def test_two_housekeepers__write_one_digest(
    application: Application, daily: Agency, at_once: Callable[..., list[object]]
) -> None:
    letters.notify_agency(application, News.NEW, now=NOW)

    outcomes = at_once(lambda _rival: write_digests(now=MORNING), range(3))

    assert sorted(str(one) for one in outcomes) == ["0", "0", "1"]
    assert len(letters_to_agency("agency_digest")) == 1
