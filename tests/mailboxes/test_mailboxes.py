"""A mailbox for each citizen: asked for at once, made later, and letters into it (A-15, A-16)."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, Letter, OfficialMailbox
from diia_videoreception.selectors.booking.applications import letters_of
from diia_videoreception.services import letters
from diia_videoreception.services.accounts.citizens import get_or_create_citizen
from diia_videoreception.services.booking import moderation
from diia_videoreception.services.letters import mailboxes
from diia_videoreception.services.letters.delivery import deliver_due
from diia_videoreception.services.letters.rendering import render_letter
from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, Identity
from tests.factories import NOW, ApplicationFactory, CitizenFactory
from tests.harness.dovecot import DOMAIN, Dovecot
from tests.harness.smtp import MailServer, mail_server
from tests.steps.mailboxes import configure
from tests.steps.moderation import moderator_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
OPTIONS: dict[str, object] = {
    "domain": DOMAIN,
    "doveadm_url": "https://mail.example/doveadm/v1",
    "doveadm_key": "key",
    "lmtp_host": "mail.example",
}
"""Of a server that nobody asks."""


@pytest.fixture
def application(db: None) -> Application:
    citizen = CitizenFactory(last_name="Мельник", first_name="Ірина", email="iryna@example.com")
    return ApplicationFactory(citizen=citizen)


@pytest.fixture
def person() -> Identity:
    return Identity(
        provider="portal",
        subject="1",
        identifier_kind=IdentifierKind.RNOKPP,
        identifier="1759013776",
        last_name="Мар’яненко-Ґрунт",
        first_name="Єлизавета",
        level=Level.HIGH,
        method="kep+dstu",
        auth_time=NOW,
    )


def mailbox_of(application: Application, *, ready: bool = True) -> OfficialMailbox:
    mailboxes.request(application.citizen, now=NOW)
    if ready:
        assert mailboxes.make_due(now=NOW) == 1
    return OfficialMailbox.objects.get(citizen=application.citizen)


def confirm(application: Application) -> Letter:
    moderator = moderator_of(application.official.agency)
    moderation.confirm(moderator=moderator, public_id=application.public_id, version=1, now=NOW)
    return Letter.objects.get(application=application, kind="confirmation", copy_of=None)


def test_without_a_mail_server__nothing_is_asked_for(application: Application) -> None:
    mailboxes.request(application.citizen, now=NOW)
    assert not OfficialMailbox.objects.exists()
    assert mailboxes.make_due(now=NOW) == 0


def test_the_mailbox__has_the_name_of_its_owner_and_digits(
    configured: Dovecot, application: Application
) -> None:
    mailbox = mailbox_of(application, ready=False)
    assert mailbox.state == "waiting"
    assert mailbox.address.startswith("melnyk.iryna.")
    assert mailbox.address.endswith(f"@{DOMAIN}")
    assert not configured.has(mailbox.address), "nobody waits for the mail server"

    mailboxes.request(application.citizen, now=NOW)
    assert OfficialMailbox.objects.get() == mailbox, "asking twice gives one"

    assert mailboxes.make_due(now=NOW) == 1
    mailbox.refresh_from_db()
    assert (mailbox.state, mailbox.ready_at) == ("ready", NOW)
    assert configured.has(mailbox.address)
    assert mailboxes.make_due(now=LATER) == 0


def test_whoever_is_new__gets_one_whether_registered_here_or_by_the_portal(
    configured: Dovecot, person: Identity
) -> None:
    citizen = get_or_create_citizen(person, now=NOW)
    assert citizen.mailbox.state == "waiting"
    assert citizen.mailbox.address.startswith("marianenkogrunt.yelyzaveta.")
    get_or_create_citizen(person, now=LATER)
    assert OfficialMailbox.objects.count() == 1


def test_digits__grow_when_namesakes_use_them_up(
    settings: Any, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(settings, OPTIONS)
    monkeypatch.setattr(mailboxes, "NUMBERS", range(1000, 1002))
    for _ in range(4):
        citizen = CitizenFactory(last_name="Мельник", first_name="Ірина")
        mailboxes.request(citizen, now=NOW)
    addresses = set(OfficialMailbox.objects.values_list("address", flat=True))
    assert len(addresses) == 4
    assert {f"melnyk.iryna.{number}@{DOMAIN}" for number in (1000, 1001)} < addresses


def test_letters__go_into_the_mailbox_and_a_copy_to_the_own_address(
    configured: Dovecot, smtp: MailServer, application: Application
) -> None:
    """With the usual policy the password stands in the mailbox, and nowhere else (A-55)."""
    mailbox = mailbox_of(application)

    letter = confirm(application)
    assert deliver_due(now=NOW) == 2

    password = application.reception.password
    (official,) = configured.read(mailbox.address)
    (copy,) = smtp.messages
    assert official["To"] == mailbox.address
    assert copy["To"] == "iryna@example.com"
    assert official["Message-ID"] != copy["Message-ID"]
    assert password in official.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert password in official.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert password not in copy.as_string()
    assert "15 хвилин" in copy.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert list(letters_of(application.citizen)) == [letter], "the cabinet shows it once"
    assert password not in render_letter(letter, for_sending=False, now=NOW).text


@pytest.mark.parametrize("policy", ["link", "always"])
def test_the_policy__holds_in_the_mailbox_too(
    configured: Dovecot, smtp: MailServer, application: Application, settings: Any, policy: str
) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "LETTER_PASSWORD": policy}
    mailbox = mailbox_of(application)
    confirm(application)
    deliver_due(now=NOW)

    password = application.reception.password
    copied = [
        password in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for message in (*configured.read(mailbox.address), *smtp.messages)
    ]
    assert copied == [policy == "always"] * 2


def test_letters_that_waited_in_the_cabinet__come_as_soon_as_the_mailbox_is_there(
    configured: Dovecot, smtp: MailServer
) -> None:
    application = ApplicationFactory(letters_address="")
    mailbox = mailbox_of(application, ready=False)
    letter = letters.queue(Letter.Kind.RECEIPT, application=application, now=NOW)
    assert letter.state == "cabinet_only"

    mailboxes.make_due(now=LATER)
    deliver_due(now=LATER)

    assert len(configured.read(mailbox.address)) == 1
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_mail_server_that_is_away__is_tried_again(
    configured: Dovecot, application: Application, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    configure(settings, {**configured.options, "doveadm_url": "http://127.0.0.1:9/"})
    mailbox = mailbox_of(application, ready=False)
    assert mailboxes.make_due(now=NOW) == 0

    mailbox.refresh_from_db()
    assert (mailbox.state, mailbox.last_error) == ("waiting", "doveadm: ConnectionError")
    assert mailbox.next_attempt_at == NOW + timedelta(minutes=1)
    assert mailbox.address not in caplog.text
    assert "Traceback" not in caplog.text
    assert mailboxes.make_due(now=NOW + timedelta(seconds=59)) == 0

    configure(settings, configured.options)
    assert mailboxes.make_due(now=NOW + timedelta(minutes=1)) == 1


def test_staff__see_what_could_not_be_made_and_let_it_be_tried_again(
    configured: Dovecot, application: Application, settings: Any, client: Client
) -> None:
    configure(settings, {**configured.options, "doveadm_url": "http://127.0.0.1:9/"})
    mailbox = mailbox_of(application, ready=False)
    moment = NOW
    for _ in range(mailboxes.ATTEMPTS):
        mailboxes.make_due(now=moment)
        moment += timedelta(hours=7)
    mailbox.refresh_from_db()
    assert (mailbox.state, mailbox.attempts) == ("failed", mailboxes.ATTEMPTS)

    page = reverse("videoreception_integrations:index")
    client.force_login(get_user_model().objects.create_superuser("admin"))
    text = client.get(page).content.decode()
    assert "1 скриньку не вдалося створити" in text
    assert "doveadm: ConnectionError" in text
    assert mailbox.address not in text
    assert "Мельник" not in text

    answer = client.post(page, follow=True).content.decode()
    assert "1 скриньку спробуємо створити ще раз" in answer
    configure(settings, configured.options)
    assert mailboxes.make_due(now=moment + timedelta(days=1000)) == 1


@pytest.mark.parametrize(
    ("answer", "state", "kind"),
    [
        ("452 4.2.2 mailbox full", "queued", "mailbox_full"),
        ("550 5.1.1 no such user", "failed", "no_address"),
    ],
)
def test_a_full_mailbox__is_tried_again_and_a_refusal_is_final(
    configured: Dovecot, application: Application, settings: Any, answer: str, state: str, kind: str
) -> None:
    mailbox = mailbox_of(application)
    application.letters_address = ""
    letter = letters.queue(Letter.Kind.RECEIPT, application=application, now=NOW)
    with mail_server(lmtp=True) as server:
        server.refusals[mailbox.address] = answer
        changed = {"lmtp_host": server.host, "lmtp_port": server.port}
        configure(settings, {**configured.options, **changed})
        assert deliver_due(now=NOW) == 0

    letter.refresh_from_db()
    assert (letter.state, letter.error_kind) == (state, kind)
    assert str(letter.smtp_reply) == answer[:9]
    assert configured.read(mailbox.address) == []


def test_a_mailbox_of_a_server_that_is_gone_from_the_settings__keeps_its_letter_waiting(
    configured: Dovecot, application: Application, settings: Any
) -> None:
    mailbox_of(application)
    application.letters_address = ""
    letter = letters.queue(Letter.Kind.RECEIPT, application=application, now=NOW)
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "MAILBOX": {}}

    assert deliver_due(now=NOW) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.error_kind) == ("queued", "unavailable")
