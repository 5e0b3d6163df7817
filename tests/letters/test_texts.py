"""Text messages of reminders: what they say, when they leave, what the gateway tells of them."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.models import (
    Application,
    JournalRecord,
    Letter,
    Reception,
    ReminderChoice,
    SpentToken,
)
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.rules.text_messages import segments
from diia_videoreception.selectors.letters import has_failed_letters, letters_about
from diia_videoreception.services.booking import applications
from diia_videoreception.services.letters import queue
from diia_videoreception.services.letters.delivery import deliver_due, deliver_texts
from diia_videoreception.services.letters.reminders import write_reminders
from diia_videoreception.services.letters.rendering.text_messages import render_text
from diia_videoreception.services.letters.resending import send_again
from tests.factories import NOW, signed_in
from tests.harness.clock import START
from tests.harness.sms_gateway import Answer, Gateway
from tests.steps.moderation import decide, moderator_of
from tests.steps.sms import signed

pytestmark = pytest.mark.any_database

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DAY_BEFORE = START - 24 * HOUR
REPORTS = "/videoreception/sms/default/reports/"


@pytest.fixture
def chosen(confirmed: Application) -> Application:
    ReminderChoice.objects.create(citizen=confirmed.citizen, by_sms=True)
    return confirmed


def texts() -> list[Letter]:
    return list(Letter.objects.exclude(phone="").order_by("pk"))


def queued() -> Letter:
    assert write_reminders(now=DAY_BEFORE) == 1
    return texts()[-1]


def limit(settings: Any, **rates: str) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"THROTTLE": rates}


def test_reminder__goes_to_address_and_phone(gateway: Gateway, chosen: Application) -> None:
    text = queued()
    assert (text.phone, text.address) == ("+380671234567", "")
    assert text.copy_of is not None, "the cabinet shows the letter"
    assert deliver_texts(now=DAY_BEFORE) == 1
    (body,) = gateway.bodies
    assert body["to"] == "+380671234567"
    assert body["ref"] == text.message_id
    assert body["until"] == "2026-12-01T08:30:00Z"
    assert body["content"]["text"] == (
        "Відеоприйом 01.12 о 10:30 (Київ). http://testserver/videoreception/"
    )
    text.refresh_from_db()
    assert (text.state, text.gateway, text.gateway_key) == ("sent", "default", "gw-1")
    assert write_reminders(now=DAY_BEFORE) + deliver_texts(now=DAY_BEFORE) == 0


def test_who_wants_only_a_text_message__gets_no_letter(
    gateway: Gateway, chosen: Application, mailoutbox: list[Any]
) -> None:
    ReminderChoice.objects.update(by_email=False)
    text = queued()
    assert text.copy_of is None
    deliver_due(now=DAY_BEFORE)
    assert mailoutbox == []
    assert Letter.objects.filter(kind="reminder").count() == 1


@pytest.mark.parametrize("url", ["https://kabinet.gov.ua/v", "https://a.gov.ua/" + "x" * 60])
@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("zone", ["Europe/Kyiv", "Pacific/Honolulu"])
def test_every_text__is_one_segment_and_says_nothing_personal(
    gateway: Gateway, chosen: Application, settings: Any, url: str, language: str, zone: str
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"SMS_URL": url}
    Application.objects.update(language=language)
    chosen.official.agency.time_zone = zone
    chosen.official.agency.save()
    text = queued()
    said = render_text(
        Letter.objects.select_related("application__agency").get(pk=text.pk), now=NOW
    )
    assert segments(said) == 1, (len(said), said)
    assert ("10:30" in said) is (zone == "Europe/Kyiv")
    assert (url in said) is (language == "en" or len(url) < 30), "only where there is room"
    citizen = chosen.citizen
    for private in (
        citizen.last_name, citizen.first_name, citizen.email, chosen.phone, chosen.topic,
        chosen.number, chosen.official.last_name, "vp-a2b3c4d5", "k7pm", str(chosen.public_id),
    ):  # fmt: skip
        assert private not in said


def test_phone_of_another_country__gets_one_where_the_agency_allows_it(
    gateway: Gateway, chosen: Application
) -> None:
    Application.objects.update(phone="+48501234567")
    assert write_reminders(now=DAY_BEFORE) == 1
    assert texts() == []
    agency = chosen.official.agency
    agency.sms_abroad = True
    agency.save()
    write_reminders(now=START - HOUR)
    assert [text.phone for text in texts()] == ["+48501234567"]
    agency.sms_abroad = False
    agency.save()
    assert deliver_texts(now=START - HOUR) == 0
    assert texts()[0].error_kind == "sms_refused"
    assert gateway.requests == []


@pytest.mark.parametrize("phone", ["+380441234567", "+380800123456", ""])
def test_phone_that_takes_no_messages__leaves_the_letter(
    gateway: Gateway, chosen: Application, phone: str
) -> None:
    ReminderChoice.objects.update(by_email=False)
    Application.objects.update(phone=phone)
    assert write_reminders(now=DAY_BEFORE) == 1
    assert [letter.address for letter in Letter.objects.all()] == ["melnyk@example.com"]


def test_portal_without_a_gateway__sends_the_letter(chosen: Application) -> None:
    ReminderChoice.objects.update(by_email=False)
    assert write_reminders(now=DAY_BEFORE) == 1
    assert texts() == []


def test_attempts__carry_one_key_and_end_at_the_start(
    gateway: Gateway, chosen: Application
) -> None:
    gateway.answers = [Answer(503)]
    text = queued()
    moment = DAY_BEFORE
    while text.state == "queued":
        assert deliver_texts(now=moment) == 0
        text.refresh_from_db()
        moment = text.next_attempt_at or moment
    assert {body["ref"] for body in gateway.bodies} == {text.message_id}
    assert len(gateway.requests) > 5
    assert (text.state, text.error_kind) == ("failed", "out_of_date")
    assert moment >= START


def test_gateway_that_is_away__is_asked_once_a_run_and_holds_up_no_letter(
    gateway: Gateway, chosen: Application, mailoutbox: list[Any]
) -> None:
    gateway.answers = [Answer(503)]
    text = queued()
    text.pk, text.public_id, text.message_id = None, None, "1" * 32
    text.public_id = chosen.public_id
    text.save(force_insert=True)
    assert deliver_texts(now=DAY_BEFORE) == 0
    assert len(gateway.requests) == 1
    assert deliver_due(now=DAY_BEFORE) == 1
    assert len(mailoutbox) == 1


def test_called_off__no_message_leaves(gateway: Gateway, chosen: Application) -> None:
    text = queued()
    applications.cancel(actor=signed_in(chosen.citizen), public_id=chosen.public_id, now=DAY_BEFORE)
    assert deliver_texts(now=DAY_BEFORE) == 0
    text.refresh_from_db()
    assert (text.error_kind, gateway.requests) == ("out_of_date", [])


@pytest.mark.parametrize("scope", ["sms_phone", "sms_agency", "sms_all"])
def test_limit__keeps_the_next_one_back(
    gateway: Gateway, chosen: Application, settings: Any, scope: str
) -> None:
    limit(settings, **{scope: "1/day"})
    queued()
    assert deliver_texts(now=DAY_BEFORE) == 1
    write_reminders(now=START - HOUR)
    assert deliver_texts(now=START - HOUR) == 0
    last = texts()[-1]
    assert (last.state, last.error_kind) == ("failed", "sms_limit")
    assert len(gateway.requests) == 1


def test_limit__counts_a_message_once_over_its_attempts(
    gateway: Gateway, chosen: Application, settings: Any
) -> None:
    limit(settings, sms_phone="1/day")
    gateway.answers = [Answer(503), Answer(503), Answer()]
    text = queued()
    for minutes in (0, 2, 5):
        deliver_texts(now=DAY_BEFORE + minutes * MINUTE)
    text.refresh_from_db()
    assert (text.state, text.attempts) == ("sent", 3)


def report(client: Client, body: object, *, at: Any = NOW, **changes: str) -> int:
    data, headers = signed(body, at=at)
    answer = client.post(REPORTS, data, content_type="application/json", headers=headers | changes)
    return answer.status_code


@pytest.fixture
def sent(gateway: Gateway, chosen: Application, frozen: Any) -> Letter:
    text = queued()
    deliver_texts(now=DAY_BEFORE)
    text.refresh_from_db()
    return text


@pytest.mark.parametrize("by", ["message_id", "gateway_key"])
def test_report__is_kept_and_the_first_word_stays(sent: Letter, client: Client, by: str) -> None:
    key = getattr(sent, by)
    assert report(client, {"id": key, "status": "delivered"}) == 204
    sent.refresh_from_db()
    assert (sent.state, sent.delivered_at) == ("sent", NOW)
    assert report(client, {"id": key, "status": "failed"}) == 204
    sent.refresh_from_db()
    assert (sent.state, sent.delivered_at) == ("sent", NOW)


def test_report_of_a_loss__is_seen_and_the_message_can_be_sent_anew(
    sent: Letter, client: Client, chosen: Application, gateway: Gateway
) -> None:
    assert report(client, {"id": sent.message_id, "status": "failed"}) == 204
    sent.refresh_from_db()
    assert (sent.state, sent.error_kind) == ("failed", "sms_lost")
    assert report(client, {"id": sent.message_id, "status": "delivered"}) == 204
    moderator = moderator_of(chosen.official.agency)
    old = sent.message_id
    send_again(
        moderator=moderator, public_id=chosen.public_id, letter_id=sent.public_id, now=DAY_BEFORE
    )
    assert deliver_texts(now=DAY_BEFORE) == 1
    assert [body["ref"] == old for body in gateway.bodies] == [True, False]
    assert JournalRecord.objects.filter(act="application.send_letter_again").count() == 1


def test_same_report_again__changes_nothing_more(sent: Letter, client: Client) -> None:
    body = {"id": sent.message_id, "status": "failed"}
    assert report(client, body) == 204
    Letter.objects.filter(pk=sent.pk).update(state="sent", error_kind="")
    assert report(client, body) == 204
    sent.refresh_from_db()
    assert sent.state == "sent", "a replay was taken for news"
    assert SpentToken.objects.count() == 1


def test_report_of_an_attempt_whose_answer_was_lost__stops_the_next_one(
    gateway: Gateway, chosen: Application, client: Client, frozen: Any
) -> None:
    gateway.answers = [Answer(503)]
    text = queued()
    deliver_texts(now=DAY_BEFORE)
    assert report(client, {"id": text.message_id, "status": "delivered"}) == 204
    text.refresh_from_db()
    assert (text.state, text.gateway) == ("sent", "default")
    assert deliver_texts(now=START - HOUR) == 0


@pytest.mark.parametrize("key", ["unknown", "gw-2"])
def test_report_of_nothing_of_ours__changes_nothing(sent: Letter, client: Client, key: str) -> None:
    assert report(client, {"id": key, "status": "failed"}) == 204
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_report__that_is_not_signed_is_refused_without_a_word(
    sent: Letter, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    good = {"id": sent.message_id, "status": "failed"}
    assert report(client, good, **{"X-Signature": "0" * 64}) == 403
    assert report(client, good, at=NOW - timedelta(minutes=6)) == 403
    assert client.get(REPORTS).status_code == 405
    data, headers = signed(good, at=NOW)
    large = {"CONTENT_LENGTH": str(300 * 1024)}
    answer = client.generic("POST", REPORTS, data, headers=headers, **large)
    assert answer.status_code == 403
    other = REPORTS.replace("default", "other")
    assert client.post(other, data, content_type="application/json").status_code == 404
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert sent.message_id not in caplog.text


def test_reports__have_a_rate(sent: Letter, client: Client, settings: Any) -> None:
    limit(settings, sms_report="2/min")
    body = {"id": sent.message_id, "status": "on the way"}
    assert [report(client, body) for _ in range(3)] == [204, 204, 429]


def test_phone__is_in_no_log(
    gateway: Gateway, chosen: Application, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    gateway.answers = [Answer(400)]
    queued()
    deliver_texts(now=DAY_BEFORE)
    assert "was not sent: gateway: status 400" in caplog.text
    assert not re.search("671234567|Відеоприйом|key-of-the-portal", caplog.text)


def test_a_stopped_reminder__is_no_failure_for_staff(gateway: Gateway, chosen: Application) -> None:
    text = queued()
    Reception.objects.update(calendar_sequence=1)
    later = START + 48 * HOUR
    Application.objects.update(start=later, end=later + HOUR)
    deliver_texts(now=DAY_BEFORE)
    text.refresh_from_db()
    assert text.error_kind == "out_of_date"
    assert not Application.objects.filter(has_failed_letters(DAY_BEFORE)).exists()
    assert text in letters_about(chosen)


def test_console__shows_each_message_once(
    chosen: Application, settings: Any, tmp_path: Path
) -> None:
    settings.DEBUG = True
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "SMS": {
            "default": {
                "BACKEND": "integrations.sms.console.ConsoleSms",
                "OPTIONS": {"folder": str(tmp_path / "sms")},
            }
        }
    }
    text = queued()
    assert deliver_texts(now=DAY_BEFORE) == 1
    Letter.objects.filter(pk=text.pk).update(state="queued", next_attempt_at=DAY_BEFORE)
    assert deliver_texts(now=DAY_BEFORE) == 1, "once more is no error"
    (file,) = (tmp_path / "sms").iterdir()
    assert json.loads(file.read_text())["text"].startswith("Відеоприйом 01.12 о 10:30 (Київ).")


def test_decisions_of_others__are_told_by_text_message(
    gateway: Gateway, application: Application, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"SMS_URL": "https://a.gov.ua/v"}
    ReminderChoice.objects.create(citizen=application.citizen, by_sms=True)
    moderator = moderator_of(application.official.agency)
    decided = decide("confirm", application, moderator)
    assert deliver_texts(now=NOW) == 1
    decided = decide("confirm_other_time", decided, moderator, start=START + 24 * HOUR)
    assert deliver_texts(now=NOW) == 1
    decide("decline", decided, moderator, refusal=Refusal("Хвороба"))
    assert deliver_texts(now=NOW) == 1
    said = [body["content"]["text"] for body in gateway.bodies]
    assert said == [
        "Відеоприйом 01.12 о 10:30 (Київ) підтверджено. https://a.gov.ua/v",
        "Відеоприйом перенесено на 02.12 о 10:30 (Київ). https://a.gov.ua/v",
        "Відеоприйом 02.12 о 10:30 (Київ) скасовано. https://a.gov.ua/v",
    ]
    assert [segments(text) for text in said] == [1, 1, 1]
    assert [letter.copy_of is not None for letter in texts()] == [True] * 3
    for text in texts():
        english = Letter.objects.select_related("application__agency").get(pk=text.pk)
        english.language = "en"
        if text.kind == "cancelled":
            assert segments(render_text(english, now=NOW)) == 1


def test_decision_that_was_taken_back__is_not_told_late(
    gateway: Gateway, application: Application
) -> None:
    ReminderChoice.objects.create(citizen=application.citizen, by_sms=True)
    moderator = moderator_of(application.official.agency)
    decided = decide("confirm", application, moderator)
    decide("decline", decided, moderator, refusal=Refusal("Хвороба"))
    assert deliver_texts(now=NOW) == 1
    assert ["скасовано" in body["content"]["text"] for body in gateway.bodies] == [True]
    assert texts()[0].error_kind == "out_of_date"


def test_own_cancellation_and_other_choices__send_no_text_message(
    gateway: Gateway, chosen: Application
) -> None:
    applications.cancel(actor=signed_in(chosen.citizen), public_id=chosen.public_id, now=NOW)
    ReminderChoice.objects.update(by_sms=False)
    queue(Letter.Kind.MOVED, application=chosen, now=NOW)
    assert texts() == []
