"""A service with the wire format of id.gov.ua, and what the tests ask of the provider."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pytest

from integrations.identity.base import IdentityError, Proof
from integrations.identity.id_gov_ua import IdGovUa
from tests.identity.outside import Answer, Outside, Request, as_json
from tests.identity.sealing import Keys
from tests.steps.identity import NOW

NONCE = "mB4Zk1X9q0vYt7sLw2RcNg"


BACK = "https://portal.example/videoreception/sign-in/id_gov_ua/callback/"


CODE = "c0de-of-one-time"


TOKEN = "t0ken-of-the-session"


PERSON: dict[str, Any] = {
    "issuer": "O=Надавач;CN=Надавач послуг",
    "issuercn": "Надавач послуг",
    "serial": "5E9844A1",
    "o": "n/a",
    "lastname": "Тестенко",
    "givenname": "Тарас Тестович",
    "middlename": "Тестович",
    "email": "taras@example.com",
    "phone": "380501234567",
    "edrpoucode": "n\\a",
    "drfocode": "3287401015",
    "unzr": "N/A",
    "isqscd": "1",
    "auth_type": "dig_sign",
}


@dataclass
class Broker:
    """The service with its wire format; `person` is told, `wrap` makes the bytes of the answer.

    What stands for `...` is left out.
    """

    outside: Outside
    keys: Keys
    person: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    user_id: Any = "170042"
    wrap: Callable[[bytes, str], bytes | str] | None = None
    spent: bool = False

    def __post_init__(self) -> None:
        self.outside.paths |= {
            "/get-access-token": self.token,
            "/get-user-info": self.info,
            "/get-user-logout": as_json({"error": "0", "error_description": "n/a"}),
        }

    def given(self, request: Request) -> dict[str, str]:
        return dict(request.query) | request.form

    def token(self, request: Request) -> Answer:
        if self.given(request)["code"] != CODE or self.spent:
            return as_json({"error": "2", "message": "code"}, 401)
        self.spent = True
        return as_json(
            {
                "access_token": TOKEN,
                "token_type": "bearer",
                "expires_in": "3600",
                "refresh_token": "n/a",
                "user_id": self.user_id,
            }
        )

    def info(self, request: Request) -> Answer:
        given = self.given(request)
        if (given["access_token"], given["user_id"]) != (TOKEN, str(self.user_id)):
            return as_json({"error": 3, "message": "session"}, 401)
        members = {"user_id": self.user_id} | self.person
        members = {name: value for name, value in members.items() if value is not ...}
        content = json.dumps(members, ensure_ascii=False).encode()
        if not given["cert"]:
            return Answer(content)
        certificate = unquote(given["cert"])
        wrap = self.wrap or (lambda content, _: self.keys.signed(content))
        wrapped = wrap(content, certificate)
        if isinstance(wrapped, bytes):
            wrapped = self.keys.enveloped(wrapped, certificate, static=False)
        return as_json({"encryptedUserInfo": wrapped})


Make = Callable[..., IdGovUa]


def finish(provider: IdGovUa, **answer: str) -> Proof:
    came = answer or {"code": CODE, "state": NONCE}
    return provider.finish(came, return_url=BACK, choice="", now=NOW)


def refusal(provider: IdGovUa, **answer: str) -> tuple[str, str]:
    with pytest.raises(IdentityError) as caught:
        finish(provider, **answer)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.reason, caught.value.detail
