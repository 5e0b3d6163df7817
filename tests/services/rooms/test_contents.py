"""What people write and add in a room, and what becomes of it."""

from datetime import timedelta

import pytest

from diia_videoreception import errors
from diia_videoreception.models import Document, RoomMessage, Signal
from diia_videoreception.selectors.booking.applications import document_of
from diia_videoreception.services.documents.storage import private_storage
from diia_videoreception.services.rooms import conversation, documents, ending, presence
from tests.harness.clock import NOW
from tests.steps.rooms import Meeting
from tests.steps.samples import png

pytestmark = pytest.mark.any_database


def add(meeting: Meeting, visitor: object, name: str = "рішення.png") -> Document:
    return documents.add(
        visitor=visitor,  # type: ignore[arg-type]
        public_id=meeting.public_id,
        window="w1",
        data=png(),
        filename=name,
        now=NOW,
    )


def say(meeting: Meeting, visitor: object, text: str = "так", key: str = "1") -> RoomMessage:
    return conversation.say(
        visitor=visitor,  # type: ignore[arg-type]
        public_id=meeting.public_id,
        window="w1",
        text=text,
        key=key,
        now=NOW,
    )


def keep(meeting: Meeting) -> None:
    agency = meeting.application.official.agency
    agency.keep_room_messages = True
    agency.save()


def end(meeting: Meeting) -> None:
    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kept", [False, True])
def test_end__keeps_messages_and_files_only_where_the_agency_says_so(
    meeting: Meeting, kept: bool
) -> None:
    if kept:
        keep(meeting)
    _, official = meeting.meet()
    say(meeting, meeting.citizen)
    added = add(meeting, meeting.official)
    Signal.objects.create(
        room=meeting.room, sequence=99, sender=official, recipient=official, session=1,
        kind="candidate", payload={},
    )  # fmt: skip
    end(meeting)

    assert RoomMessage.objects.exists() is kept
    assert Document.objects.filter(pk=added.pk).exists() is kept
    assert private_storage().exists(added.path) is kept
    assert not Signal.objects.exists()


def test_end__leaves_the_documents_of_the_application(meeting: Meeting) -> None:
    filed = Document.objects.create(
        application=meeting.application, name="довідка.pdf", media_type="application/pdf",
        size=1, sha256="0" * 64, path="documents/00/00", created_at=NOW,
    )  # fmt: skip
    meeting.meet()
    end(meeting)

    assert document_of(meeting.application.citizen, filed.public_id) == filed


def test_message__sent_twice_stands_once(meeting: Meeting) -> None:
    meeting.meet()

    assert say(meeting, meeting.citizen) == say(meeting, meeting.citizen)
    assert RoomMessage.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n ", "\u202e"])
def test_message__without_a_text_is_none(meeting: Meeting, text: str) -> None:
    meeting.meet()
    with pytest.raises(errors.Malformed):
        say(meeting, meeting.citizen, text)


def test_message__has_a_length_and_a_room_has_an_end(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting.meet()
    with pytest.raises(errors.MessageTooLong, match="4000"):
        say(meeting, meeting.citizen, "х" * 4001)
    monkeypatch.setattr(conversation, "MAX_MESSAGES", 1)
    say(meeting, meeting.citizen)
    with pytest.raises(errors.MessageLimit):
        say(meeting, meeting.citizen, key="2")


def test_message__of_who_waits_reaches_the_official(meeting: Meeting) -> None:
    meeting.enter(meeting.citizen)
    meeting.enter(meeting.official)
    said = say(meeting, meeting.citizen)

    news = presence.poll(
        visitor=meeting.official,
        public_id=meeting.public_id,
        report=presence.Report(window="w1"),
        now=NOW,
    )
    assert news.messages == [said]


def test_document__is_examined_and_seen_by_both(meeting: Meeting) -> None:
    citizen, _ = meeting.meet()
    added = add(meeting, meeting.citizen)

    assert (added.application, added.added_by) == (meeting.application, citizen)
    given = documents.find(
        visitor=meeting.official,
        public_id=meeting.public_id,
        document_id=added.public_id,
        now=NOW,
    )
    assert given == added
    assert (given.name, given.media_type) == ("рішення.png", "image/png")
    assert private_storage().exists(given.path)


def test_document__that_is_none_of_the_allowed_is_refused(meeting: Meeting) -> None:
    meeting.meet()
    with pytest.raises(errors.ActRefused) as refused:
        documents.add(
            visitor=meeting.official, public_id=meeting.public_id, window="w1",
            data=b"MZ" + b"\0" * 100, filename="програма.exe", now=NOW,
        )  # fmt: skip

    assert refused.value.code.startswith("file_")
    assert not Document.objects.exists()


def test_document__each_person_may_add_so_many(meeting: Meeting, settings: object) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"MAX_FILES": 1}  # type: ignore[attr-defined]
    meeting.meet()
    add(meeting, meeting.citizen)
    add(meeting, meeting.official)
    for visitor in (meeting.citizen, meeting.official):
        with pytest.raises(errors.TooManyFiles):
            add(meeting, visitor)


def test_document__of_who_waits_is_refused_and_none_is_shown(meeting: Meeting) -> None:
    meeting.enter(meeting.citizen)
    meeting.enter(meeting.official)
    added = add(meeting, meeting.official)

    with pytest.raises(errors.NotAdmitted):
        add(meeting, meeting.citizen)
    with pytest.raises(errors.NotFound):
        documents.find(
            visitor=meeting.citizen, public_id=meeting.public_id,
            document_id=added.public_id, now=NOW,
        )  # fmt: skip


def test_documents_of_the_room__are_not_those_that_were_filed(meeting: Meeting) -> None:
    """What was signed and what the receipt lists stays as it was."""
    meeting.meet()
    add(meeting, meeting.citizen)

    assert not meeting.application.filed_documents.exists()


def test_housekeeping__tidies_a_room_that_nobody_ended(meeting: Meeting) -> None:
    meeting.meet()
    say(meeting, meeting.citizen)
    open_still = meeting.application.end + timedelta(minutes=59)
    closed = meeting.application.end + timedelta(minutes=60)

    assert ending.tidy_closed(now=open_still) == 0
    assert ending.tidy_closed(now=closed) == 1
    assert ending.tidy_closed(now=closed) == 0
    assert not RoomMessage.objects.exists()
