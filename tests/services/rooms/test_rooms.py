"""A reception in the room: coming in, being admitted, signalling, writing, the end."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception import errors
from diia_videoreception.models import JournalAct, JournalRecord, Participant
from diia_videoreception.rules.rooms import Phase
from diia_videoreception.rules.signals import SignalKind
from diia_videoreception.services.rooms import (
    admitting,
    conversation,
    ending,
    entering,
    presence,
    signalling,
)
from tests.harness.clock import NOW
from tests.steps.rooms import Meeting, own_room
from tests.steps.signals import CANDIDATES, RELAY, RELAYED, SDP, addresses

OFFER = {"type": "offer", "sdp": SDP}


def poll(meeting: Meeting, visitor: object, window: str = "w1", **report: object) -> presence.News:
    now = report.pop("now", NOW)
    return presence.poll(
        visitor=visitor,  # type: ignore[arg-type]
        public_id=meeting.public_id,
        report=presence.Report(window=window, **report),  # type: ignore[arg-type]
        now=now,  # type: ignore[arg-type]
    )


def send(meeting: Meeting, sender: object, other: Participant, **changes: object) -> int | None:
    values: dict[str, object] = {
        "visitor": sender,
        "public_id": meeting.public_id,
        "window": "w1",
        "to": other.public_id,
        "session": other.session,
        "kind": SignalKind.DESCRIPTION,
        "payload": OFFER,
        "now": NOW,
    }
    return signalling.signal(**values | changes)  # type: ignore[arg-type]


def test_reception__from_coming_in_to_the_end(meeting: Meeting) -> None:
    citizen = meeting.enter(meeting.citizen)
    assert poll(meeting, meeting.citizen).phase is Phase.WAITING

    official = meeting.enter(meeting.official)
    assert poll(meeting, meeting.official).phase is Phase.ADMITTED
    admitting.admit(
        visitor=meeting.official,
        public_id=meeting.public_id,
        participant=citizen.public_id,
        now=NOW,
    )
    sent = send(meeting, meeting.official, citizen)
    news = poll(meeting, meeting.citizen)
    assert news.phase is Phase.ADMITTED
    assert [(one.sequence, one.sender) for one in news.signals] == [(sent, official)]
    assert not poll(meeting, meeting.citizen, after=news.after).signals

    said = conversation.say(
        visitor=meeting.citizen,
        public_id=meeting.public_id,
        window="w1",
        text="Добрий день!",
        key="k1",
        now=NOW,
    )
    assert poll(meeting, meeting.official).messages == [said]

    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)
    assert poll(meeting, meeting.citizen).phase is Phase.ENDED
    acts = JournalRecord.objects.filter(subject_id=str(meeting.public_id))
    assert list(acts.values_list("act", flat=True)) == [
        JournalAct.OPEN_ROOM,
        JournalAct.ADMIT,
        JournalAct.END_ROOM,
    ]


def test_signal__of_a_relayed_room_names_no_address_of_a_browser(meeting: Meeting) -> None:
    _, official = meeting.meet()

    send(meeting, meeting.citizen, official)
    for text in CANDIDATES:
        candidate = {"candidate": f"candidate:{text}", "sdpMid": "0", "sdpMLineIndex": 0}
        assert send(
            meeting, meeting.citizen, official, kind=SignalKind.CANDIDATE, payload=candidate
        ) is None  # fmt: skip
    relayed = {"candidate": f"candidate:{RELAYED}", "sdpMid": "0", "sdpMLineIndex": 0}
    send(meeting, meeting.citizen, official, kind=SignalKind.CANDIDATE, payload=relayed)

    passed = " ".join(str(one.payload) for one in poll(meeting, meeting.official).signals)
    found = addresses(passed.replace("\\r\\n", " ").replace("'", " "))
    assert found == {"198.51.100.7", "0.0.0.0"}


def test_signal__of_an_earlier_call_is_refused_and_never_delivered(meeting: Meeting) -> None:
    citizen, _ = meeting.meet()
    send(meeting, meeting.official, citizen)

    again = meeting.enter(meeting.citizen, "w1")

    assert again.session == citizen.session + 1
    assert not poll(meeting, meeting.citizen).signals
    with pytest.raises(errors.StaleSession):
        send(meeting, meeting.official, citizen)


def test_signal__to_a_guessed_or_foreign_person_finds_nobody(meeting: Meeting) -> None:
    citizen, _ = meeting.meet()
    with pytest.raises(errors.NotFound):
        send(meeting, meeting.official, citizen, to=uuid.uuid4())
    with pytest.raises(errors.NotFound):
        send(meeting, meeting.citizen, citizen)


def test_signal__waits_for_a_page_that_fetches_only(meeting: Meeting) -> None:
    citizen, _ = meeting.meet()
    for _ in range(signalling.MAX_WAITING):
        send(meeting, meeting.official, citizen)
    with pytest.raises(errors.SignalsPileUp):
        send(meeting, meeting.official, citizen)

    news = poll(meeting, meeting.citizen)
    poll(meeting, meeting.citizen, after=news.after)
    assert send(meeting, meeting.official, citizen) is not None


def test_signal__from_who_waits_is_refused(meeting: Meeting) -> None:
    meeting.enter(meeting.citizen)
    official = meeting.enter(meeting.official)

    with pytest.raises(errors.NotAdmitted):
        send(meeting, meeting.citizen, official)


def test_window__a_newer_one_takes_the_seat_over(meeting: Meeting) -> None:
    meeting.meet()
    meeting.enter(meeting.citizen, "w2")

    assert poll(meeting, meeting.citizen, "w1").phase is Phase.SUPERSEDED
    assert poll(meeting, meeting.citizen, "w2").phase is Phase.ADMITTED
    with pytest.raises(errors.WindowSuperseded):
        conversation.say(
            visitor=meeting.citizen,
            public_id=meeting.public_id,
            window="w1",
            text="так",
            key="k",
            now=NOW,
        )
    entering.leave(visitor=meeting.citizen, public_id=meeting.public_id, window="w1", now=NOW)
    assert poll(meeting, meeting.citizen, "w2").phase is Phase.ADMITTED


def test_leaving__and_coming_back_until_the_end(meeting: Meeting) -> None:
    meeting.meet()
    entering.leave(visitor=meeting.citizen, public_id=meeting.public_id, window="w1", now=NOW)
    assert poll(meeting, meeting.citizen).phase is Phase.LEFT

    assert meeting.enter(meeting.citizen).state == Participant.State.ADMITTED


def test_refused__stays_outside_until_admitted(meeting: Meeting) -> None:
    citizen, _ = meeting.meet()
    act = {
        "visitor": meeting.official,
        "public_id": meeting.public_id,
        "participant": citizen.public_id,
        "now": NOW,
    }
    admitting.refuse(**act)  # type: ignore[arg-type]

    assert meeting.enter(meeting.citizen).state == Participant.State.REMOVED
    assert poll(meeting, meeting.citizen).phase is Phase.REFUSED
    admitting.admit(**act)  # type: ignore[arg-type]
    assert poll(meeting, meeting.citizen).phase is Phase.ADMITTED


def test_refused__gets_no_credentials_of_the_relays(meeting: Meeting) -> None:
    citizen, _ = meeting.meet()
    admitting.refuse(
        visitor=meeting.official,
        public_id=meeting.public_id,
        participant=citizen.public_id,
        now=NOW,
    )

    entered = entering.enter(
        visitor=meeting.citizen, public_id=meeting.public_id, window="again", now=NOW
    )

    assert entered.phase is Phase.REFUSED
    assert entered.joining is None


def test_staff_acts__are_not_the_citizens(meeting: Meeting) -> None:
    citizen = meeting.enter(meeting.citizen)
    with pytest.raises(errors.NotFound):
        admitting.admit(
            visitor=meeting.citizen,
            public_id=meeting.public_id,
            participant=citizen.public_id,
            now=NOW,
        )
    with pytest.raises(errors.NotFound):
        ending.end(visitor=meeting.citizen, public_id=meeting.public_id, now=NOW)


def test_early__nobody_comes_in_and_no_credential_is_given(meeting: Meeting) -> None:
    early = meeting.application.start - timedelta(minutes=16)
    entered = entering.enter(
        visitor=meeting.official, public_id=meeting.public_id, window="w", now=early
    )

    assert (entered.phase, entered.participant, entered.joining) == (Phase.EARLY, None, None)
    assert not Participant.objects.exists()


def test_moderator__may_open_the_room_in_the_officials_place(meeting: Meeting) -> None:
    meeting.enter(meeting.citizen)
    moderator = meeting.enter(meeting.moderator)

    seen = poll(meeting, meeting.citizen).seats.everybody
    assert moderator in seen
    assert moderator.role == Participant.Role.MODERATOR
    assert moderator.name == meeting.moderator.user.get_username()  # type: ignore[union-attr]


def test_signal__of_an_address_that_the_relays_do_not_lend_goes_nowhere(
    meeting: Meeting, settings: Any
) -> None:
    conference = own_room(relay_addresses=[RELAY])
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": conference}
    _, official = meeting.meet()
    for text, passes in ((RELAYED, True), (RELAYED.replace(RELAY, "198.51.100.99"), False)):
        candidate = {"candidate": f"candidate:{text}", "sdpMid": "0", "sdpMLineIndex": 0}
        sent = send(
            meeting, meeting.citizen, official, kind=SignalKind.CANDIDATE, payload=candidate
        )
        assert (sent is not None) is passes


def test_credentials__are_each_participants_own_and_end(meeting: Meeting) -> None:
    given = [
        entering.enter(visitor=visitor, public_id=meeting.public_id, window="w", now=NOW)
        for visitor in (meeting.citizen, meeting.official)
    ]
    servers = [entered.joining.ice_servers[0] for entered in given if entered.joining]
    until = int((meeting.application.end + timedelta(minutes=65)).timestamp())

    assert len({server.credential for server in servers}) == 2
    assert all(server.username.startswith(f"{until}:") for server in servers)


def test_refused__who_comes_again_is_not_noted_as_present(meeting: Meeting) -> None:
    citizen, _ = meeting.meet()
    admitting.refuse(
        visitor=meeting.official,
        public_id=meeting.public_id,
        participant=citizen.public_id,
        now=NOW,
    )
    meeting.enter(meeting.citizen, now=NOW + timedelta(minutes=5))

    assert not citizen.attendances.filter(left_at=None).exists()


def test_acknowledging__what_was_never_sent_drops_nothing(meeting: Meeting) -> None:
    citizen, _ = meeting.meet()
    poll(meeting, meeting.citizen, after=10**14)
    sent = send(meeting, meeting.official, citizen)
    send(meeting, meeting.official, citizen)

    assert next(one.sequence for one in poll(meeting, meeting.citizen).signals) == sent
