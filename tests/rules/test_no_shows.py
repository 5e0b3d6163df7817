"""The pause after an absence: only after one that is the citizen's own, never longer than 30 days."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.no_shows import MAX_PAUSE_DAYS, NoShow, pause_after
from tests.harness.clock import NOW

MOMENTS = st.integers(-200 * 24, 24).map(lambda hours: NOW + timedelta(hours=hours))
NO_SHOWS = st.lists(
    st.builds(
        NoShow,
        number=st.just("ВП"),
        end=MOMENTS,
        had_trouble=st.booleans(),
        day_was_cancelled=st.booleans(),
        is_contested=st.booleans(),
    ),
    max_size=6,
)
DAYS = st.none() | st.integers(1, 400)


@given(NO_SHOWS, DAYS)
def test_a_pause__follows_an_absence_of_the_citizens_own_and_ends(
    no_shows: list[NoShow], days: int | None
) -> None:
    pause = pause_after(no_shows, days=days, now=NOW)

    if pause is None:
        return
    assert days is not None
    assert NOW < pause.until <= NOW + timedelta(days=min(days, MAX_PAUSE_DAYS))
    own = [one for one in no_shows if one.counts and one.end <= NOW]
    assert pause.until == max(one.end for one in own) + timedelta(days=min(days, MAX_PAUSE_DAYS))
    later = pause_after(no_shows, days=days, now=pause.until)
    assert later is None or later.until > pause.until


@given(NO_SHOWS, DAYS)
def test_trouble_a_cancelled_day_and_an_open_objection__never_count(
    no_shows: list[NoShow], days: int | None
) -> None:
    doubtful = [
        one for one in no_shows if one.had_trouble or one.day_was_cancelled or one.is_contested
    ]
    assert pause_after(doubtful, days=days, now=NOW) is None
    alone = pause_after([one for one in no_shows if one not in doubtful], days=days, now=NOW)
    assert pause_after(no_shows, days=days, now=NOW) == alone


@given(NO_SHOWS)
def test_an_agency_that_has_none__lets_nobody_wait(no_shows: list[NoShow]) -> None:
    assert pause_after(no_shows, days=None, now=NOW) is None
