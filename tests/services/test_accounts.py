"""Who is signed in by a proof, who has to register, and what only staff can sort out (C.8, C.9)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception.errors import (
    ActRefused,
    AuthenticationTooOld,
    LastStrongMeans,
    OrganisationUnknown,
    RegistrationClosed,
    RulesChanged,
    SessionEnded,
)
from diia_videoreception.models import (
    Citizen,
    CitizenSession,
    ConsentAcceptance,
    Evidence,
    HandOver,
    JournalRecord,
    Letter,
    SignInMeans,
)
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.consents import RULES
from diia_videoreception.selectors.journal import SIGN_IN_CASE
from diia_videoreception.selectors.sessions import of_session
from diia_videoreception.services import accounts, matching, means, sessions
from diia_videoreception.services.citizens import recognise
from diia_videoreception.services.proofs import seal, unseal
from integrations.identity.base import IdentifierKind, IdentityError, Level, Proof
from tests.factories import NOW, CitizenFactory, ConsentTextFactory
from tests.web.portal import person
from tests.web.ways import key_proof, proof

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def complete(
    given: Proof, purpose: str = "sign_in", actor: SignedIn | None = None, **how: Any
) -> Any:
    return accounts.complete(
        given, purpose=purpose, actor=actor, browser="Firefox 131, Linux", **{"now": NOW} | how
    )


def rules() -> int:
    return int(ConsentTextFactory(service=RULES, body="Правила.").pk)


def register(given: Proof, user_type: str = "person", **how: Any) -> SignedIn:
    """Goes through the registration of a new person."""
    waiting = complete(given).registration
    text_id = how.pop("text_id", None) or rules()
    session = accounts.register(
        key=waiting, text_id=text_id, user_type=user_type, **{"now": NOW} | how
    )
    return of_session(session)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(IdentityError) as raised:
        act()
    return raised.value.reason


def staff_cases() -> list[tuple[str, str]]:
    return [
        (record.subject_id, record.details["reason"])
        for record in JournalRecord.objects.filter(act=SIGN_IN_CASE)
    ]


def test_a_proof_at_rest_is_unreadable_and_comes_back_whole() -> None:
    whole = key_proof(unzr="19480302-00001", edrpou="12345678", organisation="Приклад")
    packed = seal(whole)
    assert "1759013776" not in packed
    assert unseal(packed) == whole
    assert unseal(seal(Proof(person(NOW)))) == Proof(person(NOW))


# --- Signing in --------------------------------------------------------------------------------


def test_somebody_new_waits_for_the_registration_and_is_not_signed_in() -> None:
    outcome = complete(proof())
    assert outcome.session is None
    assert not Citizen.objects.exists()
    assert not CitizenSession.objects.exists()
    waiting = HandOver.objects.get()
    assert waiting.key == outcome.registration
    assert waiting.expires_at == NOW + timedelta(minutes=30)
    with pytest.raises(SessionEnded):
        sessions.take_proof(key=waiting.key, now=NOW)


def test_whom_the_portal_hands_over_it_has_registered() -> None:
    outcome = complete(Proof(person(NOW)))
    assert outcome.session.citizen.full_name == "Ґудзь Соломія Ярославівна"
    assert not SignInMeans.objects.exists()


def test_who_is_known_by_number_is_signed_in_and_told_of_the_new_key() -> None:
    known = recognise(person(NOW), now=NOW - timedelta(days=90))
    session = complete(key_proof()).session
    assert session.citizen == known
    assert (session.level, session.method) == ("high", "kep+dstu")
    assert session.browser == "Firefox 131, Linux"
    row = SignInMeans.objects.get()
    assert session.means == row
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


def test_a_key_is_known_again_although_it_names_another_kind_of_number() -> None:
    actor = register(proof())
    by_passport = proof(identifier_kind=IdentifierKind.PASSPORT, identifier="АВ123456")
    assert complete(by_passport).session.citizen == actor.citizen


def test_names_follow_the_latest_proof() -> None:
    actor = register(proof())
    complete(proof(last_name="Заміжня"))
    actor.citizen.refresh_from_db()
    assert actor.citizen.last_name == "Заміжня"


def test_nobody_is_known_by_name_or_address() -> None:
    CitizenFactory(
        last_name="Ґудзь", first_name="Соломія", patronymic="Ярославівна", email="s@example.com"
    )
    assert complete(proof(email="s@example.com")).registration is not None


def test_a_register_number_finds_who_registered_with_another_number() -> None:
    actor = register(proof(unzr="19480302-00001"))
    by_register = proof(key="two", identifier_kind=IdentifierKind.UNZR, identifier="19480302-00001")
    assert complete(by_register).session.citizen == actor.citizen


def test_a_new_passport_of_the_same_person_is_no_conflict() -> None:
    old = {"identifier_kind": IdentifierKind.PASSPORT, "identifier": "АВ123456"}
    new = {"identifier_kind": IdentifierKind.PASSPORT, "identifier": "001234567"}
    actor = register(proof(unzr="19480302-00001", **old))
    assert complete(proof(unzr="19480302-00001", **new)).session.citizen == actor.citizen


def test_a_passport_of_somebody_with_another_name_opens_no_account() -> None:
    """The nine digits of an ID card are also a passport of the United States."""
    passport = {"identifier_kind": IdentifierKind.PASSPORT, "identifier": "001234567"}
    register(proof(**passport))
    CitizenSession.objects.all().delete()
    stranger = proof(key="two", last_name="SMITH", first_name="JOHN", **passport)
    assert refusal(lambda: complete(stranger)) == "conflict"
    assert not CitizenSession.objects.exists()
    assert [reason for _, reason in staff_cases()] == ["conflict"]


@pytest.mark.parametrize(
    "changed", [{"last_name": "Заміжня"}, {"last_name": "СОЛОМІЯ", "first_name": "ҐУДЗЬ"}]
)
def test_a_passport_finds_who_has_changed_one_name(changed: dict[str, str]) -> None:
    passport = {"identifier_kind": IdentifierKind.PASSPORT, "identifier": "АВ123456"}
    actor = register(proof(**passport))
    assert complete(proof(key="two", **passport, **changed)).session.citizen == actor.citizen


def test_numbers_of_two_people_are_for_staff_and_sign_nobody_in() -> None:
    first = register(proof(key="one")).citizen
    second = register(proof(key="two", identifier="2903514780", unzr="19480302-00001")).citizen
    CitizenSession.objects.all().delete()
    both = proof(key="three", identifier="1759013776", unzr="19480302-00001")
    assert refusal(lambda: complete(both)) == "conflict"
    assert not CitizenSession.objects.exists()
    assert staff_cases() == [(str(min(first, second, key=lambda c: c.pk).public_id), "conflict")]
    case = JournalRecord.objects.get(act=SIGN_IN_CASE)
    assert "1759013776" not in str(case.details)


def test_a_key_of_one_with_the_number_of_nobody_else_is_a_conflict_too() -> None:
    register(proof(key="one"))
    assert refusal(lambda: complete(proof(key="one", identifier="2903514780"))) == "conflict"


def test_the_session_before_on_this_browser_ends() -> None:
    first = register(proof())
    other = complete(Proof(person(NOW, identifier="2903514780")), actor=first).session
    assert first.session is not None
    first.session.refresh_from_db()
    assert first.session.ended_at == NOW
    assert other.ended_at is None


def test_a_signed_application_signs_nobody_in() -> None:
    with pytest.raises(ValueError, match="signs nobody in"):
        complete(proof(), "sign")


# --- Registration ------------------------------------------------------------------------------


def test_registering_makes_everything_at_once() -> None:
    actor = register(proof(unzr="19480302-00001"), "entrepreneur", browser="Chrome")
    citizen = actor.citizen
    assert citizen.user_type == "entrepreneur"
    assert citizen.identifier == "1759013776"
    assert citizen.unzr_hash == lookup_hash("unzr", "19480302-00001")
    assert ConsentAcceptance.objects.get(citizen=citizen).text.service == RULES
    assert SignInMeans.objects.get().citizen == citizen
    assert actor.session is not None
    assert actor.session.browser == "Chrome"
    assert not HandOver.objects.exists()
    assert not Letter.objects.exists(), "the first key is no news"
    acts = set(JournalRecord.objects.values_list("act", flat=True))
    assert acts == {
        "citizen.register",
        "citizen.accept_terms",
        "citizen.bind_means",
        "citizen.sign_in",
    }


def test_without_rules_nobody_registers() -> None:
    key = complete(proof()).registration
    with pytest.raises(RegistrationClosed):
        accounts.register(key=key, text_id=1, user_type="person", now=NOW)
    assert HandOver.objects.filter(key=key).exists()


@pytest.mark.parametrize("which", ["older edition", "terms of a service", "nothing"])
def test_only_the_rules_in_force_can_be_agreed_to(which: str) -> None:
    old, service = rules(), ConsentTextFactory().pk
    ConsentTextFactory(service=RULES, version=2)
    text_id = {"older edition": old, "terms of a service": service, "nothing": 0}[which]
    with pytest.raises(RulesChanged):
        register(proof(), text_id=text_id)
    assert not Citizen.objects.exists()
    assert HandOver.objects.exists(), "the page can be sent again"


def test_only_a_certificate_of_an_organisation_makes_a_representative() -> None:
    with pytest.raises(OrganisationUnknown):
        register(proof(), "representative")
    own_number = proof(edrpou="1759013776", organisation="ФОП Ґудзь")
    with pytest.raises(OrganisationUnknown):
        register(own_number, "representative")
    actor = register(key_proof(edrpou="12345678", organisation="ТОВ «Приклад»"), "representative")
    assert (actor.citizen.edrpou, actor.citizen.organisation) == ("12345678", "ТОВ «Приклад»")


def test_half_an_hour_and_once() -> None:
    key = complete(proof()).registration
    text = rules()

    def act(now: Any) -> object:
        return accounts.register(key=key, text_id=text, user_type="person", now=now)

    with pytest.raises(SessionEnded):
        act(NOW + timedelta(minutes=30))
    act(NOW + timedelta(minutes=29))
    with pytest.raises(SessionEnded):
        act(NOW + timedelta(minutes=29))


@pytest.mark.parametrize(
    ("typed", "confirmed", "address"),
    [
        ("s@bank.ua", True, "s@bank.ua"),
        ("s@bank.ua", False, ""),
        ("", True, ""),
        ("x@y.ua", True, ""),
    ],
)
def test_only_an_address_that_the_provider_has_confirmed_needs_no_code(
    typed: str, confirmed: bool, address: str
) -> None:
    """What a bank or a certificate repeats may be somebody else's by now."""
    actor = register(proof(email="s@bank.ua", email_confirmed=confirmed), email=typed)
    assert actor.citizen.letters_address == address


