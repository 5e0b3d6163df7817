"""Going through a sign-in as the screens do, for tests of what comes of it."""

from collections.abc import Callable
from typing import Any

import pytest

from diia_videoreception.models import JournalAct, JournalRecord
from diia_videoreception.selectors.accounts.consents import RULES
from diia_videoreception.selectors.accounts.sessions import of_session
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.accounts import sign_in
from integrations.identity.base import IdentityError, Proof
from tests.factories import NOW, ConsentTextFactory


def complete(
    given: Proof, purpose: str = "sign_in", actor: SignedIn | None = None, **how: Any
) -> Any:
    return sign_in.complete(
        given, purpose=purpose, actor=actor, browser="Firefox 131, Linux", **{"now": NOW} | how
    )


def rules() -> int:
    return int(ConsentTextFactory(service=RULES, body="Правила.").pk)


def register(given: Proof, user_type: str = "person", **how: Any) -> SignedIn:
    """Goes through the registration of a new person."""
    waiting = complete(given).key
    text_id = how.pop("text_id", None) or rules()
    session = sign_in.register(
        key=waiting, text_id=text_id, user_type=user_type, **{"now": NOW} | how
    )
    return of_session(session)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(IdentityError) as raised:
        act()
    return raised.value.reason


def staff_cases() -> list[tuple[str, str]]:
    return [
        (record.subject_id, record.details["reason"])
        for record in JournalRecord.objects.filter(act=JournalAct.SIGN_IN_CASE)
    ]
