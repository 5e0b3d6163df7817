"""Consents to help: states, strengths, terms, references and the text."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.mandates import (
    AFTER_RECEPTION,
    BEFORE_CONSENT,
    DAYS_30,
    ENDED,
    LONGEST,
    PEOPLE_PER_PHONE,
    SCOPES,
    STRENGTHS,
    ConsentField,
    ConsentMethod,
    ConsentStrength,
    HelpScope,
    MandateState,
    MandateTerm,
    can_become,
    end_of,
    end_with_reception,
    filled_body,
    format_reference,
    has_too_many_people,
    is_strong_enough,
    problem_of_body,
    read_reference,
)
from diia_videoreception.rules.numbers import NumberError, parse_number

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
S = MandateState
WAYS = {
    (S.DRAFT, S.AWAITING_CONSENT),
    (S.DRAFT, S.REFUSED),
    (S.AWAITING_CONSENT, S.ACTIVE),
    (S.AWAITING_CONSENT, S.REFUSED),
    (S.ACTIVE, S.COMPLETED),
    (S.ACTIVE, S.EXPIRED),
    (S.ACTIVE, S.REVOKED),
}
references = st.builds(format_reference, st.integers(2000, 2999), st.integers(1, 10**9 - 1))


def test_states__lead_one_way_and_never_back() -> None:
    assert {(a, b) for a in S for b in S if can_become(a, b)} == WAYS
    assert not any(can_become(ended, any_) for ended in ENDED for any_ in S)
    assert ENDED | BEFORE_CONSENT | {S.ACTIVE} == set(S)


def test_every_scope__has_its_risk_and_every_way_its_strength() -> None:
    assert SCOPES.keys() == set(HelpScope)
    assert STRENGTHS.keys() == set(ConsentMethod)
    assert all(rule.least >= ConsentStrength.SIMPLE for rule in SCOPES.values())
    assert SCOPES[HelpScope.BOOK_RECEPTION].needs_confirmation
    assert not SCOPES[HelpScope.VIEW_STATUS].needs_confirmation
    assert all(is_strong_enough(method, HelpScope) for method in ConsentMethod)


@given(st.sampled_from(MandateTerm), st.integers(0, 400))
def test_no_consent__holds_longer_than_sixty_days(term: MandateTerm, days: int) -> None:
    assert timedelta() < end_of(term, sealed_at=AT) - AT <= LONGEST
    ends = end_with_reception(AT + timedelta(days=days), sealed_at=AT)
    assert ends - AT == min(timedelta(days=days) + AFTER_RECEPTION, LONGEST)
    assert end_of(MandateTerm.DAYS_30, sealed_at=AT) - AT == DAYS_30


@given(references)
def test_a_reference__is_read_as_it_is_written_and_typed(reference: str) -> None:
    _prefix, *digits = reference.split("-")
    for typed in (
        reference,
        reference.lower(),
        f" № {reference} ",
        "".join(digits),
        "3г" + "".join(digits),
        "ZH " + " ".join(digits),
    ):
        assert read_reference(typed) == reference


@given(references, st.integers(0, 30), st.integers(1, 9))
def test_a_wrong_digit__is_noticed(reference: str, place: int, shift: int) -> None:
    places = [n for n, sign in enumerate(reference) if sign.isdecimal()]
    at = places[place % len(places)]
    other = str((int(reference[at]) + shift) % 10)
    assert read_reference(reference[:at] + other + reference[at + 1 :]) != reference


@given(references)
def test_a_reference__is_no_number_of_an_application(reference: str) -> None:
    with pytest.raises(NumberError):
        parse_number(reference.removeprefix("ЗГ-"))


@given(st.text())
def test_any_text__is_a_reference_or_none(text: str) -> None:
    found = read_reference(text)
    assert found is None or read_reference(found) == found


WHOLE = "{person} {centre} {scopes} {term}"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (WHOLE, ""),
        (f"{WHOLE} {{phone}}", ""),
        (f"{WHOLE} {{password}}", "{password}"),
        (f"{WHOLE} {{", "{"),
        (f"{WHOLE} {{}}", "{}"),
        ("{person} {centre} {scopes}", "{term}"),
        ("{person.__class__} {centre} {scopes} {term}", "{person.__class__}"),
    ],
)
def test_a_text__names_what_is_filled_in_and_nothing_else(body: str, problem: str) -> None:
    assert problem_of_body(body) == problem


@given(st.text())
def test_a_name__that_looks_like_a_field_stays_as_it_is(name: str) -> None:
    values = dict.fromkeys(ConsentField, "") | {ConsentField.PERSON: name + "{centre}"}
    assert filled_body("{person}", values) == name + "{centre}"


def test_the_head__is_told_of_the_sixth_person() -> None:
    assert not has_too_many_people(PEOPLE_PER_PHONE)
    assert has_too_many_people(PEOPLE_PER_PHONE + 1)
