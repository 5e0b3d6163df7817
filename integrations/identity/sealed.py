"""Answers enveloped for the portal's certificate, with what makes them trustworthy.

id.gov.ua and BankID encrypt what they tell for our key-agreement certificate; inside there may be
SignedData, which is verified with the portal's trust store (identity rules C.2 to C.4).
"""

import base64
import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from integrations.common.options import FINGERPRINTS
from integrations.identity.base import IdentityError
from integrations.identity.certificates import evidence_of_trust
from integrations.identity.encoding import decode_json_object
from integrations.identity.oauth import ServiceOptions
from integrations.identity.reasons import SignInRefusal
from integrations.identity.trusted import DEFAULT_SECONDS, MEMORY_SECONDS, TrustedAuthorities
from integrations.kep.answer import OpenedAnswer, open_answer
from integrations.kep.armour import decode_lines
from integrations.kep.certificates import Certificate
from integrations.kep.envelope import RecipientKey
from integrations.kep.errors import KepError, Reason
from integrations.kep.identity import extract_identity
from integrations.kep.online import Cache, Transport
from integrations.kep.trust import OperatorInputError, load_certificates

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedOptions(ServiceOptions):
    """Options of a service that encrypts its answers. See also `ServiceOptions`.

    Attributes:
        certificate_file: Our key-agreement certificate, DER or PEM.
        key_file: Its private scalar in hexadecimal; `FILE#NAME` takes it from a JSON file.
        trust: Folder of the certificates that the operator trusts, with the addresses of their
            services beside them; see docs/kep.md.
        no_revocation: SHA-256 fingerprints of authorities in the folder that publish no revocation
            data: tests and closed systems only.
        sender_files: Certificates of the service for static key agreement.
        revocation_seconds: How long an answer about a certificate is kept, at most an hour.
        cache: Where revocation data is kept for that time; in this process when None.
        transport: How revocation data is fetched; by HTTP when None.
    """

    certificate_file: Path | str = ""
    key_file: Path | str = ""
    trust: Path | str = ""
    no_revocation: Sequence[str] = field(default=(), metadata=FINGERPRINTS)
    sender_files: Sequence[Path | str] = ()
    revocation_seconds: int = field(default=DEFAULT_SECONDS, metadata=MEMORY_SECONDS)
    cache: Cache | None = field(default=None, repr=False)
    transport: Transport | None = field(default=None, repr=False)

    def missing_files(self) -> list[str]:
        """Name the options without which no answer can be opened."""
        return [
            f"{name}: is needed, answers are always encrypted"
            for name in ("certificate_file", "key_file", "trust")
            if not str(getattr(self, name))
        ]


