"""Trouble on the day: paused with what becomes of each, nobody absent, and undone for those not yet told."""

from datetime import time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import (
    Absence,
    Application,
    JournalRecord,
    Letter,
    Occupancy,
    Official,
    ReceptionPause,
    WaitingOffer,
)
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.rules.slots import Interval, merge
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.booking.pauses import (
    absences_for,
    in_force,
    pauses_visible_to,
    still_standing,
)
from diia_videoreception.selectors.booking.schedule_changes import (
    TouchedChoice,
    sign_of,
    touched_by_all,
)
from diia_videoreception.services.booking import waiting
from diia_videoreception.services.booking.absences import remove_by_staff, save_absence
from diia_videoreception.services.booking.pauses import pause_receptions, resume_receptions
from diia_videoreception.services.booking.waiting import Wish
from tests.factories import ApplicationFactory, OfficialFactory, ScheduleRuleFactory
from tests.harness.clock import START
from tests.steps.letters import render
from tests.steps.moderation import decide, moderator_of
from tests.steps.waiting import serve, somebody

NOW = START - timedelta(hours=1)
"""9:30 of the day of the reception."""
HOUR = timedelta(hours=1)


@pytest.fixture
def confirmed(submitted: Application, moderator: AbstractBaseUser) -> Application:
    return decide("confirm", submitted, moderator)


def paused(official: Official, *, hours: float = 4) -> ReceptionPause:
    return ReceptionPause(
        agency=official.agency, cause="air_raid", starts_at=NOW, ends_at=NOW + hours * HOUR
    )


def stop(*officials: Official, by: AbstractBaseUser, **how: Any) -> ReceptionPause:
    pause = how.pop("pause", None) or paused(officials[0])
    touched = touched_by_all(absences_for(pause, officials), now=NOW)
    choice = how.pop("choice", TouchedChoice.CANCEL)
    return pause_receptions(
        pause,
        officials,
        staff=by,
        now=NOW,
        **{
            "shown": sign_of(touched),
            "choices": {one.application.public_id: choice for one in touched},
            "reason": "Повітряна тривога.",
            **how,
        },
    )


def test_a_pause__cancels_with_a_way_to_another_time_and_takes_the_day(
    official: Official, confirmed: Application, moderator: AbstractBaseUser
) -> None:
    idle = OfficialFactory(unit=official.unit)
    pause = stop(official, idle, by=moderator)

    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.next_step) == ("cancelled", "official")
    letter = Letter.objects.get(kind="cancelled")
    assert letter.facts["reason"] == "Повітряна тривога."
    assert set(Occupancy.objects.values_list("official", "kind")) == {
        (official.pk, "absence"),
        (idle.pk, "absence"),
    }
    acts = set(JournalRecord.objects.values_list("act", flat=True))
    assert {"agency.receptions_paused", "application.cancel_by_agency"} <= acts
    assert list(in_force(pauses_visible_to(moderator), NOW)) == [pause]


def test_who_keeps_the_time__is_received_once_receptions_go_on(
    official: Official, confirmed: Application, moderator: AbstractBaseUser
) -> None:
    Letter.objects.all().delete()
    pause = stop(official, by=moderator, choice=TouchedChoice.KEEP)
    assert list(still_standing(pause, NOW)) == [confirmed]
    assert not Letter.objects.exists()

    resume_receptions(pause.pk, staff=moderator, now=NOW)

    assert not Absence.objects.exists()
    assert list(Occupancy.objects.values_list("kind", flat=True)) == ["application"]
    assert not in_force(pauses_visible_to(moderator), NOW).exists()
    with pytest.raises(errors.WrongState):
        resume_receptions(pause.pk, staff=moderator, now=NOW)


def test_a_far_reception__can_be_proposed_another_time_and_a_near_one_not(
    official: Official, confirmed: Application, moderator: AbstractBaseUser
) -> None:
    far = ApplicationFactory(official=official, start=START + 2 * HOUR)
    touched = touched_by_all(absences_for(paused(official, hours=6), [official]), now=NOW)
    offered = {one.application.pk: TouchedChoice.PROPOSE in one.choices for one in touched}
    assert offered == {confirmed.pk: False, far.pk: True}


def test_nobody_is_absent__from_a_reception_that_was_paused(
    official: Official, confirmed: Application, moderator: AbstractBaseUser
) -> None:
    stop(official, by=moderator, choice=TouchedChoice.KEEP)
    later = START + HOUR
    confirmed.refresh_from_db()
    with pytest.raises(errors.ReceptionsPaused):
        decide("note_outcome", confirmed, moderator, outcome=Act.NOTE_CITIZEN_ABSENT, now=later)
    decide("note_outcome", confirmed, moderator, outcome=Act.NOTE_AGENCY_ABSENT, now=later)


def test_before_and_after_a_pause__somebody_can_be_absent(
    official: Official, confirmed: Application, moderator: AbstractBaseUser
) -> None:
    pause = stop(official, by=moderator, choice=TouchedChoice.KEEP)
    resume_receptions(pause.pk, staff=moderator, now=START - timedelta(minutes=1))
    confirmed.refresh_from_db()
    noted = decide(
        "note_outcome", confirmed, moderator, outcome=Act.NOTE_CITIZEN_ABSENT, now=START + HOUR
    )
    assert noted.state == "citizen_absent"


def test_who_is_away_already__stays_away(official: Official, moderator: AbstractBaseUser) -> None:
    own = Absence(official=official, start=NOW + HOUR, end=NOW + 2 * HOUR)
    save_absence(own, now=NOW - HOUR)
    pause = stop(official, by=moderator)
    assert pause.absences.count() == 2
    resume_receptions(pause.pk, staff=moderator, now=NOW)
    assert list(Absence.objects.all()) == [own]


