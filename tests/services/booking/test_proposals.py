"""Another time that is proposed: what stands meanwhile, who has which time until when, what each answer does."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from diia_videoreception import errors
from diia_videoreception.models import (
    Absence,
    Agency,
    AgencyNews,
    Application,
    Holiday,
    Letter,
    Occupancy,
    Official,
    Proposal,
    Reception,
    ScheduleRule,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import availability
from diia_videoreception.services import letters
from diia_videoreception.services.booking import absences, applications, deadlines, holds
from diia_videoreception.services.housekeeping.cleaning import clean
from diia_videoreception.services.letters.reminders import write_reminders
from diia_videoreception.services.letters.rendering import NothingToSend
from tests.factories import ApplicationFactory, CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.letters import render
from tests.steps.moderation import decide
from tests.steps.proposals import REASON, answer, propose, withdraw

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATER = START + HOUR
TOMORROW = datetime.fromisoformat("2026-11-24T10:00+02:00")
TERM = 48 * HOUR
"""How long people have to answer, unless the agency says otherwise."""


@pytest.fixture
def submitted(official: Official, citizen: SignedIn) -> Application:
    return ApplicationFactory(official=official, citizen=citizen.citizen, start=START)


@pytest.fixture
def proposal(submitted: Application, moderator: AbstractBaseUser) -> Proposal:
    return propose(submitted, moderator, LATER)


def reserve(official: Official, start: datetime, *, now: datetime, actor: Any = None) -> Occupancy:
    return holds.reserve(
        actor=actor or signed_in(CitizenFactory()),
        official_id=official.pk,
        start=start,
        captcha=solved_captcha(),
        now=now,
    )


def shown_as_free(official: Official, *, now: datetime) -> set[datetime]:
    days = availability.calendar(
        official, first=START.date(), last=START.date(), citizen=None, now=now
    )
    return {slot.start for day in days for slot in day.slots if slot.state == "free"}


# --- Making it -----------------------------------------------------------------------------------


def test_proposing__leaves_everything_as_it_stands(
    submitted: Application, proposal: Proposal
) -> None:
    submitted.refresh_from_db()
    assert (submitted.state, submitted.start, submitted.decided_at) == ("submitted", START, None)
    assert (proposal.old_start, proposal.start, proposal.reason) == (START, LATER, REASON)
    assert proposal.deadline == NOW + TERM
    assert not Reception.objects.exists()


@pytest.mark.parametrize(
    ("hours", "start", "old", "deadline"),
    [
        (48, LATER, START, NOW + TERM),
        (5, LATER, START, NOW + 5 * HOUR),
        (720, LATER, START, START - 2 * HOUR),
        (720, START - DAY, START, START - DAY - 2 * HOUR),
    ],
    ids=["usual", "the agency's", "before the old start", "before the new start"],
)
def test_deadline__is_the_agencys_term_or_two_hours_before_either_start(
    official: Official,
    moderator: AbstractBaseUser,
    submitted: Application,
    hours: int,
    start: datetime,
    old: datetime,
    deadline: datetime,
) -> None:
    Agency.objects.update(answer_hours=hours)

    assert propose(submitted, moderator, start).deadline == deadline


@pytest.mark.parametrize(
    ("day", "start"),
    [(date(2026, 11, 25), LATER), (date(2026, 11, 28), LATER), (date(2026, 11, 24), TOMORROW)],
    ids=["after the term", "a Saturday", "too near the proposed time"],
)
def test_until_when_to_wait__is_an_open_day_that_ends_in_time(
    submitted: Application, moderator: AbstractBaseUser, day: date, start: datetime
) -> None:
    hours = 48 if day.day == 25 else 720
    Agency.objects.update(answer_hours=hours)

    with pytest.raises(errors.Incomplete) as refused:
        propose(submitted, moderator, start, answer_by=day)
    assert list(refused.value.fields) == ["answer_by"]

    made = propose(submitted, moderator, LATER, answer_by=date(2026, 11, 24))
    assert made.deadline == datetime.fromisoformat("2026-11-24T18:00+02:00")
    assert Occupancy.objects.get(kind="proposal").expires_at == made.deadline


def test_a_time_nearer_than_the_lead_time__can_be_proposed_a_day_before(
    submitted: Application, moderator: AbstractBaseUser, settings: Any
) -> None:
    tomorrow = datetime.fromisoformat("2026-11-24T09:00+02:00")

    with pytest.raises(errors.ProposedTooSoon) as refused:
        propose(submitted, moderator, tomorrow)
    assert "24" in str(refused.value)

    agreed = decide("confirm_other_time", submitted, moderator, start=tomorrow)
    assert agreed.start == tomorrow, "with the citizen's explicit yes it may be as near as that"


def test_the_notice__is_a_setting(
    submitted: Application, moderator: AbstractBaseUser, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"PROPOSAL_NOTICE_HOURS": 12}
    tomorrow = datetime.fromisoformat("2026-11-24T09:00+02:00")

    assert propose(submitted, moderator, tomorrow).deadline == tomorrow - 2 * HOUR


def test_without_the_citizens_yes__no_time_is_set(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        decide("confirm_other_time", submitted, moderator, start=LATER, is_agreed=False)

    assert set(refused.value.fields) == {"is_agreed"}
    assert Application.objects.get().start == START


def test_less_than_two_hours_before_the_old_time__it_is_too_late(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.ProposalTooLate):
        propose(submitted, moderator, LATER + DAY, now=START - 2 * HOUR)
    propose(submitted, moderator, LATER + DAY, now=START - 2 * HOUR - MINUTE)


@pytest.mark.parametrize("reason", ["", "  \u200b", "а" * 2001])
def test_a_reason__is_needed_and_has_an_end(
    submitted: Application, moderator: AbstractBaseUser, reason: str
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        propose(submitted, moderator, LATER, reason=reason)
    assert set(refused.value.fields) == {"reason"}
    assert not Proposal.objects.exists()


def test_one_proposal__is_open_at_a_time(
    submitted: Application, proposal: Proposal, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.ProposalOpen):
        propose(submitted, moderator, LATER + DAY)
    with pytest.raises(errors.ProposalOpen):
        decide("confirm", Application.objects.get(), moderator)
    values = {
        "old_start": START, "old_end": LATER, "start": LATER, "end": LATER + HOUR, "reason": "Друга",
        "made_at": NOW, "deadline": LATER,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(application=submitted, is_last=False, **values)

    withdraw(submitted, moderator)
    second = propose(submitted, moderator, LATER + DAY)
    assert Proposal.objects.get(is_last=True) == second


def test_what_somebody_has__cannot_be_proposed(
    official: Official, submitted: Application, moderator: AbstractBaseUser
) -> None:
    reserve(official, LATER, now=NOW)
    ApplicationFactory(official=official, start=LATER + DAY)
    elsewhere = ScheduleRuleFactory().official
    ApplicationFactory(official=elsewhere, citizen=submitted.citizen, start=LATER + 2 * DAY)
    reserve(elsewhere, LATER + 3 * DAY, now=NOW, actor=signed_in(submitted.citizen))

    for start, error in (
        (START, errors.SlotTaken),
        (LATER, errors.SlotTaken),
        (LATER + DAY, errors.SlotTaken),
        (LATER + 2 * DAY, errors.CitizenTimeTaken),
        (LATER + 3 * DAY, errors.CitizenTimeHeld),
        (LATER + 5 * MINUTE, errors.OutsideSchedule),
    ):
        with pytest.raises(error):
            propose(submitted, moderator, start)
    assert not Proposal.objects.exists()


# --- The time of it, until the deadline and after it ------------------------------------------------


def test_the_proposed_time__is_nobody_elses_until_the_deadline(
    official: Official, citizen: SignedIn, proposal: Proposal
) -> None:
    before = proposal.deadline - MINUTE
    elsewhere = ScheduleRuleFactory().official

    assert LATER not in shown_as_free(official, now=before)
    with pytest.raises(errors.SlotTaken):
        reserve(official, LATER, now=before)
    with pytest.raises(errors.OwnTimeTaken) as refused:
        reserve(elsewhere, LATER, now=before, actor=citizen)
    assert proposal.application.number in str(refused.value)
    with pytest.raises(errors.TimeOccupied):
        absences.save_absence(
            Absence(official=official, start=LATER, end=LATER + HOUR, reason="нарада"), now=before
        )


def test_an_expired_proposal__keeps_nobody_from_the_time(
    official: Official, citizen: SignedIn, proposal: Proposal
) -> None:
    """Decided by comparing with now: nothing has cleaned up."""
    over = proposal.deadline

    assert LATER in shown_as_free(official, now=over)
    assert reserve(official, LATER, now=over).start == LATER
    assert not Occupancy.objects.filter(kind="proposal").exists()


def test_an_expired_proposal__keeps_its_citizen_from_nothing(
    citizen: SignedIn, proposal: Proposal
) -> None:
    elsewhere = ScheduleRuleFactory().official

    hold = reserve(elsewhere, LATER, now=proposal.deadline, actor=citizen)

    assert hold.official == elsewhere
    assert not Occupancy.objects.filter(kind="proposal").exists()


def test_an_expired_proposal__keeps_no_official_from_being_away(
    official: Official, proposal: Proposal
) -> None:
    absence = Absence(official=official, start=LATER, end=LATER + HOUR, reason="нарада")

    absences.save_absence(absence, now=proposal.deadline)

    assert set(Occupancy.objects.values_list("kind", flat=True)) == {"application", "absence"}


def test_an_expired_proposal__gives_way_to_another_of_the_same_application(
    submitted: Application, proposal: Proposal, moderator: AbstractBaseUser
) -> None:
    second = propose(submitted, moderator, LATER + HOUR, now=proposal.deadline)

    proposal.refresh_from_db()
    assert (proposal.answer, proposal.is_last) == ("expired", False)
    assert Occupancy.objects.get(kind="proposal").start == second.start


def test_cleaning__takes_away_what_has_expired_only(
    submitted: Application, proposal: Proposal
) -> None:
    clean(now=proposal.deadline - MINUTE)
    assert Occupancy.objects.filter(kind="proposal").exists()
    clean(now=proposal.deadline)
    assert [row.kind for row in Occupancy.objects.all()] == ["application"]


def test_an_absence_over_both_times__names_the_application_once(
    official: Official, proposal: Proposal
) -> None:
    with pytest.raises(errors.TimeOccupied) as refused:
        absences.save_absence(
            Absence(official=official, start=START, end=LATER + HOUR, reason="нарада"), now=NOW
        )
    assert str(refused.value).count(proposal.application.number) == 1


# --- The answers ---------------------------------------------------------------------------------


def test_accepting__confirms_the_new_time_and_tells_everybody(
    official: Official, proposal: Proposal
) -> None:
    application = answer("accept", proposal, now=NOW + HOUR)

    application.refresh_from_db()
    assert (application.state, application.start) == ("confirmed", LATER)
    assert (application.requested_start, application.decided_at) == (START, NOW + HOUR)
    assert application.reception.password
    letter = Letter.objects.get(kind="confirmation")
    assert letter.facts["old_start"] == START.isoformat()
    assert "Ви погодилися на інший час, ніж просили." in render(letter).text
    assert Letter.objects.filter(kind="agency_news", facts__news="accepted").count() == 1


def test_accepting_another_time_of_a_confirmed_reception__moves_it(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    decide("confirm", submitted, moderator)
    login = Reception.objects.get().login
    proposal = propose(submitted, moderator, LATER)
    assert Reception.objects.get().login == login, "the old room stands meanwhile"

    application = answer("accept", proposal)

    reception = Reception.objects.get()
    assert (application.state, application.start) == ("confirmed", LATER)
    assert (reception.calendar_sequence, reception.login != login) == (1, True)
    moved = Letter.objects.get(kind="moved")
    assert "Ви погодилися на інший час." in render(moved).text


def test_a_reception_whose_conference_is_gone__moves_with_the_access_that_it_has(
    submitted: Application, moderator: AbstractBaseUser, settings: Any
) -> None:
    decide("confirm", submitted, moderator)
    login = Reception.objects.get().login
    proposal = propose(submitted, moderator, LATER)
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": {}}

    assert answer("accept", proposal).start == LATER
    assert Reception.objects.get().login == login


def test_the_very_time__can_be_set_when_the_citizen_agrees_on_the_phone(
    submitted: Application, moderator: AbstractBaseUser, proposal: Proposal
) -> None:
    agreed = decide("confirm_other_time", Application.objects.get(), moderator, start=LATER)

    proposal.refresh_from_db()
    assert (agreed.state, agreed.start, proposal.answer) == ("confirmed", LATER, "superseded")
    assert [(row.kind, row.start) for row in Occupancy.objects.all()] == [("application", LATER)]


def test_reminders__are_of_the_time_that_stands(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    decide("confirm", submitted, moderator)
    Agency.objects.update(answer_hours=720)
    asked = START - 30 * HOUR
    proposal = propose(submitted, moderator, LATER + 3 * DAY, now=asked)

    assert write_reminders(now=START - DAY) == 1, "of the old time, while the new one is proposed"
    answer("accept", proposal, now=START - 3 * HOUR)
    assert write_reminders(now=START - HOUR) == 0, "nobody is sent to the old time any more"
    assert write_reminders(now=LATER + 2 * DAY) == 1


def test_a_schedule_changed_meanwhile__does_not_break_the_word(
    official: Official, proposal: Proposal
) -> None:
    ScheduleRule.objects.all().delete()
    Holiday.objects.create(date=LATER.date(), name="Свято")

    assert answer("accept", proposal).start == LATER


def test_refusing__keeps_the_old_time_and_the_wishes(
    submitted: Application, proposal: Proposal
) -> None:
    answer("refuse", proposal, day_parts=["evening", "morning", "???"], wishes=" Крім середи \x00")

    proposal.refresh_from_db()
    submitted.refresh_from_db()
    assert (proposal.answer, proposal.day_parts) == ("refused", ["morning", "evening"])
    assert proposal.wishes == "Крім середи"
    assert (submitted.state, submitted.start) == ("submitted", START)
    assert Letter.objects.filter(kind="agency_news", facts__news="refused").count() == 1


def test_wishes__have_an_end(proposal: Proposal) -> None:
    with pytest.raises(errors.Incomplete):
        answer("refuse", proposal, wishes="а" * 1001)
    assert Proposal.objects.get().answer == ""


@pytest.mark.parametrize("name", ["accept", "refuse"])
def test_the_same_answer_twice__is_given_once(proposal: Proposal, name: str) -> None:
    first = answer(name, proposal)
    letters = Letter.objects.count()

    again = answer(name, proposal)

    assert (again.start, again.version) == (first.start, first.version)
    assert Letter.objects.count() == letters


@pytest.mark.parametrize(("first", "second"), [("accept", "refuse"), ("refuse", "accept")])
def test_another_answer__comes_too_late(proposal: Proposal, first: str, second: str) -> None:
    answer(first, proposal)
    with pytest.raises(errors.ProposalClosed):
        answer(second, proposal)


@pytest.mark.parametrize("name", ["accept", "refuse"])
def test_silence__accepts_nothing_and_after_the_deadline_nobody_can(
    submitted: Application, proposal: Proposal, name: str
) -> None:
    with pytest.raises(errors.ProposalClosed):
        answer(name, proposal, now=proposal.deadline)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.start) == ("submitted", START)


@pytest.mark.parametrize("name", ["accept", "refuse"])
def test_a_stranger__finds_no_proposal(proposal: Proposal, name: str) -> None:
    proposal.application.citizen = CitizenFactory()
    with pytest.raises(errors.NotFound):
        answer(name, proposal)


def test_a_proposal_of_another_application__answers_nothing(
    official: Official, citizen: SignedIn, moderator: AbstractBaseUser, proposal: Proposal
) -> None:
    other = ApplicationFactory(official=official, citizen=citizen.citizen, start=START + DAY)
    proposal.application = other
    with pytest.raises(errors.NotFound):
        answer("accept", proposal)


def test_a_time_lost_between_two_clocks__is_not_given_twice(
    official: Official, proposal: Proposal
) -> None:
    """A server whose clock is ahead has given the time to somebody else."""
    reserve(official, LATER, now=proposal.deadline + MINUTE)

    with pytest.raises(errors.SlotTaken):
        answer("accept", proposal, now=proposal.deadline - MINUTE)

    assert Application.objects.get(pk=proposal.application_id).start == START


def test_withdrawing__tells_the_citizen_and_lets_the_time_go(
    official: Official, submitted: Application, proposal: Proposal, moderator: AbstractBaseUser
) -> None:
    withdraw(submitted, moderator)

    assert LATER in shown_as_free(official, now=NOW)
    text = render(Letter.objects.get(kind="proposal_withdrawn")).text
    assert "Відповідати вже не потрібно." in text
    assert "вівторок, 1 грудня 2026 року, 10:30" in text
    with pytest.raises(errors.WrongState):
        withdraw(submitted, moderator)


def test_cancelling__lets_both_times_go(
    official: Official, citizen: SignedIn, proposal: Proposal
) -> None:
    applications.cancel(actor=citizen, public_id=proposal.application.public_id, now=NOW)

    assert {START, LATER} <= shown_as_free(official, now=NOW)


def test_expiry__is_noted_once_and_the_agency_is_told(
    submitted: Application, proposal: Proposal
) -> None:
    assert deadlines.expire_proposals(now=proposal.deadline - MINUTE) == 0
    assert deadlines.expire_proposals(now=proposal.deadline) == 1
    assert deadlines.expire_proposals(now=proposal.deadline) == 0

    proposal.refresh_from_db()
    assert (proposal.answer, proposal.answered_at) == ("expired", proposal.deadline)
    (news,) = Letter.objects.filter(kind="agency_news")
    assert render(news).title == "Заявник не відповів на пропозицію іншого часу"


# --- What is read ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "promise"),
    [
        ("submitted", "установа розглядатиме заявку далі з часом, який Ви обрали"),
        ("confirmed", "прийом залишиться у теперішній час"),
    ],
)
def test_the_letter__says_both_times_why_until_when_and_what_silence_does(
    submitted: Application, moderator: AbstractBaseUser, state: str, promise: str
) -> None:
    if state == "confirmed":
        decide("confirm", submitted, moderator)
    propose(submitted, moderator, LATER)

    letter = render(Letter.objects.get(kind="proposal"))

    assert letter.subject == "Пропонуємо інший час прийому"
    for part in (
        "вівторок, 1 грудня 2026 року, 10:30 за київським часом",
        "вівторок, 1 грудня 2026 року, 11:30 за київським часом",
        REASON,
        "Дайте відповідь до: середа, 25 листопада 2026 року, 10:00 за київським часом",
        promise,
        f"/cabinet/{submitted.public_id}/#proposal",
        "Мельник Ірина Василівна",
    ):
        assert part in letter.text
    assert REASON in letter.html


def test_a_letter_that_waited_too_long__is_not_sent(proposal: Proposal) -> None:
    letter = Letter.objects.get(kind="proposal")
    answer("refuse", proposal)

    with pytest.raises(NothingToSend):
        render(letter)
    assert REASON in render(letter, for_sending=False).text, "the cabinet keeps it"


def test_a_daily_digest__tells_the_answers_apart(
    official: Official, proposal: Proposal, moderator: AbstractBaseUser
) -> None:
    Agency.objects.update(notices=Agency.Notices.DAILY)
    proposal.application.official.agency.refresh_from_db()
    answer("refuse", proposal)
    news = AgencyNews.objects.get()
    assert (news.kind, news.application) == ("refused", proposal.application)

    letter = letters.queue_digest(official.agency, now=NOW + DAY)

    assert letter is not None
    rendered = render(letter)
    assert rendered.subject == "Заявки: нових 0, скасованих 0, відповідей 1"
    assert "ВІДМОВИЛИСЯ ВІД ЗАПРОПОНОВАНОГО ЧАСУ" in rendered.text
