"""What every way to sign in gives, and what the sign-in page needs to know of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final, Generic, Protocol, TypeVar

REFUSED_CODE: Final = "identity_refused"
LARGEST_EVIDENCE: Final = 128 * 1024
"""Octets of one answer on revocation that is kept as it is; those of OCSP are smaller."""


class Level(StrEnum):
    """How surely the person is known: низький, середній, високий (architecture decision 9)."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Position from the weakest (0) to the strongest (2)."""
        return tuple(Level).index(self)

    def at_least(self, other: "Level") -> bool:
        """Tells whether this level satisfies a demand for `other`."""
        return self.rank >= other.rank


class IdentifierKind(StrEnum):
    """What the identifier is: people without РНОКПП and foreigners have one of the others."""

    RNOKPP = "rnokpp"
    PASSPORT = "passport"
    UNZR = "unzr"


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as a provider vouches for; everything is validated and in normal form.

    Personal values stay out of `repr`, so that a stray log line cannot carry them.

    Attributes:
        provider: Alias of the provider in the settings.
        subject: The provider's stable id of the person.
        method: How the person proved it, for example `kep+dstu` or `bankid`.
        auth_time: When the person proved it, aware.
        email: Address for letters, if the provider knows one.
        email_confirmed: Whether the provider has seen that the person reads what comes there; what
            a certificate or a bank merely repeats has to be confirmed by a code.
        phone: E.164, if the provider knows one.
        unzr: Number in the demographic register beside another identifier, `YYYYMMDD-NNNNN`.
        edrpou: Number of the organisation that the person represents.
        organisation: Its name.
    """

    provider: str
    subject: str = field(repr=False)
    identifier_kind: IdentifierKind
    identifier: str = field(repr=False)
    last_name: str = field(repr=False)
    first_name: str = field(repr=False)
    level: Level
    method: str
    auth_time: datetime
    patronymic: str = field(default="", repr=False)
    email: str | None = field(default=None, repr=False)
    email_confirmed: bool = False
    phone: str | None = field(default=None, repr=False)
    unzr: str | None = field(default=None, repr=False)
    edrpou: str | None = field(default=None, repr=False)
    organisation: str | None = field(default=None, repr=False)


class MeansKind(StrEnum):
    """What a person signs in with, as the list of own means shows it."""

    KEY = "key"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class Means:
    """A key or a bank account that is known again at the next sign-in (identity rule C.9).

    Attributes:
        fingerprint: Of a key, see `named_certificate`; of a bank account, the SHA-256 of the bank's
            id and of the person's bare number. Two authorities of one name may give two people the
            same, and two countries too: it keeps a key that was taken off out, and never tells by
            itself whose a key is.
        seen: What does tell that: of a key whose certificate was verified here, see
            `seen_certificate`; of a bank account with the person's number and its country. Empty
            where a broker tells of a key.
        label: Who issued it, as the person knows it: the authority, the bank.
        valid_until: End of the certificate, aware; None for a bank.
    """

    kind: MeansKind
    fingerprint: str = field(repr=False)
    label: str
    valid_until: datetime | None = None
    seen: str = field(default="", repr=False)


def named_certificate(*, authority: str, serial: str) -> str:
    """Names a certificate alike whichever way it came, so that an unbound key stays unbound.

    Brokers tell its authority and number, not its octets.

    Args:
        authority: Common name of who has issued it.
        serial: Its number in hexadecimal.
    """
    number = "".join(serial.split()).lower().lstrip("0")
    named = f"certificate\n{' '.join(authority.split())}\n{number}"
    return sha256(named.encode()).hexdigest()


def seen_certificate(*, issuer_key: bytes, signed_part: bytes) -> str:
    """Names a certificate by its content and by the key that has signed it, whatever anybody's name.

    Not by the whole of its octets: with some algorithms the holder can write the signature itself
    in another way, and would be taken for the holder of a new certificate.

    Args:
        issuer_key: Octets of the public key of who has issued it.
        signed_part: TBSCertificate, DER.
    """
    digests = sha256(issuer_key).digest() + sha256(signed_part).digest()
    return sha256(b"certificate by key\n" + digests).hexdigest()


@dataclass(frozen=True, slots=True)
class Proof:
    """A verified sign-in: who, with what, and what proves it in a dispute (identity rule C.8).

    Attributes:
        evidence: Octets by file name, for example `signature.p7s`; empty where nothing is signed.
    """

    identity: Identity
    means: Means | None = None
    evidence: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def evidence_of_trust(path: Iterable[bytes], revocation: Iterable[bytes]) -> dict[str, bytes]:
    """Names what the trust in a signature rests on, for `Proof.evidence`.

    Of a list of revoked certificates that is megabytes long only the digest is kept: the authority
    has the list, and a copy for every sign-in would fill the disk.

    Args:
        path: Certificates, the signer's first.
        revocation: The answers and lists relied on.
    """
    files = {f"certificate-{n}.cer": octets for n, octets in enumerate(path, 1)}
    for n, octets in enumerate(revocation, 1):
        if len(octets) <= LARGEST_EVIDENCE:
            files[f"revocation-{n}.der"] = octets
        else:
            files[f"revocation-{n}.sha256"] = sha256(octets).hexdigest().encode()
    return files


class IdentityError(Exception):
    """A sign-in that is refused.

    Attributes:
        code: The same for every refused token, so that the outside learns nothing of the checks.
        reason: Which check failed, for the log and for the choice of the text that the person
            reads; never personal data or text of a token.
        detail: Name of the claim or header member concerned, or empty; one of our own words.
        moment: The date that the text names, aware, for example the end of a certificate.
        authority: The provider of trust services that the text names, for example the silent one.
    """

    code: Final = REFUSED_CODE

    def __init__(
        self,
        reason: str,
        detail: str = "",
        *,
        moment: datetime | None = None,
        authority: str = "",
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.moment = moment
        self.authority = authority


class Flow(StrEnum):
    """How the answer of a provider comes back."""

    HANDOVER = "handover"
    """The portal's page posts a token."""
    REDIRECT = "redirect"
    """The browser returns with a code and the state that it took along."""
    SIGNATURE = "signature"
    """The person signs a challenge on a page of ours; nobody is asked outside."""


