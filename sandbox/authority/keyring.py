"""The keys of this copy of the demonstration: made on the first start, kept beside its database.

Two hierarchies, ДСТУ 4145 and ECDSA, each of a root and an authority below it. The portal learns
of them as a real one does: by a folder of certificates.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.kep.envelope import RecipientKey
from integrations.kep.trust_list import SERVICES_FILE
from sandbox.authority import maker
from sandbox.authority.envelopes import AGREEING
from sandbox.authority.keys import DstuPrivateKey, EcPrivateKey, Key
from sandbox.authority.maker import Holder, Subject
from sandbox.authority.people import SIGNERS, Algorithm, Signer, State

FILE = "keys.json"
TRUST = "trust"
PORTAL_CERTIFICATE = "portal.cer"
PORTAL_KEY = "portal.key"
AUTHORITY_YEARS = 10
PERSON_YEARS = 2
EXPIRED_BEFORE = timedelta(days=50)
_YEAR = timedelta(days=365)
_NAMES = {Algorithm.DSTU: "ДСТУ 4145", Algorithm.ECDSA: "ECDSA"}


@dataclass(frozen=True)
class Keyring:
    """Everything that signs in the demonstration.

    Attributes:
        folder: Where it is kept; `trust` in it is the folder for the portal.
        holders: Certificates with private keys by name: `dstu-root`, `dstu-ca`, `ecdsa-root`,
            `ecdsa-ca`, `person-<slug>`, `portal`, `bank-seal`, `bank-agreement`, `broker-seal`,
            `broker-agreement`.
    """

    folder: Path
    holders: Mapping[str, Holder] = field(repr=False)

    @property
    def trust(self) -> Path:
        """The trust folder: roots and authorities."""
        return self.folder / TRUST

    def authority(self, algorithm: Algorithm) -> Holder:
        """Return the authority that issues to people and services."""
        return self.holders[f"{algorithm}-ca"]

    def person(self, signer: Signer) -> Holder:
        """Return the key of a person."""
        return self.holders[f"person-{signer.slug}"]

    def revoked(self, algorithm: Algorithm) -> list[Holder]:
        """Return what an authority has revoked."""
        return [
            self.person(signer)
            for signer in SIGNERS
            if signer.algorithm is algorithm and signer.state is State.REVOKED
        ]

    @property
    def portal(self) -> RecipientKey:
        """The portal's key for envelopes; also in the files `portal.cer` and `portal.key`."""
        holder = self.holders["portal"]
        if not isinstance(holder.key, DstuPrivateKey):
            raise TypeError("the portal's key is not ДСТУ 4145")
        return RecipientKey(holder.certificate, holder.key.scalar)


def load_keyring(folder: Path, *, url: str, now: datetime | None = None) -> Keyring:
    """Read the keys of the folder, or make them; two first starts at once agree on one set.

    Args:
        folder: Where they are kept.
        url: Where the demonstration answers for its authorities.
        now: From when on new keys are valid, aware; today by default.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    if not path.exists():
        _write_new(path, json.dumps(_make(now or datetime.now(UTC)), indent=1))
    values = json.loads(path.read_text())
    ring = Keyring(folder, {name: _read(value) for name, value in values.items()})
    _publish(ring, url)
    return ring


def _write_new(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(text)
    # A link, unlike a rename, does not replace what another first start has made.
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _publish(ring: Keyring, url: str) -> None:
    """Write what the portal reads: its trust folder, and its own key for envelopes."""
    ring.trust.mkdir(exist_ok=True)
    files = {
        ring.trust / f"{algorithm}-{role}.cer": ring.holders[f"{algorithm}-{role}"].raw
        for algorithm in Algorithm
        for role in ("root", "ca")
    }
    files[ring.folder / PORTAL_CERTIFICATE] = ring.holders["portal"].raw
    for path, data in files.items():
        if not path.exists():
            path.write_bytes(data)
    if not (ring.folder / PORTAL_KEY).exists():
        _write_new(ring.folder / PORTAL_KEY, f"{ring.portal.scalar:x}\n")
    services = {
        ring.authority(algorithm).certificate.fingerprint: {
            "ocsp": f"{url}/{algorithm}/ocsp/",
            "crl": f"{url}/{algorithm}/ca.crl",
        }
        for algorithm in Algorithm
    }
    path, text = ring.trust / SERVICES_FILE, json.dumps(services, indent=1) + "\n"
    # Every command comes by here; only another port changes something.
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _read(value: Mapping[str, str]) -> Holder:
    return Holder(_read_key(value["key"]), base64.b64decode(value["certificate"]))


def _read_key(text: str) -> Key:
    if not text.startswith("-----"):
        return DstuPrivateKey(text)
    private = serialization.load_pem_private_key(text.encode(), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise TypeError("not an ECDSA key")
    return EcPrivateKey(private=private)


def _new_key(algorithm: Algorithm) -> tuple[str, Key]:
    """Make a key and the text that it is read from again."""
    if algorithm is Algorithm.DSTU:
        seed = secrets.token_hex(32)
        return seed, DstuPrivateKey(seed)
    key = EcPrivateKey()
    text = key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return text.decode(), key


class _Issuer:
    """Collects what is issued."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.values: dict[str, dict[str, str]] = {}

    def authority(self, name: str, algorithm: Algorithm, issuer: Holder | None = None) -> Holder:
        text, key = _new_key(algorithm)
        kind = "Надавач послуг" if issuer else "Кореневий засвідчувальний орган"
        title = f"{kind} (демонстрація, {_NAMES[algorithm]})"
        lifetime = Subject(
            # Old enough to have issued the certificate that has expired.
            not_before=self._now - 3 * _YEAR,
            not_after=self._now + AUTHORITY_YEARS * _YEAR,
        )
        return self._keep(name, text, maker.authority(title, key, issuer, lifetime))

    def issue(self, name: str, algorithm: Algorithm, subject: Subject, issuer: Holder) -> Holder:
        text, key = _new_key(algorithm)
        return self._keep(name, text, maker.issue(subject, key, issuer))

    def _keep(self, name: str, text: str, holder: Holder) -> Holder:
        certificate = base64.b64encode(holder.raw).decode()
        self.values[name] = {"key": text, "certificate": certificate}
        return holder


