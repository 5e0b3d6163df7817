"""A challenge is good once, for five minutes, in one browser and for one purpose (rule C.1)."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from diia_videoreception.models import Challenge, Citizen
from diia_videoreception.services.accounts import challenges
from integrations.identity.base import Button, Flow, IdentityError, Proof
from tests.factories import ApplicationFactory, CitizenFactory
from tests.harness.clock import NOW
from tests.steps.authority import provider, signature

pytestmark = pytest.mark.django_db

SECRET = "secret of this browser"


class Recorder:
    """A provider that believes everything and remembers what it was shown."""

    flow = Flow.SIGNATURE
    label = "KEP"
    buttons = (Button("", "KEP", ""),)

    def __init__(self, name: str = "kep", refuse: str = "") -> None:
        self.name = name
        self.refuse = refuse
        self.shown: list[bytes] = []
        self.fresh: list[bool] = []

    def check(self) -> list[str]:
        return []

    def faults(self) -> list[str]:
        return []

    def verify(
        self,
        signature: bytes,
        *,
        content: bytes,
        now: datetime,
        fresh: bool = False,
    ) -> Proof:
        self.shown.append(content)
        self.fresh.append(fresh)
        if self.refuse:
            raise IdentityError(self.refuse)
        return provider().verify(signature, content=content, now=now)


def issue(purpose: str = "sign_in", *, now: datetime = NOW, **how: Any) -> Challenge:
    values = {"provider": "kep", "session_secret": SECRET} | how
    return challenges.issue(purpose=purpose, now=now, **values)


def answer(challenge: Challenge, *, now: datetime = NOW, **how: Any) -> Proof:
    values = {
        "key": challenge.key,
        "signature": signature("nadiia", challenge.content.encode()),
        "session_secret": SECRET,
        "provider": Recorder(),
        "purpose": challenge.purpose,
    }
    return challenges.answer(**values | how, now=now)


def reason(challenge: Challenge, **how: Any) -> str:
    with pytest.raises(IdentityError) as caught:
        answer(challenge, **how)
    return caught.value.reason


def test_answer__gives_the_proof_over_our_own_octets() -> None:
    challenge, recorder = issue(), Recorder()

    proof = answer(challenge, provider=recorder)

    assert proof.identity.last_name == "Кравець"
    assert recorder.shown == [challenge.content.encode()]
    assert "Portal: http://testserver\n" in challenge.content
    assert "Цим підписом я входжу" in challenge.content
    assert not Challenge.objects.exists()


@pytest.mark.parametrize("outcome", ["", "bad_signature"])
def test_answer__works_once_whatever_came_of_it(outcome: str) -> None:
    challenge = issue()
    if outcome:
        assert reason(challenge, provider=Recorder(refuse=outcome)) == outcome
    else:
        answer(challenge)
    recorder = Recorder()
    assert reason(challenge, provider=recorder) == "challenge_gone"
    assert recorder.shown == [], "nothing is verified for an answer that came again"


def test_answer__another_nonce_is_another_text() -> None:
    first = issue()
    second = issue(session_secret="another browser")
    signed = signature("nadiia", first.content.encode())
    with pytest.raises(IdentityError) as caught:
        answer(second, signature=signed, session_secret="another browser")
    assert caught.value.reason == "content_mismatch"


def test_answer__after_five_minutes_is_too_late() -> None:
    challenge, recorder = issue(), Recorder()
    late = NOW + timedelta(minutes=5)
    assert reason(challenge, provider=recorder, now=late) == "challenge_expired"
    assert recorder.shown == []
    answer(issue(), now=late - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"session_secret": "of another browser"}, "challenge_other_session"),
        ({"provider": Recorder("another")}, "challenge_other_provider"),
        ({"purpose": "step_up"}, "challenge_other_purpose"),
        ({"key": uuid.uuid4()}, "challenge_gone"),
        ({"key": "no key"}, "challenge_gone"),
        ({"key": ""}, "challenge_gone"),
    ],
)
def test_answer__of_somebody_else_is_refused_and_spoils_nothing(
    change: dict[str, Any], expected: str
) -> None:
    challenge = issue()
    assert reason(challenge, **change) == expected
    assert answer(challenge)


def test_answer__is_of_the_citizen_who_asked() -> None:
    owner, other = CitizenFactory(), CitizenFactory()
    challenge = issue("bind", citizen=owner)
    assert reason(challenge, citizen=other) == "challenge_other_citizen"
    assert reason(challenge) == "challenge_other_citizen"
    assert answer(challenge, citizen=owner)


def test_answer__to_sign_in_is_of_nobody_yet() -> None:
    assert reason(issue(), citizen=CitizenFactory()) == "challenge_other_citizen"


@pytest.mark.parametrize(("purpose", "fresh"), [("sign_in", False), ("bind", True)])
def test_answer__of_who_is_signed_in_asks_the_authority_now(purpose: str, fresh: bool) -> None:
    citizen = CitizenFactory() if fresh else None
    challenge = issue(purpose, citizen=citizen)
    recorder = Recorder()
    signed = signature("olena", challenge.content.encode())
    answer(challenge, signature=signed, provider=recorder, purpose=purpose, citizen=citizen)
    assert recorder.fresh == [fresh]


def test_document__is_signed_for_its_application_only() -> None:
    application, other = ApplicationFactory(), ApplicationFactory()
    of = {"citizen": application.citizen, "application": application}
    challenge = issue("sign", document="the manifest", **of)
    assert challenge.content == "the manifest"
    assert reason(challenge, citizen=application.citizen) == "challenge_other_application"
    changed = {"citizen": application.citizen, "application": other}
    assert reason(challenge, **changed) == "challenge_other_application"
    assert reason(challenge, **of, purpose="sign_in") == "challenge_other_purpose"
    assert answer(challenge, **of)


@pytest.mark.parametrize(
    ("purpose", "document"),
    [
        ("sign", ""),
        ("sign_in", "a document"),
        ("sign", "DIIA-VIDEORECEPTION CHALLENGE 1\n\nСпроба"),
    ],
)
def test_document_and_challenge__are_never_taken_for_each_other(
    purpose: str, document: str
) -> None:
    with pytest.raises(ValueError, match="document"):
        issue(purpose, document=document)


def test_issue__shows_the_same_while_there_is_time() -> None:
    first = issue()
    assert issue(now=NOW + timedelta(minutes=3)) == first
    assert issue(now=NOW + timedelta(minutes=3, seconds=1)) != first
    assert issue("step_up") != first
    assert issue(session_secret="another") != first
    assert len({row.content for row in Challenge.objects.all()}) == 4


def test_issue__a_document_that_changed_is_another() -> None:
    application = ApplicationFactory()
    of = {"citizen": application.citizen, "application": application}
    first = issue("sign", document="old", **of)
    assert issue("sign", document="old", **of) == first
    assert issue("sign", document="new", **of) != first


def test_session_secret__is_not_in_the_table() -> None:
    issue()
    assert SECRET not in str(Challenge.objects.values().get())


def test_two_answers_at_once__one_wins(at_once: Callable[..., list[object]]) -> None:
    challenge = issue()
    signed = signature("nadiia", challenge.content.encode())

    def act(number: int) -> object:
        try:
            return answer(challenge, signature=signed).identity.last_name
        except IdentityError as error:
            return error.reason

    assert sorted(map(str, at_once(act, range(4)))) == [*["challenge_gone"] * 3, "Кравець"]


def test_challenge__goes_with_its_citizen() -> None:
    challenge = issue("bind", citizen=CitizenFactory())
    Citizen.objects.all().delete()
    assert reason(challenge) == "challenge_gone"