class SealedAnswers:
    """Opens answers; made once, when the provider is.

    Raises:
        ValueError: A file of the options cannot be used; the text names it.
    """

    def __init__(self, options: SealedOptions) -> None:
        try:
            self._trusted = TrustedAuthorities(
                options.trust,
                no_revocation=options.no_revocation,
                revocation_seconds=options.revocation_seconds,
                cache=options.cache,
                transport=options.transport,
            )
            store = self._trusted.current().store
            certificate = load_certificates(Path(options.certificate_file))[0]
            self._recipient = RecipientKey(certificate, _read_scalar(str(options.key_file)))
            self._recipient.require_match()
            self._senders = [
                sender for file in options.sender_files for sender in load_certificates(Path(file))
            ]
        except OperatorInputError as error:
            raise ValueError(str(error)) from None
        except KepError as error:
            raise ValueError(f"key_file, certificate_file: {error}") from None
        if not store.anchors:
            raise ValueError(f"{options.trust}: no self-signed certificate to trust")

    @property
    def certificate(self) -> str:
        """Our certificate as the services want it: DER in base64."""
        return base64.b64encode(self._recipient.certificate.raw).decode("ascii")

    def open(
        self, envelope: object, *, now: datetime, senders: Sequence[Certificate] = ()
    ) -> OpenedAnswer:
        """Open an envelope in base64.

        Args:
            envelope: A text of an answer.
            now: The moment of verification, aware.
            senders: Certificates that came along, believed only after verification.

        Raises:
            IdentityError: `bad_answer` with the verifier's reason; `unavailable` when nobody tells
                whether a certificate is revoked.
        """
        try:
            believed = self._trusted.current()
            return open_answer(
                read_base64(envelope),
                recipient=self._recipient,
                trust=believed.store,
                source=self._trusted.source(believed, now),
                at=now,
                originators=(*self._senders, *senders),
            )
        except OperatorInputError:
            logger.exception("The trust folder cannot be used")
            raise IdentityError(SignInRefusal.UNAVAILABLE, "trust") from None
        except ValueError:
            raise IdentityError(SignInRefusal.BAD_ANSWER, Reason.MALFORMED.value) from None
        except KepError as error:
            logger.warning("An enveloped answer is refused: %s", error)
            away = error.reason is Reason.REVOCATION_UNKNOWN
            reason = SignInRefusal.UNAVAILABLE if away else SignInRefusal.BAD_ANSWER
            raise IdentityError(reason, error.reason.value) from None

    def faults(self) -> list[str]:
        """See `Provider.faults`."""
        return self._trusted.faults()


def require_signer(answer: OpenedAnswer, signers: Collection[str]) -> None:
    """Check who answers: by the signature inside, else by the sender's certificate.

    Args:
        answer: Opened, so that signature and sender are verified up to an anchor.
        signers: ЄДРПОУ of organisations and SHA-256 fingerprints of certificates.

    Raises:
        IdentityError: `bad_answer`: somebody else answers (`signer`), or it is anybody's who knows
            our certificate (`not_signed`).
    """
    verdict = answer.signature
    certificate = answer.originator if verdict is None else verdict.certificate
    if certificate is None:
        raise IdentityError(SignInRefusal.BAD_ANSWER, "not_signed")
    if certificate.fingerprint not in signers and organisation_of(certificate) not in signers:
        raise IdentityError(SignInRefusal.BAD_ANSWER, "signer")


def organisation_of(certificate: Certificate) -> str | None:
    """Give the ЄДРПОУ of an organisation's certificate; those of its people do not speak for it.

    Raises:
        IdentityError: `bad_answer`: the certificate contradicts itself.
    """
    try:
        identity = extract_identity(certificate)
    except KepError as error:
        raise IdentityError(SignInRefusal.BAD_ANSWER, error.reason.value) from None
    return None if identity.is_person else identity.edrpou


def members_of(answer: OpenedAnswer) -> Mapping[str, object]:
    """Give the members of the JSON object that was enveloped.

    Raises:
        IdentityError: `bad_answer`: it is something else.
    """
    try:
        return decode_json_object(answer.content)
    except ValueError:
        raise IdentityError(SignInRefusal.BAD_ANSWER, "json") from None


def evidence_of(answer: OpenedAnswer) -> dict[str, bytes]:
    """Give what proves a signed answer in a dispute, by file name; nothing for an unsigned one."""
    verdict = answer.signature
    if verdict is None or answer.signed_data is None:
        return {}
    files = {"answer.p7s": answer.signed_data}
    return files | evidence_of_trust((item.raw for item in verdict.path), verdict.evidence)


def read_base64(text: object) -> bytes:
    """Decode base64 from an answer of a service, see `decode_lines`.

    Raises:
        ValueError: No text, or no base64.
    """
    if not isinstance(text, str):
        raise ValueError("no text")
    return decode_lines(text)


def _read_scalar(key_file: str) -> int:
    path, _, member = key_file.partition("#")
    try:
        text = Path(path).read_text("ascii")
        return int(json.loads(text)[member] if member else text.strip(), 16)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(f"{path}: no private scalar in hexadecimal") from None
