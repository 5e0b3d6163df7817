"""A citizen asks to move a confirmed reception: what stands meanwhile, what may be asked for, what ends it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from diia_videoreception import errors
from diia_videoreception.models import (
    Agency,
    AgencyNews,
    Application,
    JournalRecord,
    Letter,
    MoveRequest,
    Occupancy,
    Official,
    Reception,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import letters
from diia_videoreception.services.booking import applications, deadlines, holds
from diia_videoreception.services.letters.reminders import write_reminders
from diia_videoreception.services.letters.rendering import NothingToSend
from tests.factories import ApplicationFactory, CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.letters import render
from tests.steps.moderation import decide
from tests.steps.move_requests import NO, WHY, ask, refuse, take_back
from tests.steps.proposals import propose

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY
LATER = START + HOUR
END = START - 2 * HOUR
"""From when the request has ended by itself."""


@pytest.fixture
def submitted(official: Official, citizen: SignedIn) -> Application:
    return ApplicationFactory(official=official, citizen=citizen.citizen, start=START)


@pytest.fixture
def confirmed(submitted: Application, moderator: AbstractBaseUser) -> Application:
    decide("confirm", submitted, moderator)
    return Application.objects.select_related("citizen").get()


def stands(application: Application) -> None:
    """The confirmed time, its row and its access are as they were."""
    application.refresh_from_db()
    assert (application.state, application.start) == ("confirmed", START)
    assert [(row.kind, row.start) for row in Occupancy.objects.filter(application=application)] == [
        ("application", START)
    ]
    assert Reception.objects.get(application=application).calendar_sequence == 0


# --- Asking --------------------------------------------------------------------------------------


def test_asking__leaves_time_access_and_reminders_as_they_are(confirmed: Application) -> None:
    login = Reception.objects.get().login

    request = ask(confirmed, LATER + DAY, LATER)

    stands(confirmed)
    assert Reception.objects.get().login == login
    assert (request.times, request.reason) == ([LATER, LATER + DAY], WHY)
    assert request.deadline == END
    record = JournalRecord.objects.latest("pk")
    assert (record.act, record.actor_kind, record.details) == (
        "application.request_move", "citizen", {},
    )  # fmt: skip
    news = Letter.objects.get(kind="agency_news", facts__news="move_requested")
    assert confirmed.number in render(news).text
    assert WHY not in render(news).text, "an agency's e-mail says nothing personal"
    assert write_reminders(now=START - DAY) == 1
    assert Letter.objects.filter(kind="reminder").exists()


def test_a_wished_time__is_kept_from_nobody(official: Official, confirmed: Application) -> None:
    ask(confirmed, LATER)

    hold = holds.reserve(
        actor=signed_in(CitizenFactory()),
        official_id=official.pk,
        start=LATER,
        captcha=solved_captcha(),
        now=NOW,
    )
    assert hold.start == LATER


@pytest.mark.parametrize(
    ("starts", "error"),
    [
        ([], errors.Incomplete),
        ([START], errors.Incomplete),
        ([LATER + DAY * days for days in range(4)], errors.Incomplete),
        ([LATER + 5 * MINUTE], errors.OutsideSchedule),
        ([NOW + HOUR], errors.TooEarly),
        ([START + 20 * WEEK], errors.TooLate),
        ([LATER, START + 2 * HOUR], errors.SlotTaken),
        ([LATER, START + DAY], errors.OwnTimeTaken),
    ],
    ids=["none", "present", "four", "no slot", "lead time", "horizon", "taken", "own"],
)
def test_what_cannot_be_applied_for__cannot_be_asked_for(
    official: Official, confirmed: Application, starts: list[datetime], error: type[Exception]
) -> None:
    ApplicationFactory(official=official, start=START + 2 * HOUR)
    elsewhere = ScheduleRuleFactory().official
    ApplicationFactory(official=elsewhere, citizen=confirmed.citizen, start=START + DAY)

    with pytest.raises(error) as refused:
        ask(confirmed, *starts)

    if isinstance(refused.value, errors.Incomplete):
        assert set(refused.value.fields) == {"times"}
    assert not MoveRequest.objects.exists()
    stands(confirmed)


def test_one_time_named_twice__counts_once(confirmed: Application) -> None:
    assert ask(confirmed, *[LATER] * 9).times == [LATER]


@pytest.mark.parametrize("reason", ["", "  \u200b", "а" * 2001])
def test_a_reason__is_needed_and_has_an_end(confirmed: Application, reason: str) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        ask(confirmed, LATER, reason=reason)
    assert set(refused.value.fields) == {"reason"}
    assert not MoveRequest.objects.exists()


def test_what_is_not_confirmed__cannot_be_moved(submitted: Application) -> None:
    with pytest.raises(errors.WrongState):
        ask(submitted, LATER)


def test_less_than_two_hours_before__it_is_too_late(confirmed: Application) -> None:
    with pytest.raises(errors.TooLateToMove):
        ask(confirmed, LATER + WEEK, now=END)
    ask(confirmed, LATER + WEEK, now=END - MINUTE)


def test_a_time_that_was_moved_meanwhile__is_told(confirmed: Application) -> None:
    with pytest.raises(errors.ReceptionMoved):
        ask(confirmed, LATER + DAY, shown=START - DAY)
    ask(confirmed, LATER + DAY, shown=START)


def test_somebody_else__finds_nothing(confirmed: Application) -> None:
    request = ask(confirmed, LATER)
    stranger = CitizenFactory()
    confirmed.citizen = stranger
    request.application.citizen = stranger

    for act in (lambda: ask(confirmed, LATER), lambda: take_back(request)):
        with pytest.raises(errors.NotFound):
            act()


def test_one_request__is_open_at_a_time(confirmed: Application) -> None:
    first = ask(confirmed, LATER)
    with pytest.raises(errors.MoveRequestOpen):
        ask(confirmed, LATER + DAY)
    values = {"start": START, "reason": "Друга", "made_at": NOW, "deadline": END}
    with pytest.raises(IntegrityError), transaction.atomic():
        MoveRequest.objects.create(application=confirmed, is_last=False, **values)

    take_back(first)
    second = ask(confirmed, LATER + DAY)
    assert MoveRequest.objects.get(is_last=True) == second


def test_beside_a_proposal__the_proposal_is_to_be_answered(
    confirmed: Application, moderator: AbstractBaseUser
) -> None:
    propose(confirmed, moderator, LATER)

    with pytest.raises(errors.AnswerProposalFirst):
        ask(confirmed, LATER + DAY)


def test_three_requests__are_enough_for_one_reception(confirmed: Application) -> None:
    for days in range(3):
        take_back(ask(confirmed, LATER, now=NOW + days * DAY), now=NOW + days * DAY)

    with pytest.raises(errors.MoveLimitCase):
        ask(confirmed, LATER + WEEK, now=NOW + 4 * DAY)


def test_five_requests__are_enough_for_one_person_and_day(
    citizen: SignedIn, moderator: AbstractBaseUser, official: Official
) -> None:
    moments = [NOW + number * MINUTE for number in range(6)]
    receptions = []
    for number in range(6):
        start = START + number * HOUR / 2
        receptions.append(
            ApplicationFactory(official=official, citizen=citizen.citizen, start=start)
        )
        decide("confirm", receptions[-1], moderator)
    for one, moment in zip(receptions[:5], moments, strict=False):
        ask(one, START + WEEK, now=moment)

    with pytest.raises(errors.MoveLimitDay) as refused:
        ask(receptions[5], START + WEEK, now=moments[5])

    assert refused.value.until == NOW + DAY
    assert "24.11.2026, 10:00" in str(refused.value)
    ask(receptions[5], START + WEEK, now=NOW + DAY)


# --- What comes of it ----------------------------------------------------------------------------


def test_moving_to_a_wished_time__accepts_the_request(
    confirmed: Application, moderator: AbstractBaseUser
) -> None:
    ask(confirmed, LATER, LATER + DAY)

    decide("confirm_other_time", Application.objects.get(), moderator, start=LATER)

    request = MoveRequest.objects.get()
    assert (request.answer, request.answered_at) == ("accepted", NOW)
    confirmed.refresh_from_db()
    assert confirmed.start == LATER
    assert Letter.objects.filter(kind="moved", copy_of=None).count() == 1


def test_moving_to_another_time__decides_otherwise(
    confirmed: Application, moderator: AbstractBaseUser
) -> None:
    ask(confirmed, LATER)

    decide("confirm_other_time", Application.objects.get(), moderator, start=LATER + DAY)

    assert MoveRequest.objects.get().answer == "superseded"


def test_a_wished_time_that_is_gone__leaves_the_request_open(
    official: Official, confirmed: Application, moderator: AbstractBaseUser
) -> None:
    ask(confirmed, LATER)
    ApplicationFactory(official=official, start=LATER)
    confirmed.refresh_from_db()

    with pytest.raises(errors.SlotTaken):
        decide("confirm_other_time", confirmed, moderator, start=LATER)

    assert MoveRequest.objects.get().is_open(NOW)
    stands(confirmed)


def test_refusing__needs_words_and_the_time_stands(
    confirmed: Application, moderator: AbstractBaseUser
) -> None:
    ask(confirmed, LATER)
    for words in ("", " \u200b", "а" * 2001):
        with pytest.raises(errors.Incomplete) as incomplete:
            refuse(confirmed, moderator, words=words)
        assert set(incomplete.value.fields) == {"words"}

    refuse(confirmed, moderator)

    request = MoveRequest.objects.get()
    assert (request.answer, request.words) == ("refused", NO)
    stands(confirmed)
    text = render(Letter.objects.get(kind="move_refused", copy_of=None)).text
    assert NO in text
    assert "вівторок, 1 грудня 2026 року, 10:30" in text
    with pytest.raises(errors.WrongState):
        refuse(confirmed, moderator)


def test_a_refusal_of_before__is_not_sent_about_another_time(
    confirmed: Application, moderator: AbstractBaseUser
) -> None:
    ask(confirmed, LATER)
    refuse(confirmed, moderator)
    letter = Letter.objects.get(kind="move_refused", copy_of=None)
    decide("confirm_other_time", Application.objects.get(), moderator, start=LATER)

    with pytest.raises(NothingToSend):
        render(letter)


def test_taking_it_back__counts_once_and_the_agency_is_told(confirmed: Application) -> None:
    request = ask(confirmed, LATER)

    for _ in range(2):
        take_back(request)

    stands(confirmed)
    told = Letter.objects.filter(kind="agency_news", facts__news="move_withdrawn")
    assert told.count() == 1
    asked = Letter.objects.get(facts__news="move_requested")
    with pytest.raises(NothingToSend):
        render(asked)


@pytest.mark.parametrize("end", ["refused", "expired"])
def test_what_has_ended__cannot_be_taken_back(
    confirmed: Application, moderator: AbstractBaseUser, end: str
) -> None:
    request = ask(confirmed, LATER)
    if end == "refused":
        refuse(confirmed, moderator)

    with pytest.raises(errors.MoveRequestClosed):
        take_back(request, now=NOW if end == "refused" else END)


def test_nobody_answers__it_ends_by_itself_and_the_citizen_is_told(
    confirmed: Application, moderator: AbstractBaseUser
) -> None:
    request = ask(confirmed, LATER + WEEK)
    with pytest.raises(errors.WrongState):
        refuse(confirmed, moderator, now=END)
    assert deadlines.expire_move_requests(now=END - MINUTE) == 0

    assert deadlines.expire_move_requests(now=END) == 1
    assert deadlines.expire_move_requests(now=END) == 0

    request.refresh_from_db()
    assert (request.answer, request.answered_at) == ("expired", END)
    stands(confirmed)
    text = render(Letter.objects.get(kind="move_unanswered", copy_of=None), now=END).text
    assert "Ваш прийом відбудеться в підтверджений час." in text


def test_one_that_ended_unnoticed__gives_way_to_the_next(
    confirmed: Application, moderator: AbstractBaseUser
) -> None:
    first = ask(confirmed, LATER)
    decide("confirm_other_time", Application.objects.get(), moderator, start=LATER + WEEK)
    # As if nobody had noted it: by the clock of another server.
    MoveRequest.objects.filter(pk=first.pk).update(answer="", answered_at=None, deadline=NOW)

    ask(Application.objects.select_related("citizen").get(), LATER + 8 * DAY)

    first.refresh_from_db()
    assert (first.answer, first.is_last) == ("expired", False)


def test_cancelling__ends_it(confirmed: Application, citizen: SignedIn) -> None:
    ask(confirmed, LATER)

    applications.cancel(actor=citizen, public_id=confirmed.public_id, now=NOW)

    assert MoveRequest.objects.get().answer == "superseded"


def test_an_agency_with_a_digest__reads_it_there_while_it_is_true(
    confirmed: Application, moderator: AbstractBaseUser
) -> None:
    Agency.objects.update(notices="daily")
    AgencyNews.objects.all().delete()
    ask(confirmed, LATER)
    digest = letters.queue_digest(confirmed.agency, now=NOW)
    assert digest is not None
    assert "ПРОСЯТЬ ПЕРЕНЕСТИ ПІДТВЕРДЖЕНИЙ ПРИЙОМ" in render(digest).text

    refuse(confirmed, moderator)

    with pytest.raises(NothingToSend):
        render(digest)


def test_the_database__keeps_no_refusal_without_words(confirmed: Application) -> None:
    ask(confirmed, LATER)
    values: dict[str, Any] = {"answer": "refused", "answered_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        MoveRequest.objects.update(**values)
