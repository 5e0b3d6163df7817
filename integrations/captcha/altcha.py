"""ALTCHA: a proof of work, solved by the browser, served and checked by the portal itself."""

from typing import cast

from altcha_django.results import ErrorCode
from altcha_django.verifiers import get_verifier, run_verification


class CaptchaUnavailable(Exception):
    """The check itself failed: a setting is missing or the shared cache is away."""


class AltchaCaptcha:
    """Checks ALTCHA payloads; single use over the shared cache of the portal."""

    def is_solved(self, payload: str) -> bool:
        """Tells whether the payload is genuine, fresh and new.

        Raises:
            CaptchaUnavailable: ALTCHA is misconfigured.
        """
        try:
            result = run_verification(payload)
        except RecursionError:
            # JSON nested deeper than the reader follows is no proof.
            return False
        if result.code in {ErrorCode.MISCONFIGURED.value, ErrorCode.BACKEND_ERROR.value}:
            raise CaptchaUnavailable(result.code)
        return result.verified

    def challenge(self) -> dict[str, object]:
        """A new signed challenge of proof-of-work version 2."""
        return cast("dict[str, object]", get_verifier().get_challenge())
