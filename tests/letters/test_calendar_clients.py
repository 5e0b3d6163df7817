"""Calendars follow a reception by the letters alone, in whichever order these arrive."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives

from diia_videoreception.models import Application, Official
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.services.booking import applications
from diia_videoreception.services.letters.delivery import deliver_due
from tests.factories import NOW, signed_in
from tests.harness.clock import START
from tests.steps.calendars import Calendar
from tests.steps.moderation import decide, moderator_of

LATER = START + timedelta(days=1)
FIRST, SECOND = ("2026-12-01 08:30", "2026-12-01 09:00"), ("2026-12-02 08:30", "2026-12-02 09:00")


def arrived(mailoutbox: list[EmailMultiAlternatives], owner: str) -> list[bytes]:
    """The calendar parts that came to one person, oldest first, as calendars see them."""
    found = []
    for message in mailoutbox:
        kinds = [part.get_content_type() for part in message.message().walk()]
        if message.to == [owner] and "text/calendar" in kinds:
            (content,) = (
                str(form.content) for form in message.alternatives if "calendar" in form.mimetype
            )
            found.append(content.encode())
    return found


def walk(application: Application, end: str) -> list[list[tuple[str, str]]]:
    """Confirms, moves and calls off; gives what is to stand in calendars after each act."""
    moderator = moderator_of(application.official.agency)
    steps = [[FIRST], [SECOND], []]
    decided = decide("confirm", application, moderator)
    deliver_due(now=NOW)
    decided = decide("confirm_other_time", decided, moderator, start=LATER)
    deliver_due(now=NOW)
    if end == "agency":
        decide("decline", decided, moderator, refusal=Refusal("Хвороба"))
    else:
        applications.cancel(actor=signed_in(decided.citizen), public_id=decided.public_id, now=NOW)
    deliver_due(now=NOW)
    return steps


@pytest.mark.parametrize("end", ["agency", "citizen"])
@pytest.mark.parametrize("who", ["citizen", "official"])
def test_calendars__enter_move_and_remove_by_themselves(
    application: Application, official: Official, mailoutbox: Any, end: str, who: str
) -> None:
    user = get_user_model().objects.create_user("receiver", email="receiver@agency.example")
    Official.objects.filter(pk=official.pk).update(user=user)
    steps = walk(Application.objects.get(pk=application.pk), end)
    owner = application.citizen.email if who == "citizen" else user.email
    calendar = Calendar(owner)
    files = arrived(mailoutbox, owner)
    assert len(files) == 3
    for content, times in zip(files, steps, strict=True):
        calendar.take(content)
        assert calendar.times == times
    assert len(calendar.sequences) == 1, "one event throughout"


def test_calendars__end_right_in_whatever_order_letters_arrive(
    application: Application, mailoutbox: Any
) -> None:
    walk(Application.objects.get(pk=application.pk), "citizen")
    files = arrived(mailoutbox, application.citizen.email)
    for order in permutations(files):
        calendar = Calendar(application.citizen.email)
        for content in order:
            calendar.take(content)
        assert calendar.times == []
    for order in permutations(files[:2]):
        calendar = Calendar(application.citizen.email)
        for content in order:
            calendar.take(content)
        assert calendar.times == [SECOND]


def test_both_clock_changes__are_read_right_by_another_library(
    application: Application, mailoutbox: Any
) -> None:
    """28 March and 31 October 2027, an hour after the change: 10:30 in Kyiv stays 10:30."""
    for number, (start, expected) in enumerate(
        [("2027-03-28T07:30+00:00", "07:30"), ("2027-10-31T08:30+00:00", "08:30")]
    ):
        calendar = Calendar(application.citizen.email)
        Application.objects.filter(pk=application.pk).update(
            start=start, end=start[:11] + "09:00+00:00", state="submitted"
        )
        fresh = Application.objects.get(pk=application.pk)
        decide("confirm", fresh, moderator_of(fresh.official.agency, name=f"m{number}"))
        deliver_due(now=NOW)
        calendar.take(arrived(mailoutbox, application.citizen.email)[-1])
        ((begins, _ends),) = calendar.times
        assert begins.endswith(expected)
        (event,) = calendar.entries.values()
        assert f"{event.dtstart.value:%H:%M}" == "10:30"
