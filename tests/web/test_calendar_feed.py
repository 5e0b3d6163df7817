"""Calendars behind a secret address: what they tell, to whom, for how long."""

import base64
import hashlib
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import vobject
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diia_videoreception.errors import Forbidden
from diia_videoreception.models import (
    AgencyModerator,
    Application,
    CalendarFeed,
    Citizen,
    JournalRecord,
    Official,
    OfficialSubstitute,
    Reception,
)
from diia_videoreception.services.accounts.calendar_feeds import (
    end_feed,
    end_staff_feed,
    make_feed,
    make_staff_feed,
)
from diia_videoreception.services.housekeeping.cleaning import clean
from tests.factories import ApplicationFactory, CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.clock import NOW, START
from tests.steps.moderation import decide, moderator_of
from tests.steps.officials import user
from tests.steps.second_factor import with_app

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database,
    pytest.mark.usefixtures("frozen"),
]

DAY = timedelta(days=1)
Audience = CalendarFeed.Audience


@pytest.fixture
def official() -> Official:
    return ScheduleRuleFactory(
        official__unit__agency__short_name="Мінсоцполітики", official__user=user("receiver")
    ).official


@pytest.fixture
def reception(official: Official) -> Application:
    application = ApplicationFactory(
        number="ВП-2026-000123-7",
        official=official,
        start=START,
        state="confirmed",
        decided_at=NOW,
    )
    Reception.objects.create(
        application=application,
        conference="default",
        login="vp-a2b3c4d5",
        password_encrypted="",
        confirmed_at=NOW,
    )
    return application


def path_of(secret: str) -> str:
    return f"/videoreception/calendar/{secret}.ics"


def entries(client: Client, secret: str) -> list[tuple[str, str]]:
    """Number and time of each entry, read by another library than ours."""
    read = vobject.readOne(client.get(path_of(secret)).content.decode())
    return [
        (event.summary.value, f"{event.dtstart.value.astimezone(vobject.icalendar.utc):%d %H:%M}")
        for event in read.contents.get("vevent", [])
    ]


def of_citizen(reception: Application) -> str:
    return make_feed(actor=signed_in(reception.citizen), now=NOW)


def of_official(reception: Application) -> str:
    official = reception.official
    official.agency.official_feeds = True
    official.agency.save()
    return make_staff_feed(user=official.user, audience=Audience.OFFICIAL, now=NOW)


def of_moderator(reception: Application) -> str:
    moderator = moderator_of(reception.official.agency)
    return make_staff_feed(user=moderator, audience=Audience.MODERATOR, now=NOW)


ALL = pytest.mark.parametrize("make", [of_citizen, of_official, of_moderator])
Make = Callable[[Application], str]


@ALL
def test_feed__tells_number_time_agency_and_a_link_and_nothing_personal(
    client: Client, reception: Application, make: Make
) -> None:
    answer = client.get(path_of(make(reception)))
    assert (answer.status_code, answer["Content-Type"]) == (
        200,
        "text/calendar; charset=utf-8; method=PUBLISH",
    )
    text = answer.content.decode().replace("\r\n ", "")
    read = vobject.readOne(answer.content.decode())
    event = read.vevent
    assert event.summary.value == "Відеоприйом ВП-2026-000123-7"
    assert event.location.value == "Мінсоцполітики"
    assert "DTSTART;TZID=Europe/Kyiv:20261201T103000" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert Client().get(event.url.value.removeprefix("http://testserver")).status_code in (302, 303)
    citizen, official = reception.citizen, reception.official
    for private in (
        citizen.last_name, citizen.first_name, citizen.email, reception.phone, "671234567",
        reception.topic, official.last_name, official.first_name, "vp-a2b3c4d5", "ATTENDEE", "ORGANIZER",
    ):  # fmt: skip
        assert private not in text


@ALL
def test_feed__follows_moves_and_cancellations(
    client: Client, reception: Application, make: Make
) -> None:
    secret = make(reception)
    assert entries(client, secret) == [("Відеоприйом ВП-2026-000123-7", "01 08:30")]
    moderator = moderator_of(reception.official.agency, name="another")
    fresh = Application.objects.get(pk=reception.pk)
    moved = decide("confirm_other_time", fresh, moderator, start=START + DAY)
    assert entries(client, secret) == [("Відеоприйом ВП-2026-000123-7", "02 08:30")]
    Application.objects.filter(pk=moved.pk).update(state="cancelled")
    assert entries(client, secret) == []
    assert b"BEGIN:VTIMEZONE" in client.get(path_of(secret)).content