@dataclass(frozen=True, slots=True)
class Button:
    """One way of a provider on the sign-in page; texts are msgids of the `integrations` catalogue."""

    key: str
    label: str
    description: str
    icon: str = "key"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chooses before leaving, for example a bank."""

    key: str
    label: str
    available: bool = True


class IdentityProvider(Protocol):
    """A way to sign in, or several ways over the same service.

    Texts are msgids of the `integrations` catalogue: whoever shows them translates them.
    """

    flow: Flow

    @property
    def name(self) -> str:
        """Alias in the settings, repeated in `Identity.provider`."""

    @property
    def label(self) -> str:
        """Name of the service, for messages about it."""

    @property
    def buttons(self) -> Sequence[Button]:
        """The ways on the sign-in page."""

    def check(self) -> list[str]:
        """Tells what is wrong with the configuration, in words; empty when all is well.

        Asks nobody outside, so it may run at every start.
        """

    def faults(self) -> list[str]:
        """Tells, in words, why nobody can sign in this way as it stands; likewise."""


class NamedOptions(Protocol):
    """What the options of every provider hold."""

    @property
    def name(self) -> str:
        """Alias in the settings."""

    @property
    def label(self) -> str:
        """Name of the service."""


Options = TypeVar("Options", bound=NamedOptions)


class Configured(Generic[Options]):
    """A provider made from its options, which name it."""

    def __init__(self, options: Options) -> None:
        self._options = options

    @property
    def name(self) -> str:
        """See `IdentityProvider.name`."""
        return self._options.name

    @property
    def label(self) -> str:
        """See `IdentityProvider.label`."""
        return self._options.label

    def faults(self) -> list[str]:
        """See `IdentityProvider.faults`; none unless the provider says otherwise."""
        return []


class HandOverProvider(IdentityProvider, Protocol):
    """A provider whose page posts a token back."""

    def start(self, *, nonce: str, return_url: str) -> str:
        """Gives the address to send the browser to.

        Args:
            nonce: Random value of the browser session; the answer has to carry it.
            return_url: Absolute address of ours that takes the answer.
        """


class RedirectProvider(IdentityProvider, Protocol):
    """A provider that sends the browser back with a code (OAuth 2.0)."""

    def choices(self) -> Sequence[Choice]:
        """What the person has to choose first; empty when nothing.

        Raises:
            IdentityError: the service does not answer (`unavailable`) or makes no sense.
        """

    def start(self, *, nonce: str, return_url: str, button: str = "", choice: str = "") -> str:
        """Gives the address to send the browser to.

        Args:
            nonce: Random value of the browser session; it travels as `state`.
            return_url: Absolute address of ours that takes the answer.
            button: Key of the way that was pressed.
            choice: Key of what was chosen.

        Raises:
            IdentityError: there is no such button or choice (`unknown_choice`).
        """

    def finish(
        self, answer: Mapping[str, str], *, return_url: str, choice: str, now: datetime
    ) -> Proof:
        """Exchanges the code and reads the person; the caller has compared `state` and spent it.

        Raises:
            IdentityError: the person gave up (`cancelled`), the service refused, is away
                (`unavailable`), makes no sense (`bad_answer`) or names another person or bank.
        """


class SignatureProvider(IdentityProvider, Protocol):
    """A provider that reads a signature made by the person over octets of ours."""

    def verify(
        self,
        signature: bytes,
        *,
        content: bytes,
        now: datetime,
        fresh: bool = False,
    ) -> Proof:
        """Verifies a signature over octets of ours and reads the person.

        Args:
            fresh: Whether the authority has to say now that the certificate is in force, whatever
                it said minutes ago.

        Raises:
            IdentityError: with the reason of the verifier (`integrations.kep.errors.Reason`).
        """


def gettext_noop(message: str) -> str:
    """Marks a text for the catalogue."""
    return message
