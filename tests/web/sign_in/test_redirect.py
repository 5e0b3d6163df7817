"""Coming back with a code: the guards of state, session and purpose (identity rule C.6)."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import (
    Citizen,
    CitizenSession,
    HandOver,
    JournalRecord,
    SignInCredential,
)
from diia_videoreception.services.accounts.citizens import get_or_create_citizen
from diia_videoreception.web.browser_state import CITIZEN
from integrations.common.levels import Level
from integrations.identity.base import IdentityError
from integrations.identity.reasons import SignInRefusal
from integrations.kep.errors import Reason
from tests.factories import NOW
from tests.harness.html import Page
from tests.steps import ways
from tests.steps.people import page_after, sign_in
from tests.steps.portal import person
from tests.steps.sign_in import CHOOSE, begin, come_back, press, walk
from tests.steps.ways import bank, proof

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ways_in"), pytest.mark.any_database]

CALLBACK = "/videoreception/sign-in/bank/callback/"
REGISTRATION = "/videoreception/registration/"


@pytest.fixture
def known(db: None) -> Citizen:
    return get_or_create_citizen(person(NOW), now=NOW - timedelta(days=90))


def citizen_of(client: Client) -> Citizen | None:
    key = client.session.get(CITIZEN.key)
    session = CitizenSession.objects.live(NOW).filter(key=key).first() if key else None
    return session.citizen if session else None


def is_refused(answer: Any, words: str) -> None:
    assert answer.status_code == 400
    assert words in answer.text, answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_who_is_known__is_signed_in_and_goes_on(client: Client, known: Citizen) -> None:
    answer = walk(client, proof())
    assert (answer.status_code, answer.headers["Location"]) == (303, CHOOSE)
    assert citizen_of(client) == known


def test_who_is_new__comes_to_the_registration_and_is_a_guest(client: Client) -> None:
    answer = walk(client, proof())
    assert (answer.status_code, answer.headers["Location"]) == (303, REGISTRATION)
    assert citizen_of(client) is None


@pytest.mark.parametrize("new", [True, False])
def test_a_session_key_planted_before__is_of_no_use_after(client: Client, new: bool) -> None:
    if not new:
        get_or_create_citizen(person(NOW), now=NOW)
    state = begin(client)
    planted = client.session.session_key
    come_back(client, state, proof())
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted or ""
    assert thief.get(REGISTRATION).status_code == 303
    assert thief.get("/videoreception/cabinet/").status_code == 303


def test_a_state__works_once(client: Client, known: Citizen) -> None:
    state = begin(client)
    come_back(client, state, proof())
    session = citizen_of(client)
    is_refused(come_back(client, state, proof()), "Ви вже ввійшли")
    assert citizen_of(client) == session
    assert len(ways.EXCHANGED) == 1


def test_an_answer_that_failed__has_used_its_state_too(client: Client, known: Citizen) -> None:
    state = begin(client)
    is_refused(
        come_back(client, state, IdentityError(SignInRefusal.CANCELLED)), "Ви скасували вхід"
    )
    is_refused(come_back(client, state, proof()), "його вже використано")
    assert citizen_of(client) is None


@pytest.mark.parametrize("state", ["", "foreign-state-0123456789", "стан"])
def test_a_foreign_state__signs_nobody_in(client: Client, known: Citizen, state: str) -> None:
    begin(client)
    is_refused(come_back(client, state, proof()), "розпочато не в цьому браузері")
    assert not ways.EXCHANGED, "the code is not even asked about"
    assert citizen_of(client) is None


def test_the_answer_of_somebody_else__signs_no_victim_in(client: Client, known: Citizen) -> None:
    """Login CSRF: the attacker's state and code, opened in the victim's browser."""
    attacker = Client()
    state = begin(attacker)
    begin(client)
    is_refused(come_back(client, state, proof()), "розпочато не в цьому браузері")
    assert citizen_of(client) is None


def test_a_state__belongs_to_its_provider(client: Client, known: Citizen) -> None:
    state = begin(client)
    is_refused(come_back(client, state, proof(), alias="silent"), "розпочато не в цьому браузері")
    assert not ways.EXCHANGED


def test_a_state__lasts_ten_minutes(client: Client, known: Citizen, time_machine: Any) -> None:
    state = begin(client)
    time_machine.move_to(NOW + timedelta(minutes=10, seconds=1), tick=False)
    is_refused(come_back(client, state, proof()), "тривав задовго")
    assert not ways.EXCHANGED


def test_two_tabs__each_finish(client: Client, known: Citizen) -> None:
    first = begin(client, next="/videoreception/choose/?agency=1")
    second = begin(client, next="/videoreception/choose/?agency=2")
    answer = come_back(client, second, proof())
    assert answer.headers["Location"] == "/videoreception/choose/?agency=2"
    is_refused(come_back(client, first, proof()), "розпочато не в цьому браузері")


def test_the_session__keeps_only_the_last_attempts(client: Client) -> None:
    states = [begin(client) for _ in range(8)]
    is_refused(come_back(client, states[0], proof()), "розпочато не в цьому браузері")
    assert come_back(client, states[7], proof()).status_code == 303


@pytest.mark.parametrize(
    "foreign",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"],
)
def test_nobody__is_sent_to_a_foreign_address(client: Client, known: Citizen, foreign: str) -> None:
    answer = walk(client, proof(), next=foreign)
    assert answer.headers["Location"] == "/videoreception/cabinet/"
    failed = walk(client, IdentityError(SignInRefusal.UNAVAILABLE), next=foreign)
    assert "evil.example" not in failed.text


@pytest.mark.parametrize(
    "extra",
    ["&state=other", "&code=other", "&more=" + "a" * 5000, "".join(f"&p{n}=1" for n in range(30))],
    ids=["state twice", "code twice", "oversized", "many"],
)
def test_an_answer_in_a_strange_form__is_refused_unread(
    client: Client, known: Citizen, extra: str
) -> None:
    state = begin(client)
    ways.ANSWERS["good"] = proof()
    answer = client.get(f"{CALLBACK}?code=good&state={state}{extra}")
    is_refused(answer, "відповів незрозуміло")
    assert not ways.EXCHANGED
    assert citizen_of(client) is None


def test_an_address_without_an_answer__offers_to_try_again(client: Client) -> None:
    page = client.get(CALLBACK, follow=True)
    assert "Не вдалося увійти: «Банк для тестів»." in page.text


def test_answers__come_only_to_ways_that_answer_so(client: Client) -> None:
    assert client.get("/videoreception/sign-in/portal/callback/?state=x").status_code == 404
    assert client.post("/videoreception/sign-in/bank/return/", {"token": "x"}).status_code == 404


def test_looking_up_states__is_slowed_down(client: Client, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"THROTTLE": {"sign_in": "2/min"}}
    answers = [client.get(CALLBACK, {"state": "x"}).status_code for _ in range(3)]
    assert answers == [400, 400, 429]


def test_two_answers_at_once__sign_in_once(
    at_once: Callable[..., list[object]], settings: Any
) -> None:
    get_or_create_citizen(person(NOW), now=NOW)
    client = Client()
    state = begin(client)
    ways.ANSWERS["code"] = proof()

    def answer(cookie: str) -> object:
        rival = Client()
        rival.cookies[settings.SESSION_COOKIE_NAME] = cookie
        return rival.get(CALLBACK, {"code": "code", "state": state}).status_code

    outcomes = at_once(answer, [client.session.session_key] * 2)
    assert sorted(map(str, outcomes)) == ["303", "400"]
    assert ways.EXCHANGED == ["code"]
    assert CitizenSession.objects.count() == 1


# --- What is said --------------------------------------------------------------------------------


def test_where_to_confirm__is_chosen_first(client: Client) -> None:
    page = Page(page_after(client, press(client, "banks")))
    assert "Банк north" in page.text
    assert not page.has('[value="away-1"]')
    assert "Зараз недоступні: Банк away-1" in page.text
    leaving = press(client, "banks", choice="south")
    assert "bank=south" in leaving.text
    assert "button=card" in leaving.text
    is_refused(press(client, "banks", choice="nowhere"), "Цього вибору вже немає")


def test_a_service_that_is_away__is_told_with_a_way_on(client: Client) -> None:
    answer = press(client, "silent")
    is_refused(answer, "Сервіс входу не відповідає")
    assert "Увійти ще раз" in answer.text


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.VALID])
def test_every_reason_of_the_verifier__has_words(client: Client, reason: Reason) -> None:
    answer = walk(client, IdentityError(SignInRefusal(reason.value)))
    is_refused(answer, reason.value)
    assert "Сервіс не зміг підтвердити Вашу особу." not in answer.text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("expired", "Термін дії сертифіката закінчився 03.10.2026. "),
        ("not_yet_valid", "Сертифікат ключа діє з 03.10.2026."),
        ("revoked", "Сертифікат ключа скасовано 03.10.2026"),
    ],
)
def test_dates__are_named_where_they_are_known(client: Client, reason: str, words: str) -> None:
    moment = NOW.replace(month=10, day=3)
    is_refused(walk(client, IdentityError(SignInRefusal(reason), moment=moment)), words.strip())
    assert "%(date)s" not in walk(client, IdentityError(SignInRefusal(reason))).text


def test_an_unknown_reason__still_gets_a_page(client: Client) -> None:
    is_refused(walk(client, IdentityError("whatever")), "Сервіс не зміг підтвердити Вашу особу.")


def test_the_log__names_the_reason_and_nobody(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        walk(client, IdentityError(SignInRefusal.BAD_ANSWER, "memberId"))
        walk(client, proof())
    assert "bad_answer memberId" in caplog.text
    for secret in ("code-0", "1759013776", "Ґудзь", "fingerprint"):
        assert secret not in caplog.text


# --- Stepping up and binding ---------------------------------------------------------------------


def test_only_stronger_ways__are_offered_to_step_up(
    client: Client, known: Citizen, settings: Any
) -> None:
    identity = settings.DIIA_VIDEORECEPTION["IDENTITY"] | {
        "weak": ways.redirect_way(label="Слабкий банк", highest_level="substantial")
    }
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"IDENTITY": identity}
    assert "Слабкий банк" in client.get("/videoreception/sign-in/").text
    sign_in(client, known, level="substantial")
    page = Page(client.get("/videoreception/sign-in/?reason=level"))
    assert "Банк для тестів" in page.text
    assert "Слабкий банк" not in page.text
    assert set(page.values("purpose")) == {"step_up"}


def test_stepping_up_by_another_person__changes_nothing(client: Client, known: Citizen) -> None:
    sign_in(client, known)
    answer = walk(client, proof(identifier="2903514780"), purpose="step_up")
    is_refused(answer, "Це інша особа")
    assert Page(answer).leads_to(CHOOSE)
    assert citizen_of(client) == known
    assert not HandOver.objects.exists()


def test_stepping_up__comes_back_with_the_higher_level(client: Client, known: Citizen) -> None:
    sign_in(client, known, level="low")
    assert walk(client, proof(), purpose="step_up").headers["Location"] == CHOOSE
    assert client.session[CITIZEN.key] == str(CitizenSession.objects.live(NOW).get().key)
    assert CitizenSession.objects.live(NOW).get().level == "substantial"


def test_a_bank__is_bound_to_the_account(client: Client, known: Citizen) -> None:
    sign_in(client, known)
    session = client.session[CITIZEN.key]
    page = walk(client, proof(), purpose="bind").headers["Location"]
    assert "Спосіб входу прив’язано" in client.get(page).text
    assert SignInCredential.objects.get().citizen == known
    assert client.session[CITIZEN.key] == session


def test_another_person__cannot_bind_their_bank_to_this_account(
    client: Client, known: Citizen
) -> None:
    sign_in(client, known)
    is_refused(walk(client, proof(identifier="2903514780"), purpose="bind"), "Це інша особа")
    assert not SignInCredential.objects.exists()


def test_a_guest__binds_nothing(client: Client) -> None:
    assert press(client, purpose="bind").status_code == 401


def test_the_account_of_the_portal__cannot_be_bound(client: Client, known: Citizen) -> None:
    sign_in(client, known)
    is_refused(press(client, "portal", purpose="bind"), "Цей спосіб не можна прив’язати")


def test_binding_after_a_while__asks_to_sign_in_again(
    client: Client, known: Citizen, time_machine: Any
) -> None:
    sign_in(client, known)
    time_machine.move_to(NOW + timedelta(minutes=11), tick=False)
    page = Page(client.get("/videoreception/profile/bind/", follow=True))
    assert "Увійдіть, будь ласка, ще раз" in page.text
    assert set(page.values("next")) == {"/videoreception/profile/bind/"}
    fresh = proof(now=NOW + timedelta(minutes=11))
    back = walk(client, fresh, purpose="step_up", next="/videoreception/profile/bind/")
    assert "Прив’язати ще один спосіб входу" in client.get(back.headers["Location"]).text


def test_a_binding_that_took_too_long__leads_back_without_the_code(
    client: Client, known: Citizen, time_machine: Any
) -> None:
    sign_in(client, known)
    CitizenSession.objects.update(auth_time=NOW - timedelta(minutes=8))
    state = begin(client, purpose="bind")
    time_machine.move_to(NOW + timedelta(minutes=5), tick=False)
    answer = come_back(client, state, proof())
    assert answer.headers["Location"] == (
        "/videoreception/sign-in/?next=%2Fvideoreception%2Fprofile%2Fbind%2F&reason=fresh"
    )
    assert not SignInCredential.objects.exists()


def test_a_sign_in__cannot_be_turned_into_a_binding_on_the_way(
    client: Client, known: Citizen
) -> None:
    """The purpose stands in the session, not in the address."""
    state = begin(client)
    come_back(client, state, proof(), purpose="bind")
    assert citizen_of(client) == known


def test_staff__learn_of_conflicts_by_the_journal(client: Client, known: Citizen) -> None:
    SignInCredential.objects.create(
        citizen=known,
        provider="bank",
        kind="bank",
        fingerprint_hash=_hash("one"),
        label="Банк",
        level="substantial",
        bound_at=NOW,
        last_used_at=NOW,
    )
    is_refused(walk(client, proof(identifier="2903514780")), "повідомили адміністраторів")
    assert JournalRecord.objects.get(act="citizen.sign_in_case").details["reason"] == "conflict"


def _hash(key: str) -> str:
    from diia_videoreception.services.accounts.matching import fingerprint_hash

    return fingerprint_hash(bank(key))


def test_the_level_of_the_proof__is_that_of_the_session(client: Client, known: Citizen) -> None:
    walk(client, proof(level=Level.LOW))
    assert CitizenSession.objects.get().level == "low"


def test_a_staff_sign_in__survives(client: Client, known: Citizen, django_user_model: Any) -> None:
    editor = django_user_model.objects.create_superuser("root")
    client.force_login(editor)
    walk(client, proof())
    assert citizen_of(client) == known
    assert client.session["_auth_user_id"] == str(editor.pk)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