def test_feed__shows_the_own_receptions_only(
    client: Client, reception: Application, official: Official
) -> None:
    ApplicationFactory(official=official, citizen=reception.citizen, start=START + DAY)
    stranger = CitizenFactory()
    assert entries(client, make_feed(actor=signed_in(stranger), now=NOW)) == []
    assert len(entries(client, of_citizen(reception))) == 1, (
        "what waits for a decision is not in it"
    )
    foreign = moderator_of(ScheduleRuleFactory().official.agency, name="foreign")
    secret = make_staff_feed(user=foreign, audience=Audience.MODERATOR, now=NOW)
    assert entries(client, secret) == []


def test_past_receptions__leave_after_a_month(client: Client, reception: Application) -> None:
    secret = of_citizen(reception)
    Application.objects.update(start=NOW - 29 * DAY, end=NOW - 28 * DAY, state="completed")
    assert len(entries(client, secret)) == 1
    Application.objects.update(start=NOW - 31 * DAY)
    assert entries(client, secret) == []


def test_secret__has_128_bits_and_is_stored_as_a_keyed_hash(reception: Application) -> None:
    secrets = {of_citizen(reception) for _ in range(3)}
    assert len(secrets) == 3
    for secret in secrets:
        assert len(base64.urlsafe_b64decode(secret + "==")) == 16
    (feed,) = CalendarFeed.objects.all()
    kept = str(vars(feed))
    for secret in secrets:
        assert secret not in kept
        assert hashlib.sha256(secret.encode()).hexdigest() not in kept
    assert not any(
        secret in str(record.details)
        for secret in secrets
        for record in JournalRecord.objects.all()
    )


def test_new_address__ends_the_one_before_and_ending_ends_it(
    client: Client, reception: Application
) -> None:
    actor = signed_in(reception.citizen)
    old, new = make_feed(actor=actor, now=NOW), make_feed(actor=actor, now=NOW)
    assert [client.get(path_of(one)).status_code for one in (old, new)] == [404, 200]
    assert end_feed(actor=actor, now=NOW)
    assert not end_feed(actor=actor, now=NOW)
    assert client.get(path_of(new)).status_code == 404
    acts = JournalRecord.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["citizen.make_feed", "citizen.make_feed", "citizen.end_feed"]


def test_staff__end_theirs(client: Client, reception: Application) -> None:
    secret = of_official(reception)
    receiver = reception.official.user
    assert receiver is not None
    assert end_staff_feed(user=receiver, audience=Audience.OFFICIAL, now=NOW)
    assert client.get(path_of(secret)).status_code == 404
    acts = JournalRecord.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["user.feed_made", "user.feed_ended"]


def test_year_without_use__ends_an_address_and_use_keeps_it(
    client: Client, reception: Application, time_machine: Any
) -> None:
    secret = of_citizen(reception)
    for days in (300, 600):
        time_machine.move_to(NOW + days * DAY, tick=False)
        assert client.get(path_of(secret)).status_code == 200
    time_machine.move_to(NOW + (600 + 365) * DAY, tick=False)
    assert client.get(path_of(secret)).status_code == 404
    clean(now=NOW + (600 + 365) * DAY)
    assert not CalendarFeed.objects.exists()


def test_use__is_noted_once_a_day(
    client: Client, reception: Application, time_machine: Any
) -> None:
    secret = of_citizen(reception)
    for hours, noted in ((1, 0), (23, 0), (24, 24), (40, 24), (48, 48)):
        time_machine.move_to(NOW + timedelta(hours=hours), tick=False)
        client.get(path_of(secret))
        assert CalendarFeed.objects.get().used_at == NOW + timedelta(hours=noted)


def test_officials__have_none_until_the_agency_allows_it(
    client: Client, reception: Application
) -> None:
    receiver = reception.official.user
    assert receiver is not None
    with pytest.raises(Forbidden):
        make_staff_feed(user=receiver, audience=Audience.OFFICIAL, now=NOW)
    secret = of_official(reception)
    assert len(entries(client, secret)) == 1
    reception.official.agency.official_feeds = False
    reception.official.agency.save()
    assert entries(client, secret) == [], "asked at each reading"


def dismissed(reception: Application, who: AbstractBaseUser) -> None:
    who.is_active = False
    who.save()


