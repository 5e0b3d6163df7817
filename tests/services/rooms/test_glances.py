"""What a poll reads by its own statement is what the acts of the room read by Django's."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diia_videoreception.models import Participant, Reception
from diia_videoreception.selectors.rooms.glances import seats_at_a_glance
from diia_videoreception.selectors.rooms.guests import invitation_of_browser
from diia_videoreception.selectors.rooms.seats import Visitor, seats_of
from diia_videoreception.services.rooms import inviting, presence
from diia_videoreception.web.room import answers
from tests.harness.clock import NOW
from tests.steps.rooms import Meeting, make_meeting, make_user


def guest_of(meeting: Meeting) -> Visitor:
    """An interpreter who has opened the link and waits."""
    invitation, secret = inviting.invite(
        visitor=meeting.official, public_id=meeting.public_id, role="interpreter", name="", now=NOW
    )
    accepted = inviting.accept(
        invitation=invitation.public_id, secret=secret, key=secret, role="interpreter", name="Гість", now=NOW
    )  # fmt: skip
    guest = Visitor(guest=invitation_of_browser(invitation.public_id, accepted.token))
    meeting.enter(guest)
    return guest


def told(meeting: Meeting, visitor: Visitor) -> Any:
    news = presence.poll(
        visitor=visitor,
        public_id=meeting.public_id,
        report=presence.Report(window="w1"),
        now=NOW + timedelta(seconds=1),
    )
    return json.loads(json.dumps(answers.news(news, base="/", now=NOW)))


def test_glance__tells_everybody_what_the_acts_see(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting.meet()
    Participant.objects.filter(citizen=meeting.application.citizen).update(media={"camera": True})
    guest = guest_of(meeting)
    moderated = meeting.moderator
    meeting.enter(moderated)
    for visitor in (meeting.citizen, meeting.official, moderated, guest):
        seen = told(meeting, visitor)
        with monkeypatch.context() as slow:
            slow.setattr(presence, "seats_at_a_glance", seats_of)
            assert seen == told(meeting, visitor)


@pytest.mark.parametrize("who", ["citizen", "guest"])
def test_poll__of_who_waits_asks_one_question(meeting: Meeting, who: str) -> None:
    """Also with others in the room: nothing that an answer needs is asked for later."""
    meeting.enter(meeting.official)
    meeting.enter(meeting.citizen)
    guest = guest_of(meeting)
    visitor = meeting.citizen if who == "citizen" else guest
    known = meeting.room.guests
    with CaptureQueriesContext(connection) as captured:
        news = presence.poll(
            visitor=visitor,
            public_id=meeting.public_id,
            report=presence.Report(window="w1", guests_after=known),
            now=NOW + timedelta(seconds=3),
        )
        answers.news(news, base="/", now=NOW)
    assert len(captured) == 1, [query["sql"] for query in captured]


def test_glance__of_who_has_no_part_in_it_is_none(meeting: Meeting) -> None:
    meeting.meet()
    withdrawn = guest_of(meeting)
    assert withdrawn.guest
    inviting.withdraw(
        visitor=meeting.official,
        public_id=meeting.public_id,
        invitation=withdrawn.guest.public_id,
        now=NOW,
    )
    other = make_meeting()
    strangers = [
        other.citizen, other.official, other.moderator, withdrawn, Visitor(user=make_user("x")),
    ]  # fmt: skip
    for visitor in strangers:
        assert seats_at_a_glance(visitor, meeting.public_id) is None
    assert seats_at_a_glance(meeting.citizen, uuid.uuid4()) is None


def test_glance__of_an_application_whose_reception_is_gone_still_tells_its_phase(
    meeting: Meeting,
) -> None:
    meeting.enter(meeting.citizen)
    Reception.objects.all().delete()
    assert told(meeting, meeting.citizen)["phase"] == "waiting"
