"""People who come into a room, and send signals, at the same moment."""

from collections.abc import Callable
from dataclasses import replace
from time import sleep
from typing import Any

import pytest

from diia_videoreception import errors
from diia_videoreception.models import (
    Attendance,
    Evidence,
    JournalAct,
    JournalRecord,
    Participant,
    Signal,
)
from diia_videoreception.rules.signals import SignalKind
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.booking import document_signatures
from diia_videoreception.services.booking.document_signatures import manifest_of
from diia_videoreception.services.rooms import documents, entering, signalling, signing
from tests.harness.clock import NOW
from tests.steps.authority import provider, signature
from tests.steps.rooms import Meeting, make_meeting, own_room
from tests.steps.samples import png
from tests.steps.signing import become_olena, install

AtOnce = Callable[..., list[object]]


@pytest.fixture
def meeting(transactional_db: None, settings: Any) -> Meeting:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    return make_meeting()


def test_official_and_moderator__who_open_at_once_both_come_in(
    meeting: Meeting, at_once: AtOnce
) -> None:
    def enter(visitor: Visitor) -> str:
        return meeting.enter(visitor).role

    outcomes = at_once(enter, [meeting.official, meeting.moderator, meeting.citizen])

    assert outcomes == ["official", "moderator", "citizen"]
    assert meeting.room.opened_at == NOW
    opened = JournalRecord.objects.filter(act=JournalAct.OPEN_ROOM)
    assert sorted(record.details["role"] for record in opened) == ["moderator", "official"]


def test_windows_of_one_person__that_come_at_once_leave_one_with_the_seat(
    meeting: Meeting, at_once: AtOnce
) -> None:
    def enter(window: str) -> int:
        return meeting.enter(meeting.citizen, window).session

    outcomes = at_once(enter, [f"w{number}" for number in range(6)])

    assert sorted(outcomes) == [1, 2, 3, 4, 5, 6]  # type: ignore[type-var]
    assert Participant.objects.count() == 1
    assert Attendance.objects.count() == 1


def test_signals__sent_at_once_get_numbers_of_their_own(meeting: Meeting, at_once: AtOnce) -> None:
    citizen, official = meeting.meet()

    def send(number: int) -> int | None:
        sender, to = (meeting.citizen, official) if number % 2 else (meeting.official, citizen)
        return signalling.signal(
            visitor=sender, public_id=meeting.public_id, window="w1", to=to.public_id,
            session=to.session, kind=SignalKind.CANDIDATE, payload={"candidate": ""}, now=NOW,
        )  # fmt: skip

    outcomes = at_once(send, range(8))

    assert sorted(outcomes) == list(range(1, 9))  # type: ignore[type-var]
    assert Signal.objects.count() == 8
    assert meeting.room.signals == 8


def test_leaving_while_another_window_comes__keeps_the_new_window(
    meeting: Meeting, at_once: AtOnce
) -> None:
    meeting.meet()

    def act(window: str) -> None:
        if window == "w1":
            entering.leave(
                visitor=meeting.citizen, public_id=meeting.public_id, window="w1", now=NOW
            )
        else:
            meeting.enter(meeting.citizen, window)

    at_once(act, ["w1", "w2"])

    own = Participant.objects.get(role="citizen")
    assert (own.window, own.state) == ("w2", "admitted")


def test_signing_while_the_official_asks_no_more__has_one_outcome(
    meeting: Meeting, at_once: AtOnce, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(settings, monkeypatch)
    become_olena(meeting.application.citizen)
    meeting.meet()
    document = documents.add(
        visitor=meeting.official, public_id=meeting.public_id, window="w1", data=png(),
        filename="Згода.png", now=NOW,
    )  # fmt: skip
    on = {"public_id": meeting.public_id, "document": document.public_id, "now": NOW}
    request = signing.ask(visitor=meeting.official, **on)  # type: ignore[arg-type]
    content = manifest_of(request).encode()
    proof = provider().verify(signature("olena", content), content=content, now=NOW)
    proof = replace(proof, evidence={**proof.evidence, "challenge.txt": content})

    compare = document_signatures.is_same_person

    def compare_slowly(*args: Any) -> bool | None:
        """Long enough for the other act to come between what was read and what is written."""
        sleep(0.3)
        return compare(*args)

    monkeypatch.setattr(document_signatures, "is_same_person", compare_slowly)

    def act(who: str) -> str:
        try:
            if who == "citizen":
                signing.sign(visitor=meeting.citizen, proof=proof, **on)  # type: ignore[arg-type]
            else:
                signing.withdraw(visitor=meeting.official, **on)  # type: ignore[arg-type]
        except (errors.SignatureNotAsked, errors.DocumentSigned) as error:
            return error.code
        return who

    outcomes = at_once(act, ["citizen", "official"])

    request.refresh_from_db()
    ends = {
        "signed": ["citizen", "document_signed"],
        "withdrawn": ["signature_not_asked", "official"],
    }
    assert outcomes == ends[request.state]
    assert Evidence.objects.exists() is (request.state == "signed")
    assert JournalRecord.objects.filter(act__contains="sign").count() == 2
