"""Numbers in texts for people are those of the rule: what a portal may change comes from the setting."""

import re
from datetime import timedelta
from pathlib import Path

import polib
import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from device_check import verdicts
from device_check.web.page import STILLS
from diia_videoreception.api.serializers import PeriodQuery
from diia_videoreception.conf import AppSettings
from diia_videoreception.models import Agency
from diia_videoreception.rules import (
    centre_tests,
    centres,
    challenges,
    codes,
    kiosk,
    limits,
    mandates,
    proposals,
    times,
    unusual_looks,
    waiting,
)
from diia_videoreception.rules.reminders import Lead
from diia_videoreception.rules.retries import pause_after
from diia_videoreception.selectors.accounts.sessions import RECENT
from diia_videoreception.selectors.booking.applications import (
    PASSWORD_SHOWN_AFTER,
    PASSWORD_SHOWN_BEFORE,
)
from diia_videoreception.services import proofs_of_work
from diia_videoreception.services.assistance import person_view
from diia_videoreception.services.booking import answer_reminders, draft_documents
from diia_videoreception.services.centres import invitations
from diia_videoreception.services.journal.looking import QUARTER
from diia_videoreception.services.kiosk import pairing
from diia_videoreception.services.letters import delivery, mailboxes, resending
from diia_videoreception.wagtail_admin.officials import PREVIEW
from diia_videoreception.web import pages
from integrations.identity import portal_tokens
from sandbox.authority import views as authority
from sandbox.demo import texts
from tests.steps.manuals import ROOT

WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "One": 1}
IN_UKRAINIAN = {1: "одн|добу", 2: "два|дві|двох", 3: "три|трьох", 5: "п’ят"}
UNITS = "digits?|seconds?|minutes?|hours?|days?|weeks?|pictures?|files?|documents?|KB|MB|ms|Mbit/s|per cent|min"
NUMBER = re.compile(rf"(?<![\w.])(\d+|{'|'.join(WORDS)})[ \u00a0](?:{UNITS})\b")
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
DEFAULTS = AppSettings()

ADVICE = (
    "takes up to 2 minutes",
    "up to 2 minutes.",
    "This takes up to 10 seconds",
    "Start it 10 minutes before the reception",
    "whole days of 24 hours",
    "one letter a day",
    "times of one week",
    "time of one week",
    "opens by itself in 20 seconds",
    "Free of charge, about 10 minutes",
    "Usually within 2 minutes",
)
"""Numbers that no rule decides: estimates, advice and definitions."""


def _attempts(count: int) -> timedelta:
    return sum((pause_after(attempt) for attempt in range(1, count)), timedelta())


def _in_script(path: str, name: str) -> int:
    found = re.search(rf"\b{name} = ([\d_]+);", (ROOT / path).read_text())
    assert found, f"{path} has no {name}"
    return int(found[1].replace("_", ""))


RULES: dict[str, float] = {
    "less than 24 hours left": times.DECISION_DUE / HOUR,
    "Less than 24 hours are left": times.DECISION_DUE / HOUR,
    "24 hours before the reception": Lead.DAY.span / HOUR,
    "1 hour before the reception": Lead.HOUR.span / HOUR,
    "at least 2 hours before the reception": proposals.BEFORE_START / HOUR,
    "come 2 hours before it": proposals.BEFORE_START / HOUR,
    "in the next 2 weeks": PREVIEW / timedelta(weeks=1),
    "6 digits": codes.DIGITS,
    "from 15 minutes before the reception": PASSWORD_SHOWN_BEFORE / MINUTE,
    "until 15 minutes after": PASSWORD_SHOWN_AFTER / MINUTE,
    "Applications in 24 hours": unusual_looks.DAY / HOUR,
    "in the last 30 days": RECENT / DAY,
    "opens again within 15 minutes": QUARTER / MINUTE,
    "You had 5 minutes to sign": challenges.LIFETIME / MINUTE,
    "less than 24 hours ago": answer_reminders.PAUSE / HOUR,
    "less than 10 minutes ago": resending.PAUSE / MINUTE,
    "for about 3 days": round(_attempts(delivery.ATTEMPTS) / DAY),
    "We will sign you out in less than 2 minutes": pages.WARN_SECONDS / 60,
    "stop waiting in less than 2 minutes": pages.WARN_SECONDS / 60,
    "too often in 24 hours": limits.DAY / HOUR,
    "longer than 62 days": PeriodQuery.MAX_DAYS,
    "one day after you added them": draft_documents.MIN_COUNTED / DAY,
    "Record 3 seconds": _in_script("device_check/static/device_check/steps.js", "SECONDS"),
    "at least 1 Mbit/s": verdicts.GOOD_CONNECTION.kbit_per_s / 1000,
    "up to 200 ms": verdicts.GOOD_CONNECTION.rtt_ms,
    "up to 3 per cent": verdicts.GOOD_CONNECTION.loss_percent,
    "up to 1 min": verdicts.SKEW_SECONDS / 60,
    "One minute left": _in_script(
        "diia_videoreception/static/diia_videoreception/js/timer.js", "ASK_SECONDS"
    )
    / 60,
    "once, within 2 minutes": portal_tokens.HANDOVER.max_lifetime / MINUTE,
    "the app shows it within 30 seconds": TOTPDevice._meta.get_field("step").default,
    "The code changes every 30 seconds": TOTPDevice._meta.get_field("step").default,
    "may be wrong by 30 seconds at most": TOTPDevice._meta.get_field("step").default,
    "the 8 digits of the EDRPOU": centres.EDRPOU_DIGITS,
    "UA and 17 digits": centres.KATOTTG_DIGITS,
    "a link that works for 7 days": invitations.LIFETIME / DAY,
    "in the 30 days before its end": centre_tests.RETAKE_DAYS,
    "It works for 10 minutes, once": pairing.CODE_LIVES / MINUTE,
    "as long as one can wait, 60 days": waiting.LASTS / DAY,
    "You can wait for 60 days": waiting.LASTS / DAY,
    "less than 24 hours away": waiting.SOON / HOUR,
    "You have 2 hours to answer": waiting.ANSWER / HOUR,
    "for 30 days": mandates.DAYS_30 / DAY,
    "no longer than 60 days": mandates.LONGEST / DAY,
    "the six digits from the SMS": codes.DIGITS,
    "PNG, up to 5 MB": mandates.MAX_SCAN_BYTES / 1024**2,
    "The code works for 10 minutes, once": person_view.LIVES / MINUTE,
    "45 minutes more": kiosk.VISIT / MINUTE,
    "looks again every 5 seconds": _in_script(
        "diia_videoreception/static/diia_videoreception/js/places.js", "EVERY_MS"
    )
    / 1000,
    "up to 256 KB": authority.MAX_BYTES / 1024,
}
"""Parts of texts of the catalogues, and the number that the rule has."""