# --- Stepping up -------------------------------------------------------------------------------


def test_stepping_up_raises_the_level_of_the_same_person() -> None:
    low = register(proof(level=Level.LOW))
    session = complete(key_proof(), "step_up", low).session
    assert session.citizen == low.citizen
    assert session.level == "high"
    assert low.session is not None
    low.session.refresh_from_db()
    assert low.session.ended_at == NOW


@pytest.mark.parametrize("known", [True, False])
def test_another_person_steps_nobody_up_and_nothing_changes(known: bool) -> None:
    actor = register(proof())
    other = key_proof(identifier="2903514780", last_name="Інша")
    if known:
        register(other)
    before = (Citizen.objects.count(), SignInMeans.objects.count(), CitizenSession.objects.count())
    assert refusal(lambda: complete(other, "step_up", actor)) == "identity_mismatch"
    assert before == (
        Citizen.objects.count(),
        SignInMeans.objects.count(),
        CitizenSession.objects.count(),
    )
    assert actor.session is not None
    actor.session.refresh_from_db()
    assert actor.session.ended_at is None


# --- Binding and unbinding ---------------------------------------------------------------------


def test_binding_needs_a_fresh_sign_in() -> None:
    actor = register(proof())
    late = NOW + 11 * MINUTE
    with pytest.raises(AuthenticationTooOld):
        complete(key_proof(), "bind", actor, now=late)
    with pytest.raises(SessionEnded):
        complete(key_proof(), "bind", None)
    assert SignInMeans.objects.count() == 1


