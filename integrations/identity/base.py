"""What every way to sign in gives, and what the sign-in page needs to know of it."""

import io
import zipfile
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from integrations.common.levels import Level
from integrations.common.providers import Provider
from integrations.identity.reasons import SignInRefusal
from integrations.identity.values import full_name

REFUSED_CODE: Final = "identity_refused"


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

    @property
    def full_name(self) -> str:
        """Surname, given name and patronymic."""
        return full_name(self.last_name, self.first_name, self.patronymic)


class CredentialKind(StrEnum):
    """What a person signs in with, as the list of own credentials shows it."""

    KEY = "key"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class Credential:
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
        serial: Of the certificate, in hexadecimal; empty for a bank and where a broker tells of a key.
    """

    kind: CredentialKind
    fingerprint: str = field(repr=False)
    label: str
    valid_until: datetime | None = None
    seen: str = field(default="", repr=False)
    serial: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """A verified sign-in: who, with what, and what proves it in a dispute (identity rule C.8).

    Attributes:
        evidence: Bytes by file name, for example `signature.p7s`; empty where nothing is signed.
        received_at: When it reached the portal, of a proof that has waited for the person's click.
    """

    identity: Identity
    credential: Credential | None = None
    evidence: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    received_at: datetime | None = None


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
        reason: SignInRefusal,
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


class IdentityProvider(Provider):
    """A way to sign in, or several ways over the same service.

    A provider derives from one of the three below, which tell how its answer comes back. Texts are
    msgids of the `integrations` catalogue, or the portal's own words: whoever shows them translates
    them.

    Attributes:
        flow: How the answer comes back.
        highest_level: The best that this way can reach; None when that is not known beforehand.
            Who needs more than it gives is not offered it.
        sign_out_url: Page where the person signs out of the service too, offered after signing
            out; may be empty.
        needs_https: Whether its answer comes back to https addresses only.
    """

    flow: Flow
    highest_level: Level | None = None
    sign_out_url: str = ""
    needs_https: bool = False

    @property
    @abstractmethod
    def buttons(self) -> Sequence[Button]:
        """The ways on the sign-in page."""


@dataclass(frozen=True, slots=True)
class HandOverClaims:
    """A browser brought from the portal; works once, and silently only with the right nonce."""

    identity: Identity
    jti: str
    expires_at: datetime
    nonce: str | None


@dataclass(frozen=True, slots=True)
class Access:
    """A program that acts for the person from `issued_at` until `expires_at`."""

    identity: Identity
    jti: str
    issued_at: datetime
    expires_at: datetime


class HandOverProvider(IdentityProvider):
    """A provider whose page posts a token back; programs bring its access tokens."""

    flow: Literal[Flow.HANDOVER] = Flow.HANDOVER

    @abstractmethod
    def start(self, *, nonce: str, return_url: str) -> str:
        """Give the address to send the browser to.

        Args:
            nonce: Random value of the browser session; the answer has to carry it.
            return_url: Absolute address of ours that takes the answer.

        Raises:
            IdentityError: the answer may not come back there (`insecure_return`).
        """

    @abstractmethod
    def read_handover(self, token: str, now: datetime) -> HandOverClaims:
        """Verify a hand-over token and read the person.

        Raises:
            IdentityError: Anything else than a good hand-over token.
        """

    @abstractmethod
    def read_access(self, token: str, now: datetime) -> Access:
        """Verify an access token and read the person.

        Raises:
            IdentityError: Anything else than a good access token.
        """


class RedirectProvider(IdentityProvider):
    """A provider that sends the browser back with a code (OAuth 2.0)."""

    flow: Literal[Flow.REDIRECT] = Flow.REDIRECT

    def choices(self) -> Sequence[Choice]:
        """List what the person has to choose first; nothing unless the provider says otherwise.

        Raises:
            IdentityError: the service does not answer (`unavailable`) or makes no sense.
        """
        return ()

    @abstractmethod
    def start(self, *, nonce: str, return_url: str, button: str = "", choice: str = "") -> str:
        """Give the address to send the browser to.

        Args:
            nonce: Random value of the browser session; it travels as `state`.
            return_url: Absolute address of ours that takes the answer.
            button: Key of the way that was pressed.
            choice: Key of what was chosen.

        Raises:
            IdentityError: there is no such button or choice (`unknown_choice`), or the answer may
                not come back there (`insecure_return`).
        """

    @abstractmethod
    def finish(
        self, answer: Mapping[str, str], *, return_url: str, choice: str, now: datetime
    ) -> Proof:
        """Exchange the code and read the person; the caller has compared `state` and spent it.

        Raises:
            IdentityError: the person gave up (`cancelled`), the service refused, is away
                (`unavailable`), makes no sense (`bad_answer`) or names another person or bank.
        """


SIGNATURE_FILE: Final = "signature.p7s"
CONTENT_FILE: Final = "challenge.txt"
"""Names in the evidence of a signature: what was sent, and what was signed."""
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class VerifiableFile:
    """A signature with what was signed, to be checked outside."""

    name: str
    media_type: str
    data: bytes


class SignatureProvider(IdentityProvider):
    """A provider that reads a signature made by the person over bytes of ours.

    The first one in the settings also verifies signatures under applications.

    Attributes:
        widget_url: Page of a signing widget for the iframe; without one a signature made elsewhere
            is uploaded.
        max_signature_bytes: Of the largest signature, as the page tells it.
        max_upload_bytes: Of the largest upload; more where a signature may come in base64.
    """

    flow: Literal[Flow.SIGNATURE] = Flow.SIGNATURE
    widget_url: str = ""
    max_signature_bytes: int = 128 * 1024
    max_upload_bytes: int = 2 * max_signature_bytes

    @property
    def widget_origin(self) -> str:
        """Whose messages the page believes, and what `frame-src` has to name; or empty."""
        parts = urlsplit(self.widget_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    def require_signature(self, data: bytes) -> None:
        """Check, before a challenge is used up, that `verify` will be able to read what was sent.

        Args:
            data: Of an upload that is too large, one byte more than `max_upload_bytes`.

        Raises:
            IdentityError: `too_large`, `malformed`, or `unsupported_container` with the name of
                the format as detail.
        """
        if len(data) > self.max_upload_bytes:
            raise IdentityError(SignInRefusal.TOO_LARGE)

    def signature_in(self, data: bytes) -> bytes:
        """Return the signature in an upload that may be a container; what is none is the signature itself.

        Raises:
            IdentityError: `unsupported_container` with the name of the format, `malformed`, `too_large`.
        """
        if len(data) > self.max_upload_bytes:
            raise IdentityError(SignInRefusal.TOO_LARGE)
        return data

    @abstractmethod
    def verify(
        self,
        signature: bytes,
        *,
        content: bytes,
        now: datetime,
        fresh: bool = False,
    ) -> Proof:
        """Verify a signature over bytes of ours and read the person.

        The caller adds what was sent and what was signed to the evidence of the proof.

        Args:
            fresh: Whether the authority has to say now that the certificate is in force, whatever
                it said minutes ago.

        Raises:
            IdentityError: with the reason of the verifier, under the same name.
        """

    def signed_file(
        self, evidence: Mapping[str, bytes], *, name: str, content_name: str = MANIFEST
    ) -> VerifiableFile:
        """Make the file that a verifier outside reads; an archive of the evidence by default.

        Args:
            evidence: As it was kept of a proof, with `SIGNATURE_FILE` and `CONTENT_FILE`.
            name: Without ending.
            content_name: What the signed text is called in it.
        """
        return archive_of(evidence, name=name)

    def signed_document(
        self, evidence: Mapping[str, bytes], *, document: VerifiableFile, name: str
    ) -> VerifiableFile:
        """Make the container of a document and its signature; an archive of both by default.

        Args:
            evidence: As for `signed_file`; what was signed names the document by its digest.
            document: As it is named there.
            name: Of the container, without ending.
        """
        return archive_of({**evidence, document.name: document.data}, name=name)


AnyIdentityProvider: TypeAlias = HandOverProvider | RedirectProvider | SignatureProvider
"""Told apart by `flow`."""


def archive_of(evidence: Mapping[str, bytes], *, name: str) -> VerifiableFile:
    """Pack evidence as it is, for whoever has the means to check it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file_name, data in evidence.items():
            packed.writestr(file_name, data)
    return VerifiableFile(f"{name}.zip", "application/zip", archive.getvalue())


def gettext_noop(message: str) -> str:
    """Mark a text for the catalogue."""
    return message
