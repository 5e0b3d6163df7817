"""Contact phones as people type them (A-40)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.phones import (
    PhoneError,
    PhoneProblem,
    format_phone,
    normalise_phone,
)


@pytest.mark.parametrize(
    "typed",
    [
        "0671234567",
        "067 123 45 67",
        "(067) 123-45-67",
        "067.123.45.67",
        "380671234567",
        "+380671234567",
        " +38 (067) 123–45–67 ",
        "8 (067) 123-45-67",
        "\u202a+380\u00a067\u00a0123\u00a045\u00a067\u202c",
        "０６７１２３４５６７",
    ],
)
def test_normalise_phone__reads_what_people_type(typed: str) -> None:
    assert normalise_phone(typed) == "+380671234567"


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("044 123 45 67", "+380441234567"),
        ("+48 601 234 567", "+48601234567"),
        ("+49 30 901820", "+4930901820"),
    ],
)
def test_normalise_phone__landlines_and_other_countries(typed: str, e164: str) -> None:
    assert normalise_phone(typed) == e164


def test_normalise_phone__region_is_of_numbers_without_country_code() -> None:
    assert normalise_phone("601 234 567", region="PL") == "+48601234567"
    assert normalise_phone("+380671234567", region="PL") == "+380671234567"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", PhoneProblem.MISSING),
        ("  \u200b ", PhoneProblem.MISSING),
        ("немає", PhoneProblem.LETTERS),
        ("067ABCDEFG", PhoneProblem.LETTERS),
        ("+380671234567;phone-context=example.org", PhoneProblem.LETTERS),
        ("067 123 45 67, 050 123 45 67", PhoneProblem.SEVERAL),
        ("067 123 45 67 або 050 123 45 67", PhoneProblem.SEVERAL),
        ("+380671234567 +380501234567", PhoneProblem.SEVERAL),
        ("+", PhoneProblem.MALFORMED),
        ("0" * 100, PhoneProblem.MALFORMED),
        ("067 123 45 67 доб. 5", PhoneProblem.EXTENSION),
        ("+380671234567 ext 5", PhoneProblem.EXTENSION),
        ("0671234567x5", PhoneProblem.EXTENSION),
        ("+380671234567;ext=5", PhoneProblem.EXTENSION),
        ("067 123 45 6", PhoneProblem.TOO_SHORT),
        ("067 123 45 678", PhoneProblem.TOO_LONG),
        ("123 45 67", PhoneProblem.TOO_SHORT),
        ("112", PhoneProblem.TOO_SHORT),
        ("+999 123 456 789", PhoneProblem.COUNTRY),
        ("+49 30 12", PhoneProblem.FOREIGN),
        ("+380 20 123 45 67", PhoneProblem.IMPOSSIBLE),
        ("0900 300 300", PhoneProblem.PREMIUM),
        ("0 900 123 456", PhoneProblem.PREMIUM),
        ("+1 900 555 1234", PhoneProblem.PREMIUM),
    ],
)
def test_normalise_phone__names_the_problem(typed: str, problem: PhoneProblem) -> None:
    with pytest.raises(PhoneError) as caught:
        normalise_phone(typed)
    assert caught.value.code == problem
    assert typed not in str(caught.value) or not typed.strip()


def test_format_phone__is_for_reading() -> None:
    assert format_phone("+380671234567") == "+380 67 123 45 67"
    assert format_phone("+48601234567") == "+48 601 234 567"
    with pytest.raises(PhoneError):
        format_phone("0671234567")


@given(st.integers(10**6, 10**7 - 1), st.sampled_from(["50", "63", "67", "95", "44"]))
def test_phone__what_is_shown_can_be_typed_again(rest: int, code: str) -> None:
    e164 = f"+380{code}{rest}"
    assert normalise_phone(format_phone(e164)) == e164


@given(st.text(max_size=40) | st.text(alphabet="+0123456789 ()-x;", max_size=25))
def test_normalise_phone__any_text_is_a_phone_or_an_error(text: str) -> None:
    try:
        e164 = normalise_phone(text)
    except PhoneError:
        return
    assert normalise_phone(e164) == e164
