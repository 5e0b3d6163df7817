"""КЕП as the second factor of staff: set up, given at the step, refused, lost and reset."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from diia_videoreception import models
from diia_videoreception.models import Challenge, StaffKey
from diia_videoreception.providers import identity_providers
from diia_videoreception.selectors.accounts.second_factor import (
    has_device,
    key_devices,
    recovery_codes_left,
)
from diia_videoreception.services.accounts import second_factor
from integrations.identity.base import IdentityError
from integrations.identity.reasons import SignInRefusal
from tests.factories import CitizenFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.authority import signature
from tests.steps.officials import WORDS, World, client_of, user
from tests.steps.people import page_after, sign_in
from tests.steps.second_factor import require, verify, with_app
from tests.steps.signing import install

pytestmark = pytest.mark.any_database

DAY = "/videoreception/official/"
STEP = "/videoreception/staff/second-factor/step/"
KEY_STEP = f"{STEP}key/"
BIND = "/videoreception/staff/second-factor/key/"
BEGIN = "/videoreception/staff/second-factor/set-up/"
CODES = "/videoreception/staff/second-factor/codes/"
OVERVIEW = "/videoreception/staff/second-factor/"
WHY = "#signature_file_error"


@pytest.fixture(autouse=True)
def _verified_by_the_portal(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    require(settings)
    install(settings, monkeypatch)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def sign(client: Client, url: str, slug: str = "olena", *, text: str = "", **values: str) -> Any:
    """Sign what the page shows, or another text, with one of the keys."""
    client.get(f"{url}?next={DAY}")
    challenge = Challenge.objects.latest("pk")
    file = SimpleUploadedFile("t.p7s", signature(slug, (text or challenge.content).encode()))
    sent = {"challenge": str(challenge.key), "file": file}
    return client.post(f"{url}?next={DAY}", sent | values)


def with_key(world: World) -> Client:
    """An official who has set up a key, at a new browser."""
    sign(world.client("receiver"), BIND)
    return world.client("receiver")


def why(client: Client, answer: Any) -> str:
    return Page(page_after(client, answer)).one(WHY).text


def test_an_official__sets_a_key_up_and_comes_in_by_it(world: World) -> None:
    client = world.client("receiver")
    begin = text_of(client.get(DAY, follow=True))
    assert "Налаштувати КЕП" in begin
    before = client.session.session_key

    sent = sign(client, BIND)
    assert sent["Location"].startswith(CODES)
    assert client.session.session_key != before, "the session of before the proof would do"
    assert recovery_codes_left(world.receiver) == 10
    client.post(CODES, {"next": DAY})
    assert WORDS in text_of(client.get(DAY))
    assert "Електронний підпис (КЕП)" in text_of(client.get(OVERVIEW))
    record = models.JournalRecord.objects.get(act="user.second_factor_set")
    assert record.details == {"kind": "key"}
    key = StaffKey.objects.get(user=world.receiver)
    assert "3142501187" not in str(key.__dict__)

    other = world.client("receiver")
    assert other.get(DAY, follow=True).request["PATH_INFO"] == KEY_STEP
    assert sign(other, KEY_STEP)["Location"] == DAY
    assert WORDS in text_of(other.get(DAY))


@pytest.mark.parametrize(
    ("slug", "text", "problem"),
    [("taras", "", "належить іншій особі"), ("olena", "Інше\n", "застарілого тексту")],
)
def test_at_the_step__another_person_or_text_does_not_come_in(
    world: World, slug: str, text: str, problem: str
) -> None:
    client = with_key(world)
    assert problem in why(client, sign(client, KEY_STEP, slug, text=text))
    assert client.get(DAY).status_code == 303


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (IdentityError(SignInRefusal.REVOKED, moment=NOW), "скасован"),
        (IdentityError(SignInRefusal.EXPIRED, moment=NOW), "закінчився"),
        (IdentityError(SignInRefusal.REVOCATION_UNKNOWN, authority="АЦСК"), "АЦСК"),
    ],
    ids=["revoked", "expired", "dead responder"],
)
def test_what_the_authority_refuses__is_asked_freshly_and_told_in_words(
    world: World, monkeypatch: pytest.MonkeyPatch, error: IdentityError, problem: str
) -> None:
    client = with_key(world)

    def refuse(*args: Any, **kwargs: Any) -> None:
        assert kwargs["fresh"]
        raise error

    monkeypatch.setattr(identity_providers()["kep"], "verify", refuse)
    assert problem in why(client, sign(client, KEY_STEP))
    assert client.get(DAY).status_code == 303


def test_a_text__is_of_one_session_person_purpose_and_try(world: World) -> None:
    client = with_key(world)
    client.get(KEY_STEP)
    challenge = Challenge.objects.get(purpose="staff_verify")

    def answer(to: Client, url: str = KEY_STEP) -> Any:
        file = SimpleUploadedFile("t.p7s", signature("olena", challenge.content.encode()))
        return to.post(f"{url}?next={DAY}", {"challenge": str(challenge.key), "file": file})

    stranger = world.client("receiver")
    stranger.get(KEY_STEP)
    answer(stranger)
    assert stranger.get(DAY).status_code == 303, "another session"
    # Another account in this very session.
    other = user("other")
    models.Official.objects.filter(pk=world.official.pk).update(user=other)
    sign(client_of(other), BIND)
    kept = client.session["diia_videoreception_challenges"]
    foreign = Client()
    foreign.force_login(other)
    session = foreign.session
    session["diia_videoreception_challenges"] = kept
    session.save()
    answer(foreign)
    assert foreign.get(DAY).status_code == 303
    models.Official.objects.filter(pk=world.official.pk).update(user=world.receiver)

    assert answer(client)["Location"] == DAY
    again = world.client("receiver")
    session = again.session
    session["diia_videoreception_challenges"] = kept
    session.save()
    answer(again)
    assert again.get(DAY).status_code == 303, "used up"


def test_a_citizen_with_the_same_key__does_not_verify_staff(world: World) -> None:
    """The text of a citizen's sign-in is of another purpose."""
    client = with_key(world)
    sign_in(client, CitizenFactory())
    text = "DIIA-VIDEORECEPTION CHALLENGE 1\n\nPurpose: sign_in\n"
    sign(client, KEY_STEP, text=text)
    assert client.get(DAY).status_code == 303


