"""A proof of work is good for one act, and for its repetition when the portal was too busy (A-48)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError

from diia_videoreception import errors
from diia_videoreception.models import Application, Citizen, Draft, Occupancy, Official, SpentProof
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import applications, holds, occupancy
from diia_videoreception.services.transactions import lock_staying_citizen
from tests.factories import CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START

pytestmark = pytest.mark.any_database

LATER = START + timedelta(minutes=30)
SECOND = timedelta(seconds=1)
DEADLOCK = "40P01"


# A deadlock is repeated outside all transactions only, hence `transactional_db`.
@pytest.fixture
def official(transactional_db: None) -> Official:
    return ScheduleRuleFactory().official


@pytest.fixture
def citizen(official: Official) -> SignedIn:
    return signed_in(CitizenFactory())


Crowd = Callable[..., None]


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """`crowd(2, DEADLOCK)`: the next two looks at the official fail so, then all is well."""
    lock = occupancy.lock_official

    def make(times: int, state: str = "55P03") -> None:
        left = [times]

        def fail(official_id: int) -> Official:
            if left[0]:
                left[0] -= 1
                cause = Exception()
                cause.sqlstate = state  # type: ignore[attr-defined]
                raise OperationalError from cause
            return lock(official_id)

        monkeypatch.setattr(occupancy, "lock_official", fail)

    return make


def reserve(
    citizen: SignedIn,
    official: Official,
    captcha: str,
    *,
    start: datetime = START,
    now: datetime = NOW,
) -> str:
    try:
        holds.reserve(actor=citizen, official_id=official.pk, start=start, captcha=captcha, now=now)
    except errors.ActRefused as refusal:
        return refusal.code
    return "held"


def write_draft(citizen: SignedIn) -> Draft:
    answers = {"topic": "Дорога", "phone": "+380671234567"}
    return Draft.objects.create(citizen=citizen.citizen, **answers, created_at=NOW, updated_at=NOW)


def submit(citizen: SignedIn, draft: Draft, captcha: str, *, now: datetime = NOW) -> str:
    try:
        applications.submit(
            actor=citizen,
            draft_token=draft.token,
            captcha=captcha,
            channel=Application.Channel.WEB,
            now=now,
        )
    except errors.ActRefused as refusal:
        return refusal.code
    return "filed"


def test_a_refused_act__costs_the_proof(citizen: SignedIn, official: Official) -> None:
    proof = solved_captcha()
    never = START + timedelta(minutes=1)

    assert reserve(citizen, official, proof, start=never) == "outside_schedule"
    assert reserve(citizen, official, proof, start=never) == "captcha_failed"
    assert reserve(citizen, official, proof) == "captcha_failed"


def test_what_the_cache_forgets__stays_used(citizen: SignedIn, official: Official) -> None:
    proof = solved_captcha()
    reserve(citizen, official, proof, start=START + timedelta(minutes=1))

    cache.clear()

    assert reserve(citizen, official, proof) == "captcha_failed"


def test_the_retry_after_a_deadlock__asks_for_no_second_proof(
    citizen: SignedIn, official: Official, crowd: Crowd
) -> None:
    crowd(1, DEADLOCK)

    assert reserve(citizen, official, solved_captcha()) == "held"


@pytest.mark.parametrize(("times", "state"), [(1, "55P03"), (2, DEADLOCK)])
def test_the_same_call_after_busy__passes_with_the_same_proof(
    citizen: SignedIn, official: Official, crowd: Crowd, times: int, state: str
) -> None:
    proof = solved_captcha()
    crowd(times, state)

    assert reserve(citizen, official, proof) == "busy"
    assert reserve(citizen, official, proof, now=NOW + 119 * SECOND) == "held"
    assert SpentProof.objects.get().repeats == 1


def test_the_repetition__is_no_second_act(
    citizen: SignedIn, official: Official, crowd: Crowd
) -> None:
    proof = solved_captcha()
    crowd(1)
    reserve(citizen, official, proof)
    reserve(citizen, official, proof)
    Occupancy.objects.all().delete()

    assert reserve(citizen, official, proof) == "captcha_failed"


def test_another_call_after_busy__is_refused(
    citizen: SignedIn, official: Official, crowd: Crowd
) -> None:
    proof, other = solved_captcha(), signed_in(CitizenFactory())
    crowd(1)
    assert reserve(citizen, official, proof) == "busy"

    assert reserve(citizen, official, proof, start=LATER) == "captcha_failed"
    assert reserve(other, official, proof) == "captcha_failed"
    assert reserve(citizen, official, proof, now=NOW + 121 * SECOND) == "captcha_failed"


def test_busy_on_and_on__may_be_repeated_three_times(
    citizen: SignedIn, official: Official, crowd: Crowd
) -> None:
    proof = solved_captcha()
    crowd(4)

    assert [reserve(citizen, official, proof) for _ in range(5)] == ["busy"] * 4 + [
        "captcha_failed"
    ]


def test_a_hold_that_ended_meanwhile__is_not_made_anew_without_a_proof(
    citizen: SignedIn, official: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve(citizen, official, solved_captcha())
    lock = holds.lock_staying_citizen

    def lose(who: object) -> None:
        Occupancy.objects.all().delete()
        lock(citizen.citizen)

    monkeypatch.setattr(holds, "lock_staying_citizen", lose)

    assert reserve(citizen, official, "", start=LATER) == "hold_expired"


def test_filing__spends_the_proof_before_the_act(
    citizen: SignedIn, official: Official, crowd: Crowd
) -> None:
    reserve(citizen, official, solved_captcha())
    draft = write_draft(citizen)
    proof = solved_captcha()
    crowd(3, DEADLOCK)

    assert [submit(citizen, draft, proof) for _ in range(3)] == ["busy", "filed", "filed"]
    assert SpentProof.objects.filter(act="submit").count() == 1


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, module: object, call: Callable[[], str]
) -> list[str]:
    """Calls once more in the middle of the next act; gives what came of it."""
    lock, refusals = lock_staying_citizen, []

    def lock_and_call(who: Citizen) -> None:
        monkeypatch.setattr(module, "lock_staying_citizen", lock)
        refusals.append(call())
        lock(who)

    monkeypatch.setattr(module, "lock_staying_citizen", lock_and_call)
    return refusals


def test_a_second_click_while_the_first_files__is_told_so_at_once(
    citizen: SignedIn, official: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve(citizen, official, solved_captcha())
    draft, proof = write_draft(citizen), solved_captcha()
    refusals = meanwhile(monkeypatch, applications, lambda: submit(citizen, draft, proof))

    assert submit(citizen, draft, proof) == "filed"
    assert refusals == ["act_in_progress"]
    assert submit(citizen, draft, proof) == "filed"
    assert Application.objects.count() == 1


def test_a_second_click_while_the_first_reserves__is_told_so_at_once(
    citizen: SignedIn, official: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = solved_captcha()
    refusals = meanwhile(monkeypatch, holds, lambda: reserve(citizen, official, proof))

    assert reserve(citizen, official, proof) == "held"
    assert refusals == ["act_in_progress"]


def test_an_act_cut_off_with_its_server__is_in_progress_for_half_a_minute(
    citizen: SignedIn, official: Official
) -> None:
    proof = solved_captcha()
    reserve(citizen, official, proof)
    Occupancy.objects.all().delete()
    SpentProof.objects.update(acting_until=NOW + 30 * SECOND)

    assert reserve(citizen, official, proof, now=NOW + 30 * SECOND) == "act_in_progress"
    assert reserve(citizen, official, proof, now=NOW + 31 * SECOND) == "captcha_failed"


def test_an_incomplete_draft__costs_no_proof(citizen: SignedIn, official: Official) -> None:
    draft = Draft.objects.create(citizen=citizen.citizen, created_at=NOW, updated_at=NOW)

    with pytest.raises(errors.Incomplete):
        applications.submit(
            actor=citizen,
            draft_token=draft.token,
            captcha=solved_captcha(),
            channel=Application.Channel.WEB,
            now=NOW,
        )

    assert not SpentProof.objects.exists()
