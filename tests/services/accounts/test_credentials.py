"""Binding and unbinding keys and banks (rule C.9, A-19)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception.errors import (
    ActRefused,
    AuthenticationTooOld,
    LastStrongCredential,
    LevelTooLow,
    SessionEnded,
)
from diia_videoreception.models import Citizen, CitizenSession, Letter, SignInCredential
from diia_videoreception.selectors.accounts.sessions import of_session
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.accounts import credentials, matching
from integrations.common.levels import Level
from integrations.identity.base import Proof
from tests.factories import NOW
from tests.steps.accounts import complete, refusal, register, staff_cases
from tests.steps.portal import person
from tests.steps.ways import key_proof, proof

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_binding__needs_a_fresh_sign_in() -> None:
    actor = register(proof())
    late = NOW + 11 * MINUTE
    with pytest.raises(AuthenticationTooOld):
        complete(key_proof(), "bind", actor, now=late)
    with pytest.raises(SessionEnded):
        complete(key_proof(), "bind", None)
    assert SignInCredential.objects.count() == 1


def test_binding_the_own_key__keeps_the_session_and_writes_a_letter() -> None:
    actor = register(proof())
    outcome = complete(key_proof(), "bind", actor)
    assert outcome.credential.citizen == actor.citizen
    assert Letter.objects.get().facts["change"] == "bound"
    assert CitizenSession.objects.get() == actor.session
    assert outcome.credential.last_used_at is None, "nobody has signed in with it"
    complete(key_proof(), now=NOW + MINUTE)
    assert complete(key_proof(), "bind", actor).credential.last_used_at == NOW + MINUTE


def test_a_key_of_another_person__is_not_bound() -> None:
    actor = register(proof())
    assert (
        refusal(lambda: complete(key_proof(identifier="2903514780"), "bind", actor))
        == "identity_mismatch"
    )
    assert staff_cases() == []


def test_a_way_with_nothing_to_remember__cannot_be_bound() -> None:
    actor = register(proof())
    assert refusal(lambda: complete(proof(key=""), "bind", actor)) == "no_means"


def test_an_unbound_key__signs_in_no_more_until_it_is_bound_again() -> None:
    actor = register(proof())
    row = complete(key_proof(), "bind", actor).credential
    credentials.unbind(actor=actor, public_id=row.public_id, now=NOW)
    assert refusal(lambda: complete(key_proof())) == "means_not_bound"
    assert complete(key_proof(key="key-two")).session.citizen == actor.citizen, "a new certificate"
    complete(key_proof(), "bind", actor)
    assert complete(key_proof()).session.citizen == actor.citizen


def test_a_key_taken_off_while_its_sign_in_waits__is_not_bound_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    actor = register(proof())
    row = complete(key_proof(), "bind", actor).credential
    sessions_before = CitizenSession.objects.count()
    lock = matching.lock_candidates

    def lock_after_the_owner(*who: Any) -> list[Citizen]:
        monkeypatch.undo()
        credentials.unbind(actor=actor, public_id=row.public_id, now=NOW)
        return lock(*who)

    monkeypatch.setattr(matching, "lock_candidates", lock_after_the_owner)
    assert refusal(lambda: complete(key_proof())) == "means_not_bound"
    assert CitizenSession.objects.count() == sessions_before


def test_unbinding__ends_the_sessions_begun_with_the_key_elsewhere() -> None:
    actor = register(proof())
    elsewhere = complete(key_proof()).session
    row = elsewhere.credential
    credentials.unbind(actor=actor, public_id=row.public_id, now=NOW)
    elsewhere.refresh_from_db()
    assert elsewhere.ended_at == NOW
    assert actor.session is not None
    actor.session.refresh_from_db()
    assert actor.session.ended_at is None
    assert Letter.objects.first().facts["change"] == "unbound"  # type: ignore[union-attr]


def unbind_first(actor: SignedIn, **how: Any) -> None:
    row = SignInCredential.objects.filter(citizen=actor.citizen).order_by("bound_at", "pk")[0]
    credentials.unbind(actor=actor, public_id=row.public_id, **{"now": NOW} | how)


@pytest.mark.parametrize("other", ["none", "weak", "expired"])
def test_the_last_strong_way__stays(other: str) -> None:
    actor = register(proof())
    if other == "weak":
        complete(proof(key="two", level=Level.LOW))
    if other == "expired":
        complete(key_proof())
        SignInCredential.objects.filter(kind="key").update(valid_until=NOW - MINUTE)
    with pytest.raises(LastStrongCredential):
        unbind_first(actor)
    assert not SignInCredential.objects.filter(unbound_at__isnull=False).exists()


def test_the_last_two_ways_taken_off_at_once__leave_one(
    at_once: Callable[..., list[object]],
) -> None:
    actor = register(proof())
    complete(key_proof(), "bind", actor)

    def unbind(row: SignInCredential) -> str:
        credentials.unbind(actor=actor, public_id=row.public_id, now=NOW)
        return "taken off"

    outcomes = at_once(unbind, list(SignInCredential.objects.all()))
    assert sorted(map(str, outcomes)) == ["last_strong_means", "taken off"]
    assert SignInCredential.objects.filter(unbound_at__isnull=True).count() == 1


def test_the_portal__counts_as_a_way() -> None:
    session = complete(Proof(person(NOW))).session
    actor = of_session(session)
    complete(proof(), "bind", actor)
    unbind_first(actor)


def test_a_weak_sign_in__takes_off_no_strong_way() -> None:
    """Who has found out a password must not lock out the owner of the token."""
    register(proof())
    weak = of_session(complete(Proof(person(NOW, level=Level.LOW))).session)
    with pytest.raises(LevelTooLow):
        unbind_first(weak)
    unbind_first(of_session(complete(key_proof(), "step_up", weak).session))


def test_unbinding__needs_a_fresh_sign_in_and_ones_own_key() -> None:
    actor = register(proof())
    complete(key_proof(), "bind", actor)
    with pytest.raises(AuthenticationTooOld):
        unbind_first(actor, now=NOW + 11 * MINUTE)
    other = register(key_proof(key="x", identifier="2903514780"))
    foreign = SignInCredential.objects.get(citizen=other.citizen)
    with pytest.raises(ActRefused) as raised:
        credentials.unbind(actor=actor, public_id=foreign.public_id, now=NOW)
    assert raised.value.code == "not_found"
