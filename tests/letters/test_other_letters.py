"""The code for an address and the alarm of an agency."""

import pytest

from diia_videoreception.models import Application, EmailConfirmation, Letter
from diia_videoreception.personal_data import encrypt
from diia_videoreception.services import letters
from diia_videoreception.services.accounts import citizens
from diia_videoreception.services.letters.rendering import NothingToSend
from tests.factories import NOW, ApplicationFactory
from tests.steps.letters import render


def test_address_code__only_on_its_way(application: Application) -> None:
    citizen = application.citizen
    citizens.ask_to_confirm_address(citizen=citizen, address="new@example.com", now=NOW)
    letter = Letter.objects.get(kind="email_code")
    EmailConfirmation.objects.update(code_encrypted=encrypt("418263"))

    sent, shown = render(letter), render(letter, for_sending=False)

    assert "418263" in sent.text
    assert "418263" in sent.html
    assert "418263" not in sent.subject + shown.text + shown.html
    assert "10:30 за київським часом" in sent.text
    assert "Вітаємо!" in sent.text
    # The address may be a stranger's: nobody has confirmed it.
    for name in (citizen.last_name, citizen.first_name):
        assert name not in sent.text + sent.html


@pytest.mark.parametrize("change", ["used", "expired", "another address"])
def test_address_code__is_not_sent_when_it_is_not_wanted_any_more(
    change: str, application: Application
) -> None:
    citizen, now = application.citizen, NOW
    citizens.ask_to_confirm_address(citizen=citizen, address="new@example.com", now=now)
    letter = Letter.objects.get(kind="email_code")
    if change == "used":
        EmailConfirmation.objects.all().delete()
    elif change == "expired":
        now += citizens.EMAIL_CODES.lifetime
    else:
        EmailConfirmation.objects.update(address="other@example.com")

    with pytest.raises(NothingToSend):
        render(letter, now=now)


def test_alarm__lists_what_still_waits(application: Application) -> None:
    decided = ApplicationFactory(
        official=application.official, state="declined", reason="…", decided_at=NOW
    )
    letter = letters.queue_agency_alarm(
        agency=application.official.agency, applications=[application, decided], now=NOW
    )
    assert letter is not None

    rendered = render(letter)

    assert rendered.subject == "Заявки чекають на рішення: 1"
    assert "1 заявка чекає на рішення" in rendered.text
    assert "ВП-2026-000123-7: вівторок, 1 грудня 2026 року, 10:30" in rendered.text
    assert decided.number not in rendered.text
    assert "Мельник" not in rendered.text
    Application.objects.filter(pk=application.pk).update(
        state="declined", reason="…", decided_at=NOW
    )
    with pytest.raises(NothingToSend):
        render(letter)