def test_binding_the_own_key_keeps_the_session_and_writes_a_letter() -> None:
    actor = register(proof())
    outcome = complete(key_proof(), "bind", actor)
    assert outcome.session is None
    assert outcome.bound.citizen == actor.citizen
    assert Letter.objects.get().facts["change"] == "bound"
    assert CitizenSession.objects.get() == actor.session


def test_a_key_of_another_person_is_not_bound() -> None:
    actor = register(proof())
    assert (
        refusal(lambda: complete(key_proof(identifier="2903514780"), "bind", actor))
        == "identity_mismatch"
    )
    assert staff_cases() == []


def test_a_key_bound_to_somebody_else_is_a_staff_case() -> None:
    actor = register(proof())
    register(key_proof(identifier="2903514780"))
    assert refusal(lambda: complete(key_proof(), "bind", actor)) == "bound_elsewhere"
    assert staff_cases() == [(str(actor.citizen.public_id), "bound_elsewhere")]


def test_a_key_that_also_names_somebody_else_is_a_staff_case() -> None:
    actor = register(proof())
    register(key_proof(key="x", identifier="2903514780", unzr="19480302-00001"))
    both = key_proof(key="y", unzr="19480302-00001")
    assert refusal(lambda: complete(both, "bind", actor)) == "conflict"
    assert staff_cases() == [(str(actor.citizen.public_id), "conflict")]


