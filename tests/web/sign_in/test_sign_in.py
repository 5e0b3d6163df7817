"""Signing in by hand-over and by the person's own click."""

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from diia_videoreception.models import Citizen, CitizenSession, ConsentAcceptance, HandOver
from diia_videoreception.services.accounts.sessions import MAX_EXTENSIONS
from diia_videoreception.web.browser_state import CITIZEN, CONSENT, TickedConsent
from diia_videoreception.web.citizen.sign_in.handover import COOKIE
from tests.factories import NOW, ConsentTextFactory
from tests.harness.html import Page
from tests.steps.people import sign_in
from tests.steps.portal import ISSUER, Portal
from tests.steps.sign_in import begin as begin_at_bank
from tests.steps.ways import redirect_way, signature_way

SIGN_IN = "/videoreception/sign-in/"
RETURN = "/videoreception/sign-in/portal/return/"
CHOOSE = "/videoreception/choose/?agency=1"

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def portal(settings: Any, time_machine: Any) -> Portal:
    time_machine.move_to(NOW, tick=False)
    portal = Portal()
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "IDENTITY": {"portal": portal.settings}
    }
    return portal


def begin(client: Client, next_url: str = CHOOSE) -> str:
    """Presses the button of the provider; gives the nonce that the portal receives."""
    page = Page(client.post("/videoreception/sign-in/portal/start/", {"next": next_url}))
    address = page.goes_on_to
    assert address.startswith(f"{ISSUER}/identity/?")
    assert page.leads_to(address), "whoever is not taken there can go there"
    query = parse_qs(urlsplit(address).query)
    assert query["return_url"] == [f"http://testserver{RETURN}"]
    return query["nonce"][0]


def hand_over(token: str, to: Client | None = None) -> Any:
    """The portal's page posts the token: another site, so no cookie and no CSRF token.

    The browser keeps what the answer sets for its page.
    """
    answer = Client(enforce_csrf_checks=True).post(RETURN, {"token": token})
    if to is not None:
        to.cookies.update(answer.cookies)
    return answer


def confirm_page(client: Client, portal: Portal, *, nonce: str | None, **who: Any) -> str:
    answer = hand_over(portal.handover(nonce=nonce, now=NOW, **who), to=client)
    assert answer.status_code == 303
    return answer.headers["Location"]


def citizen_of(client: Client) -> Citizen | None:
    key = client.session.get(CITIZEN.key)
    session = CitizenSession.objects.live(NOW).filter(key=key).first() if key else None
    return session.citizen if session else None


def test_the_page__lists_the_ways_and_keeps_where_to_go(client: Client, portal: Portal) -> None:
    page = client.get(SIGN_IN, {"next": CHOOSE})
    assert Page(page).heading == "Як Ви хочете увійти?"
    assert Page(page).title == "Як Ви хочете увійти? — Запис на відеоприйом"
    assert Page(page).form("/videoreception/sign-in/portal/start/").hidden()["next"] == CHOOSE
    assert "no-store" in page.headers["Cache-Control"]


def test_a_portal_opened_by_plain_http__says_so_instead_of_failing(
    client: Client, portal: Portal, settings: Any
) -> None:
    strict = portal.settings
    strict["OPTIONS"]["allow_http_loopback"] = False
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"IDENTITY": {"portal": strict}}
    address = "/videoreception/sign-in/portal/start/"

    refused = client.post(address)
    assert refused.status_code == 400
    assert "Сторінку відкрито без захисту" in refused.text
    assert client.post(address, secure=True).status_code == 200


def test_the_person__signs_in_by_their_own_click_and_goes_on(
    client: Client, portal: Portal
) -> None:
    url = confirm_page(client, portal, nonce=begin(client))
    page = client.get(url)
    assert "Ґудзь Соломія Ярославівна" in page.text
    assert "Ви починали вхід не тут" not in page.text
    assert citizen_of(client) is None, "looking at the page signs nobody in"

    before = client.session.session_key
    answer = client.post(url)
    assert (answer.status_code, answer.headers["Location"]) == (303, CHOOSE)
    citizen = citizen_of(client)
    assert citizen is not None
    assert citizen.full_name == "Ґудзь Соломія Ярославівна"
    assert client.session.session_key != before
    assert not HandOver.objects.exists()


def test_taking_the_token__touches_no_session(client: Client, portal: Portal) -> None:
    answer = hand_over(portal.handover(nonce=begin(client), now=NOW))
    assert set(answer.cookies) == {COOKIE}
    assert "token" not in answer.headers["Location"]