def _make(now: datetime) -> dict[str, dict[str, str]]:
    now = now.replace(microsecond=0)
    issuer = _Issuer(now)
    authorities: dict[Algorithm, Holder] = {}
    for algorithm in Algorithm:
        root = issuer.authority(f"{algorithm}-root", algorithm)
        authorities[algorithm] = issuer.authority(f"{algorithm}-ca", algorithm, root)
    for signer in SIGNERS:
        subject = subject_of(signer, now)
        issuer.issue(
            f"person-{signer.slug}", signer.algorithm, subject, authorities[signer.algorithm]
        )
    dstu = authorities[Algorithm.DSTU]
    for name, title in (("bank", "Демонстраційний банк"), ("broker", "Демонстраційна ІСЕІ")):
        issuer.issue(f"{name}-seal", Algorithm.DSTU, _service(title, now, seal=True), dstu)
        issuer.issue(f"{name}-agreement", Algorithm.DSTU, _service(title, now), dstu)
    issuer.issue("portal", Algorithm.DSTU, _service("Демонстраційний портал", now), dstu)
    return issuer.values


def subject_of(signer: Signer, now: datetime) -> Subject:
    """Return what the certificate of a demonstration key says."""
    person = signer.person
    given = " ".join(part for part in (person.first_name, person.patronymic) if part)
    name = {"2.5.4.3": signer.label, "2.5.4.6": "UA"}
    attributes = {}
    if not signer.seal:
        name |= {"2.5.4.4": person.last_name, "2.5.4.42": given}
        attributes[_ATTRIBUTES[person.kind.value]] = person.identifier
    if signer.edrpou:
        name["2.5.4.10"] = signer.organisation
        attributes[maker.EDRPOU] = signer.edrpou
    ends = now + PERSON_YEARS * _YEAR
    if signer.state is State.EXPIRED:
        ends = now - EXPIRED_BEFORE
    return Subject(
        name=name,
        attributes=attributes,
        statements=(maker.QUALIFIED, maker.ON_DEVICE) if signer.on_device else (maker.QUALIFIED,),
        seal=signer.seal,
        not_before=min(now - timedelta(days=1), ends - PERSON_YEARS * _YEAR),
        not_after=ends,
    )


_ATTRIBUTES = {"rnokpp": maker.DRFO, "passport": maker.DRFO, "unzr": maker.UNZR}


def _service(title: str, now: datetime, *, seal: bool = False) -> Subject:
    """Return a seal, or a certificate that others encrypt for or that an agreement names."""
    return Subject(
        name={"2.5.4.3": title, "2.5.4.10": title},
        usage=maker.SIGNING if seal else AGREEING.usage,
        attributes={maker.EDRPOU: "40000121"} if seal else {},
        statements=(maker.QUALIFIED,) if seal else (),
        seal=seal,
        not_before=now - timedelta(days=1),
        not_after=now + PERSON_YEARS * _YEAR,
    )
