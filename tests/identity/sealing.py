"""Keys of a small world for answers that are enveloped: portal, bank, broker, a stranger."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from integrations.common.fetching import FetchFailed
from integrations.kep.certificates import Usage, read_certificate
from sandbox.authority import maker
from sandbox.authority.envelopes import Envelope, make
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import Holder, Message, Subject

PATIENT = 30.0
"""Seconds; the machine of a test run may be busy."""

CRL_URL = "http://ca.example/ca.crl"
BANK_EDRPOU = "14360570"


@dataclass
class Revocations:
    """The network behind the trust store: one CRL, or silence."""

    listing: bytes
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str, *, body: bytes | None, limit: int, seconds: float) -> bytes:
        self.asked.append(url)
        if self.silent or url != CRL_URL or len(self.listing) > limit:
            raise FetchFailed("silent")
        return self.listing


@dataclass
class Keys:
    """Holders of certificates, and the files that the portal's options name."""

    folder: Path
    authority: Holder
    portal: Holder
    seal: Holder
    sender: Holder
    listing: bytes

    def issue(self, subject: Subject, seed: str) -> Holder:
        return maker.issue(subject, DstuPrivateKey(seed), self.authority)

    def options(self, **changes: Any) -> dict[str, Any]:
        """Options that every provider with enveloped answers has."""
        return {
            "client_id": "portal-client",
            "client_secret": "s3cret-of-the-portal",
            "certificate_file": self.folder / "portal.cer",
            "key_file": self.folder / "portal.key",
            "trust": self.folder / "trust",
            "transport": Revocations(self.listing),
            "connect_timeout": PATIENT,
            "read_timeout": PATIENT,
            "total_timeout": PATIENT,
            "allow_http_loopback": True,
            **changes,
        }

    def signed(self, content: bytes, signer: Holder | None = None, **how: Any) -> bytes:
        return maker.sign(signer or self.seal, Message(content=content, **how))

    def enveloped(self, content: bytes, certificate: str, **how: Any) -> str:
        """An envelope in base64 for a certificate in base64."""
        sender = how.pop("sender", self.sender)
        recipient = read_certificate(base64.b64decode(certificate, validate=True))
        data = make(recipient, sender, Envelope(content=content, **how))
        return base64.b64encode(data).decode()


def agreeing(title: str, edrpou: str = "") -> Subject:
    """A certificate for key agreement."""
    return Subject(
        name={"2.5.4.3": title},
        usage=[Usage.KEY_AGREEMENT],
        attributes={maker.EDRPOU: edrpou} if edrpou else {},
        statements=(),
    )


def sealing(edrpou: str = BANK_EDRPOU) -> Subject:
    """A seal of an organisation."""
    return Subject(name={"2.5.4.3": "Банк"}, attributes={maker.EDRPOU: edrpou}, seal=True)


def make_keys(folder: Path) -> Keys:
    """Makes the world and its files."""
    root = maker.authority("Root", DstuPrivateKey("root"))
    authority = maker.authority("Authority", DstuPrivateKey("authority"), root)
    portal_key = DstuPrivateKey("portal")
    portal = maker.issue(agreeing("Portal"), portal_key, authority)
    trust = folder / "trust"
    trust.mkdir()
    (trust / "root.cer").write_bytes(root.raw)
    (trust / "authority.cer").write_bytes(authority.raw)
    urls = {"ocsp": None, "crl": CRL_URL}
    services = {authority.certificate.fingerprint: urls}
    (trust / "services.json").write_text(json.dumps(services))
    (folder / "portal.cer").write_bytes(portal.raw)
    (folder / "portal.key").write_text(f"{portal_key.scalar:x}\n")
    return Keys(
        folder,
        authority,
        portal,
        seal=maker.issue(sealing(), DstuPrivateKey("seal"), authority),
        sender=maker.issue(agreeing("Банк", BANK_EDRPOU), DstuPrivateKey("sender"), authority),
        listing=maker.make_crl(authority),
    )
