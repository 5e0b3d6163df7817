"""Solving the captcha as a browser would."""

import altcha
from altcha_django.verifiers import get_verifier


def solved_captcha() -> str:
    """A fresh proof of work, good once."""
    challenge = altcha.Challenge.from_dict(get_verifier().get_challenge())
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()
