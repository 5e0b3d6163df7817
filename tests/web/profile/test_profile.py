"""«Мої дані»: C05 and C19."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from device_check.web.browsers import short_name
from diia_videoreception.models import Citizen, CitizenSession, OfficialMailbox, SignInCredential
from diia_videoreception.services.accounts import citizens, sessions
from diia_videoreception.services.accounts import sign_in as sign_in_service
from tests.factories import NOW, CitizenFactory
from tests.harness import portal
from tests.harness.html import Page
from tests.steps.people import page_after, sign_in, start_session
from tests.steps.portal import person
from tests.steps.ways import redirect_way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen"), pytest.mark.any_database]

PROFILE = "/videoreception/profile/"


def bind(citizen: Citizen, **values: Any) -> SignInCredential:
    values = {
        "provider": "kep",
        "kind": "key",
        "fingerprint_hash": f"{SignInCredential.objects.count():064}",
        "label": "КНЕДП «Приклад»",
        "level": "high",
        "valid_until": NOW + timedelta(days=200),
        "bound_at": NOW,
        "last_used_at": NOW,
    } | values
    return SignInCredential.objects.create(citizen=citizen, **values)


@pytest.fixture
def citizen(client: Client) -> Citizen:
    """Registered long ago, signed in now."""
    made = NOW - timedelta(days=300)
    return sign_in(client, CitizenFactory(created_at=made))


def test_a_guest__signs_in_first(client: Client) -> None:
    for path in ("", "bind/", "user-type/", "means/3f2b8c1e-6c0e-4a52-9d0c-0c5f1f0e7a11/unbind/"):
        assert client.get(PROFILE + path).headers["Location"].startswith("/videoreception/sign-in/")


def test_the_page__tells_everything_and_masks_the_number(client: Client, citizen: Citizen) -> None:
    bind(citizen, bound_at=NOW - timedelta(days=100))
    bind(citizen, label="Новий надавач", last_used_at=None)
    citizens.ask_to_confirm_address(citizen=citizen, address="nova@poshta.example", now=NOW)
    answer = client.get(PROFILE)
    page = Page(answer)
    assert "Мельник Ірина Василівна" in page.text
    assert citizen.identifier not in answer.text
    assert f"••••••{citizen.identifier[-4:]}" in page.text
    assert "Фізична особа" in page.text
    assert citizen.email in page.text
    assert "nova@poshta.example чекає на код із листа." in page.text
    assert "дійсний до" in page.text
    assert page.texts(".vr-tag").count("Новий") == 1, "only the key of the last month is new"
    assert page.text.count("останній вхід") == page.text.count("входу ще не було") == 1
    assert "no-store" in client.get(PROFILE).headers["Cache-Control"]


def test_the_cabinet__leads_here(client: Client, citizen: Citizen) -> None:
    assert Page(client.get("/videoreception/cabinet/")).leads_to(PROFILE)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("ready", "melnyk-1@mail.example.gov.ua"),
        ("waiting", "Скринька створюється."),
        ("failed", "Скриньку ще не вдалося створити"),
    ],
)
def test_the_mailbox__says_how_it_is(
    client: Client, citizen: Citizen, state: str, words: str
) -> None:
    OfficialMailbox.objects.create(
        citizen=citizen,
        provider="default",
        address="melnyk-1@mail.example.gov.ua",
        state=state,
        created_at=NOW,
        ready_at=NOW if state == "ready" else None,
    )
    assert words in client.get(PROFILE).text


def test_the_mailbox__is_read_where_the_portal_says(
    client: Client, citizen: Citizen, settings: Any
) -> None:
    OfficialMailbox.objects.create(
        citizen=citizen,
        provider="default",
        address="melnyk-1@x.ua",
        state="ready",
        created_at=NOW,
        ready_at=NOW,
    )
    options = {
        "domain": "x.ua",
        "doveadm_url": "https://mail.example/doveadm/v1",
        "doveadm_key": "key",
        "lmtp_host": "mail.example",
        "webmail_url": "https://webmail.example/",
    }
    backend = "integrations.mailbox.dovecot.DovecotMailbox"
    assert "Відкрити скриньку" not in client.get(PROFILE).text
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "MAILBOX": {"default": {"BACKEND": backend, "OPTIONS": options}}
    }
    link = '<a href="https://webmail.example/">Відкрити скриньку</a>'
    assert link in client.get(PROFILE).text


def test_profile__shows_sign_ins_of_the_last_month_and_of_nobody_else(
    client: Client, citizen: Citizen
) -> None:
    old = start_session(citizen, now=NOW - timedelta(days=31))
    CitizenSession.objects.filter(pk=old.pk).update(browser="Opera 1")
    seen = start_session(citizen, now=NOW - timedelta(days=29))
    CitizenSession.objects.filter(pk=seen.pk).update(browser="Firefox 131, Linux")
    stranger = start_session(CitizenFactory())
    CitizenSession.objects.filter(pk=stranger.pk).update(browser="Safari 18, iOS")
    page = client.get(PROFILE).text
    assert "Firefox 131, Linux" in page
    assert "Opera 1" not in page
    assert "Safari" not in page
    assert page.count("цей вхід") == 1
    assert "Обліковий запис порталу: BankID" in page


def test_signing_out_everywhere_else__leaves_this_session(client: Client, citizen: Citizen) -> None:
    elsewhere = start_session(citizen)
    assert client.get(f"{PROFILE}sign-out-elsewhere/").status_code == 303
    elsewhere.refresh_from_db()
    assert elsewhere.ended_at is None, "a link signs nobody out"
    page = client.post(f"{PROFILE}sign-out-elsewhere/", follow=True)
    assert "Ви вийшли на всіх інших пристроях." in page.text
    elsewhere.refresh_from_db()
    assert elsewhere.ended_at is not None


def test_the_type_of_user__is_changed(client: Client, citizen: Citizen) -> None:
    page = Page(client.get(f"{PROFILE}user-type/"))
    assert page.has_choice("entrepreneur")
    assert not page.has_choice("representative")
    forged = page_after(
        client, client.post(f"{PROFILE}user-type/", {"user_type": "representative"})
    )
    assert Page(forged).errors() == [("user_type", "Виберіть, хто Ви.")]
    page = client.post(f"{PROFILE}user-type/", {"user_type": "entrepreneur"}, follow=True)
    assert "Тип користувача змінено." in page.text
    citizen.refresh_from_db()
    assert citizen.user_type == "entrepreneur"


def test_a_key__is_taken_off_after_a_question(client: Client, citizen: Citizen) -> None:
    row, _ = bind(citizen), bind(citizen)
    address = f"{PROFILE}means/{row.public_id}/unbind/"
    assert "Відв’язати цей спосіб входу?" in client.get(address).text
    row.refresh_from_db()
    assert row.unbound_at is None
    page = client.post(address, follow=True)
    assert "Спосіб входу відв’язано" in page.text
    assert address not in page.text
    row.refresh_from_db()
    assert row.unbound_at == NOW
    assert client.get(address).status_code == 404


def test_a_weak_sign_in__is_asked_for_a_stronger_one_before_a_strong_way_goes(
    client: Client,
) -> None:
    citizen = sign_in(client, level="low")
    row, _ = bind(citizen), bind(citizen)
    address = f"{PROFILE}means/{row.public_id}/unbind/"
    for send in (client.get, client.post):
        page = Page(send(address, follow=True))
        assert "Увійдіть надійнішим способом" in page.text
        assert set(page.values("next")) == {address}
        assert set(page.values("purpose")) == {"step_up"}
    row.refresh_from_db()
    assert row.unbound_at is None


def test_the_last_strong_way__cannot_go(client: Client) -> None:
    citizen = sign_in(client)
    CitizenSession.objects.update(provider="bank")
    row = bind(citizen)
    assert "unbind" not in client.get(PROFILE).text
    answer = page_after(client, client.post(f"{PROFILE}means/{row.public_id}/unbind/"))
    assert "Це Ваш останній надійний спосіб входу." in answer.text
    row.refresh_from_db()
    assert row.unbound_at is None


def test_a_foreign_key__is_not_found(client: Client, citizen: Citizen) -> None:
    foreign = bind(CitizenFactory())
    for send in (client.get, client.post):
        assert send(f"{PROFILE}means/{foreign.public_id}/unbind/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.unbound_at is None


def test_an_old_sign_in__has_to_be_repeated(client: Client, citizen: Citizen) -> None:
    row, _ = bind(citizen), bind(citizen)
    CitizenSession.objects.update(auth_time=NOW - timedelta(minutes=11))
    address = f"{PROFILE}means/{row.public_id}/unbind/"
    for answer in (
        client.get(address),
        client.post(address, headers={"referer": f"http://testserver{address}"}),
    ):
        assert answer.status_code == 303
        assert "reason=fresh" in answer.headers["Location"]
        assert re.search(r"next=[^&]*unbind", answer.headers["Location"])
    row.refresh_from_db()
    assert row.unbound_at is None
    unreadable = client.post(address, headers={"referer": "http://[testserver"})
    assert "reason=fresh" in unreadable.headers["Location"]


def test_ways_to_bind__leave_out_the_portal(
    client: Client, citizen: Citizen, settings: Any
) -> None:
    assert "прив’язувати нічого" in client.get(f"{PROFILE}bind/").text
    identity = settings.DIIA_VIDEORECEPTION["IDENTITY"] | {"bank": redirect_way()}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"IDENTITY": identity}
    page = Page(client.get(f"{PROFILE}bind/"))
    assert "Банк для тестів" in page.text
    assert "Обліковий запис порталу" not in page.text
    assert page.values("purpose") == ["bind"]


def test_after_signing_out__the_portal_is_offered_to_be_left_too(
    client: Client, settings: Any
) -> None:
    leave = "https://portal.example.gov.ua/sign-out"
    provider = portal.PROVIDER | {"OPTIONS": portal.PROVIDER["OPTIONS"] | {"sign_out_url": leave}}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"IDENTITY": {"portal": provider}}
    sign_in(client)
    page = client.post("/videoreception/sign-out/", follow=True)
    assert Page(page).link("Вийти також з порталу") == leave
    page = client.get("/videoreception/sign-in/?reason=signed_out&from=nobody").text
    assert leave not in page


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
            "Edge 130, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari 18, iOS",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/130.0.0.0 Mobile Safari/537.36",
            "Chrome 130, Android",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
            "Firefox 131, Linux",
        ),
        ("curl/8.0 <script>", ""),
        ("Firefox/" + "9" * 100_000, "Firefox 9999"),
    ],
)
def test_browsers__are_named_in_short(agent: str, name: str) -> None:
    assert short_name(agent) == name


def test_a_sign_in__notes_the_browser(client: Client) -> None:
    outcome = sign_in_service.complete(
        sessions.Proof(person(timezone.now())),
        purpose="sign_in",
        actor=None,
        browser=short_name("Firefox/131.0 Linux"),
        now=timezone.now(),
    )
    assert outcome.session is not None
    assert outcome.session.browser == "Firefox 131, Linux"
