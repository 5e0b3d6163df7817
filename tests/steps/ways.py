"""Ways to sign in whose answers the test decides: one with a code, one with a signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from integrations.common.levels import Level
from integrations.identity.base import (
    Button,
    Choice,
    Credential,
    CredentialKind,
    Identity,
    IdentityError,
    Proof,
    RedirectProvider,
    SignatureProvider,
)
from integrations.identity.reasons import SignInRefusal
from tests.factories import NOW
from tests.steps.portal import person

AUTHORITY = "https://bank.example.gov.ua/authorize"
ANSWERS: dict[str, Proof | IdentityError] = {}
"""What `finish` gives by code, `verify` by signature."""
EXCHANGED: list[str] = []
"""The codes that were exchanged."""


@dataclass(frozen=True, kw_only=True)
class RedirectOptions:
    name: str
    label: str = "Банк для тестів"
    choices: Sequence[str] = ()
    away: bool = False
    highest_level: str = ""


class RedirectWay(RedirectProvider):
    Options = RedirectOptions

    def __init__(self, options: RedirectOptions) -> None:
        super().__init__(options)
        self.options = options
        self.highest_level = Level(options.highest_level) if options.highest_level else None

    @property
    def buttons(self) -> Sequence[Button]:
        return (Button("card", self.label, "Через банк.", icon="agency"),)

    def choices(self) -> list[Choice]:
        if self.options.away:
            raise IdentityError(SignInRefusal.UNAVAILABLE)
        return [
            Choice(key, f"Банк {key}", available=not key.startswith("away"))
            for key in self.options.choices
        ]

    def start(self, *, nonce: str, return_url: str, button: str = "", choice: str = "") -> str:
        if choice and choice not in self.options.choices:
            raise IdentityError(SignInRefusal.UNKNOWN_CHOICE)
        query = {"state": nonce, "redirect_uri": return_url, "button": button, "bank": choice}
        return f"{AUTHORITY}?{urlencode(query)}"

    def finish(
        self, answer: Mapping[str, str], *, return_url: str, choice: str, now: datetime
    ) -> Proof:
        EXCHANGED.append(answer["code"])
        return _given(answer["code"])


@dataclass(frozen=True, kw_only=True)
class SignatureOptions:
    name: str
    label: str = "Підпис для тестів"


class SignatureWay(SignatureProvider):
    Options = SignatureOptions

    @property
    def buttons(self) -> Sequence[Button]:
        return (Button("", self.label, "Файловий ключ."),)

    def verify(
        self,
        signature: bytes,
        *,
        content: bytes,
        now: datetime,
        fresh: bool = False,
    ) -> Proof:
        return _given(signature.decode())


def _given(key: str) -> Proof:
    answer = ANSWERS[key]
    if isinstance(answer, IdentityError):
        raise answer
    return answer


def redirect_way(**options: Any) -> dict[str, Any]:
    """The entry of the setting IDENTITY."""
    return {"BACKEND": "tests.steps.ways.RedirectWay", "OPTIONS": options}


def signature_way() -> dict[str, Any]:
    return {"BACKEND": "tests.steps.ways.SignatureWay", "OPTIONS": {}}


def proof(*, provider: str = "bank", key: str = "one", now: datetime = NOW, **who: Any) -> Proof:
    """A proof by an account at a bank; `key` tells the accounts apart, None has nothing to bind."""
    values = {
        "provider": provider,
        "level": Level.SUBSTANTIAL,
        "method": "bankid",
        "auth_time": now,
        "email": None,
        "phone": None,
    } | who
    return Proof(
        identity=person(now, **values),
        credential=bank(key) if key else None,
        evidence={"answer.p7s": b"signed by the bank"},
    )


def key_proof(*, key: str = "key-one", now: datetime = NOW, **who: Any) -> Proof:
    """A proof by a signature."""
    values = {"provider": "kep", "level": Level.HIGH, "method": "kep+dstu"} | who
    base = proof(key=key, now=now, **values)
    credential = Credential(
        CredentialKind.KEY,
        f"fingerprint-{key}",
        "КНЕДП «Приклад»",
        now + timedelta(days=365),
        seen=f"seen-{key}",
    )
    return Proof(base.identity, credential, {"signature.p7s": b"signed"})


def bank(key: str) -> Credential:
    return Credential(
        CredentialKind.BANK, f"fingerprint-{key}", "Банк «Приклад»", seen=f"seen-{key}"
    )


def someone_else(now: datetime = NOW) -> Identity:
    return person(now, identifier="2903514780", last_name="Інша", subject="other")
