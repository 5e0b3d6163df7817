"""When a room is open, who stands where in it, and what its numbers say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules import rooms
from diia_videoreception.rules.rooms import Phase, Seat

START = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
TIMES = rooms.times_of(
    START,
    START + timedelta(minutes=30),
    opens=timedelta(minutes=15),
    closes=timedelta(minutes=60),
)
SECOND = timedelta(seconds=1)


def phase(now: datetime, **changes: object) -> Phase | None:
    values: dict[str, object] = {"is_confirmed": True, "ended_at": None} | changes
    return rooms.room_phase(TIMES, now=now, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (TIMES.opens_at - SECOND, Phase.EARLY),
        (TIMES.opens_at, None),
        (TIMES.ends_at + SECOND, None),
        (TIMES.closes_at - SECOND, None),
        (TIMES.closes_at, Phase.CLOSED),
    ],
)
def test_room__is_open_from_a_quarter_of_an_hour_before_until_an_hour_after(
    moment: datetime, expected: Phase | None
) -> None:
    assert phase(moment) is expected


def test_room__that_the_official_ended_stays_ended() -> None:
    assert phase(START, ended_at=START - SECOND) is Phase.ENDED
    assert phase(TIMES.closes_at + SECOND, ended_at=START) is Phase.ENDED


def test_room__an_end_before_a_moved_time_says_nothing_of_it() -> None:
    assert phase(START, ended_at=TIMES.opens_at - timedelta(days=1)) is None


def test_room__of_a_reception_called_off_is_closed() -> None:
    assert phase(START, is_confirmed=False) is Phase.CLOSED


@pytest.mark.parametrize(
    ("seat", "expected"),
    [
        (Seat.WAITING, Phase.WAITING),
        (Seat.ADMITTED, Phase.ADMITTED),
        (Seat.REFUSED, Phase.REFUSED),
        (Seat.REMOVED, Phase.REFUSED),
        (Seat.LEFT, Phase.LEFT),
    ],
)
def test_seat__says_where_somebody_stands(seat: Seat, expected: Phase) -> None:
    assert rooms.seat_phase(seat) is expected


def test_here__ends_when_nothing_was_heard_for_half_a_minute() -> None:
    assert rooms.is_here(Seat.ADMITTED, START, now=START + rooms.HERE - SECOND)
    assert not rooms.is_here(Seat.ADMITTED, START, now=START + rooms.HERE)
    assert not rooms.is_here(Seat.LEFT, START, now=START)


def test_poll__is_quick_only_while_pages_find_each_other() -> None:
    soon, later = START + timedelta(seconds=5), START + timedelta(minutes=1)

    assert rooms.poll_ms(Phase.WAITING, changed_at=START, now=soon) == 3_000
    assert rooms.poll_ms(Phase.ADMITTED, changed_at=START, now=soon) == 500
    assert rooms.poll_ms(Phase.ADMITTED, changed_at=START, now=later) == 10_000
    # A server whose clock is an hour behind does not keep everybody in a hurry.
    behind = START - timedelta(hours=1)
    assert rooms.poll_ms(Phase.ADMITTED, changed_at=START, now=behind) == 10_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(value=JSON | st.dictionaries(st.sampled_from(rooms.MEDIA), JSON))
def test_media__keeps_only_yes_and_no(value: object) -> None:
    assert all(
        name in rooms.MEDIA and isinstance(answer, bool)
        for name, answer in rooms.clean_media(value).items()
    )


@given(value=JSON | st.dictionaries(st.sampled_from(sorted(rooms.QUALITY)), JSON))
def test_quality__keeps_only_numbers_within_bounds(value: object) -> None:
    assert all(
        0 <= number <= rooms.QUALITY[name] for name, number in rooms.clean_quality(value).items()
    )


def test_quality__tells_mean_and_worst() -> None:
    known: dict[str, dict[str, float]] = {}
    for rtt, rate in ((100, 900), (300, 300), (200, 600)):
        known = rooms.merge_quality(known, {"rtt_ms": rtt, "kbit_per_s": rate})

    assert known["rtt_ms"] == {"samples": 3, "mean": 200, "worst": 300}
    assert known["kbit_per_s"] == {"samples": 3, "mean": 600, "worst": 300}