def test_numbers_of_different_kinds_cannot_be_compared() -> None:
    actor = register(proof())
    by_passport = key_proof(identifier_kind=IdentifierKind.PASSPORT, identifier="АВ123456")
    assert refusal(lambda: complete(by_passport, "bind", actor)) == "cannot_compare"
    assert staff_cases() == [(str(actor.citizen.public_id), "cannot_compare")]
    assert SignInMeans.objects.count() == 1


def test_a_way_with_nothing_to_remember_cannot_be_bound() -> None:
    actor = register(proof())
    assert refusal(lambda: complete(proof(key=""), "bind", actor)) == "no_means"


def test_an_unbound_key_signs_in_no_more_until_it_is_bound_again() -> None:
    actor = register(proof())
    row = complete(key_proof(), "bind", actor).bound
    means.unbind(actor=actor, public_id=row.public_id, now=NOW)
    assert refusal(lambda: complete(key_proof())) == "means_not_bound"
    assert complete(key_proof(key="key-two")).session.citizen == actor.citizen, "a new certificate"
    complete(key_proof(), "bind", actor)
    assert complete(key_proof()).session.citizen == actor.citizen


def test_a_key_taken_off_while_its_sign_in_waits_is_not_bound_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    actor = register(proof())
    row = complete(key_proof(), "bind", actor).bound
    sessions_before = CitizenSession.objects.count()
    lock = matching.lock_all_of

    def lock_after_the_owner(*who: Any) -> list[Citizen]:
        monkeypatch.undo()
        means.unbind(actor=actor, public_id=row.public_id, now=NOW)
        return lock(*who)

    monkeypatch.setattr(matching, "lock_all_of", lock_after_the_owner)
    assert refusal(lambda: complete(key_proof())) == "means_not_bound"
    assert CitizenSession.objects.count() == sessions_before


