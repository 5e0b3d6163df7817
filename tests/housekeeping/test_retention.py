"""Documents of closed applications go when the agency's time of keeping is over, and not sooner."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from diia_videoreception import checks
from diia_videoreception.models import (
    Application,
    CaseNote,
    Document,
    Evidence,
    JournalRecord,
    Participant,
    Representation,
    Room,
    RoomMessage,
    SignatureRequest,
)
from diia_videoreception.services.booking import notes, retention
from diia_videoreception.services.booking.representing import name_represented
from diia_videoreception.services.documents.storage import private_storage
from tests.factories import NOW, ApplicationFactory, OfficialFactory
from tests.steps.moderation import moderator_of
from tests.steps.representing import MOTHER
from tests.steps.signing import put_signature

pytestmark = pytest.mark.django_db
DAYS = 30
CLOSED = ["declined", "cancelled", "lapsed", "completed", "citizen_absent", "agency_absent"]


def application(state: str, *, ago: timedelta, days: int | None = DAYS) -> Application:
    official = OfficialFactory()
    official.agency.document_days = days
    official.agency.save()
    made = ApplicationFactory(
        official=official,
        state=state,
        start=NOW - ago - timedelta(minutes=30),
        end=NOW - ago,
        decided_at=None if state == "submitted" else NOW - ago - timedelta(days=2),
        reason="Ні" if state == "declined" else "",
    )
    path = private_storage().save(f"documents/0b/{uuid.uuid4().hex}", ContentFile(b"x"))
    Document.objects.create(
        application=made, name="a", media_type="x", size=7, sha256="a", path=path, created_at=NOW
    )
    return made


def test_who_was_spoken_for__goes_with_the_documents() -> None:
    due = application("completed", ago=timedelta(days=DAYS, seconds=1))
    early = application("completed", ago=timedelta(days=DAYS))
    for one in (due, early):
        one.documents.all().delete()
        name_represented(one, MOTHER)

    retention.delete_due(now=NOW)

    assert [one.application for one in Representation.objects.all()] == [early]
    record = JournalRecord.objects.get(act="application.documents_deleted")
    assert record.details == {"documents": 0, "represented": 1}


@pytest.mark.parametrize("state", CLOSED)
def test_documents__go_when_their_time_is_over(
    state: str, django_capture_on_commit_callbacks: object
) -> None:
    due = application(state, ago=timedelta(days=DAYS, seconds=1))
    early = application(state, ago=timedelta(days=DAYS))
    path = due.documents.get().path

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert retention.delete_due(now=NOW) == 1

    assert not due.documents.exists()
    assert not private_storage().exists(path)
    assert private_storage().exists(early.documents.get().path)
    record = JournalRecord.objects.get(act="application.documents_deleted")
    assert (record.subject_id, record.details) == (str(due.public_id), {"documents": 1})
    assert retention.delete_due(now=NOW) == 0


def test_messages_of_the_room__go_with_the_documents() -> None:
    due = application("completed", ago=timedelta(days=DAYS, seconds=1))
    due.documents.all().delete()
    room = Room.objects.create(application=due, conference="default", created_at=NOW)
    sender = Participant.objects.create(
        room=room, role="citizen", citizen=due.citizen, name="Ірина", state="left",
        window="w", last_seen_at=NOW,
    )  # fmt: skip
    RoomMessage.objects.create(
        room=room, sequence=1, sender=sender, key="1", text="так", created_at=NOW
    )

    retention.delete_due(now=NOW)

    assert not RoomMessage.objects.exists()
    record = JournalRecord.objects.get(act="application.documents_deleted")
    assert record.details == {"documents": 0, "messages": 1}


def test_internal_notes__go_with_the_documents() -> None:
    due = application("completed", ago=timedelta(days=DAYS, seconds=1))
    early = application("completed", ago=timedelta(days=DAYS))
    due.documents.all().delete()
    for one in (due, early):
        moderator = moderator_of(one.official.agency, name=f"m{one.pk}")
        notes.add_note(
            moderator=moderator, public_id=one.public_id, text="Так.", key=uuid.uuid4(), now=NOW
        )

    retention.delete_due(now=NOW)

    assert CaseNote.objects.get().application == early
    record = JournalRecord.objects.get(act="application.documents_deleted")
    assert record.details == {"documents": 0, "notes": 1}


@pytest.mark.parametrize("state", ["submitted", "confirmed"])
def test_documents_of_open_applications__stay(state: str) -> None:
    application(state, ago=timedelta(days=999))
    assert retention.delete_due(now=NOW) == 0


def test_an_agency_without_a_time_of_keeping__keeps_all() -> None:
    application("cancelled", ago=timedelta(days=9999), days=None)
    assert retention.delete_due(now=NOW) == 0


def test_an_agency_without_a_time_of_keeping__is_told() -> None:
    silent = application("cancelled", ago=timedelta(days=1), days=None).official.agency
    agency = application("cancelled", ago=timedelta(days=1)).official.agency
    messages = [message.msg for message in checks.check_agencies(databases=["default"])]
    assert any(f"agency {silent.pk} " in message for message in messages)
    assert not any(f"agency {agency.pk} " in message for message in messages)


def test_the_report__deletes_nothing(frozen: object) -> None:
    due = application("cancelled", ago=timedelta(days=DAYS + 1))
    output = StringIO()
    call_command("document_retention", stdout=output)
    assert (
        f"Agency {due.official.agency.pk}: kept 30 days; due: 1 documents of 1 applications, 7 bytes."
        in output.getvalue()
    )
    assert due.documents.exists()
    call_command("document_retention", delete=True, stdout=output)
    assert "Deleted: 1 documents." in output.getvalue()


def test_signatures_on_documents__go_with_them_and_with_what_proves_them() -> None:
    due = application("completed", ago=timedelta(days=DAYS, seconds=1))
    early = application("completed", ago=timedelta(days=DAYS))
    for one in (due, early):
        put_signature(one.documents.get())

    retention.delete_due(now=NOW)

    assert SignatureRequest.objects.get().document.application == early
    assert Evidence.objects.get().citizen == early.citizen