def test_guessing__is_slowed_down_by_person(world: World) -> None:
    with_key(world)
    told = []
    for _number in range(7):
        client = world.client("receiver")
        told.append(sign(client, KEY_STEP, "taras").status_code)
    assert told[0] == 303
    assert 429 in told


def test_a_key__is_set_up_only_after_the_second_factor_that_there_is(world: World) -> None:
    with_app(world.receiver)
    second_factor.renew_recovery_codes(world.receiver, now=NOW)
    client = world.client("receiver")
    assert client.get(BIND)["Location"].startswith(STEP)
    assert client.post(BIND, {"challenge": "x"}).status_code in {303, 401}
    assert not StaffKey.objects.exists()

    verify(client, world.receiver)
    sent = sign(client, BIND)
    assert sent["Location"] == DAY, "the codes of before stay"
    assert StaffKey.objects.filter(user=world.receiver).exists()
    step = text_of(world.client("receiver").get(STEP))
    assert KEY_STEP in step
    assert "Код із застосунку" in step


def test_another_person_in_its_place__ends_what_the_key_of_before_has_verified(
    world: World,
) -> None:
    old, new = with_key(world), world.client("receiver")
    sign(old, KEY_STEP)
    sign(new, KEY_STEP)
    sign(new, BIND, "taras")
    assert new.get(DAY).status_code == 200
    assert old.get(DAY).status_code == 303
    assert key_devices().filter(user_id=world.receiver.pk).count() == 1


def test_lost__a_recovery_code_or_a_head_helps(world: World) -> None:
    client = with_key(world)
    sign(client, KEY_STEP)
    head = user("head")
    models.AgencyModerator.objects.create(agency=world.official.agency, user=head, is_head=True)
    second_factor.reset(world.receiver.pk, staff=head, now=NOW + timedelta(minutes=1))

    assert not StaffKey.objects.filter(user=world.receiver).exists()
    assert not has_device(type(world.receiver).objects.get(pk=world.receiver.pk))
    assert client.get(DAY)["Location"].startswith(STEP)
    assert client.get(DAY, follow=True).request["PATH_INFO"] == BEGIN


def test_where_the_portal_verifies_no_signatures__codes_are_left(
    world: World, settings: Any
) -> None:
    client = with_key(world)
    configured = settings.DIIA_VIDEORECEPTION
    without = {"portal": configured["IDENTITY"]["portal"]}
    settings.DIIA_VIDEORECEPTION = {**configured, "IDENTITY": without}

    shown = client.get(DAY, follow=True)
    assert shown.request["PATH_INFO"] == STEP
    assert "Запасний код" in text_of(shown)
    assert client.get(BIND).status_code in {303, 404}