def test_unbinding_ends_the_sessions_begun_with_the_key_elsewhere() -> None:
    actor = register(proof())
    elsewhere = complete(key_proof()).session
    row = elsewhere.means
    means.unbind(actor=actor, public_id=row.public_id, now=NOW)
    elsewhere.refresh_from_db()
    assert elsewhere.ended_at == NOW
    assert actor.session is not None
    actor.session.refresh_from_db()
    assert actor.session.ended_at is None
    assert Letter.objects.first().facts["change"] == "unbound"  # type: ignore[union-attr]


def unbind_first(actor: SignedIn, **how: Any) -> None:
    row = SignInMeans.objects.filter(citizen=actor.citizen).order_by("bound_at", "pk")[0]
    means.unbind(actor=actor, public_id=row.public_id, **{"now": NOW} | how)


@pytest.mark.parametrize("other", ["none", "weak", "expired"])
def test_the_last_strong_way_stays(other: str) -> None:
    actor = register(proof())
    if other == "weak":
        complete(proof(key="two", level=Level.LOW))
    if other == "expired":
        complete(key_proof())
        SignInMeans.objects.filter(kind="key").update(valid_until=NOW - MINUTE)
    with pytest.raises(LastStrongMeans):
        unbind_first(actor)
    assert not SignInMeans.objects.filter(unbound_at__isnull=False).exists()


def test_the_last_two_ways_taken_off_at_once_leave_one(
    at_once: Callable[..., list[object]],
) -> None:
    actor = register(proof())
    complete(key_proof(), "bind", actor)

    def unbind(row: SignInMeans) -> str:
        means.unbind(actor=actor, public_id=row.public_id, now=NOW)
        return "taken off"

    outcomes = at_once(unbind, list(SignInMeans.objects.all()))
    assert sorted(map(str, outcomes)) == ["last_strong_means", "taken off"]
    assert SignInMeans.objects.filter(unbound_at__isnull=True).count() == 1


def test_the_portal_counts_as_a_way() -> None:
    session = complete(Proof(person(NOW))).session
    actor = of_session(session)
    complete(proof(), "bind", actor)
    unbind_first(actor)


def test_unbinding_needs_a_fresh_sign_in_and_ones_own_key() -> None:
    actor = register(proof())
    complete(key_proof(), "bind", actor)
    with pytest.raises(AuthenticationTooOld):
        unbind_first(actor, now=NOW + 11 * MINUTE)
    other = register(key_proof(key="x", identifier="2903514780"))
    foreign = SignInMeans.objects.get(citizen=other.citizen)
    with pytest.raises(ActRefused) as raised:
        means.unbind(actor=actor, public_id=foreign.public_id, now=NOW)
    assert raised.value.code == "not_found"


def test_signing_out_elsewhere_leaves_this_session_and_other_people() -> None:
    actor = register(proof())
    elsewhere = complete(proof()).session
    stranger = register(key_proof(key="x", identifier="2903514780"))
    assert sessions.sign_out_elsewhere(actor, now=NOW) == 1
    elsewhere.refresh_from_db()
    assert elsewhere.ended_at == NOW
    assert set(CitizenSession.objects.live(NOW)) == {actor.session, stranger.session}


def test_the_type_of_user_changes_and_is_journaled_once() -> None:
    actor = register(proof())
    for _ in range(2):
        accounts.change_user_type(actor=actor, user_type="entrepreneur", now=NOW)
    assert JournalRecord.objects.filter(act="citizen.change_user_type").count() == 1
    with pytest.raises(OrganisationUnknown):
        accounts.change_user_type(actor=actor, user_type="representative", now=NOW)


def test_a_fresh_actor_is_needed_by_the_time_of_authentication() -> None:
    actor = replace(register(proof()), auth_time=NOW - 10 * MINUTE)
    sessions.require_fresh(actor, now=NOW)
    with pytest.raises(AuthenticationTooOld):
        sessions.require_fresh(actor, now=NOW + timedelta(seconds=1))
