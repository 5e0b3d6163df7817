"""Why a sign-in is refused: the one list of reasons that everything else names."""

from enum import StrEnum


class SignInRefusal(StrEnum):
    """Why a sign-in is refused: for the log, and for the words that the person reads.

    Of a token of the portal the person learns nothing but that it was refused.
    """

    # What the service answers.
    UNKNOWN_STATE = "unknown_state"
    REPLAYED = "replayed"
    CANCELLED = "cancelled"
    """The person gave up, or did not agree."""
    UNAVAILABLE = "unavailable"
    """The service is away or too slow: worth another try later."""
    BAD_ANSWER = "bad_answer"
    """The service says what makes no sense, or what is not to be believed."""
    UNKNOWN_CHOICE = "unknown_choice"
    CODE_REFUSED = "code_refused"
    """The code is spent or too old: worth another try from the beginning."""
    MISCONFIGURED = "misconfigured"
    """The service does not know us or our certificate: a case for the portal's operator."""
    INSECURE_RETURN = "insecure_return"
    """The portal was opened by plain http, over which no answer may come back."""
    REFUSED = "refused"
    """The service refuses and does not say why in words that are known."""
    WRONG_BANK = "wrong_bank"
    """Another bank answers than the person chose."""
    NO_NUMBER = "no_number"
    """The bank names no natural person by number."""
    NO_PROVIDER = "no_provider"

    # Whose it is.
    CREDENTIAL_NOT_BOUND = "means_not_bound"
    IDENTITY_MISMATCH = "identity_mismatch"
    NO_CREDENTIAL = "no_means"
    CONFLICT = "conflict"
    BOUND_ELSEWHERE = "bound_elsewhere"
    CANNOT_COMPARE = "cannot_compare"

    # The certificate and the signature; the verifier's reasons are all here.
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"
    WRONG_KEY_USAGE = "wrong_key_usage"
    NO_PERSON = "no_person"
    UNTRUSTED_ISSUER = "untrusted_issuer"
    CERTIFICATE_MISSING = "certificate_missing"
    CERTIFICATE_SUBSTITUTED = "certificate_substituted"
    BAD_PARAMETERS = "bad_parameters"
    MALFORMED = "malformed"
    TRAILING_DATA = "trailing_data"
    UNSUPPORTED_CONTAINER = "unsupported_container"
    NO_SIGNER = "no_signer"
    TOO_LARGE = "too_large"
    SEVERAL_SIGNERS = "several_signers"
    UNSUPPORTED_ALGORITHM = "unsupported_algorithm"
    WEAK_DIGEST = "weak_digest"
    BAD_SIGNATURE = "bad_signature"
    DIGEST_MISMATCH = "digest_mismatch"
    CONTENT_MISMATCH = "content_mismatch"

    # The text that was to be signed.
    CHALLENGE_GONE = "challenge_gone"
    CHALLENGE_EXPIRED = "challenge_expired"
    CHALLENGE_OTHER_SESSION = "challenge_other_session"
    CHALLENGE_OTHER_PROVIDER = "challenge_other_provider"
    CHALLENGE_OTHER_PURPOSE = "challenge_other_purpose"
    CHALLENGE_OTHER_CITIZEN = "challenge_other_citizen"
    CHALLENGE_OTHER_APPLICATION = "challenge_other_application"

    # A token of the portal.
    TOKEN_TOO_LARGE = "token_too_large"
    ENCRYPTED_TOKEN = "encrypted_token"
    WRONG_ALGORITHM = "wrong_algorithm"
    CRITICAL_EXTENSION = "critical_extension"
    WRONG_HEADER = "wrong_header"
    WRONG_TYPE = "wrong_type"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    LIFETIME_TOO_LONG = "lifetime_too_long"
    MISSING_CLAIM = "missing_claim"
    BAD_CLAIM = "bad_claim"
    UNKNOWN_KEY = "unknown_key"
    KEYS_UNAVAILABLE = "keys_unavailable"
