"""A change of a schedule with what becomes of the applications in it: all of it, or nothing."""

from collections.abc import Iterable
from datetime import time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import (
    Absence,
    Agency,
    Application,
    Holiday,
    JournalRecord,
    Letter,
    Occupancy,
    Official,
    Proposal,
    ScheduleException,
    ScheduleRule,
)
from diia_videoreception.selectors.booking import schedule_changes
from diia_videoreception.selectors.booking.availability import is_free
from diia_videoreception.selectors.booking.schedule_changes import (
    ScheduleChange,
    TouchedChoice,
    sign_of,
    touched_by,
)
from diia_videoreception.services.booking import occupancy
from diia_videoreception.services.booking import schedule_changes as service
from diia_videoreception.services.booking.occupancy import Resource
from diia_videoreception.services.booking.proposals import accept
from diia_videoreception.services.booking.schedule_changes import apply_change
from tests.factories import ApplicationFactory, OfficialFactory, ScheduleRuleFactory, signed_in
from tests.harness.clock import NOW, START
from tests.steps.admin import staff
from tests.steps.centres import centre, video_seat
from tests.steps.moderation import decide, moderator_of
from tests.steps.proposals import propose

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
DAY = START.date()


def apply(change: ScheduleChange, by: AbstractBaseUser, **how: Any) -> Any:
    """Choose the same for all, having seen what there is."""
    touched = touched_by(change, now=NOW)
    choice = how.pop("choice", TouchedChoice.KEEP)
    return apply_change(
        change,
        staff=by,
        now=NOW,
        **{
            "shown": sign_of(touched),
            "choices": {one.application.public_id: choice for one in touched},
            "reason": "Змінилися години.",
            **how,
        },
    )


def closed(official: Official) -> ScheduleChange:
    return ScheduleChange(ScheduleException(official=official, date=DAY, closed=True))


def absent(official: Official, *, hours: int = 2) -> ScheduleChange:
    return ScheduleChange(Absence(official=official, start=START - HOUR, end=START + hours * HOUR))


def numbers(change: ScheduleChange) -> list[str]:
    return [one.application.number for one in touched_by(change, now=NOW)]


# --- Whom it touches


def test_what_the_schedule_does_not_give_any_more__is_touched(
    official: Official, submitted: Application
) -> None:
    ApplicationFactory(official=official, start=START + WEEK)
    ApplicationFactory(official=OfficialFactory(unit=official.unit), start=START)
    assert numbers(closed(official)) == [submitted.number]

    rule = ScheduleRule.objects.get()
    rule.ends = time(10, 30)
    assert len(numbers(ScheduleChange(rule))) == 2
    assert len(numbers(ScheduleChange(rule, is_deleted=True))) == 2
    rule.ends, rule.starts = time(12), time(10)
    assert numbers(ScheduleChange(rule)) == []


def test_what_the_schedule_never_gave__is_not_touched(official: Official) -> None:
    ApplicationFactory(official=official, start=START + 10 * HOUR)
    assert numbers(closed(official)) == []


def test_hours_that_another_rule_gives_too__are_not_lost(
    official: Official, submitted: Application
) -> None:
    rule = ScheduleRule.objects.get()
    ScheduleRuleFactory(official=official, starts=time(10), ends=time(11))
    assert numbers(ScheduleChange(rule, is_deleted=True)) == []


def test_a_rule_that_goes_to_a_colleague__touches_whom_it_leaves(
    official: Official, submitted: Application
) -> None:
    rule = ScheduleRule.objects.get()
    rule.official = OfficialFactory(unit=official.unit)
    assert numbers(ScheduleChange(rule)) == [submitted.number]


def test_a_holiday__touches_who_does_not_work_on_it(
    official: Official, submitted: Application
) -> None:
    holiday = Holiday(date=DAY, name="Свято")
    assert numbers(ScheduleChange(holiday)) == [submitted.number]
    Agency.objects.update(works_on_holidays=True)
    assert numbers(ScheduleChange(holiday)) == []
    Agency.objects.update(works_on_holidays=False)
    assert numbers(ScheduleChange(Holiday(date=DAY, name="Робоче", is_working=True))) == []