def test_the_secret_of_the_browser__stands_in_a_cookie_of_its_page_alone(
    client: Client, portal: Portal, settings: Any
) -> None:
    """And not in the address, which access logs keep."""
    settings.SESSION_COOKIE_SECURE = True
    answer = hand_over(portal.handover(nonce=begin(client), now=NOW))
    cookie = answer.cookies[f"__Secure-{COOKIE}"]
    assert cookie["path"] == answer.headers["Location"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert len(cookie.value) == 43
    assert cookie.value not in answer.headers["Location"]
    assert cookie.value not in str(HandOver.objects.values())

    page = answer.headers["Location"]
    client.cookies[COOKIE] = cookie.value
    assert client.get(page).status_code == 400, "whoever is on the way can plant another name"
    client.cookies[cookie.key] = cookie.value
    assert "Ви входите як" in client.get(page).text
    assert client.post(page).cookies[cookie.key].value == "", "it goes when it has done its work"


@pytest.mark.parametrize("nonce", [False, True])
@pytest.mark.parametrize("cookie", [None, "guessed"])
def test_another_browser__can_do_nothing_with_the_address(
    client: Client, portal: Portal, nonce: bool, cookie: str | None
) -> None:
    url = confirm_page(client, portal, nonce=begin(client) if nonce else None)
    other = Client()
    if cookie:
        other.cookies[COOKIE] = cookie
    for answer in (other.get(url), other.post(url), other.post(url, {"more": "1"})):
        assert answer.status_code == 400
        assert "Ґудзь" not in answer.text
    assert citizen_of(other) is None
    assert client.post(url).status_code == 303, "nothing of it is used up"
    assert COOKIE not in {name for name, item in client.cookies.items() if item.value}


def test_a_sign_in_begun_in_another_browser__ends_where_it_began(
    client: Client, portal: Portal
) -> None:
    """Somebody else's browser is led to a page with a token that answers this sign-in."""
    nonce = begin(client)
    victim = Client()
    url = confirm_page(victim, portal, nonce=nonce)
    for answer in (victim.get(url), victim.post(url)):
        assert answer.status_code == 400
    assert citizen_of(victim) is None


def test_a_sign_in_begun_at_the_portal__is_warned_of(client: Client, portal: Portal) -> None:
    begin(client, next_url=CHOOSE)
    url = confirm_page(client, portal, nonce=None)
    page = client.get(url)
    assert "Ви починали вхід не тут" in page.text
    answer = client.post(url)
    assert answer.status_code == 303
    assert answer.headers["Location"] != CHOOSE, "the wish belongs to another sign-in"
    assert citizen_of(client) is not None


def test_the_state_of_another_way__is_no_nonce_of_the_portal(
    client: Client, portal: Portal, settings: Any
) -> None:
    configured = settings.DIIA_VIDEORECEPTION
    identity = configured["IDENTITY"] | {"bank": redirect_way()}
    settings.DIIA_VIDEORECEPTION = configured | {"IDENTITY": identity}
    state = begin_at_bank(client)
    assert client.get(confirm_page(client, portal, nonce=state)).status_code == 400


def test_only_a_form_of_ours__signs_in(portal: Portal) -> None:
    browser = Client(enforce_csrf_checks=True)
    url = confirm_page(browser, portal, nonce=None)
    assert browser.post(url).status_code == 403
    assert citizen_of(browser) is None


def test_the_page__works_once_and_for_ten_minutes(
    client: Client, portal: Portal, time_machine: Any
) -> None:
    url = confirm_page(client, portal, nonce=begin(client))
    kept = client.cookies[COOKIE].value
    assert client.post(url).status_code == 303
    again = Client()
    again.cookies[COOKIE] = kept
    used = again.post(url)
    assert used.status_code == 400
    assert "Увійти не вдалося" in used.text

    late = confirm_page(again, portal, nonce=None)
    time_machine.move_to(NOW + timedelta(minutes=10), tick=False)
    assert again.get(late).status_code == 400
    assert again.post(late).status_code == 400


def test_who_reads_slowly__gets_more_time(
    client: Client, portal: Portal, time_machine: Any
) -> None:
    url = confirm_page(client, portal, nonce=None)
    page = Page(client.get(url))
    assert "Ця сторінка чекає на Вас 10 хвилин та спрацює один раз." in page.text
    assert page.has('[data-seconds-left="600"]')
    moment = NOW
    for _ in range(MAX_EXTENSIONS):
        moment += timedelta(minutes=9)
        time_machine.move_to(moment, tick=False)
        answer = client.post(url, {"more": "1"}, headers={"Accept": "application/json"})
        assert answer.json()["seconds"] == 1800
    assert not answer.json()["more"]
    assert "Мені потрібно більше часу" not in client.get(url).text
    time_machine.move_to(moment + timedelta(minutes=29), tick=False)
    assert client.post(url, {"more": "1"}).headers["Location"] == url
    assert client.post(url).status_code == 303
    assert citizen_of(client) is not None


def test_sending_the_confirmation_again__goes_on(client: Client, portal: Portal) -> None:
    url = confirm_page(client, portal, nonce=begin(client))
    client.post(url)
    for again in (client.post(url), client.get(url)):
        assert (again.status_code, again.headers["Location"]) == (303, "/videoreception/cabinet/")


def test_two_tabs__each_go_on_to_their_own_page(client: Client, portal: Portal) -> None:
    first = begin(client, "/videoreception/choose/?agency=1")
    begin(client, "/videoreception/choose/?agency=2")
    answer = client.post(confirm_page(client, portal, nonce=first))
    assert answer.headers["Location"] == "/videoreception/choose/?agency=1"


@pytest.mark.parametrize(
    "foreign",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil"],
)
def test_nobody__is_sent_to_a_foreign_address(client: Client, portal: Portal, foreign: str) -> None:
    answer = client.post(confirm_page(client, portal, nonce=begin(client, foreign)))
    assert answer.headers["Location"] == "/videoreception/cabinet/"


def bad_tokens(portal: Portal) -> dict[str, str]:
    good = portal.handover(nonce=None, now=NOW)
    return {
        "empty": "",
        "rubbish": "rubbish",
        "of another portal": Portal().handover(nonce=None, now=NOW),
        "access": portal.access(now=NOW),
        "expired": portal.handover(nonce=None, now=NOW - timedelta(minutes=3)),
        "encrypted": good + ".a.b",
        "oversized": good + "A" * 9000,
    }


def test_every_refusal__looks_the_same_and_names_nobody(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    pages = set()
    with caplog.at_level(logging.WARNING):
        for name, token in bad_tokens(portal).items():
            answer = hand_over(token)
            assert answer.status_code == 400, name
            pages.add(answer.text)
    assert len(pages) == 1
    assert "Увійти ще раз" in pages.pop()
    assert not HandOver.objects.exists()
    assert len([record for record in caplog.records if "refused" in record.message]) == 7
    assert "Ґудзь" not in caplog.text
    assert "1759013776" not in caplog.text


def test_a_token__is_taken_once(portal: Portal) -> None:
    token = portal.handover(nonce=None, now=NOW)
    assert hand_over(token).status_code == 303
    assert hand_over(token).status_code == 400
    assert HandOver.objects.count() == 1


def test_coming_back_without_a_token__offers_to_try_again(client: Client, portal: Portal) -> None:
    page = client.get(RETURN, follow=True)
    assert "Не вдалося увійти: «Обліковий запис порталу»." in page.text


def test_terms_ticked_as_a_guest__are_accepted_after_signing_in(
    client: Client, portal: Portal
) -> None:
    text = ConsentTextFactory()
    nonce = begin(client)
    store = client.session
    store[CONSENT.key] = [text.pk, NOW.timestamp()]
    store.save()
    client.post(confirm_page(client, portal, nonce=nonce))
    assert ConsentAcceptance.objects.get().text == text
    assert CONSENT.key not in client.session


def test_terms_ticked_long_ago_at_this_computer__are_nobodys(
    client: Client, portal: Portal
) -> None:
    text = ConsentTextFactory()
    nonce = begin(client)
    store = client.session
    store[CONSENT.key] = [
        text.pk,
        (NOW - TickedConsent.LIFETIME - timedelta(seconds=1)).timestamp(),
    ]
    store.save()
    client.post(confirm_page(client, portal, nonce=nonce))
    assert citizen_of(client) is not None
    assert not ConsentAcceptance.objects.exists()


def test_terms_that_changed_meanwhile__do_not_stop_the_sign_in(
    client: Client, portal: Portal
) -> None:
    nonce = begin(client)
    store = client.session
    store[CONSENT.key] = [12345, NOW.timestamp()]
    store.save()
    client.post(confirm_page(client, portal, nonce=nonce))
    assert citizen_of(client) is not None
    assert not ConsentAcceptance.objects.exists()


def test_signing_out__ends_the_citizen_session_and_leaves_staff_alone(
    client: Client, portal: Portal
) -> None:
    editor = get_user_model().objects.create_user("editor", password="x")
    client.force_login(editor)
    citizen = sign_in(client)
    assert citizen_of(client) == citizen

    assert client.get("/videoreception/sign-out/").status_code == 303
    assert citizen_of(client) == citizen, "a link signs nobody out"
    own_page = "/videoreception/applications/4ac063ca-7b65-49d2-a84f-82bd3d78b09c/"
    client.post("/videoreception/sign-in/portal/start/", {"next": own_page, "purpose": "step_up"})
    page = client.post("/videoreception/sign-out/", follow=True)
    assert "Ви вийшли з кабінету" in page.text
    assert own_page not in page.text, "where the next person at this computer has not been"
    assert citizen_of(client) is None
    assert CitizenSession.objects.get().ended_at == NOW
    assert client.session["_auth_user_id"] == str(editor.pk)


def test_signing_in__leaves_a_staff_login_in_place(client: Client, portal: Portal) -> None:
    editor = get_user_model().objects.create_user("editor", password="x")
    client.force_login(editor)
    client.post(confirm_page(client, portal, nonce=begin(client)))
    assert citizen_of(client) is not None
    assert client.session["_auth_user_id"] == str(editor.pk)


def test_signing_in_anew__ends_the_session_before(client: Client, portal: Portal) -> None:
    first = sign_in(client)
    client.post(confirm_page(client, portal, nonce=begin(client)))
    assert citizen_of(client) != first
    assert CitizenSession.objects.get(citizen=first).ended_at == NOW


def test_who_is_signed_in__goes_on_unless_a_stronger_way_is_wanted(
    client: Client, portal: Portal
) -> None:
    sign_in(client)
    assert client.get(SIGN_IN, {"next": CHOOSE}).headers["Location"] == CHOOSE
    page = client.get(SIGN_IN, {"next": CHOOSE, "reason": "level"})
    assert "Ця установа просить увійти надійнішим способом" in page.text


def test_an_ended_session__says_so(client: Client, portal: Portal, time_machine: Any) -> None:
    sign_in(client)
    time_machine.move_to(NOW + timedelta(minutes=31), tick=False)
    page = client.get(SIGN_IN)
    assert "Ми вийшли з Вашого кабінету заради безпеки" in page.text


def test_an_unknown_provider__is_not_found(client: Client, portal: Portal) -> None:
    answer = client.post("/videoreception/sign-in/nobody/start/")
    assert answer.status_code == 404
    assert "Такої сторінки немає" in answer.text


def test_too_many_attempts__wait(client: Client, portal: Portal, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"THROTTLE": {"sign_in": "2/min"}}
    answers = [client.post(RETURN, {"token": "x"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 120
    assert "Зачекайте" in answers[-1].text


# --- The browser's session ----------------------------------------------------------------------


def secret_of(client: Client) -> str:
    client.get(SIGN_IN)
    return str(client.cookies["csrftoken"].value)


def test_the_secret_of_the_forms__is_new_after_signing_in_and_out(
    client: Client, portal: Portal
) -> None:
    before = secret_of(client)
    client.post(confirm_page(client, portal, nonce=begin(client)))
    inside = str(client.cookies["csrftoken"].value)
    client.post("/videoreception/sign-out/")
    after = str(client.cookies["csrftoken"].value)
    assert len({before, inside, after}) == 3


def test_the_browsers_session__ends_with_the_citizens(client: Client, portal: Portal) -> None:
    client.post(confirm_page(client, portal, nonce=begin(client)))
    assert client.session.get_expiry_date() == NOW + timedelta(hours=8)
    assert client.cookies["sessionid"]["max-age"] == 8 * 3600


def test_how_long_staff_stay__is_left_to_the_host(client: Client, portal: Portal) -> None:
    editor = get_user_model().objects.create_user("editor", password="x")
    client.force_login(editor)
    client.post(confirm_page(client, portal, nonce=begin(client)))
    assert client.session.get_expiry_age() == 14 * 24 * 3600

    other = Client()
    other.post(confirm_page(other, portal, nonce=begin(other)))
    other.login(username="editor", password="x")
    assert other.session.get_expiry_age() == 14 * 24 * 3600
    other.logout()


def test_what_most_people_have__stands_first(client: Client, portal: Portal, settings: Any) -> None:
    """And not in the order in which a portal happens to write its settings."""
    configured = settings.DIIA_VIDEORECEPTION
    identity = configured["IDENTITY"] | {"key": signature_way(), "bank": redirect_way()}
    settings.DIIA_VIDEORECEPTION = configured | {"IDENTITY": identity}
    page = client.get(SIGN_IN).text
    places = [page.index(f"/sign-in/{alias}/start/") for alias in ("bank", "key", "portal")]
    assert places == sorted(places)
    assert places[-1] < page.index("Ви тут уперше?")
