"""ALTCHA: a proof of work, solved by the browser, served and checked by the portal itself."""

from datetime import UTC, datetime
from typing import cast

from altcha_django.results import ErrorCode
from altcha_django.verifiers import get_verifier, run_verification

from integrations.captcha.base import Captcha, Proof


class CaptchaUnavailable(Exception):
    """The check itself failed: ALTCHA is set up wrongly."""


class AltchaCaptcha(Captcha):
    """Checks ALTCHA payloads."""

    def check(self, payload: str) -> Proof | None:
        """The proof, if the payload is genuine and fresh.

        Raises:
            CaptchaUnavailable: ALTCHA is misconfigured.
        """
        try:
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
        return Proof(result.replay_id, datetime.fromtimestamp(result.expires_at, UTC))

    def challenge(self) -> dict[str, object]:
        """A new signed challenge of proof-of-work version 2."""
        return cast("dict[str, object]", get_verifier().get_challenge())
