"""A portal that verifies КЕП, and the citizen who has a key."""

from datetime import datetime
from typing import Any

from diia_videoreception.models import Citizen, Document, Evidence, Purpose, SignatureRequest
from diia_videoreception.personal_data import encrypt, lookup_hash
from diia_videoreception.providers import identity_providers
from diia_videoreception.services.accounts.evidence import pack
from tests.factories import CitizenFactory
from tests.harness.clock import NOW
from tests.steps.authority import Network, provider, ring


def install(settings: Any, monkeypatch: Any, *, now: datetime = NOW) -> None:
    """Let the portal verify КЕП; the authority answers without a network, as of `now`."""
    options = {"trust": str(ring().trust)}
    backend = "integrations.identity.kep.KepSignature"
    identity = {"kep": {"BACKEND": backend, "OPTIONS": options}}
    configured = settings.DIIA_VIDEORECEPTION
    settings.DIIA_VIDEORECEPTION = {**configured, "IDENTITY": configured["IDENTITY"] | identity}
    monkeypatch.setattr(identity_providers()["kep"], "verify", provider(Network(now=now)).verify)


NUMBER = "3142501187"
OLENA = {"last_name": "Вербицька", "first_name": "Олена", "identifier_kind": "rnokpp"}


def new_olena() -> Citizen:
    """The citizen who has the key `olena`."""
    return CitizenFactory(**OLENA, **_identifier())


def become_olena(citizen: Citizen) -> None:
    """Give somebody the number that the key `olena` is issued to."""
    values = {"identifier_kind": "rnokpp", **_identifier()}
    Citizen.objects.filter(pk=citizen.pk).update(**values)


def _identifier() -> dict[str, str]:
    return {
        "identifier_hash": lookup_hash("rnokpp", NUMBER),
        "identifier_encrypted": encrypt(NUMBER),
    }


def put_signature(document: Document, *, data: bytes = b"signature") -> SignatureRequest:
    """Sign a document of an application as if in its room; nobody has verified it."""
    assert document.application
    evidence = Evidence.objects.create(
        citizen=document.application.citizen,
        purpose=Purpose.SIGN,
        provider="kep",
        method="kep+ecdsa",
        level="high",
        archive_encrypted=pack({"signature.p7s": data, "challenge.txt": b"<ASiCManifest/>"}),
        created_at=NOW,
    )
    return SignatureRequest.objects.create(
        document=document,
        state="signed",
        asked_at=NOW,
        answered_at=NOW,
        evidence=evidence,
        signer=document.application.citizen.full_name,
        level="high",
    )
