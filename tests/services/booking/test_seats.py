"""A reception from a seat of a centre: its whole way, its hours, and what of it is told to whom (B-63)."""

from datetime import time, timedelta

import pytest
from icalendar import Calendar

from diia_videoreception import errors
from diia_videoreception.models import Application, CentreWorkplace, JournalRecord, Letter, Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.availability import free_among, scheduled_slots
from diia_videoreception.services.booking import (
    applications,
    drafts,
    holds,
    move_requests,
    proposals,
)
from diia_videoreception.services.booking.drafts import DraftAnswers
from diia_videoreception.services.letters.calendars import calendar_of_letter
from tests.factories import ApplicationFactory, ScheduleRuleFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.centres import centre, video_seat
from tests.steps.letters import render
from tests.steps.moderation import decide, moderator_of

pytestmark = pytest.mark.any_database
HALF_HOUR = timedelta(minutes=30)
LATER = START + HALF_HOUR


@pytest.fixture
def seat(db: None) -> CentreWorkplace:
    return video_seat(centre(name="ЦНАП міста Яворівка"))


def reserve(citizen: SignedIn, official: Official, seat: CentreWorkplace) -> None:
    holds.reserve(
        actor=citizen,
        official_id=official.pk,
        start=START,
        captcha=solved_captcha(),
        seat_id=seat.public_id,
        now=NOW,
    )


def filed(citizen: SignedIn, official: Official, seat: CentreWorkplace) -> Application:
    reserve(citizen, official, seat)
    answers = DraftAnswers(topic="Компенсація за догляд", phone="067 123 45 67")
    draft = drafts.save_answers(citizen=citizen.citizen, answers=answers, now=NOW)
    return applications.submit(
        actor=citizen,
        draft_token=draft.token,
        captcha=solved_captcha(),
        channel=Application.Channel.WEB,
        now=NOW,
    )


def test_the_seat__goes_with_the_application_into_its_letters_and_the_calendar(
    citizen: SignedIn, official: Official, seat: CentreWorkplace
) -> None:
    application = filed(citizen, official, seat)

    assert application.seat == seat
    record = JournalRecord.objects.get(act="application.submit")
    assert record.details == {"seat": str(seat.public_id)}
    decide("confirm", application, moderator_of(official.agency))
    told = {letter.kind: letter for letter in Letter.objects.filter(application=application)}
    for kind in ("receipt", "confirmation"):
        text = render(told[kind]).text
        assert "ЦНАП міста Яворівка" in text
        assert "Яворівка, вул. Садова, 1" in text
        assert "Відеомісце" in text
    calendar = calendar_of_letter(told["confirmation"])
    assert calendar is not None
    (event,) = Calendar.from_ical(calendar.content).walk("VEVENT")
    assert event["LOCATION"] == "ЦНАП міста Яворівка, Яворівка, вул. Садова, 1, Відеомісце"


def test_a_seat_that_is_closed_paused_or_unknown__is_refused(
    citizen: SignedIn, official: Official, seat: CentreWorkplace
) -> None:
    seat.hours.update(closes=time(7))
    with pytest.raises(errors.SeatClosed):
        reserve(citizen, official, seat)
    seat.hours.update(closes=time(22))
    CentreWorkplace.objects.update(state="paused")
    with pytest.raises(errors.SeatUnavailable):
        reserve(citizen, official, seat)
    CentreWorkplace.objects.update(state="working", kind="kiosk")
    with pytest.raises(errors.SeatUnavailable):
        reserve(citizen, official, seat)
    seat.centre.state, seat.centre.suspended_at = "suspended", NOW
    seat.centre.suspension_reason = "Перевірка"
    seat.centre.save()
    CentreWorkplace.objects.update(kind="video_seat")
    with pytest.raises(errors.SeatUnavailable):
        reserve(citizen, official, seat)


def test_every_other_time__has_to_be_one_at_which_the_seat_is_open(
    official: Official, seat: CentreWorkplace
) -> None:
    """The citizen said where they come: a moved reception is one at the same seat."""
    application = ApplicationFactory(official=official, start=START, seat=seat)
    application.occupancies.update(seat=seat)
    seat.hours.update(closes=(LATER + timedelta(hours=2)).time())
    about = {"public_id": application.public_id, "version": application.version, "now": NOW}
    moderator = moderator_of(official.agency)

    with pytest.raises(errors.SeatClosed):
        decide("confirm_other_time", application, moderator, start=LATER)
    with pytest.raises(errors.SeatClosed):
        proposals.propose(moderator=moderator, start=LATER, reason="Нарада", **about)
    decide("confirm", application, moderator)
    with pytest.raises(errors.SeatClosed):
        move_requests.request_move(
            actor=signed_in(application.citizen),
            public_id=application.public_id,
            starts=[LATER],
            reason="Раніше",
            now=NOW,
        )


def test_times_offered_to_a_moderator__are_free_at_the_seat_too(
    official: Official, seat: CentreWorkplace
) -> None:
    application = ApplicationFactory(official=official, start=START, seat=seat)
    application.occupancies.update(seat=seat)
    other = ApplicationFactory(official=ScheduleRuleFactory().official, start=LATER, seat=seat)
    other.occupancies.update(seat=seat)
    slots = scheduled_slots(official, first=START.date(), last=START.date())

    starts = [one.start for one in free_among(official, slots, now=NOW, besides=application)]

    assert START in starts
    assert LATER not in starts
    assert len(starts) == len(slots) - 1
