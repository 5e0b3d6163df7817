"""At one place at the same moment: two browsers with one code, two beginnings, two phones with one code."""

from collections.abc import Callable
from typing import Any

import pytest

from diia_videoreception.models import PairedBrowser, PhoneSignIn, VisitorSession
from diia_videoreception.services.kiosk import pairing, phone, visitors
from tests.harness.clock import NOW
from tests.steps.kiosk import KioskWorld, new_kiosk_world

AtOnce = Callable[..., list[object]]
ROUNDS = 5


@pytest.fixture
def world(transactional_db: None, time_machine: Any) -> KioskWorld:
    time_machine.move_to(NOW, tick=False)
    return new_kiosk_world()


def test_one_code__pairs_one_of_two_browsers(at_once: AtOnce, world: KioskWorld) -> None:
    for _turn in range(ROUNDS):
        code = world.code()

        def pair(who: int, code: str = code) -> str:
            pairing.pair(code, now=NOW)
            return "paired"

        assert sorted(map(str, at_once(pair, [1, 2]))) == ["paired", "pairing_code_invalid"]


def test_two_beginnings__leave_one_visitor(at_once: AtOnce, world: KioskWorld) -> None:
    browser = pairing.pair(world.code(), now=NOW).browser

    def begin(who: int) -> str:
        visitors.begin(PairedBrowser.objects.get(pk=browser.pk), now=NOW)
        return "begun"

    for turn in range(ROUNDS):
        assert at_once(begin, [1, 2]) == ["begun", "begun"]
        assert VisitorSession.objects.open().count() == 1
        assert VisitorSession.objects.count() == 2 * (turn + 1)


def test_one_code_of_the_screen__goes_to_one_of_two_phones(
    at_once: AtOnce, world: KioskWorld
) -> None:
    visitor = visitors.begin(pairing.pair(world.code(), now=NOW).browser, now=NOW).visitor
    for _turn in range(ROUNDS):
        secret = phone.secret_of(phone.ask(visitor, now=NOW))

        def claim(who: int, secret: str = secret) -> str:
            phone.claim(secret, now=NOW)
            return "claimed"

        assert sorted(map(str, at_once(claim, [1, 2]))) == ["claimed", "phone_sign_in_gone"]
        assert PhoneSignIn.objects.latest("pk").phone_hash
