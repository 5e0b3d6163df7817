"""A passport number opens nobody else's account, whichever way it is told (rule C.9)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception.models import Citizen, CitizenSession, PortalAccount
from diia_videoreception.selectors.accounts.sessions import of_session
from diia_videoreception.services.accounts import sessions
from diia_videoreception.services.accounts.sign_in import RegistrationNeeded
from integrations.common.levels import Level
from integrations.identity import bankid_person, id_gov_ua_person
from integrations.identity.base import IdentifierKind, Identity, IdentityError, Proof
from integrations.identity.portal_claims import claims_of, identity_of
from sandbox.authority import maker
from sandbox.authority.keys import EcPrivateKey
from sandbox.authority.maker import DRFO, Message, Subject
from sandbox.authority.people import Algorithm
from tests.factories import NOW
from tests.steps.accounts import complete, refusal, register, staff_cases
from tests.steps.authority import CONTENT, provider, ring
from tests.steps.portal import Portal
from tests.steps.ways import key_proof, proof

pytestmark = pytest.mark.django_db

OWNER = {"identifier_kind": IdentifierKind.PASSPORT, "identifier": "PASUA-ВК765432"}
Telling = Callable[[str, str, str], Proof]


def by_key(passport: str, last_name: str, first_name: str) -> Proof:
    """A certificate; a country is named in its serialNumber."""
    name = {"2.5.4.3": f"{last_name} {first_name}", "2.5.4.4": last_name, "2.5.4.42": first_name}
    if "-" in passport:
        name["2.5.4.5"] = passport
    subject = Subject(
        name=name,
        attributes={DRFO: passport.rpartition("-")[2]},
        not_before=NOW - timedelta(days=1),
        not_after=NOW + timedelta(days=1),
    )
    holder = maker.issue(subject, EcPrivateKey(), ring().authority(Algorithm.DSTU))
    signed = maker.sign(holder, Message(content=CONTENT, signing_time=NOW))
    return provider().verify(signed, content=CONTENT, now=NOW)


def by_broker(passport: str, last_name: str, first_name: str) -> Proof:
    claimed = {"drfocode": passport, "lastname": last_name, "givenname": first_name}
    claimed |= {"auth_type": "dig_sign", "issuercn": "КНЕДП", "serial": "5F"}
    return Proof(*id_gov_ua_person.read_person(claimed, provider="id_gov_ua", levels={}, now=NOW))


def by_bank(passport: str, last_name: str, first_name: str) -> Proof:
    claimed = {"inn": passport, "lastName": last_name, "firstName": first_name}
    return Proof(
        bankid_person.read_person(claimed, provider="bank", level=Level.SUBSTANTIAL, now=NOW)
    )


def by_portal(passport: str, last_name: str, first_name: str) -> Proof:
    claimed = {"identifier": passport, "family_name": last_name, "given_name": first_name}
    who = proof().identity
    claims = claims_of(who) | claimed | {"identifier_kind": "passport", "sub": "another"}
    claims |= {"middle_name": None}
    return Proof(identity_of(claims, provider="portal", now=NOW))


TELLINGS = [by_key, by_broker, by_bank, by_portal]


def owner() -> Citizen:
    citizen = register(proof(last_name="Коваль", first_name="Ірина", **OWNER)).citizen
    CitizenSession.objects.all().delete()
    return citizen


def names_of(citizen: Citizen) -> tuple[str, str, str]:
    citizen.refresh_from_db()
    return citizen.last_name, citizen.first_name, citizen.patronymic


@pytest.mark.parametrize("prove", TELLINGS)
@pytest.mark.parametrize(
    ("last_name", "first_name"),
    [
        ("Новак", "Ірина"),
        ("Коваль", "Марина"),
        ("Ірина", "Коваль"),
        ("Коваль-Новак", "Ірина"),
        ("Smith", "John"),
    ],
)
def test_with_one_name_of_another__the_number_opens_no_account(
    prove: Telling, last_name: str, first_name: str
) -> None:
    known = owner()
    assert refusal(lambda: complete(prove("ВК765432", last_name, first_name))) == "conflict"
    assert not CitizenSession.objects.exists()
    assert staff_cases() == [(str(known.public_id), "conflict")]
    assert names_of(known) == ("Коваль", "Ірина", "Ярославівна")


@pytest.mark.parametrize("prove", TELLINGS)
@pytest.mark.parametrize("written", ["BK765432", "PASPL-BK765432"])
def test_the_like_number_of_another_country__opens_no_account(prove: Telling, written: str) -> None:
    owner()
    assert refusal(lambda: complete(prove(written, "Коваль", "Ірина"))) == "conflict"
    assert not CitizenSession.objects.exists()


@pytest.mark.parametrize("prove", [by_key, by_broker, by_bank])
def test_the_like_number_of_somebody_with_another_name__is_their_own(prove: Telling) -> None:
    owner()
    assert isinstance(complete(prove("PASPL-BK765432", "Kowalska", "Maria")), RegistrationNeeded)


@pytest.mark.parametrize("prove", TELLINGS)
@pytest.mark.parametrize("spelled", [("КОВАЛЬ", "ІРИНА"), ("Koval", "Iryna")])
def test_both_names_in_another_spelling__let_in_and_change_nothing(
    prove: Telling, spelled: tuple[str, str]
) -> None:
    known = owner()
    assert complete(prove("ВК765432", *spelled)).session.citizen == known
    assert names_of(known) == ("Коваль", "Ірина", "Ярославівна")


def test_by_the_passport_alone__nothing_is_taken_over() -> None:
    known = owner()
    claimed = proof(
        key="two",
        last_name="Коваль",
        first_name="Ірина",
        unzr="19480302-00001",
        edrpou="12345678",
        organisation="Приклад",
        **OWNER,
    )
    assert complete(claimed).session.citizen == known
    known.refresh_from_db()
    assert (known.unzr_hash, known.edrpou, known.email) == ("", "", "")


def test_a_bare_number_and_the_one_with_its_country__are_one() -> None:
    known = owner()
    assert complete(by_key("PASUA-BK765432", "Коваль", "Ірина")).session.citizen == known


# --- The portal's own id of a person ------------------------------------------------------------


def portal_person(**who: Any) -> Proof:
    base = proof(key="", provider="portal", last_name="Коваль", first_name="Ірина")
    values = {name: getattr(base.identity, name) for name in Identity.__slots__}
    return Proof(Identity(**values | OWNER | {"subject": "portal-1"} | who))


def test_the_portals_id__knows_its_owner_whatever_the_names() -> None:
    known = complete(portal_person()).session.citizen
    married = portal_person(last_name="Заміжня")
    assert complete(married).session.citizen == known
    assert names_of(known)[0] == "Коваль", "only a number of the state renames"


def test_another_id_of_the_portal__is_another_person_with_the_same_passport() -> None:
    known = complete(portal_person()).session.citizen
    CitizenSession.objects.all().delete()
    assert refusal(lambda: complete(portal_person(subject="portal-2"))) == "conflict"
    assert not CitizenSession.objects.exists()
    assert PortalAccount.objects.get().citizen == known


def test_another_id_of_the_portal__joins_in_by_the_taxpayer_number() -> None:
    rnokpp = {"identifier_kind": IdentifierKind.RNOKPP, "identifier": "1759013776"}
    known = complete(portal_person(**rnokpp)).session.citizen
    again = complete(portal_person(subject="portal-2", **rnokpp)).session.citizen
    assert again == known
    assert PortalAccount.objects.filter(citizen=known).count() == 2


def test_the_portals_id_with_the_number_of_another__is_for_staff() -> None:
    complete(portal_person())
    rnokpp = {"identifier_kind": IdentifierKind.RNOKPP, "identifier": "2903514780"}
    complete(portal_person(subject="portal-2", **rnokpp))
    CitizenSession.objects.all().delete()
    assert refusal(lambda: complete(portal_person(**rnokpp))) == "conflict"
    assert not CitizenSession.objects.exists()


def test_an_access_token_of_another__reads_nothing(settings: Any) -> None:
    portal = Portal()
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "IDENTITY": {"portal": portal.settings}
    }
    whose = {"last_name": "Коваль", "first_name": "Ірина", "patronymic": "", **OWNER}
    token = portal.access(now=NOW, **whose)
    known = sessions.sign_in_by_access_token(token, now=NOW).citizen
    for stranger in (
        {"last_name": "Новак", "subject": "another"},
        {"last_name": "Новак", "first_name": "Петро", "subject": "third"},
        {"subject": "another"},
    ):
        forged = portal.access(now=NOW, **whose | stranger)
        with pytest.raises(IdentityError, match="conflict"):
            sessions.sign_in_by_access_token(forged, now=NOW)
    assert staff_cases() == [(str(known.public_id), "conflict")], "one, however often it is tried"
    assert sessions.sign_in_by_access_token(token, now=NOW).citizen == known
    assert names_of(known)[:2] == ("Коваль", "Ірина")


def test_stepping_up_by_another_passport__is_for_staff() -> None:
    actor = of_session(complete(portal_person()).session)
    stranger = key_proof(last_name="Новак", first_name="Ірина", **OWNER)
    assert refusal(lambda: complete(stranger, "step_up", actor)) == "conflict"
    assert refusal(lambda: complete(stranger, "bind", actor)) == "cannot_compare"
