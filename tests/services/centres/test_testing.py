"""The test of people of centres: taken, judged, counted; nobody writes a result."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from diia_videoreception import errors, models
from diia_videoreception.rules.centres import ActingObstacle
from diia_videoreception.selectors.centres.rights import own_obstacles
from diia_videoreception.selectors.centres.testing import mistakes_in, own_test
from diia_videoreception.services.centres import people, testing, warnings
from diia_videoreception.services.housekeeping.steps import STEPS
from diia_videoreception.services.letters.delivery import deliver_due
from tests.harness.clock import NOW
from tests.steps.centres import (
    CentreWorld,
    accredited,
    member,
    place_of,
    published_test,
    questions,
    user,
)

DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def taker(world: CentreWorld) -> models.CentreMember:
    """An administrator who is trained and has passed no test."""
    somebody = member(world.centre, user("taker"))
    accredited(somebody.user, world.centre, "training")
    return somebody


def start(taker: models.CentreMember, now: Any = NOW) -> models.CentreTestAttempt:
    return testing.start(taker.centre.public_id, user=taker.user, language="uk", now=now)


def take(taker: models.CentreMember, *, wrong: int = 0, now: Any = NOW) -> models.CentreTestAttempt:
    """Begin, answer and hand in; so many answers are wrong."""
    attempt = start(taker, now)
    for number in range(1, len(attempt.paper) + 1):
        place = place_of(attempt, number, is_right=number > wrong)
        testing.answer(
            taker.centre.public_id,
            attempt.public_id,
            number=number,
            place=place,
            user=taker.user,
            now=now,
        )
    return testing.finish(taker.centre.public_id, attempt.public_id, user=taker.user, now=now)


def obstacles(taker: models.CentreMember, now: Any = NOW) -> list[ActingObstacle]:
    return own_obstacles(taker.user, taker, now=now)


def test_a_pass__is_an_accreditation_and_ends_with_its_last_day(
    taker: models.CentreMember,
) -> None:
    published_test(valid_days=30)
    assert ActingObstacle.NO_TEST in obstacles(taker)
    attempt = take(taker)
    assert (attempt.correct, attempt.is_passed) == (3, True)
    found = models.CentreAccreditation.objects.get(user=taker.user, kind="test")
    assert attempt.accreditation == found
    assert (found.valid_from, found.valid_until) == (TODAY, TODAY + 30 * DAY)
    assert ActingObstacle.NO_TEST not in obstacles(taker, NOW + 30 * DAY)
    assert ActingObstacle.TEST_ENDED in obstacles(taker, NOW + 31 * DAY)


def test_one_mistake__passes_nothing_and_costs_the_attempt(taker: models.CentreMember) -> None:
    published_test()
    attempt = take(taker, wrong=1)
    assert (attempt.correct, attempt.is_passed) == (2, False)
    assert not models.CentreAccreditation.objects.filter(user=taker.user, kind="test").exists()
    assert [mistake.explanation[:9] for mistake in mistakes_in(attempt)] == ["Пояснення"]
    assert own_test(taker, language="uk", now=NOW).left == 1


def test_attempts__end_and_a_head_alone_gives_new_ones(
    world: CentreWorld, taker: models.CentreMember
) -> None:
    published_test()
    about = (world.centre.public_id, taker.public_id)
    with pytest.raises(errors.WrongState):
        testing.allow_again(*about, staff=world.head, now=NOW)
    for number in (1, 2):
        assert take(taker, wrong=1).number == number
    with pytest.raises(errors.TestNotOpen) as refused:
        start(taker)
    assert refused.value.obstacle == "attempts_spent"
    for other in (taker.user, world.administrator, world.foreign_head):
        with pytest.raises(errors.ActRefused):
            testing.allow_again(*about, staff=other, now=NOW)
    testing.allow_again(*about, staff=world.head, now=NOW)
    assert take(taker).is_passed
    assert own_test(taker, language="uk", now=NOW).used == 0


def test_a_pass__gives_the_attempts_back_for_the_next_test(taker: models.CentreMember) -> None:
    published_test(valid_days=100)
    take(taker, wrong=1)
    take(taker)
    with pytest.raises(errors.TestNotOpen) as refused:
        start(taker)
    assert refused.value.obstacle == "holds"
    assert start(taker, NOW + 80 * DAY).number == 1


def test_without_training__there_is_no_test(world: CentreWorld) -> None:
    published_test()
    somebody = member(world.centre, user("untrained"))
    with pytest.raises(errors.TestNotOpen):
        start(somebody)


@pytest.mark.parametrize("what", ["blocked", "ended", "suspended", "stranger"])
def test_who_does_not_work_there_now__neither_begins_nor_goes_on(
    world: CentreWorld, taker: models.CentreMember, what: str
) -> None:
    published_test()
    attempt = start(taker)
    who = taker.user
    if what == "blocked":
        models.CentreMember.objects.filter(pk=taker.pk).update(blocked_at=NOW, block_reason="Так.")
    elif what == "ended":
        models.CentreMember.objects.filter(pk=taker.pk).update(ended_at=NOW)
    elif what == "suspended":
        models.Centre.objects.filter(pk=world.centre.pk).update(
            state="suspended", suspended_at=NOW, suspension_reason="Так."
        )
    else:
        who = world.administrator
    about = (world.centre.public_id, attempt.public_id)
    with pytest.raises(errors.ActRefused):
        testing.answer(*about, number=1, place=0, user=who, now=NOW)
    with pytest.raises(errors.ActRefused):
        testing.finish(*about, user=who, now=NOW)
    attempt.refresh_from_db()
    assert (attempt.answers, attempt.is_finished) == ({}, False)


def test_an_attempt__is_one_however_often_it_is_begun_and_judged_when_it_is_whole(
    taker: models.CentreMember,
) -> None:
    published_test()
    attempt = start(taker)
    assert start(taker) == attempt
    assert mistakes_in(attempt) == [], "nothing is told before the end"
    about = (taker.centre.public_id, attempt.public_id)
    with pytest.raises(errors.Incomplete) as refused:
        testing.finish(*about, user=taker.user, now=NOW)
    assert "1, 2, 3" in str(refused.value.fields["questions"])
    for number, place in ((0, 0), (4, 0)):
        with pytest.raises(errors.NotFound):
            testing.answer(*about, number=number, place=place, user=taker.user, now=NOW)
    for place in (-1, 3):
        with pytest.raises(errors.Incomplete):
            testing.answer(*about, number=1, place=place, user=taker.user, now=NOW)


def test_what_is_handed_in__changes_no_more(taker: models.CentreMember) -> None:
    published_test()
    attempt = take(taker, wrong=1)
    about = (taker.centre.public_id, attempt.public_id)
    place = place_of(attempt, 1, is_right=True)
    with pytest.raises(errors.WrongState):
        testing.answer(*about, number=1, place=place, user=taker.user, now=NOW)
    with pytest.raises(errors.WrongState):
        testing.finish(*about, user=taker.user, now=NOW)


def test_when_the_time_is_over__the_attempt_is_used_up_and_passes_nothing(
    taker: models.CentreMember,
) -> None:
    published_test(days_to_finish=2)
    attempt = start(taker)
    about = (taker.centre.public_id, attempt.public_id)
    for number in (1, 2, 3):
        place = place_of(attempt, number, is_right=True)
        testing.answer(*about, number=number, place=place, user=taker.user, now=NOW)
    late = NOW + 2 * DAY
    for call in (
        lambda: testing.answer(*about, number=1, place=0, user=taker.user, now=late),
        lambda: testing.finish(*about, user=taker.user, now=late),
    ):
        with pytest.raises(errors.TestTimeOver):
            call()
    assert STEPS["close_tests"](late - timedelta(seconds=1)) == 0
    assert STEPS["close_tests"](late) == 1
    assert STEPS["close_tests"](late) == 0
    attempt.refresh_from_db()
    assert (attempt.is_finished, attempt.is_passed, attempt.is_counted) == (True, False, True)
    assert start(taker, late).number == 2


def test_an_attempt_whose_time_is_over__is_closed_by_the_next_one_too(
    taker: models.CentreMember,
) -> None:
    published_test(days_to_finish=2)
    first = start(taker)
    assert start(taker, NOW + 3 * DAY).number == 2
    first.refresh_from_db()
    assert first.is_finished


def test_a_changed_test__is_a_new_version_and_attempts_keep_theirs(
    taker: models.CentreMember,
) -> None:
    first = published_test()
    attempt = start(taker)
    assert published_test() == first
    second = published_test(questions=questions(1), title="Новий тест")
    assert (second.number, second.asked) == (2, 1)
    first.refresh_from_db()
    assert first.withdrawn_at == NOW
    assert len(start(taker).paper) == 3
    assert models.CentreTestAttempt.objects.get(pk=attempt.pk).version == first
    testing.withdraw_test(key="test", language="uk", now=NOW)
    assert own_test(taker, language="uk", now=NOW).version is None
    assert published_test().number == 3


@pytest.mark.parametrize("what", ["two_open", "same_number", "result_without_end"])
def test_the_database__keeps_attempts_in_order(taker: models.CentreMember, what: str) -> None:
    version = published_test()
    values: dict[str, Any] = {
        "version": version,
        "user": taker.user,
        "centre": taker.centre,
        "number": 1,
        "paper_data": [],
        "started_at": NOW,
        "deadline": NOW + DAY,
    }
    ended = {"finished_at": NOW, "correct": 0}
    if what == "two_open":
        models.CentreTestAttempt.objects.create(**values)
        values["number"] = 2
    elif what == "same_number":
        models.CentreTestAttempt.objects.create(**values, **ended)
        values |= ended
    else:
        values["correct"] = 3
    with pytest.raises(IntegrityError), transaction.atomic():
        models.CentreTestAttempt.objects.create(**values)


# --- Letters -----------------------------------------------------------------------------------


def letters() -> list[tuple[str, str]]:
    deliver_due(now=NOW)
    return [(message.to[0], str(message.body)) for message in mail.outbox]


def test_who_is_trained__is_invited_to_the_test_and_told_of_the_pass(world: CentreWorld) -> None:
    published_test()
    somebody = member(world.centre, user("trained"))
    people.record_training(
        world.centre.public_id,
        somebody.public_id,
        valid_from=TODAY,
        valid_until=TODAY + 300 * DAY,
        staff=world.head,
        now=NOW,
    )
    told = [text for address, text in letters() if address == somebody.user.email]
    assert len(told) == 1
    assert f"/centre/{world.centre.public_id}/test/" in told[0]
    take(somebody)
    told = [text for address, text in letters() if address == somebody.user.email]
    assert "Прочитайте інструкцію." in told[-1]
    assert "Запитання про" not in "".join(told)


def test_an_end__is_told_once_and_only_of_what_nothing_longer_follows(
    world: CentreWorld, taker: models.CentreMember
) -> None:
    models.CentreAccreditation.objects.all().delete()
    accredited(taker.user, world.centre, "test", until=TODAY + 14 * DAY)
    accredited(taker.user, world.centre, "training", until=TODAY + 15 * DAY)
    accredited(world.administrator, world.centre, "test", until=TODAY + 3 * DAY)
    accredited(world.administrator, world.centre, "test", until=TODAY + 300 * DAY)
    accredited(user("gone"), world.centre, "test", until=TODAY + 3 * DAY)
    assert STEPS["warn_members"](NOW) == 1
    assert warnings.warn_ending(now=NOW) == 0
    told = letters()
    assert [address for address, _ in told if "cnap.example" in address][-1] == taker.user.email
    assert f"/centre/{world.centre.public_id}/test/" in told[-1][1]
    assert warnings.warn_ending(now=NOW + DAY) == 1, "now the training"