def without_rights(reception: Application, who: AbstractBaseUser) -> None:
    AgencyModerator.objects.all().delete()
    Official.objects.update(user=None)


@pytest.mark.parametrize("loses", [dismissed, without_rights])
@pytest.mark.parametrize("make", [of_official, of_moderator])
def test_who_is_nobody_any_more__reads_nothing(
    client: Client, reception: Application, make: Make, loses: Callable[..., None]
) -> None:
    secret = make(reception)
    who = CalendarFeed.objects.get().user
    assert who is not None
    loses(reception, who)
    assert entries(client, secret) == []


def test_substitute__reads_what_they_hold(client: Client, reception: Application) -> None:
    agency = reception.official.agency
    agency.official_feeds = True
    agency.save()
    colleague = user("colleague")
    OfficialSubstitute.objects.create(
        official=reception.official,
        user=colleague,
        first_day=START.date(),
        last_day=START.date(),
        starts_at=START - DAY,
        ends_at=START + DAY,
    )
    secret = make_staff_feed(user=colleague, audience=Audience.OFFICIAL, now=NOW)
    assert len(entries(client, secret)) == 1


def test_second_factor__is_not_asked_of_a_calendar(client: Client, reception: Application) -> None:
    secret = of_official(reception)
    with_app(reception.official.user)
    assert len(entries(client, secret)) == 1


@pytest.mark.parametrize(
    "secret", ["", "x", "a" * 22, "ї" * 22, "a" * 3000, "%00", "..%2F..", "a.ics"]
)
def test_unknown_secret__opens_nothing(client: Client, reception: Application, secret: str) -> None:
    of_citizen(reception)
    assert client.get(path_of(secret)).status_code == 404


def test_reading__changes_nothing_by_other_methods(client: Client, reception: Application) -> None:
    secret = of_citizen(reception)
    assert [
        getattr(client, method)(path_of(secret)).status_code
        for method in ("post", "put", "delete", "options", "head")
    ] == [405, 405, 405, 405, 200]


def test_etag__stays_until_something_changes(client: Client, reception: Application) -> None:
    secret = of_citizen(reception)
    first = client.get(path_of(secret))
    again = client.get(path_of(secret), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "private, no-cache"
    Application.objects.update(start=START + DAY, end=START + DAY + timedelta(minutes=30))
    changed = client.get(path_of(secret), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("scope", ["calendar_feed", "calendar_address"])
def test_reading__has_a_rate(
    client: Client, reception: Application, settings: Any, scope: str
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"THROTTLE": {scope: "2/hour"}}
    secret = of_citizen(reception)
    answers = [client.get(path_of(secret)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_secret__is_in_no_log_and_no_report(
    client: Client, reception: Application, caplog: Any, monkeypatch: Any, mailoutbox: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = of_citizen(reception)
    client.get(path_of(secret))
    end_feed(actor=signed_in(reception.citizen), now=NOW)
    assert client.get(path_of(secret)).status_code == 404
    assert client.post(path_of(secret)).status_code == 405
    secret = of_citizen(reception)
    path = "diia_videoreception.web.calendar_feed.receptions_in"

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr(path, fail)
    assert client.get(path_of(secret)).status_code == 500
    assert "A calendar feed failed: RuntimeError" in caplog.text
    told = caplog.text + "".join(
        f"{record.getMessage()} {getattr(record, 'request', '')}" for record in caplog.records
    )
    assert "/calendar/hidden.ics" in told
    assert not re.search(re.escape(secret[:10]), told)
    assert not re.search(
        re.escape(secret[:10]), "".join(str(mail.message()) for mail in mailoutbox)
    )


def test_many_receptions__cost_as_many_questions_as_one(
    client: Client, reception: Application
) -> None:
    secret = of_moderator(reception)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(path_of(secret))
        return len(asked)

    one = cost()
    for number in range(1, 12):
        another = ApplicationFactory(
            official=reception.official,
            start=START + number * DAY,
            state="confirmed",
            decided_at=NOW,
        )
        Reception.objects.create(application=another, conference="default", confirmed_at=NOW)
    assert len(entries(client, secret)) == 12
    assert cost() == one <= 8


def test_a_citizen_that_goes__takes_the_address_along(reception: Application) -> None:
    citizen = CitizenFactory()
    make_feed(actor=signed_in(citizen), now=NOW)
    citizen.consents.all().delete()
    Citizen.objects.filter(pk=citizen.pk).delete()
    assert not CalendarFeed.objects.exists()
