"""The step of the second factor as staff go through it: setting up, giving, losing, being too late."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client

from diia_videoreception import models
from diia_videoreception.selectors.accounts.second_factor import recovery_codes_left, totp_devices
from diia_videoreception.services.letters.delivery import deliver_due
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.officials import WORDS, World, client_of, user
from tests.steps.second_factor import begun, code_of, device_of, require, verify, with_app

pytestmark = pytest.mark.any_database

DAY = "/videoreception/official/"
STEP = "/videoreception/staff/second-factor/step/"
BEGIN = "/videoreception/staff/second-factor/set-up/"
APP = "/videoreception/staff/second-factor/app/"
CODES = "/videoreception/staff/second-factor/codes/"
OVERVIEW = "/videoreception/staff/second-factor/"
SIGN_OUT = "/videoreception/staff/sign-out/"
KEPT = "diia_videoreception_recovery_codes"
FORM = {"HTTP_SEC_FETCH_MODE": "navigate"}


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    require(settings)


def give(client: Client, code: str, *, way: str = "", **fields: str) -> Any:
    return client.post(f"{STEP}{way}", {"code": code, "next": DAY} | fields, **FORM)


def problems(client: Client, answer: Any) -> str:
    """What the page says that the answer leads to."""
    assert answer.status_code == 303
    return Page(client.get(answer["Location"])).one(".vr-error").text


def set_up(client: Client) -> list[str]:
    """Goes from the first page to the codes; gives them."""
    assert (
        client.post(f"{BEGIN}?next={DAY}")["Location"]
        == f"{APP}?next=%2Fvideoreception%2Fofficial%2F"
    )
    device = totp_devices().get(confirmed=False)
    answer = client.post(APP, {"code": code_of(device), "next": DAY}, **FORM)
    page = Page(client.get(answer["Location"]))
    return [code.text for code in page.all(".vr-recovery code")]


def test_an_official__sets_it_up_and_comes_in(world: World) -> None:
    client = world.client("receiver")
    asked = client.get(DAY, follow=True)
    assert asked.request["PATH_INFO"] == BEGIN

    before = client.session.session_key
    codes = set_up(client)

    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-7]{5}-[a-z2-7]{5}", code) for code in codes)
    assert client.session.session_key != before, "the session of before the proof would do"
    file = b"".join(client.get(f"{CODES}file/").streaming_content).decode()
    assert all(code in file for code in codes)
    assert client.post(CODES, {"next": DAY})["Location"] == DAY
    assert WORDS in client.get(DAY).content.decode()
    assert client.get(CODES)["Location"] == OVERVIEW, "shown once"
    assert client.get(f"{CODES}file/").status_code == 404
    assert models.JournalRecord.objects.get(act="user.second_factor_set").actor_id == str(
        world.receiver.pk
    )
    deliver_due(now=NOW)
    assert "другий фактор" in mail.outbox[-1].subject


def test_the_picture__needs_nobody_else_and_says_the_same_as_the_text(world: World) -> None:
    client = world.client("receiver")
    client.post(BEGIN)
    page = Page(client.get(APP))

    assert page.all("svg.vr-qr path")
    assert not page.all(".vr-qr-frame img")
    secret = page.one("code.vr-code").text.replace(" ", "")
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    field = page.one("#code")
    assert field.attribute("autocomplete") == "one-time-code"
    assert field.attribute("inputmode") == "numeric"


def test_a_code__lets_in_and_is_of_no_use_again(world: World) -> None:
    client = world.client("receiver")
    device = with_app(world.receiver)
    code = code_of(device)

    assert client.get(DAY)["Location"].startswith(STEP)
    assert give(client, code)["Location"] == DAY
    assert client.get(DAY).status_code == 200

    other = world.client("receiver")
    assert "використано" in problems(other, give(other, code))
    assert other.get(DAY).status_code == 303


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_that_is_wrong__may_be_so_by_one_step(world: World, steps: int, fits: bool) -> None:
    client = world.client("receiver")
    answer = give(client, code_of(with_app(world.receiver), steps=steps))

    assert (answer["Location"] == DAY) is fits
    if not fits:
        assert "30 секунд" in problems(client, answer)


@pytest.mark.parametrize("factor", [0, 1])
def test_guessing__is_slowed_down_by_person_and_told_in_seconds(
    world: World, time_machine: Any, settings: Any, factor: int
) -> None:
    # We count by ourselves; without that of django-otp's devices as well.
    settings.OTP_TOTP_THROTTLE_FACTOR = factor
    device = with_app(world.receiver)
    right = int(code_of(device))
    told = []
    for number in range(12):
        # Another browser each time: who is counted is the person.
        client = world.client("receiver")
        told.append(problems(client, give(client, f"{(right + 7 * number + 1) % 10**6:06}")))
        time_machine.shift(timedelta(seconds=1))
    assert "не підходить" in told[0]
    assert any("Забагато спроб" in text and re.search(r"\d+ с", text) for text in told)
    tried = device_of(world.receiver).throttling_failure_count
    assert tried <= 5

    # Nor does the right one come in before the time is over.
    client = world.client("receiver")
    assert "Забагато спроб" in problems(client, give(client, code_of(device)))
    time_machine.shift(timedelta(minutes=3))
    assert give(client, code_of(device))["Location"] == DAY


def test_a_wrong_code__stays_counted(world: World) -> None:
    client = world.client("receiver")
    with_app(world.receiver)
    give(client, "000000")
    assert device_of(world.receiver).throttling_failure_count == 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "код", "١٢٣٤٥"])
def test_what_is_no_code__costs_no_attempt(world: World, typed: str) -> None:
    client = world.client("receiver")
    with_app(world.receiver)
    problems(client, give(client, typed))
    assert device_of(world.receiver).throttling_failure_count == 0


def test_a_recovery_code__works_once_and_is_kept_by_no_table(world: World) -> None:
    codes = set_up(world.client("receiver"))
    client = world.client("receiver")
    way = "?way=recovery"

    typed = codes[3].upper().replace("-", " ")
    assert give(client, typed, way=way)["Location"] == DAY
    assert client.get(DAY).status_code == 200
    assert recovery_codes_left(world.receiver) == 9
    assert models.JournalRecord.objects.filter(act="user.recovery_code_used").count() == 1

    other = world.client("receiver")
    assert "не підходить" in problems(other, give(other, codes[3], way=way))
    kept = apps.get_model("otp_static", "StaticToken")._default_manager.values_list(
        "token", flat=True
    )
    assert not {code.replace("-", "") for code in codes} & set(kept)


def test_twelve_hours_later__it_is_asked_for_again(world: World, time_machine: Any) -> None:
    client = verify(world.client("receiver"), world.receiver)
    time_machine.shift(timedelta(hours=11, minutes=59))
    assert client.get(DAY).status_code == 200
    time_machine.shift(timedelta(minutes=1))
    assert client.get(DAY)["Location"].startswith(STEP)
    assert "otp_device_id" not in client.session


def test_what_the_portals_own_sign_in_has_verified__holds_from_when_it_is_seen(
    world: World, time_machine: Any
) -> None:
    client = world.client("receiver")
    session = client.session
    session["otp_device_id"] = with_app(world.receiver).persistent_id
    session.save()

    assert client.get(DAY).status_code == 200
    time_machine.shift(timedelta(hours=13))
    assert client.get(DAY)["Location"].startswith(STEP)


def test_the_device_of_somebody_else__verifies_nobody(world: World) -> None:
    client = verify(world.client("receiver"), world.moderator)
    assert client.get(DAY)["Location"].startswith(STEP)


def test_a_new_phone__wants_the_old_one_again_and_ends_it(world: World, time_machine: Any) -> None:
    client = verify(world.client("receiver"), world.receiver)
    old = device_of(world.receiver)
    time_machine.shift(timedelta(minutes=11))
    assert client.post(BEGIN)["Location"].startswith(STEP)
    assert not totp_devices().filter(confirmed=False).exists()

    assert give(client, code_of(old), next=BEGIN)["Location"] == BEGIN
    client.post(BEGIN)
    new = totp_devices().get(confirmed=False)
    client.post(APP, {"code": code_of(new)})

    assert device_of(world.receiver).pk == new.pk
    other = world.client("receiver")
    assert "не підходить" in problems(other, give(other, code_of(old, steps=1)))


def test_new_recovery_codes__replace_those_of_before(world: World) -> None:
    client = world.client("receiver")
    before = set_up(client)
    client.post(CODES)
    answer = client.post(f"{CODES}new/")
    after = [code.text for code in Page(client.get(answer["Location"])).all(".vr-recovery code")]

    assert len(after) == 10
    assert not set(before) & set(after)
    assert recovery_codes_left(world.receiver) == 10
    assert models.JournalRecord.objects.filter(act="user.recovery_codes_made").count() == 1


def test_recovery_codes__are_shown_to_who_has_given_the_second_factor_only(
    world: World, time_machine: Any
) -> None:
    client = world.client("receiver")
    set_up(client)
    time_machine.shift(timedelta(hours=12))

    assert client.get(CODES)["Location"].startswith(STEP)
    assert client.get(f"{CODES}file/").status_code == 303
    assert client.post(CODES)["Location"].startswith(STEP)
    assert KEPT not in client.session, "they end with the proof"
    assert give(client, code_of(device_of(world.receiver)), next=CODES)["Location"] == CODES
    assert client.get(CODES)["Location"] == OVERVIEW


def test_recovery_codes__go_with_a_second_factor_that_is_reset(world: World) -> None:
    client = world.client("receiver")
    set_up(client)
    totp_devices().all().delete()

    assert client.get(CODES)["Location"].startswith(STEP)
    assert client.get(f"{CODES}file/").status_code == 303
    client.get(DAY)
    assert KEPT not in client.session


def test_new_recovery_codes_without_the_phone__lock_nobody_out(
    world: World, time_machine: Any
) -> None:
    codes = set_up(world.client("receiver"))
    client = world.client("receiver")
    give(client, codes[0], way="?way=recovery")
    time_machine.shift(timedelta(minutes=9))

    page = client.post(f"{CODES}new/", follow=True)
    after = [code.text for code in Page(page).all(".vr-recovery code")]
    assert len(after) == 10
    assert client.get(DAY).status_code == 200
    other = world.client("receiver")
    assert give(other, after[0], way="?way=recovery")["Location"] == DAY

    time_machine.shift(timedelta(minutes=1))
    assert client.post(f"{CODES}new/")["Location"].startswith(STEP), "nothing was given anew"


def test_who_has_only_the_password__takes_nobodys_phone_away(world: World) -> None:
    with_app(world.receiver)
    thief = world.client("receiver")
    for address in (BEGIN, APP, f"{CODES}new/"):
        assert thief.post(address, {"code": "123456"})["Location"].startswith(STEP)
    assert thief.get(OVERVIEW)["Location"].startswith(STEP)
    assert totp_devices().count() == 1


def test_a_phone_half_set_up__verifies_nobody(world: World) -> None:
    client = world.client("receiver")
    device = begun(world.receiver)
    assert give(client, code_of(device))["Location"].startswith(BEGIN)
    assert client.get(DAY).status_code == 303


def test_a_phone_half_set_up__is_known_to_the_session_that_began_it_only(world: World) -> None:
    client, thief = world.client("receiver"), world.client("receiver")
    before = client.session.session_key
    client.post(BEGIN)
    assert client.session.session_key != before, "a session that somebody has looked into would do"
    device = totp_devices().get(confirmed=False)

    assert thief.get(APP)["Location"] == BEGIN
    assert thief.post(APP, {"code": code_of(device)})["Location"] == BEGIN
    assert not totp_devices().filter(confirmed=True).exists()

    assert client.get(APP).status_code == 200
    assert client.post(APP, {"code": code_of(device)})["Location"].startswith(CODES)
    assert device_of(world.receiver).pk == device.pk
    assert "diia_videoreception_pending_phone" not in client.session


def test_who_begins_anew_in_another_browser__ends_what_was_begun_in_the_first(
    world: World,
) -> None:
    client, other = world.client("receiver"), world.client("receiver")
    client.post(BEGIN)
    other.post(BEGIN)
    device = totp_devices().get(confirmed=False)

    assert client.post(APP, {"code": code_of(device)})["Location"] == BEGIN
    assert other.post(APP, {"code": code_of(device)})["Location"].startswith(CODES)


def test_who_has_a_second_factor_of_the_portal__sets_ours_up_after_giving_it(world: World) -> None:
    other = apps.get_model("otp_static", "StaticDevice")._default_manager.create(
        user_id=world.receiver.pk, name="of the portal", confirmed=True
    )
    client = world.client("receiver")
    for address in (BEGIN, APP):
        for answer in (client.get(address), client.post(address, {"code": "123456"})):
            assert answer.status_code == 403
            assert "вже є другий фактор" in answer.content.decode()
    assert not totp_devices().exists()
    # The way to the other one is to sign in anew.
    assert Page(client.get(BEGIN)).all(f'main form[action="{SIGN_OUT}"] .vr-button')

    session = client.session
    session["otp_device_id"] = other.persistent_id
    session.save()
    assert len(set_up(client)) == 10
    other.refresh_from_db()
    assert recovery_codes_left(world.receiver) == 10


def test_where_it_is_only_offered__who_has_one_is_asked_for_it(world: World, settings: Any) -> None:
    require(settings, official="offered")
    assert world.client("receiver").get(DAY).status_code == 200
    with_app(world.receiver)
    assert world.client("receiver").get(DAY)["Location"].startswith(STEP)


def test_people_without_any_role__have_nothing_to_set_up(world: World) -> None:
    client = client_of(user("editor"))
    assert client.get(OVERVIEW).status_code == 403
    assert client.post(BEGIN).status_code == 403


def test_after_the_sign_out__the_next_sign_in_gives_it_again(world: World) -> None:
    client = verify(world.client("receiver"), world.receiver)
    client.logout()
    client.force_login(world.receiver)
    assert client.get(DAY)["Location"].startswith(STEP)


def test_signing_out__ends_the_second_factor_with_the_session(world: World) -> None:
    client = verify(world.client("receiver"), world.receiver)
    page = Page(client.get(DAY))
    form = page.one(f'form[action="{SIGN_OUT}"]')
    assert form.attribute("method") == "post"
    # In the header would stand the way in for citizens, as if nobody were signed in.
    assert not page.all("[data-vr-account]")

    assert client.get(SIGN_OUT).status_code == 405
    assert client.get(DAY).status_code == 200, "a link ends nothing"
    assert client.post(SIGN_OUT)["Location"] == "/admin/login/"
    assert client.get(DAY)["Location"].startswith("/admin/login/")
    assert "otp_device_id" not in client.session


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_after_the_step__nobody_is_led_elsewhere(world: World, following: str) -> None:
    client = world.client("receiver")
    answer = give(client, code_of(with_app(world.receiver)), next=following)
    assert answer["Location"] == DAY


def test_a_script__is_told_in_its_own_way(world: World) -> None:
    with_app(world.receiver)
    answer = world.client("receiver").get(DAY, HTTP_ACCEPT="application/json")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "second_factor_required"