def test_an_exception_that_is_deleted__touches_what_only_it_gave(official: Official) -> None:
    exception = ScheduleException.objects.create(
        official=official, date=DAY, closed=False, starts=time(15), ends=time(17)
    )
    late = ApplicationFactory(official=official, start=START + 5 * HOUR)
    assert numbers(ScheduleChange(exception, is_deleted=True)) == [late.number]


def test_an_absence__touches_what_it_meets_and_not_what_it_met_before(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    change = absent(official)
    assert numbers(change) == [submitted.number]
    apply(change, moderator)
    later = ApplicationFactory(official=official, start=START + 2 * HOUR)
    change.part.end += 2 * HOUR  # type: ignore[union-attr]
    assert numbers(change) == [later.number]


# --- What becomes of them


def test_proposing__saves_and_holds_a_time_of_the_new_schedule(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    second = ApplicationFactory(official=official, start=START + HOUR)
    apply(closed(official), moderator, choice=TouchedChoice.PROPOSE)

    starts = set(Proposal.objects.values_list("start", flat=True))
    assert len(starts) == 2, "each another time"
    assert all(start.date() != DAY for start in starts)
    assert ScheduleException.objects.count() == 1
    kinds = Letter.objects.values_list("kind", flat=True)
    assert list(kinds) == ["proposal", "proposal"]
    assert set(Proposal.objects.values_list("application", flat=True)) == {submitted.pk, second.pk}
    assert set(JournalRecord.objects.values_list("act", flat=True)) == {"application.propose"}


def test_cancelling__tells_the_reason_and_frees_the_time(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    decide("confirm", submitted, moderator)
    apply(closed(official), moderator, choice=TouchedChoice.CANCEL)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.reason) == ("cancelled", "Змінилися години.")
    assert not Occupancy.objects.exists()
    assert Letter.objects.filter(kind="cancelled").exists()


def test_keeping__writes_nobody(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    apply(closed(official), moderator, reason="")
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert not Letter.objects.exists()


def test_a_proposed_time__is_withdrawn_and_the_earlier_one_stays(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    propose(submitted, moderator, START + WEEK)
    day = (START + WEEK).date()
    change = ScheduleChange(ScheduleException(official=official, date=day))
    (touched,) = touched_by(change, now=NOW)
    assert (touched.is_own, TouchedChoice.WITHDRAW in touched.choices) == (False, True)
    apply(change, moderator, choice=TouchedChoice.WITHDRAW)
    assert Proposal.objects.get().answer == "withdrawn"
    assert Occupancy.objects.get().start == START


def test_an_absence__goes_around_who_stays_and_gets_the_time_back(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    """Nobody else can book the time between; neither before the answer nor after it."""
    apply(absent(official), moderator, choice=TouchedChoice.PROPOSE)
    away = Occupancy.objects.filter(kind="absence").order_by("start")
    half = timedelta(minutes=30)
    assert [(row.start, row.end) for row in away] == [
        (START - HOUR, START),
        (START + half, START + 2 * HOUR),
    ]
    proposal = Proposal.objects.get()
    accept(
        actor=signed_in(submitted.citizen),
        public_id=submitted.public_id,
        proposal_id=proposal.public_id,
        now=NOW + HOUR,
    )
    assert not is_free(official, start=START, now=NOW)
    assert Occupancy.objects.filter(kind="absence", start=START).exists()


def test_an_absence__gets_the_time_of_a_kept_application_that_is_declined_later(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    apply(absent(official), moderator)
    apply(closed(official), moderator, choice=TouchedChoice.CANCEL)
    assert Occupancy.objects.filter(kind="absence", start=START).exists()


def test_an_absence__does_not_go_around_a_proposed_time(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    propose(submitted, moderator, START + WEEK)
    later = START + WEEK
    change = ScheduleChange(Absence(official=official, start=later, end=later + HOUR))
    with pytest.raises(errors.Incomplete):
        apply(change, moderator, choice=TouchedChoice.KEEP)
    apply(change, moderator, choice=TouchedChoice.WITHDRAW)
    assert Occupancy.objects.get(kind="absence").start == later


# --- What is refused


def test_without_a_choice_or_a_reason__nothing_is_saved(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    for how in (
        {"choices": {}},
        {"choice": TouchedChoice.WITHDRAW},
        {"choice": TouchedChoice.CANCEL, "reason": " "},
    ):
        with pytest.raises(errors.Incomplete):
            apply(closed(official), moderator, **how)
    assert not ScheduleException.objects.exists()
    assert not Letter.objects.exists()


def test_what_was_not_shown__is_not_decided(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    change = closed(official)
    shown = sign_of(touched_by(change, now=NOW))
    ApplicationFactory(official=official, start=START + HOUR)
    with pytest.raises(errors.ShownChanged):
        apply(change, moderator, shown=shown)
    with pytest.raises(errors.ShownChanged):
        apply(closed(official), moderator, shown="")
    assert not ScheduleException.objects.exists()


def test_when_the_last_act_is_refused__the_first_ones_are_undone(
    official: Official, submitted: Application, moderator: AbstractBaseUser, monkeypatch: Any
) -> None:
    second = ApplicationFactory(official=official, start=START + HOUR)
    touched = touched_by(closed(official), now=NOW)
    choices = {submitted.public_id: TouchedChoice.CANCEL, second.public_id: TouchedChoice.PROPOSE}

    def refuse(**how: Any) -> None:
        raise errors.SlotTaken

    monkeypatch.setattr(service, "propose", refuse)
    with pytest.raises(errors.SlotTaken):
        apply(closed(official), moderator, shown=sign_of(touched), choices=choices)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert not ScheduleException.objects.exists()
    assert not Letter.objects.exists()


def test_too_many__are_not_decided_together(
    official: Official, submitted: Application, moderator: AbstractBaseUser, monkeypatch: Any
) -> None:
    for module in (schedule_changes, service):
        monkeypatch.setattr(module, "MAX_TOUCHED", 0)
    with pytest.raises(errors.TooManyTouched):
        apply(closed(official), moderator)


def test_somebody_of_another_agency__can_change_nothing(
    official: Official, submitted: Application
) -> None:
    stranger = moderator_of(OfficialFactory().agency, name="stranger")
    for change in (
        closed(official),
        absent(official),
        ScheduleChange(ScheduleRule.objects.get(), is_deleted=True),
        ScheduleChange(Holiday(date=DAY, name="Свято")),
    ):
        with pytest.raises(errors.NotFound):
            apply(change, stranger)
    assert ScheduleRule.objects.exists()
    apply(ScheduleChange(Holiday(date=DAY, name="Свято")), staff("super", superuser=True))
    assert Holiday.objects.exists()


def test_all_that_a_change_frees__is_locked_before_the_first_of_it(
    official: Official, moderator: AbstractBaseUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With their seats, in one order: two changes wait for one another and never both."""
    seats = [video_seat(centre(code)) for code in ("ONE-1", "TWO-1")]
    for number, seat in enumerate(seats):
        ApplicationFactory(official=official, start=START + number * HOUR, seat=seat)
    locked: list[list[tuple[str, int]]] = []

    def recorded(resources: Iterable[Resource]) -> None:
        found = list(resources)
        locked.append(sorted(one.place for one in found))
        lock_all(found)

    lock_all = occupancy.lock_all
    monkeypatch.setattr(occupancy, "lock_all", recorded)
    away = Absence(official=official, start=START, end=START + 4 * HOUR)
    apply(ScheduleChange(away), moderator, choice=TouchedChoice.CANCEL)
    assert locked[0] == [("official", official.pk), *(("seat", seat.pk) for seat in seats)]
