"""Codes that prove who reads an address: counted whatever comes of it, used once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from diia_videoreception.errors import AddressMalformed, CodeIncomplete, CodeWrong
from diia_videoreception.models import Citizen, EmailConfirmation
from diia_videoreception.personal_data import decrypt
from diia_videoreception.services.accounts import citizens
from tests.factories import NOW, CitizenFactory

MAX_ATTEMPTS = citizens.EMAIL_CODES.max_attempts


@pytest.fixture
def citizen(db: None) -> Citizen:
    citizen: Citizen = CitizenFactory(email="", email_confirmed_at=None)
    citizens.ask_to_confirm_address(citizen=citizen, address="new@example.com", now=NOW)
    return citizen


def code() -> str:
    return decrypt(EmailConfirmation.objects.get().code_encrypted)


def wrong() -> str:
    return f"{(int(code()) + 1) % 1_000_000:06}"


def confirm(citizen: Citizen, typed: str) -> str:
    return citizens.confirm_address(citizen=citizen, code=typed, now=NOW)


def test_a_wrong_code__costs_an_attempt_until_none_is_left(citizen: Citizen) -> None:
    for tried in range(1, MAX_ATTEMPTS + 1):
        with pytest.raises(CodeWrong):
            confirm(citizen, wrong())
        assert EmailConfirmation.objects.get().attempts == tried
    with pytest.raises(CodeWrong):
        confirm(citizen, code())
    assert EmailConfirmation.objects.get().attempts == MAX_ATTEMPTS
    citizens.ask_to_confirm_address(
        citizen=citizen, address="new@example.com", now=NOW + timedelta(minutes=1)
    )
    assert confirm(citizen, code()) == "new@example.com", "a new code begins anew"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "Код ще не прийшов"])
def test_what_is_no_code__costs_nothing(citizen: Citizen, typed: str) -> None:
    with pytest.raises(CodeIncomplete):
        confirm(citizen, typed)
    assert EmailConfirmation.objects.get().attempts == 0


def test_a_code__fits_however_it_is_pasted(citizen: Citizen) -> None:
    typed = "".join(chr(ord("０") + int(digit)) for digit in code())
    assert confirm(citizen, f"\u200b{typed[:3]}-{typed[3:]}.") == "new@example.com"


def test_a_code_that_is_too_old__confirms_nothing(citizen: Citizen) -> None:
    with pytest.raises(CodeWrong):
        citizens.confirm_address(citizen=citizen, code=code(), now=NOW + timedelta(minutes=30))
    assert EmailConfirmation.objects.get().attempts == 0


@pytest.mark.django_db(transaction=True)
def test_codes_tried_at_once__are_no_more_than_one_after_another(
    citizen: Citizen, at_once: Callable[..., list[object]]
) -> None:
    guesses = [f"{(int(code()) + number) % 1_000_000:06}" for number in range(1, 13)]
    outcomes = at_once(lambda typed: confirm(citizen, typed), guesses)
    assert set(outcomes) == {"code_wrong"}
    assert EmailConfirmation.objects.get().attempts == MAX_ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_the_right_code_sent_twice_at_once__is_used_once(
    citizen: Citizen, at_once: Callable[..., list[object]]
) -> None:
    outcomes = at_once(lambda typed: confirm(citizen, typed), [code()] * 4)
    assert outcomes.count("new@example.com") == 1
    assert not EmailConfirmation.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@[IPv6:::1]",
        "a@localhost",
        '"a b"@example.com',
        "a@b.c\nd",
    ],
)
def test_where_no_letter_goes__no_code_goes(citizen: Citizen, address: str) -> None:
    with pytest.raises(AddressMalformed):
        citizens.ask_to_confirm_address(citizen=citizen, address=address, now=NOW)
