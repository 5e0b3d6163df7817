"""What comes of a proof: a session, a registration, a raised level (rules C.8 and C.9)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from diia_videoreception.errors import AuthenticationTooOld, OrganisationUnknown, SessionEnded
from diia_videoreception.models import (
    Citizen,
    CitizenSession,
    Evidence,
    HandOver,
    JournalRecord,
    Letter,
    SignInCredential,
)
from diia_videoreception.services.accounts import sessions, sign_in
from diia_videoreception.services.accounts.citizens import get_or_create_citizen
from diia_videoreception.services.accounts.proofs import seal, unseal
from diia_videoreception.services.accounts.sign_in import RegistrationNeeded
from integrations.common.levels import Level
from integrations.identity.base import Proof
from tests.factories import NOW
from tests.steps.accounts import complete, refusal, register
from tests.steps.portal import person
from tests.steps.ways import key_proof, proof

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_proof_at_rest__is_unreadable_and_comes_back_whole() -> None:
    whole = key_proof(unzr="19480302-00001", edrpou="12345678", organisation="Приклад")
    packed = seal(whole)
    assert "1759013776" not in packed
    assert unseal(packed) == whole
    assert unseal(seal(Proof(person(NOW)))) == Proof(person(NOW))


def test_somebody_new__waits_for_the_registration_and_is_not_signed_in() -> None:
    outcome = complete(proof())
    assert isinstance(outcome, RegistrationNeeded)
    assert not Citizen.objects.exists()
    assert not CitizenSession.objects.exists()
    waiting = HandOver.objects.get()
    assert waiting.key == outcome.key
    assert waiting.expires_at == NOW + timedelta(minutes=30)
    with pytest.raises(SessionEnded):
        sessions.consume_handover(key=waiting.key, now=NOW)


def test_whom_the_portal_hands_over__it_has_registered() -> None:
    outcome = complete(Proof(person(NOW)))
    assert outcome.session.citizen.full_name == "Ґудзь Соломія Ярославівна"
    assert not SignInCredential.objects.exists()


def test_who_is_known_by_number__is_signed_in_and_told_of_the_new_key() -> None:
    known = get_or_create_citizen(person(NOW), now=NOW - timedelta(days=90))
    session = complete(key_proof()).session
    assert session.citizen == known
    assert (session.level, session.method) == ("high", "kep+dstu")
    assert session.browser == "Firefox 131, Linux"
    row = SignInCredential.objects.get()
    assert session.credential == row
    assert row.citizen == known
    letter = Letter.objects.get()
    assert letter.kind == "means_changed"
    assert letter.citizen == known
    assert Evidence.objects.get().citizen == known
    acts = list(JournalRecord.objects.values_list("act", flat=True))
    assert acts == ["citizen.bind_means", "citizen.sign_in"]

    complete(key_proof(), now=NOW + MINUTE)
    row.refresh_from_db()
    assert row.last_used_at == NOW + MINUTE
    assert Letter.objects.count() == 1, "a key that is known is no news"


def test_the_session_before_on_this_browser__ends() -> None:
    first = register(proof())
    other = complete(Proof(person(NOW, identifier="2903514780")), actor=first).session
    assert first.session is not None
    first.session.refresh_from_db()
    assert first.session.ended_at == NOW
    assert other.ended_at is None


def test_a_signed_application__signs_nobody_in() -> None:
    with pytest.raises(ValueError, match="signs nobody in"):
        complete(proof(), "sign")


def test_stepping_up__raises_the_level_of_the_same_person() -> None:
    low = register(proof(level=Level.LOW))
    session = complete(key_proof(), "step_up", low).session
    assert session.citizen == low.citizen
    assert session.level == "high"
    assert low.session is not None
    low.session.refresh_from_db()
    assert low.session.ended_at == NOW


@pytest.mark.parametrize("known", [True, False])
def test_another_person__steps_nobody_up_and_nothing_changes(known: bool) -> None:
    actor = register(proof())
    other = key_proof(identifier="2903514780", last_name="Інша")
    if known:
        register(other)
    before = (
        Citizen.objects.count(),
        SignInCredential.objects.count(),
        CitizenSession.objects.count(),
    )
    assert refusal(lambda: complete(other, "step_up", actor)) == "identity_mismatch"
    assert before == (
        Citizen.objects.count(),
        SignInCredential.objects.count(),
        CitizenSession.objects.count(),
    )
    assert actor.session is not None
    actor.session.refresh_from_db()
    assert actor.session.ended_at is None


def test_signing_out_elsewhere__leaves_this_session_and_other_people() -> None:
    actor = register(proof())
    elsewhere = complete(proof()).session
    stranger = register(key_proof(key="x", identifier="2903514780"))
    assert sessions.sign_out_elsewhere(actor, now=NOW) == 1
    elsewhere.refresh_from_db()
    assert elsewhere.ended_at == NOW
    assert set(CitizenSession.objects.live(NOW)) == {actor.session, stranger.session}


def test_the_type_of_user__changes_and_is_journaled_once() -> None:
    actor = register(proof())
    for _ in range(2):
        sign_in.change_user_type(actor=actor, user_type="entrepreneur", now=NOW)
    assert JournalRecord.objects.filter(act="citizen.change_user_type").count() == 1
    with pytest.raises(OrganisationUnknown):
        sign_in.change_user_type(actor=actor, user_type="representative", now=NOW)


def test_a_fresh_actor__is_needed_by_the_time_of_authentication() -> None:
    actor = replace(register(proof()), auth_time=NOW - 10 * MINUTE)
    sessions.require_fresh(actor, now=NOW)
    with pytest.raises(AuthenticationTooOld):
        sessions.require_fresh(actor, now=NOW + timedelta(seconds=1))
