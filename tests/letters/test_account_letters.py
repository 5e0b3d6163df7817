"""Letters about a changed way to sign in and a changed address (identity rule C.9)."""

from typing import Any

import pytest
from django.test import Client

from diia_videoreception.models import Citizen, EmailConfirmation, Letter, SignInCredential
from diia_videoreception.personal_data import decrypt
from diia_videoreception.services import letters
from diia_videoreception.services.accounts import citizens
from tests.factories import NOW, CitizenFactory
from tests.steps.letters import render
from tests.steps.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def credential() -> SignInCredential:
    return SignInCredential.objects.create(
        citizen=CitizenFactory(),
        provider="kep",
        kind="key",
        fingerprint_hash="f" * 64,
        label="КНЕДП «Приклад»",
        level="high",
        bound_at=NOW,
        last_used_at=NOW,
    )


def test_it__says_what_when_and_what_to_do(credential: SignInCredential, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"SUPPORT_PHONE": "0 800 000 000"}
    letter = letters.queue_credential_changed(
        credential=credential, change=Letter.CredentialChange.BOUND, now=NOW
    )
    assert (letter.state, letter.address) == ("queued", credential.citizen.email)

    sent = render(letter)

    assert sent.subject == "Новий спосіб входу до Вашого облікового запису"
    for words in (
        "Ключ електронного підпису",
        "КНЕДП «Приклад»",
        "понеділок, 23 листопада 2026 року, 10:00",
        "Якщо це були не Ви",
        "http://testserver/videoreception/profile/",
        "0 800 000 000",
    ):
        assert words in sent.text
    unbound = letters.queue_credential_changed(
        credential=credential, change=Letter.CredentialChange.UNBOUND, now=NOW
    )
    assert "відв’язано" in render(unbound).title


def test_who_reads_the_address_before__learns_of_the_new_one() -> None:
    """Else whoever has taken a session over would read the letters from then on, unnoticed."""
    citizen = CitizenFactory(email="stara@example.com", email_confirmed_at=NOW)
    for address in ("nova@example.com", "nova@example.com"):
        citizens.ask_to_confirm_address(citizen=citizen, address=address, now=NOW)
        code = decrypt(EmailConfirmation.objects.get().code_encrypted)
        citizens.confirm_address(citizen=citizen, code=code, now=NOW)
    letter = Letter.objects.get(kind="address_changed")
    assert letter.address == "stara@example.com"
    sent = render(letter)
    assert sent.subject == "Адресу для листів Вашого облікового запису змінено"
    assert "понеділок, 23 листопада 2026 року, 10:00" in sent.text
    assert "Якщо це були не Ви" in sent.text
    assert "nova@example.com" not in sent.text


def test_without_an_address__it_waits_in_the_cabinet(
    client: Client, credential: SignInCredential
) -> None:
    Citizen.objects.update(email="", email_confirmed_at=None)
    credential.refresh_from_db()
    letters.queue_credential_changed(
        credential=credential, change=Letter.CredentialChange.BOUND, now=NOW
    )
    sign_in(client, credential.citizen)
    assert Letter.objects.get().state == "cabinet_only"
    page = client.get("/videoreception/letters/")
    assert "Способи входу змінено" in page.text
    letter = client.get(f"/videoreception/letters/{Letter.objects.get().public_id}/")
    assert "КНЕДП «Приклад»" in letter.text
