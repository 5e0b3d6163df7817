"""A service with the wire format of BankID НБУ, and what the tests ask of the provider."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from integrations.identity.bankid import BankId
from integrations.identity.base import IdentityError, Proof
from tests.identity.outside import Answer, Outside, Request, as_json
from tests.identity.sealing import Keys
from tests.steps.identity import NOW

NONCE = "mB4Zk1X9q0vYt7sLw2RcNg"


BACK = "https://portal.example/videoreception/sign-in/bankid/callback/"


CODE = "c0de-of-one-time"


TOKEN_PATH, CLIENT_PATH = "/v1/bank/oauth2/token", "/v1/bank/resource/client"


TOKEN = "t0ken-of-the-session"


BANKS: list[dict[str, Any]] = [
    {"id": "dnipro", "name": "Банк «Дніпро»", "workable": True, "memberId": "300002", "order": 2},
    {"id": "kalyna", "name": "Банк «Калина»", "workable": True, "memberId": "300001", "order": 1},
    {"id": "asleep", "name": "Банк «Сон»", "workable": False, "memberId": "300003", "order": 3},
]


PERSON: dict[str, Any] = {
    "type": "physical",
    "lastName": "Тестенко",
    "firstName": "Тарас",
    "middleName": "Тестович",
    "phone": "380501234567",
    "inn": "3287401015",
    "email": "taras@example.com",
    "birthDay": "01.01.1990",
    "sex": "M",
    "flagPEPs": 0,
    "uaResident": 1,
}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Bank:
    """The service with its wire format; `wrap` makes the envelope, `change` the JSON around it."""

    outside: Outside
    keys: Keys
    person: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    wrap: Callable[[bytes, str], str] | None = None
    change: dict[str, Any] = field(default_factory=dict)
    spent: bool = False

    def __post_init__(self) -> None:
        self.outside.paths |= {
            "/api/banks": as_json(BANKS),
            TOKEN_PATH: self.token,
            CLIENT_PATH: self.client,
        }

    def token(self, request: Request) -> Answer:
        if request.form["code"] != CODE or self.spent:
            return as_json({"error": "invalid_grant"}, 400)
        self.spent = True
        return as_json(
            {
                "token_type": "bearer",
                "access_token": TOKEN,
                "expires_in": 180,
                "refresh_token": "n/a",
            }
        )

    def client(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return as_json({"error": "invalid_token"})
        members: dict[str, object] = {
            "state": "ok",
            "cert": base64.b64encode(self.keys.sender.raw).decode(),
            "customerCrypto": self.envelope(json.loads(request.body)["cert"]),
            "memberId": "300001",
        }
        members = members | self.change
        return as_json({name: value for name, value in members.items() if value is not ...})

    def envelope(self, certificate: str) -> str:
        content = json.dumps(self.person, ensure_ascii=False).encode()
        if self.wrap is not None:
            return self.wrap(content, certificate)
        return self.keys.enveloped(self.keys.signed(content), certificate)


Make = Callable[..., BankId]


def finish(provider: BankId, choice: str = "kalyna", **answer: str) -> Proof:
    came = answer or {"code": CODE, "state": NONCE}
    return provider.finish(came, return_url=BACK, choice=choice, now=NOW)


def refusal(provider: BankId, choice: str = "kalyna", **answer: str) -> tuple[str, str]:
    with pytest.raises(IdentityError) as caught:
        finish(provider, choice, **answer)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.reason, caught.value.detail
