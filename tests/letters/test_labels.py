"""The label of every part of a letter agrees with what is in it (RFC 2045, RFC 6047)."""

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from icalendar import Calendar

from diia_videoreception.models import Application, Letter
from diia_videoreception.services.letters.delivery import as_message
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import NOW
from tests.harness.html import Page

pytestmark = pytest.mark.any_database

Queued = Callable[..., Letter]
KINDS = (
    "receipt",
    "confirmation",
    "moved",
    "switched",
    "declined",
    "cancelled",
    "lapsed",
    "check_device",
    "reminder",
)


def sent(letter: Letter) -> EmailMessage:
    """The letter as bytes on the wire, read again as a mail program does."""
    rendered = render_letter(letter, for_sending=True, now=NOW)
    data = as_message(letter, rendered).message().as_bytes()
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def check_part(part: EmailMessage) -> None:
    kind, text = part.get_content_type(), part.get_content()
    assert part.get_content_charset() == "utf-8", kind
    assert not part.defects, kind
    if kind == "text/html":
        assert text.lstrip().startswith("<!doctype html>")
        assert Page(text).has('meta[charset="utf-8"]')
    elif kind == "text/calendar":
        calendar = Calendar.from_ical(text)
        assert isinstance(calendar, Calendar)
        assert part.get_param("method") == calendar["METHOD"]
    else:
        assert kind == "text/plain"
        assert "<" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_part__is_what_its_label_says(
    kind: str, confirmed: Application, queued: Queued
) -> None:
    facts = {"calendar": True, "by": "agency", "reason": "…"}
    message = sent(queued(kind, confirmed, **facts))

    parts = [part for part in message.walk() if not part.is_multipart()]
    kinds = [part.get_content_type() for part in parts]
    with_calendar = kind in {"confirmation", "moved", "switched", "cancelled"}
    assert kinds == ["text/plain", "text/html", *["text/calendar"] * 2 * with_calendar]
    dispositions = [part.get_content_disposition() for part in parts]
    # As a form of the letter for calendars, and as a file for people.
    assert dispositions == [None] * 2 + [None, "attachment"] * with_calendar
    for part in parts:
        assert isinstance(part, EmailMessage)
        check_part(part)


def test_a_cancellation__is_labelled_as_one(confirmed: Application, queued: Queued) -> None:
    message = sent(queued("cancelled", confirmed, by="citizen", calendar=True))

    (calendar,) = message.iter_attachments()
    assert calendar.get_param("method") == "CANCEL"
