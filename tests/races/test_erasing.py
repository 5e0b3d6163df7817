"""Asking to be erased and booking at the same moment: one of them, never both."""

from collections.abc import Callable

from diia_videoreception import errors
from diia_videoreception.models import Citizen, Occupancy, Official
from diia_videoreception.services.booking import holds
from diia_videoreception.services.booking.erasing import ask_to_erase
from tests.factories import CitizenFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.races import said

AtOnce = Callable[..., list[object]]


def test_who_goes__holds_no_time(official: Official, at_once: AtOnce) -> None:
    citizen = CitizenFactory()
    actor = signed_in(citizen)
    book = said(
        "held", holds.reserve, actor=actor, official_id=official.pk, start=START,
        captcha=solved_captcha(), now=NOW,
    )  # fmt: skip
    go = said("asked", ask_to_erase, actor=actor, now=NOW)

    outcomes = [str(one) for one in at_once(lambda act: act(), [book, go, go])]

    assert outcomes.count("asked") == 2
    assert {"held", errors.ErasureAsked.code} & {*outcomes}
    assert Citizen.objects.get(pk=citizen.pk).erasure_due is not None
    assert not Occupancy.objects.exists()
