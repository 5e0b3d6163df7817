"""What the room costs: queries of those who wait, however many wait, and what the page weighs."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import diia_videoreception
from diia_videoreception.selectors.rooms.guests import invitation_of_browser
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.rooms import inviting, presence
from tests.bench import Figure, fastest
from tests.steps.people import sign_in
from tests.steps.rooms import Meeting, ask, make_meeting, own_room

WAITING = 200
STATIC = Path(diia_videoreception.__file__).parent / "static"
DEVICE_STATIC = STATIC.parent.parent / "device_check" / "static"
ENTRANCE = STATIC / "diia_videoreception" / "room" / "room.js"
_IMPORT = re.compile(r'(?:^import|^\} from|^export) [^;]*?"(\.[^"]+)"', re.MULTILINE)


def figures() -> list[Figure]:
    """Measures polls of a citizen and of a guest who wait, alone and among 200, and the scripts."""
    with override_settings(
        DIIA_VIDEORECEPTION=settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    ):
        weight = _weight() / 1000
        return [
            *_polls(),
            Figure("room: own engine's scripts and styles, compressed, KB", weight, 60),
        ]


def _polls() -> list[Figure]:
    meeting = _wait()
    client = Client()
    sign_in(client, meeting.application.citizen, level="high")
    ask(client, meeting, "enter", window="w1")
    guest = _guest(meeting)
    # Not over HTTP: a poll that comes sooner than the page asks costs a count.
    known = _poll(meeting, meeting.citizen)().guests_after
    with CaptureQueriesContext(connection) as captured:
        ask(client, meeting, "poll", window="w1", guests_after=known)
    with CaptureQueriesContext(connection) as of_guest:
        _poll(meeting, guest)()
    polls = _poll(meeting, meeting.citizen)
    alone = fastest(polls, rounds=50)
    for _ in range(WAITING - 1):
        _wait()
    return [
        Figure("room: queries of a poll of a citizen who waits", len(captured), 3),
        # Besides the one that tells by the cookie who it is.
        Figure("room: queries of a poll of a guest who waits", len(of_guest) + 1, 3),
        Figure(
            f"room: a poll among {WAITING} who wait / alone", fastest(polls, rounds=50) / alone, 1.5
        ),
    ]


def _wait() -> Meeting:
    """A reception in five minutes, whose citizen waits already."""
    now = timezone.now()
    meeting = make_meeting(start=now + timedelta(minutes=5))
    meeting.enter(meeting.citizen, now=now)
    return meeting


def _guest(meeting: Meeting) -> Visitor:
    now = timezone.now()
    invitation, secret = inviting.invite(
        visitor=meeting.official, public_id=meeting.public_id, role="interpreter", name="", now=now
    )
    token = inviting.accept(
        invitation=invitation.public_id,
        secret=secret,
        key=secret,
        role="interpreter",
        name="Гість",
        now=now,
    ).token
    guest = Visitor(guest=invitation_of_browser(invitation.public_id, token))
    meeting.enter(guest, now=now)
    return guest


def _poll(meeting: Meeting, visitor: Visitor) -> Callable[[], presence.News]:
    report = presence.Report(window="w1")
    return lambda: presence.poll(
        visitor=visitor, public_id=meeting.public_id, report=report, now=timezone.now()
    )


def _weight() -> int:
    """Bytes on their way: the script of the room with all that it imports at once, and its styles."""
    waiting, seen = [ENTRANCE], set()
    while waiting:
        path = waiting.pop().resolve()
        if path in seen:
            continue
        seen.add(path)
        for name in _IMPORT.findall(path.read_text()):
            near = (path.parent / name).resolve()
            # Static files of both apps are served from one place.
            waiting.append(near if near.exists() else DEVICE_STATIC / near.relative_to(STATIC))
    seen.add(ENTRANCE.parent / "room.css")
    return sum(len(gzip.compress(path.read_bytes())) for path in seen)
