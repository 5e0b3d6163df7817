"""ALTCHA: a proof of work, solved by the browser, served and checked by the portal itself."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from altcha_django.results import ErrorCode
from altcha_django.verifiers import get_verifier, run_verification

from integrations.captcha.base import Captcha, SolvedChallenge

_TEXTS = ("algorithm", "nonce", "salt", "keyPrefix", "keySignature")
_NUMBERS = ("cost", "keyLength", "memoryCost", "parallelism", "expiresAt")
_MAX_COUNTER = 2**32


class CaptchaUnavailable(Exception):
    """The check itself failed: ALTCHA is set up wrongly."""


class AltchaCaptcha(Captcha):
    """Checks ALTCHA payloads."""

    def verify(self, payload: str) -> SolvedChallenge | None:
        """Return the proof, if the payload is genuine and fresh.

        Raises:
            CaptchaUnavailable: ALTCHA is misconfigured.
        """
        try:
            if not _has_shape(payload):
                return None
            # A cache forgets: the portal itself keeps what was used.
            result = run_verification(payload, replay=False)
        except RecursionError:
            # JSON nested deeper than the reader follows is no proof.
            return None
        if result.code in {ErrorCode.MISCONFIGURED.value, ErrorCode.BACKEND_ERROR.value}:
            raise CaptchaUnavailable(result.code)
        if not result.verified:
            return None
        if not result.replay_id or not result.expires_at:
            raise CaptchaUnavailable("a challenge without a name or an end could be used for ever")
        return SolvedChallenge(result.replay_id, datetime.fromtimestamp(result.expires_at, UTC))

    def challenge(self) -> dict[str, object]:
        """Return a new signed challenge of proof-of-work version 2."""
        return cast("dict[str, object]", get_verifier().get_challenge())


def _has_shape(payload: str) -> bool:
    """Tell whether every part of the payload is of the type that the challenge was made with.

    The signature is over canonical JSON, to which 5000.0 is 5000; the functions that derive keys
    tell them apart by an exception.
    """
    try:
        data = json.loads(base64.b64decode(payload))
        parameters, solution = data["challenge"]["parameters"], data["solution"]
        signature = data["challenge"]["signature"]
        counter, key = solution["counter"], solution["derivedKey"]
    except (ValueError, TypeError, LookupError):
        return False
    return (
        isinstance(parameters, Mapping)
        and all(isinstance(parameters.get(name, ""), str) for name in _TEXTS)
        and all(type(parameters.get(name, 0)) is int for name in _NUMBERS)
        and isinstance(parameters.get("data", {}), Mapping)
        and isinstance(signature, str)
        and isinstance(key, str)
        and type(counter) is int
        and 0 <= counter < _MAX_COUNTER
    )
