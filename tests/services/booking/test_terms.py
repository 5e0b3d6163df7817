"""The term of an agency for its decision: from when it counts, for whom, and how far it is extended."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, connection, transaction

from diia_videoreception import errors
from diia_videoreception.models import (
    AgencyModerator,
    Application,
    Holiday,
    JournalRecord,
    Letter,
    Official,
    Term,
    TermExtension,
)
from diia_videoreception.rules.terms import Counting, Extender, last_minute
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.selectors.booking.terms import overdue
from diia_videoreception.services.booking import applications, deadlines
from diia_videoreception.services.booking.deadlines import alarm_overdue
from diia_videoreception.services.letters.rendering import render_letter
from diia_videoreception.services.letters.rendering.context import NothingToSend
from diia_videoreception.web.citizen.cabinet.timeline import timeline_of
from tests.factories import AgencyFactory, ApplicationFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW
from tests.steps.application import hold_time, write_draft
from tests.steps.moderation import decide, moderator_of
from tests.steps.terms import GROUND, REASON, extend, save, set_term

DAY = timedelta(days=1)
FAR = NOW + 40 * DAY
SECOND = timedelta(seconds=1)


@pytest.fixture
def head(official: Official) -> AbstractBaseUser:
    user = moderator_of(name="head")
    AgencyModerator.objects.create(agency=official.agency, user=user, is_head=True)
    return user


@pytest.fixture
def waiting(official: Official) -> Application:
    """An application to come that has the term of `set_term`."""
    set_term(official.agency)
    return ApplicationFactory(
        official=official, start=FAR, decide_by=datetime(2026, 11, 30, 22, tzinfo=UTC)
    )


def decide_by(application: Application) -> datetime | None:
    application.refresh_from_db()
    return application.decide_by


def test_an_application__gets_the_term_of_its_agency(
    official: Official, citizen: SignedIn, slot_start: datetime
) -> None:
    set_term(official.agency, days=3)
    Holiday.objects.create(date=date(2026, 11, 25), name="Свято")

    application = filed_by(citizen, official)

    # Monday the 23rd; Wednesday is a holiday: Tuesday, Thursday, Friday.
    assert application.decide_by == datetime(2026, 11, 27, 22, tzinfo=UTC)
    receipt = Letter.objects.get(kind="receipt")
    assert "23:59" in render_letter(receipt, for_sending=True, now=NOW).text


def filed_by(citizen: SignedIn, official: Official) -> Application:
    hold_time(citizen, official)
    return applications.submit(
        actor=citizen,
        draft_token=write_draft(citizen).token,
        captcha=solved_captcha(),
        channel=Application.Channel.WEB,
        now=NOW,
    )


def test_a_saturday_made_a_working_day__counts_for_every_agency(
    official: Official, citizen: SignedIn
) -> None:
    set_term(official.agency, days=5)
    Holiday.objects.create(date=date(2026, 11, 28), name="Робоча субота", is_working=True)
    Holiday.objects.create(date=date(2026, 11, 29), name="Звичайна неділя")

    assert filed_by(citizen, official).decide_by == datetime(2026, 11, 28, 22, tzinfo=UTC)


def test_an_agency_that_works_on_holidays__counts_them(
    official: Official, citizen: SignedIn
) -> None:
    set_term(official.agency, days=4)
    Holiday.objects.create(date=date(2026, 11, 25), name="Свято")
    official.agency.works_on_holidays = True
    official.agency.save()

    assert filed_by(citizen, official).decide_by == datetime(2026, 11, 27, 22, tzinfo=UTC)


def test_without_a_term__nothing_is_counted(official: Official, citizen: SignedIn) -> None:
    set_term(official.agency, days=None, extended_by=Extender.NOBODY, max_days=None)
    set_term(AgencyFactory())

    assert filed_by(citizen, official).decide_by is None


def test_a_term_set_later__counts_from_the_day_of_filing_for_those_without_one(
    official: Official, head: AbstractBaseUser
) -> None:
    late = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
    old = ApplicationFactory(official=official, submitted_at=late)
    night = ApplicationFactory(official=official, submitted_at=late + DAY / 24)
    told = ApplicationFactory(official=official, decide_by=NOW + DAY)
    decided = ApplicationFactory(official=official, state="confirmed", decided_at=NOW)
    foreign = ApplicationFactory(start=FAR)

    save(official.agency, head, days=5)

    # Friday by the clock of Kyiv, and Saturday: five working days are over at the same midnight.
    assert decide_by(old) == decide_by(night) == datetime(2026, 11, 27, 22, tzinfo=UTC)
    assert decide_by(told) == NOW + DAY, "what the citizen was told stays"
    assert (decide_by(decided), decide_by(foreign)) == (None, None)
    row = JournalRecord.objects.get(act="agency.term_set")
    assert (row.details["term"], row.details["days"], row.details["applications"]) == (
        "decision",
        5,
        2,
    )
    assert row.actor_id == str(head.pk)


def test_a_changed_term__leaves_what_was_told(official: Official, head: AbstractBaseUser) -> None:
    application = ApplicationFactory(official=official, start=FAR)
    save(official.agency, head, days=5)
    told = decide_by(application)

    term = save(official.agency, head, seen=1, days=20, counting=Counting.CALENDAR)

    assert decide_by(application) == told
    assert (term.version, term.days) == (2, 20)


def test_only_a_head__sets_a_term_and_nobody_overwrites_another(
    official: Official, head: AbstractBaseUser, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.NotFound):
        save(official.agency, moderator)
    with pytest.raises(errors.NotFound):
        save(AgencyFactory(), head)
    save(official.agency, head)
    with pytest.raises(errors.WrongState):
        save(official.agency, head, days=9)
    assert Term.objects.get().days == 5


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 5, "extended_by": Extender.HEAD}, "max_days"),
        ({"days": 5, "extended_by": Extender.HEAD, "max_days": 5}, "max_days"),
        ({"days": 5, "max_days": 9}, "extended_by"),
        ({"days": 5, "legal_ground": "а" * 1001}, "legal_ground"),
    ],
)
def test_a_wrong_term__is_refused_with_the_field(
    official: Official, head: AbstractBaseUser, wanted: dict[str, Any], field: str
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        save(official.agency, head, **wanted)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0},
        {"days": 366},
        {"max_days": None},
        {"max_days": 5},
        {"extended_by": "nobody"},
        {"days": None},
    ],
)
def test_the_database__refuses_a_wrong_term_too(official: Official, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        set_term(official.agency, **wrong)


# --- Overdue ------------------------------------------------------------------------------------


def test_an_application__is_overdue_from_the_midnight_after_its_last_day(
    waiting: Application, moderator: AbstractBaseUser
) -> None:
    passed = waiting.decide_by
    assert passed is not None

    def shown(now: datetime) -> list[Application]:
        return list(worklist.overdue_decisions(moderator, now=now))

    assert shown(passed - SECOND) == []
    assert shown(passed) == [waiting]
    assert worklist.counts_for(moderator, now=passed).overdue == 1
    assert shown(waiting.start) == [], "it lapses then"
    other = moderator_of(AgencyFactory(), name="other")
    assert list(worklist.overdue_decisions(other, now=passed)) == []
    decide("confirm", waiting, moderator, now=passed)
    assert shown(passed) == []
    assert decide_by(waiting) is None, "the index has only what waits"


def test_an_overdue_application__alarms_moderators_and_heads_once(
    waiting: Application, head: AbstractBaseUser
) -> None:
    head.email = "kerivnyk@example.gov.ua"  # type: ignore[attr-defined]
    head.save()
    passed = waiting.decide_by
    assert passed is not None

    assert alarm_overdue(now=passed - SECOND) == 0
    assert [alarm_overdue(now=passed + n * SECOND) for n in range(3)] == [1, 0, 0]

    letters = Letter.objects.filter(kind="agency_overdue")
    agency = waiting.official.agency
    assert {one.address for one in letters} == {agency.email, "kerivnyk@example.gov.ua"}
    text = render_letter(letters[0], for_sending=True, now=passed).text
    assert waiting.number in text
    assert waiting.citizen.last_name not in text
    assert JournalRecord.objects.get(act="application.alarm_overdue").subject_id == str(
        waiting.public_id
    )


def test_a_term_extended_meanwhile__is_not_told_as_passed(waiting: Application) -> None:
    passed = waiting.decide_by
    assert passed is not None
    agency = waiting.official.agency
    Application.objects.filter(pk=waiting.pk).update(decide_by=passed + timedelta(days=5))

    told = deadlines._alarm(
        agency=agency, keys=[waiting.pk], alarm=deadlines._TERM_PASSED, now=passed
    )

    assert told == 0
    assert Application.objects.get(pk=waiting.pk).overdue_alarmed_at is None


def test_an_application_decided_meanwhile__is_not_told_as_overdue(
    waiting: Application, moderator: AbstractBaseUser
) -> None:
    passed = waiting.decide_by
    assert passed is not None
    alarm_overdue(now=passed)
    decide("confirm", waiting, moderator, now=passed)

    with pytest.raises(NothingToSend):
        render_letter(Letter.objects.filter(kind="agency_overdue")[0], for_sending=True, now=passed)


# --- Extending ----------------------------------------------------------------------------------


def test_extending__tells_the_citizen_until_when_and_why(
    waiting: Application, moderator: AbstractBaseUser
) -> None:
    waiting.official.agency.complaints = "Скаргу можна подати до суду."
    waiting.official.agency.save()

    extension = extend(waiting, moderator, days=8)

    waiting.refresh_from_db()
    expected = datetime(2026, 12, 3, 22, tzinfo=UTC)
    assert (waiting.decide_by, waiting.state, waiting.version) == (expected, "submitted", 2)
    assert waiting.decided_at is None
    assert (extension.days, extension.max_days, extension.made_by_id) == (8, 10, moderator.pk)
    text = render_letter(Letter.objects.get(kind="term_extended"), for_sending=True, now=NOW).text
    for told in ("3 грудня 2026 року, 23:59", REASON, GROUND, "Скаргу можна подати до суду."):
        assert told in text
    row = JournalRecord.objects.get(act="application.extend_term")
    assert (row.details["days"], row.actor_id) == (8, str(moderator.pk))
    (told,) = (step.text for step in timeline_of(waiting, now=NOW) if "потрібно" in str(step.title))
    assert "3 грудня 2026 року, 23:59" in told
    assert REASON in told


def test_a_letter_of_an_extension__is_not_sent_after_the_decision(
    waiting: Application, moderator: AbstractBaseUser
) -> None:
    extend(waiting, moderator)
    waiting.refresh_from_db()
    decide("confirm", waiting, moderator)

    letter = Letter.objects.get(kind="term_extended")
    with pytest.raises(NothingToSend):
        render_letter(letter, for_sending=True, now=NOW)
    assert REASON in render_letter(letter, for_sending=False, now=NOW).text


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"days": 11}, "days"),
        ({"days": 5}, "days"),
        ({"reason": " "}, "reason"),
        ({"reason": "а" * 1001}, "reason"),
    ],
)
def test_an_extension_beyond_the_limit_or_without_a_reason__is_refused(
    waiting: Application, moderator: AbstractBaseUser, how: dict[str, Any], field: str
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        extend(waiting, moderator, **how)
    assert list(refused.value.fields) == [field]
    assert not TermExtension.objects.exists()


def test_an_extension__stays_before_the_reception(
    waiting: Application, moderator: AbstractBaseUser
) -> None:
    Application.objects.update(start=NOW + 8 * DAY, end=NOW + 9 * DAY)
    with pytest.raises(errors.Incomplete) as refused:
        extend(waiting, moderator, days=10)
    assert list(refused.value.fields) == ["days"]


def test_a_term_that_has_passed__is_not_extended(
    waiting: Application, moderator: AbstractBaseUser
) -> None:
    passed = waiting.decide_by
    assert passed is not None
    with pytest.raises(errors.TermPassed):
        extend(waiting, moderator, now=passed)
    assert extend(waiting, moderator, now=last_minute(passed)).days == 8


def test_who_extends__is_as_the_agency_says(
    waiting: Application, moderator: AbstractBaseUser, head: AbstractBaseUser
) -> None:
    Term.objects.update(extended_by=Extender.HEAD.value)
    other = moderator_of(AgencyFactory(), name="other")
    AgencyModerator.objects.update_or_create(user=other, defaults={"is_head": True})

    with pytest.raises(errors.OnlyHeadExtends):
        extend(waiting, moderator)
    with pytest.raises(errors.NotFound):
        extend(waiting, other)
    assert extend(waiting, head).days == 8


@pytest.mark.parametrize("gone", ["term", "extension", "deadline"])
def test_where_nobody_provided_for_it__nothing_is_extended(
    waiting: Application, head: AbstractBaseUser, gone: str
) -> None:
    if gone == "term":
        Term.objects.all().delete()
    elif gone == "extension":
        Term.objects.update(extended_by=Extender.NOBODY.value, max_days=None)
    else:
        Application.objects.update(decide_by=None)
    with pytest.raises(errors.TermNotExtended):
        extend(waiting, head)


def test_the_database__keeps_no_extension_beyond_the_limit_nor_the_same_twice(
    waiting: Application, moderator: AbstractBaseUser
) -> None:
    made = extend(waiting, moderator, days=8)

    for changed in ({"days": 11}, {"days": 8}, {"days": 9, "reason": ""}):
        row = TermExtension.objects.get(pk=made.pk)
        row.pk = None
        for name, value in changed.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def many(one: Application) -> None:
    """Surround it by 4,000 that wait in time, or were decided long ago."""
    values = {
        field.attname: getattr(one, field.attname)
        for field in Application._meta.concrete_fields
        if field.attname not in {"id", "number", "public_id", "draft_token"}
    }
    rows = []
    for number in range(4000):
        own = values | {"number": f"ВП-2020-{number:06}-0", "draft_token": uuid.uuid4()}
        if number % 2:
            own |= {"state": "confirmed", "decided_at": NOW, "decide_by": None}
        else:
            own |= {"decide_by": FAR}
        rows.append(Application(**own))
    Application.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Application._meta.db_table}")


def test_overdue__is_found_by_its_own_index_among_many(
    waiting: Application, moderator: AbstractBaseUser
) -> None:
    many(waiting)
    passed = waiting.decide_by
    assert passed is not None
    plan = worklist.overdue_decisions(moderator, now=passed)[:5].explain()
    assert "application_term" in plan, plan
    newest = worklist.work_list(moderator).filter(overdue(passed)).order_by("-submitted_at", "-pk")
    plan = newest[:50].explain()
    assert "application_term" in plan, plan
