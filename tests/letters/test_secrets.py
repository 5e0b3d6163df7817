"""Passwords and codes exist in the bytes that are sent, and nowhere else."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers

from diia_videoreception.models import (
    Application,
    EmailConfirmation,
    JournalRecord,
    Letter,
    Official,
)
from diia_videoreception.personal_data import decrypt
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.services.accounts import citizens
from diia_videoreception.services.booking import applications, moderation
from diia_videoreception.services.letters.delivery import deliver_due
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import NOW, signed_in
from tests.harness.smtp import MailServer
from tests.steps.moderation import moderator_of


def everything_stored() -> str:
    """All rows of all tables, as text."""
    models = apps.get_models(include_auto_created=True)
    rows = (row for model in models for row in model._default_manager.all())
    return json.dumps(json.loads(serializers.serialize("json", rows)), ensure_ascii=False)


def everything_logged(caplog: pytest.LogCaptureFixture) -> str:
    """The log without that of the mail server, which runs in this process only for the test."""
    records = [record for record in caplog.records if record.name != "mail.log"]
    return "\n".join(caplog.handler.format(record) for record in records)


def sent(smtp: MailServer) -> str:
    parts = [part for message in smtp.messages for part in message.walk()]
    return "\n".join(str(part.get_content()) for part in parts if not part.is_multipart())


@pytest.mark.parametrize("policy", ["official_mailbox_only", "always", "link"])
def test_the_password__through_confirmation_move_and_cancellation(
    policy: str,
    smtp: MailServer,
    application: Application,
    official: Official,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "LETTER_PASSWORD": policy}
    moderator = moderator_of(official.agency)
    case = {"moderator": moderator, "public_id": application.public_id}
    caplog.set_level(logging.DEBUG)

    moderation.confirm(**case, version=1, now=NOW)
    moderation.confirm_other_time(
        **case, version=2, start=application.start + timedelta(days=1), is_agreed=True, now=NOW
    )
    applications.cancel(
        actor=signed_in(application.citizen), public_id=application.public_id, now=NOW
    )
    # The first attempt fails: what is written about it must not tell either.
    smtp.answer_to_data = "451 4.3.0 try again"
    deliver_due(now=NOW)
    smtp.answer_to_data = "250 OK"
    deliver_due(now=NOW + timedelta(minutes=5))

    application.refresh_from_db()
    password = application.reception.password
    assert Letter.objects.filter(state="sent", citizen__isnull=False).count() == 3
    assert sent(smtp).count(password) == (4 if policy == "always" else 0)
    assert password not in everything_stored()
    assert password not in everything_logged(caplog)
    for letter in Letter.objects.all():
        rendered = render_letter(letter, for_sending=False, now=NOW)
        assert password not in rendered.text + rendered.html + repr(rendered.blocks)


def test_the_code__of_an_address(
    smtp: MailServer, application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    citizens.ask_to_confirm_address(citizen=application.citizen, address="new@example.com", now=NOW)
    code = decrypt(EmailConfirmation.objects.get().code_encrypted)

    deliver_due(now=NOW)

    assert code in sent(smtp)
    assert code not in smtp.messages[0]["Subject"]
    assert code not in everything_stored()
    assert code not in everything_logged(caplog)


def test_the_journal__names_nobody(application: Application, official: Official) -> None:
    moderator = moderator_of(official.agency)
    moderation.decline(
        moderator=moderator,
        public_id=application.public_id,
        version=1,
        refusal=Refusal("Питання родини Мельник"),
        now=NOW,
    )

    rows = serializers.serialize("json", JournalRecord.objects.all())
    citizen = application.citizen
    for personal in (citizen.last_name, citizen.email, citizen.phone, application.topic, "Питання"):
        assert personal not in json.dumps(json.loads(rows), ensure_ascii=False)
