"""What the demonstration holds is told from the day alone, and as promised on every day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import Page

from diia_videoreception.checks import check_agencies
from diia_videoreception.models import (
    Application,
    Centre,
    CentreMember,
    CentreTestAttempt,
    CentreTestVersion,
    Holiday,
    Letter,
)
from diia_videoreception.selectors.booking import availability, catalogue
from diia_videoreception.selectors.centres.access import centres_operated_by
from diia_videoreception.selectors.centres.testing import own_test
from diia_videoreception.services.accounts import consents
from sandbox.demo.accreditation import PASSED, load_test
from sandbox.demo.applications import Fate, load_applications, plan
from sandbox.demo.centres import load_centres
from sandbox.demo.diary import Diary, receivers
from sandbox.demo.directory import load_directory
from sandbox.demo.holidays import easter, holidays_around
from sandbox.demo.schedules import ZONE, absences, other_days
from sandbox.demo.staff import load_staff
from tests.harness.clock import NOW

DAYS = 800
MOMENTS = (time(0, 5), time(13), time(23, 55))
HARD_DAYS = (
    datetime(2026, 11, 29, 12, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 21, 30, tzinfo=UTC),
    datetime(2027, 1, 1, 8, 0, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 16, 0, tzinfo=UTC),
    datetime(2031, 4, 11, 22, 30, tzinfo=UTC),
)


def moments() -> list[datetime]:
    first = NOW.astimezone(ZONE).date()
    return [
        datetime.combine(first + timedelta(days=number), moment, ZONE)
        for number in range(DAYS)
        for moment in MOMENTS
    ]


def promises_broken(now: datetime) -> list[str]:
    diary, today = Diary(now), now.astimezone(ZONE).date()
    broken = [
        f"{now}: {planned.story.topic}"
        for planned in plan(now, diary)
        if (planned.time.end < now) != (planned.story.after < timedelta(0))
        or not planned.filed < planned.time.start - timedelta(days=3)
    ]
    broken += [
        f"{now}: {surname} has no free time"
        for surname in receivers()
        if next(diary.free(surname, seen=now, after=now), None) is None
    ]
    future = [other.exception.date for other in other_days(today)]
    future += [away.time.start.astimezone(ZONE).date() for away in absences(today)]
    broken += [f"{now}: {day} is over" for day in future if day <= today]
    year = holidays_around(today)
    if sum(today < day <= today + timedelta(days=365) for day in year) < 10:
        broken.append(f"{now}: holidays run out")
    return broken


def test_every_day__keeps_the_promises() -> None:
    assert [promise for now in moments() for promise in promises_broken(now)] == []


def test_stories__have_every_fate() -> None:
    assert {planned.story.fate for planned in plan(NOW, Diary(NOW))} == set(Fate)


def test_easter__is_that_of_the_church() -> None:
    known = ((2024, 5, 5), (2025, 4, 20), (2026, 4, 12), (2027, 5, 2), (2028, 4, 16), (2029, 4, 8))

    assert [easter(year) for year, _, _ in known] == [date(*day) for day in known]


@pytest.mark.any_database
@pytest.mark.parametrize("now", HARD_DAYS, ids=lambda now: f"{now:%d.%m.%Y}")
def test_loaded_content__is_accepted_on_a_hard_day(now: datetime, db: None) -> None:
    get_user_model().objects.create_superuser("admin")
    consents.publish_text(key="video-reception", language="uk", text="Умови", now=now)

    load_directory(now=now)
    load_applications(now=now)

    for official in catalogue.receiving_officials():
        offered = availability.whole_calendar(official, citizen=None, now=now).nearest()
        assert offered, f"{official} has no free time"
    states = set(Application.objects.values_list("state", flat=True))
    assert {"submitted", "confirmed", "declined", "cancelled", "completed", "lapsed"} <= states
    assert Holiday.objects.filter(date__year=now.year + 1).count() >= 10


@pytest.mark.django_db
def test_the_agencies__leave_nothing_open_that_the_checks_ask_for() -> None:
    load_directory(now=NOW)

    assert check_agencies(databases=["default"]) == []


def test_the_centres__have_people_places_and_decisions_and_load_once(db: None) -> None:
    load_directory(now=NOW)
    load_staff(password="p")
    for _time in range(2):
        load_centres(now=NOW)
    assert Centre.objects.count() == 2
    first = Centre.objects.get(code="YAVORIVKA")
    assert first.members.count() == 3
    assert first.workplaces.count() == 3
    assert first.decisions.live().count() == 2
    assert not Letter.objects.filter(kind="centre_invitation").exists()
    operator = get_user_model().objects.get(username="operator")
    assert centres_operated_by(operator).count() == 2


def test_the_test_of_centres__is_published_and_passed_by_one_of_two(db: None) -> None:
    load_directory(now=NOW)
    load_staff(password="p")
    load_centres(now=NOW)
    editor = get_user_model().objects.get(username="editor")
    for _time in range(2):
        load_test(Page.objects.get(depth=2), editor, now=NOW)
    version = CentreTestVersion.objects.get()
    assert (version.asked, version.needed, len(version.questions)) == (10, 10, 12)
    attempt = CentreTestAttempt.objects.get()
    assert attempt.user.get_username() == PASSED
    assert attempt.is_passed
    other = CentreMember.objects.get(user__username="admin2")
    assert own_test(other, language="uk", now=NOW).obstacle is None, "can try"