def numbers(text: str) -> list[int]:
    return [WORDS[found] if found in WORDS else int(found) for found in NUMBER.findall(text)]


def without_advice(text: str) -> str:
    for part in ADVICE:
        text = text.replace(part, "")
    return text


@pytest.mark.parametrize("catalogue", sorted(ROOT.glob("*/locale/uk/LC_MESSAGES/django.po")))
def test_a_number_in_a_text__is_that_of_its_rule(catalogue: Path) -> None:
    """A new text with a number gets a line above, or takes the number from its setting."""
    for entry in polib.pofile(str(catalogue)):
        text = without_advice(entry.msgid)
        rest = text
        for part in RULES:
            rest = rest.replace(part, "")
        assert not numbers(rest), f"which rule says so? {entry.msgid}"
        if text != rest and entry.msgstr:
            for number in numbers(" ".join(part for part in RULES if part in text)):
                text = rf"(?<!\d){number}(?!\d)|{IN_UKRAINIAN.get(number, number)}"
                assert re.search(text, entry.msgstr), f"another number in: {entry.msgstr}"


@pytest.mark.parametrize(("part", "value"), RULES.items())
def test_a_rule__has_the_number_of_its_texts(part: str, value: float) -> None:
    assert numbers(part) == [value]


def test_every_rule__has_a_text() -> None:
    catalogues = ROOT.glob("*/locale/uk/LC_MESSAGES/django.po")
    texts_of_all = "\n".join(entry.msgid for one in catalogues for entry in polib.pofile(str(one)))

    assert [part for part in RULES if part not in texts_of_all] == []


def test_scripts_and_server__warn_at_the_same_time() -> None:
    scripts = "diia_videoreception/static/diia_videoreception/js"

    assert {
        _in_script(f"{scripts}/{name}.js", "WARN_SECONDS") for name in ("session", "waiting")
    } == {pages.WARN_SECONDS}
    assert delivery.ATTEMPTS == mailboxes.ATTEMPTS
    assert STILLS == 5, "as many as the analysis was measured with"


def flat(body: object) -> str:
    if isinstance(body, str):
        return body
    if isinstance(body, dict):
        return " ".join(flat(value) for value in body.values())
    return " ".join(flat(value) for value in body) if isinstance(body, list | tuple) else ""


def test_pages_of_the_demonstration__have_the_numbers_of_the_settings() -> None:
    """Editors write numbers by hand; those of the demonstration fit its settings, the defaults."""
    pages_of_demo = [
        texts.TERMS,
        *(flat(one) for one in (texts.ABOUT, texts.REGISTRATION, texts.BOOKING, texts.LETTERS)),
    ]
    text = " ".join(pages_of_demo)
    expected = {
        "хвилин": {DEFAULTS.hold_minutes, int(PASSWORD_SHOWN_BEFORE / MINUTE)},
        "файл": {DEFAULTS.max_files},
        "МБ": {DEFAULTS.max_file_bytes // 1024**2},
        "(?:діб|доби)": {Agency().lead_days},
    }
    text = text.replace("Запис триває близько 10 хвилин", "")
    for unit, numbers_of_unit in expected.items():
        found = {int(one) for one in re.findall(rf"(\d+)(?: \(три\))? {unit}", text)}
        assert found == numbers_of_unit, unit


def test_numbers_of_the_api__are_those_of_the_settings() -> None:
    manual = " ".join((ROOT / "docs" / "api.md").read_text().split())

    for text in (
        f"at most {int(portal_tokens.ACCESS.max_lifetime / MINUTE)} minutes; claims",
        f"at most {PeriodQuery.MAX_DAYS} days, without dates the first {PeriodQuery.MAX_DAYS}.",
        f"holds the time for {DEFAULTS.hold_minutes} minutes",
        f"kept for {DEFAULTS.draft_hours} hours",
        f"up to {DEFAULTS.max_files} of {DEFAULTS.max_file_bytes // 1024**2} MB",
    ):
        assert text in manual
    assert proofs_of_work.REPEATABLE_FOR == 2 * MINUTE
    assert "within two minutes" in manual