@pytest.mark.parametrize("hours", [-1, 0.0, 15])
def test_a_pause__ends_later_on_the_same_day(
    official: Official, moderator: AbstractBaseUser, hours: float
) -> None:
    pause = paused(official)
    pause.ends_at = NOW + hours * HOUR
    with pytest.raises(errors.Incomplete):
        pause_receptions(
            pause, [official], staff=moderator, shown="", choices={}, reason="", now=NOW
        )


def test_what_was_not_shown__pauses_nothing(
    official: Official, confirmed: Application, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.ShownChanged):
        stop(official, by=moderator, shown=sign_of([]))
    assert not ReceptionPause.objects.exists()
    assert not Absence.objects.exists()
    assert not JournalRecord.objects.filter(act="agency.receptions_paused").exists()


def test_somebody_of_another_agency__neither_pauses_nor_resumes(
    official: Official, moderator: AbstractBaseUser
) -> None:
    elsewhere = ScheduleRuleFactory().official
    stranger = moderator_of(elsewhere.agency, name="stranger")
    both = moderator_of(official.agency, elsewhere.agency, name="both")
    for officials, by in (
        ([official], stranger),
        ([official, elsewhere], moderator),
        ([official, elsewhere], both),
    ):
        with pytest.raises(errors.NotFound):
            stop(*officials, by=by)
    pause = stop(official, by=moderator)
    with pytest.raises(errors.NotFound):
        resume_receptions(pause.pk, staff=stranger, now=NOW)
    assert pauses_visible_to(stranger).count() == 0


def taken(official: Official) -> list[Interval]:
    """What nobody can book, joined; nothing of it is had twice."""
    times = sorted(row.time for row in Occupancy.objects.filter(official=official))
    assert not any(one.overlaps(other) for one, other in pairwise(times))
    return merge(times)


@pytest.mark.any_database
@pytest.mark.parametrize("choice", [TouchedChoice.CANCEL, TouchedChoice.KEEP])
def test_what_an_absence_went_around__is_had_once_when_the_reception_is_cancelled(
    official: Official, confirmed: Application, moderator: AbstractBaseUser, choice: TouchedChoice
) -> None:
    own = Absence(official=official, start=NOW, end=NOW + 2 * HOUR)
    save_absence(own, around_applications=True, now=NOW - HOUR)
    stop(official, by=moderator, choice=choice)
    confirmed.refresh_from_db()
    if choice is TouchedChoice.KEEP:
        decide("decline", confirmed, moderator, refusal=Refusal("Тривога триває."), now=NOW)
    assert taken(official) == [Interval(NOW, NOW + 4 * HOUR)]
    assert Occupancy.objects.get(start=confirmed.start).absence == own

    remove_by_staff(own, staff=moderator, now=NOW)
    assert taken(official) == [confirmed.time, Interval(NOW + 2 * HOUR, NOW + 4 * HOUR)]


@pytest.mark.any_database
@pytest.mark.parametrize("ends_first", [0, 1])
def test_while_another_pause_lasts__its_time_stays_taken(
    official: Official, confirmed: Application, moderator: AbstractBaseUser, ends_first: int
) -> None:
    lengths = (4, 2)
    pauses = [stop(official, by=moderator, pause=paused(official, hours=one)) for one in lengths]
    resume_receptions(pauses[ends_first].pk, staff=moderator, now=NOW)
    lasts = 1 - ends_first
    assert taken(official) == [Interval(NOW, NOW + lengths[lasts] * HOUR)]
    resume_receptions(pauses[lasts].pk, staff=moderator, now=NOW)
    assert not taken(official)


def test_what_is_offered_to_who_waits__hinders_no_pause(
    official: Official, moderator: AbstractBaseUser
) -> None:
    """The person keeps the place, and is told."""
    offer = offered_today(official)
    stop(official, by=moderator, pause=paused(official, hours=7), choice=TouchedChoice.KEEP)
    offer.refresh_from_db()
    assert (offer.answer, offer.entry.state, offer.entry.missed) == ("withdrawn", "waiting", 0)
    assert not Occupancy.objects.filter(token=offer.token).exists()
    letter = Letter.objects.get(kind="waiting_withdrawn", copy_of=None)
    assert "Ви залишитеся в черзі на своєму місці." in render(letter, now=NOW).text
    assert JournalRecord.objects.filter(act="citizen.offer_withdrawn").count() == 1
    assert serve(NOW + HOUR) == [], "the time is the pause's"


def test_an_ordinary_absence__waits_for_the_answer_to_an_offer(official: Official) -> None:
    offer = offered_today(official)
    away = Absence(official=official, start=offer.start, end=offer.end)
    with pytest.raises(errors.TimeOffered, match=r"людині з черги до 01\.12\.2026, 11:30"):
        save_absence(away, now=NOW)
    save_absence(away, now=offer.deadline)


def offered_today(official: Official) -> WaitingOffer:
    """A time of this afternoon, at which nobody can book any more."""
    official.schedule_rules.all().delete()
    official.horizon_days = 2
    official.save()
    hours = {"starts": time(14), "ends": time(14, 30)}
    ScheduleRuleFactory(official=official, recurrence="FREQ=WEEKLY;BYDAY=TU", **hours)
    wish = Wish(weekdays=[2], comes_soon=True)
    waiting.join(actor=somebody(), official_id=official.pk, wish=wish, now=NOW)
    (offer,) = serve(NOW)
    return offer
