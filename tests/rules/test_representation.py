"""For whom one applies: what is asked then, and what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.representation import (
    ANSWERS,
    OnBehalf,
    ends_before,
    kind_of,
    problems_of,
    represented_of,
)
from tests.steps.representing import BY_ATTORNEY, FOR_CHILD

TODAY = date(2026, 11, 24)
_TYPED = st.text(st.characters(max_codepoint=0x500), max_size=12)
_DAYS = st.one_of(_TYPED, st.dates().map(date.isoformat), st.just(""))


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, {}),
        ({"on_behalf": "self", "represented_name": ""}, {}),
        ({"represented_name": ""}, {"represented_name": "represented_name_missing"}),
        ({"represented_born": ""}, {"represented_born": "represented_born_missing"}),
        ({"represented_born": "15"}, {"represented_born": "represented_born_malformed"}),
        ({"represented_born": "2027"}, {"represented_born": "represented_born_malformed"}),
        ({"represented_born": "1899"}, {"represented_born": "represented_born_malformed"}),
        # Who turns 18 this year may be a child still; who did so last year is none.
        ({"represented_born": "2008"}, {}),
        ({"represented_born": "2007"}, {"represented_born": "represented_child_of_age"}),
        ({"on_behalf": "ward", "represented_born": "1950"}, {}),
        ({"on_behalf": "organisation", "represented_born": ""}, {}),
        ({"ground_document": ""}, {"ground_document": "ground_document_missing"}),
        ({"ground_number": ""}, {"ground_number": "ground_number_missing"}),
        ({"ground_date": ""}, {"ground_date": "ground_date_missing"}),
        ({"ground_date": "31.02.2020"}, {"ground_date": "ground_date_malformed"}),
        ({"ground_date": "12.05.2015"}, {}),
        ({"ground_date": "2026-11-25"}, {"ground_date": "ground_date_to_come"}),
        ({"ground_until": "колись"}, {"ground_until": "ground_until_malformed"}),
        ({"ground_until": "2015-05-11"}, {"ground_until": "ground_until_before_date"}),
        ({"ground_until": "2026-11-23"}, {"ground_until": "ground_over"}),
        ({"ground_until": "2026-11-24"}, {}),
    ],
)
def test_problems_of__names_what_is_wrong(
    changes: dict[str, str], problems: dict[str, str]
) -> None:
    assert problems_of(FOR_CHILD | changes, today=TODAY) == problems


@given(
    st.fixed_dictionaries(
        {
            "on_behalf": st.one_of(_TYPED, st.sampled_from([*OnBehalf])),
            "represented_name": _TYPED,
            "represented_born": st.one_of(_TYPED, st.integers(1800, 2100).map(str)),
            "ground_document": _TYPED,
            "ground_number": _TYPED,
            "ground_date": _DAYS,
            "ground_until": _DAYS,
        }
    )
)
def test_represented_of__is_somebody_exactly_when_nothing_is_wrong(typed: dict[str, str]) -> None:
    assert set(typed) == set(ANSWERS)
    one = represented_of(typed, today=TODAY)
    is_other = kind_of(typed["on_behalf"]) is not OnBehalf.SELF
    assert (one is not None) == (is_other and not problems_of(typed, today=TODAY))
    if one is not None:
        assert one.until is None or one.dated <= TODAY <= one.until
        assert (one.born is None) == (one.kind is OnBehalf.ORGANISATION)


def test_ends_before__is_of_a_document_that_is_over_on_the_day() -> None:
    until = represented_of(BY_ATTORNEY, today=TODAY).until  # type: ignore[union-attr]
    assert ends_before(until, date(2026, 12, 1))
    assert not ends_before(until, date(2026, 11, 30))
    assert not ends_before(None, date(2026, 12, 1))
