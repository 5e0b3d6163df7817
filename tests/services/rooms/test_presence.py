"""Who was in the room from when to when, and how good the line was."""

from datetime import datetime, timedelta

from diia_videoreception.models import Attendance, Participant
from diia_videoreception.rules import rooms as rules
from diia_videoreception.rules.rooms import Phase
from diia_videoreception.selectors.rooms.attendance import stays_in
from diia_videoreception.services.rooms import ending, entering, presence
from tests.harness.clock import NOW
from tests.steps.rooms import Meeting

SECOND = timedelta(seconds=1)


def poll(meeting: Meeting, at: datetime, visitor: object = None, **report: object) -> presence.News:
    return presence.poll(
        visitor=visitor or meeting.citizen,  # type: ignore[arg-type]
        public_id=meeting.public_id,
        report=presence.Report(window="w1", **report),  # type: ignore[arg-type]
        now=at,
    )


def stretches(participant: Participant) -> list[tuple[datetime, datetime | None]]:
    return list(participant.attendances.values_list("joined_at", "left_at"))


def test_attendance__from_coming_in_to_leaving(meeting: Meeting) -> None:
    citizen = meeting.enter(meeting.citizen)
    assert stretches(citizen) == [(NOW, None)]

    gone = NOW + 10 * SECOND
    entering.leave(visitor=meeting.citizen, public_id=meeting.public_id, window="w1", now=gone)
    assert stretches(citizen) == [(NOW, gone)]

    back = NOW + 60 * SECOND
    meeting.enter(meeting.citizen, now=back)
    assert stretches(citizen) == [(NOW, gone), (back, None)]


def test_attendance__a_reload_does_not_break_it(meeting: Meeting) -> None:
    citizen = meeting.enter(meeting.citizen)
    meeting.enter(meeting.citizen, "w2", now=NOW + 5 * SECOND)

    assert stretches(citizen) == [(NOW, None)]


def test_attendance__of_a_page_that_slept_ends_when_it_was_last_heard(meeting: Meeting) -> None:
    citizen = meeting.enter(meeting.citizen)
    heard, awake = NOW + 9 * SECOND, NOW + timedelta(minutes=10)
    poll(meeting, heard)
    poll(meeting, awake)

    assert stretches(citizen) == [(NOW, heard), (awake, None)]


def test_attendance__at_the_end_ends_for_all_when_they_were_last_heard(meeting: Meeting) -> None:
    citizen, official = meeting.meet()
    poll(meeting, NOW + 9 * SECOND)
    end = NOW + timedelta(minutes=5)
    poll(meeting, end - SECOND, meeting.official)
    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=end)

    assert stretches(citizen) == [(NOW, NOW + 9 * SECOND)]
    assert [left for _, left in stretches(official)][-1] == end
    assert not Attendance.objects.filter(left_at__isnull=True).exists()


def test_presence__is_written_at_most_every_eight_seconds(meeting: Meeting) -> None:
    citizen = meeting.enter(meeting.citizen)
    for seconds, written in ((7, NOW), (8, NOW + 8 * SECOND), (15, NOW + 8 * SECOND)):
        poll(meeting, NOW + seconds * SECOND)
        citizen.refresh_from_db()
        assert citizen.last_seen_at == written


def test_presence__a_server_whose_clock_is_behind_takes_nobody_away(meeting: Meeting) -> None:
    citizen = meeting.enter(meeting.citizen)
    poll(meeting, NOW - timedelta(minutes=2), media={"camera": True})
    citizen.refresh_from_db()

    assert citizen.last_seen_at == NOW
    assert citizen.media == {"camera": True}
    assert stretches(citizen) == [(NOW, None)]


def test_quality__is_kept_as_numbers_with_the_attendance(meeting: Meeting) -> None:
    citizen = meeting.enter(meeting.citizen)
    for seconds, rtt in ((10, 100.0), (20, 300.0)):
        poll(meeting, NOW + seconds * SECOND, quality={"rtt_ms": rtt})

    assert citizen.attendances.get().quality == {
        "rtt_ms": {"samples": 2, "mean": 200, "worst": 300}
    }


def test_here__others_see_who_has_gone_silent(meeting: Meeting) -> None:
    meeting.meet()
    later = NOW + timedelta(minutes=1)
    news = poll(meeting, later, meeting.official)

    assert news.phase is Phase.ADMITTED
    here = {
        seat.role: rules.is_here(rules.Seat(seat.state), seat.last_seen_at, now=later)
        for seat in news.seats.everybody
    }
    assert here == {"citizen": False, "official": True}


def test_stays__tell_both_sides_who_was_there(meeting: Meeting) -> None:
    """The official never came: the citizen waited, and both may read it."""
    meeting.enter(meeting.citizen)
    poll(meeting, NOW + 9 * SECOND, quality={"rtt_ms": 80.0})

    now_there = stays_in(meeting.application, now=NOW + 9 * SECOND)
    assert [(stay.role, stay.since, stay.until) for stay in now_there] == [("citizen", NOW, None)]
    later = stays_in(meeting.application, now=NOW + timedelta(hours=1))
    assert [stay.until for stay in later] == [NOW + 9 * SECOND]
    assert later[0].quality["rtt_ms"]["mean"] == 80
