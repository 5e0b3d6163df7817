"""Requests at the same moment, in several processes: rates and proofs of work lose no count."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db import connection, transaction

from diia_videoreception import errors
from diia_videoreception.models import Citizen, Occupancy, Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.availability import scheduled_slots
from diia_videoreception.services.booking import holds
from tests.factories import CitizenFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.races.rivals import hold_all_times, make_rivals

AtOnce = Callable[..., list[object]]


def status_of(url: str) -> int:
    try:
        with urlopen(url) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_rates__lose_no_count_in_four_processes(start_servers: Callable[..., Any]) -> None:
    changed = settings.DIIA_VIDEORECEPTION | {"THROTTLE": {"captcha": "20/h"}}
    servers = start_servers(4, changed={"DIIA_VIDEORECEPTION": changed})
    url = f"{servers.url}/videoreception/captcha/"

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(status_of, [url] * 96))

    assert (answers.count(200), answers.count(429)) == (20, 76)


def test_one_proof__used_at_once_makes_one_hold(official: Official, at_once: AtOnce) -> None:
    proof = solved_captcha()
    people = [signed_in(CitizenFactory()) for _ in range(8)]

    def act(who: SignedIn) -> str:
        holds.reserve(actor=who, official_id=official.pk, start=START, captcha=proof, now=NOW)
        return "held"

    outcomes = at_once(act, people)

    assert sorted(map(str, outcomes)) == ["captcha_failed"] * 7 + ["held"]


def test_one_citizen_who_asks_for_many_times_at_once__gets_one_answer_201(
    official: Official, start_servers: Callable[..., Any]
) -> None:
    (rival,) = make_rivals(1)
    today = datetime.now(UTC).date()
    first, last = today + timedelta(days=5), today + timedelta(days=25)
    slots = scheduled_slots(official, first=first, last=last)
    servers = start_servers(4)

    outcomes = hold_all_times(servers.url, rival, official, [slot.start for slot in slots[:8]])

    codes = sorted(outcome.code for outcome in outcomes)
    assert codes == ["", *["hold_exists"] * 7]
    assert Occupancy.objects.count() == 1


def test_a_citizen_who_waits_in_vain__may_repeat_with_the_same_proof(
    official: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real lock: somebody keeps the citizen's row, on SQLite the whole file."""
    citizen, proof = signed_in(CitizenFactory()), solved_captcha()
    monkeypatch.setattr("diia_videoreception.services.transactions.LOCK_TIMEOUT", "200ms")
    held, release = threading.Event(), threading.Event()

    def keep() -> None:
        try:
            with transaction.atomic():
                Citizen.objects.select_for_update(no_key=True).get(pk=citizen.citizen.pk)
                held.set()
                release.wait(30)
        finally:
            connection.close()

    def reserve() -> None:
        holds.reserve(actor=citizen, official_id=official.pk, start=START, captcha=proof, now=NOW)

    with ThreadPoolExecutor(1) as pool:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout=200")
        keeper = pool.submit(keep)
        held.wait(30)
        try:
            with pytest.raises(errors.Busy):
                reserve()
        finally:
            release.set()
            keeper.result()
    reserve()

    assert Occupancy.objects.get().citizen == citizen.citizen
