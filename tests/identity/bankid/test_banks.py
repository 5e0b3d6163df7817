"""The list of banks that the person chooses from."""

from typing import Any

import pytest

from integrations.identity.base import Choice, IdentityError
from tests.identity.bankid.service import BACK, BANKS, NONCE, Bank, Clock, Make
from tests.identity.outside import TROUBLES, Answer, as_json, impatience


def test_choices__the_banks_in_their_order(make: Make, bank: Bank) -> None:
    assert make().choices() == (
        Choice("kalyna", "Банк «Калина»"),
        Choice("dnipro", "Банк «Дніпро»"),
        Choice("asleep", "Банк «Сон»", available=False),
    )


def test_choices__are_kept_for_a_while(make: Make, bank: Bank, clock: Clock) -> None:
    provider = make()
    for _ in range(3):
        provider.choices()
    clock.now += 299
    provider.choices()
    assert len(bank.outside.asked("/api/banks")) == 1
    clock.now += 1
    bank.outside.paths["/api/banks"] = as_json(BANKS[:1])
    assert [choice.key for choice in provider.choices()] == ["dnipro"]


def test_choices__serve_while_the_service_is_down(make: Make, bank: Bank, clock: Clock) -> None:
    provider = make()
    provider.choices()
    bank.outside.paths["/api/banks"] = Answer(b"", 503)
    for _ in range(10):
        clock.now += 3600
        assert len(provider.choices()) == 3
    clock.now += 86400
    with pytest.raises(IdentityError, match="unavailable"):
        provider.choices()


def test_choices__a_service_that_is_down_is_not_asked_by_everybody(
    make: Make, bank: Bank, clock: Clock
) -> None:
    bank.outside.paths["/api/banks"] = Answer(b"", 503)
    provider = make()
    for _ in range(10):
        with pytest.raises(IdentityError, match="unavailable"):
            provider.choices()
    assert len(bank.outside.asked("/api/banks")) == 1
    bank.outside.paths["/api/banks"] = as_json(BANKS)
    clock.now += 20
    assert len(provider.choices()) == 3


@pytest.mark.parametrize("trouble", sorted(set(TROUBLES) - {"a list"}))
def test_choices__trouble(make: Make, bank: Bank, trouble: str) -> None:
    answer, reason = TROUBLES[trouble]
    bank.outside.paths["/api/banks"] = answer
    with pytest.raises(IdentityError) as caught:
        make(**impatience(answer)).choices()
    assert caught.value.reason == reason


@pytest.mark.parametrize("listed", [[], [1], [{}], [BANKS[0] | {"id": ""}], [BANKS[0], BANKS[0]]])
def test_choices__a_list_without_banks_makes_no_sense(
    make: Make, bank: Bank, listed: list[Any]
) -> None:
    bank.outside.paths["/api/banks"] = as_json(listed)
    with pytest.raises(IdentityError, match="bad_answer: banks"):
        make().choices()


def test_choices__what_is_no_bank_is_left_out(make: Make, bank: Bank) -> None:
    strange = [BANKS[0] | change for change in ({"name": None}, {"name": "a\nb"}, {"memberId": ""})]
    odd = {"id": 7, "name": "Сьомий", "workable": "true", "memberId": 300007, "order": None}
    bank.outside.paths["/api/banks"] = as_json([*strange, odd, BANKS[1]])
    assert make().choices() == (Choice("kalyna", "Банк «Калина»"), Choice("7", "Сьомий"))


@pytest.mark.parametrize("wrong", [{"choice": ""}, {"choice": "300001"}, {"choice": "asleep"}])
def test_start__only_banks_that_work(make: Make, bank: Bank, wrong: dict[str, str]) -> None:
    with pytest.raises(IdentityError, match="unknown_choice"):
        make().start(nonce=NONCE, return_url=BACK, **wrong)
    with pytest.raises(IdentityError, match="unknown_choice"):
        make().start(nonce=NONCE, return_url=BACK, choice="kalyna", button="x")
