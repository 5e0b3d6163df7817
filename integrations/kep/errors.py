"""Why a message is refused, and the only exception that leaves this package."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The outcome of a verification; every value has its own text for the person."""

    VALID = "valid"
    MALFORMED = "malformed"
    TRAILING_DATA = "trailing_data"
    UNSUPPORTED_CONTAINER = "unsupported_container"
    TOO_LARGE = "too_large"
    NO_SIGNER = "no_signer"
    SEVERAL_SIGNERS = "several_signers"
    UNSUPPORTED_ALGORITHM = "unsupported_algorithm"
    WEAK_DIGEST = "weak_digest"
    BAD_SIGNATURE = "bad_signature"
    DIGEST_MISMATCH = "digest_mismatch"
    CONTENT_MISMATCH = "content_mismatch"
    CERTIFICATE_SUBSTITUTED = "certificate_substituted"
    CERTIFICATE_MISSING = "certificate_missing"
    UNTRUSTED_ISSUER = "untrusted_issuer"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"
    WRONG_KEY_USAGE = "wrong_key_usage"
    BAD_PARAMETERS = "bad_parameters"
    IDENTITY_MISMATCH = "identity_mismatch"
    NO_PERSON = "no_person"


class KepError(Exception):
    """A refusal.

    Attributes:
        reason: The machine-readable cause.
        detail: English wording for an engineer's log; never holds personal data.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
