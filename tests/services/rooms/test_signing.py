"""A document that the citizen signs with КЕП in the room: asked for, given, refused, and what is kept."""

import hashlib
import io
import zipfile
from base64 import b64encode
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from diia_videoreception import errors
from diia_videoreception.models import Document, Evidence, JournalRecord, SignatureRequest
from diia_videoreception.services.booking.document_signatures import container_of, manifest_of
from diia_videoreception.services.documents.storage import read
from diia_videoreception.services.rooms import documents, ending, signing
from integrations.identity.base import IdentityError, Proof
from integrations.kep.cms import read_signed_data
from integrations.kep.verify import verify
from tests.harness.clock import NOW
from tests.steps.authority import provider, signature, trust_at_signing
from tests.steps.rooms import Meeting, make_meeting, own_room
from tests.steps.samples import png
from tests.steps.signing import install, new_olena

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ENDS = NOW + timedelta(hours=2)


@pytest.fixture
def meeting(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    """With Olena, who has a key; she has been let in."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    install(settings, monkeypatch)
    meeting = make_meeting(citizen=new_olena())
    meeting.meet()
    return meeting


@pytest.fixture
def document(meeting: Meeting) -> Document:
    """Added by the official."""
    return documents.add(
        visitor=meeting.official, public_id=meeting.public_id, window="w1", data=png(),
        filename="Згода.png", now=NOW,
    )  # fmt: skip


def ask(meeting: Meeting, document: Document) -> SignatureRequest:
    return signing.ask(
        visitor=meeting.official,
        public_id=meeting.public_id,
        document=document.public_id,
        now=NOW,
    )


def proof_of(request: SignatureRequest, slug: str = "olena", *, attached: bool = True) -> Proof:
    content = manifest_of(request).encode()
    signed = signature(slug, content, attached=attached)
    return provider().verify(signed, content=content, now=NOW)


def sign(meeting: Meeting, document: Document, proof: Proof | None = None) -> SignatureRequest:
    request = signing.find(
        visitor=meeting.citizen, public_id=meeting.public_id, document=document.public_id, now=NOW
    )
    return signing.sign(
        visitor=meeting.citizen,
        public_id=meeting.public_id,
        document=document.public_id,
        proof=proof or proof_of(request),
        now=NOW,
    )


def act(name: str, meeting: Meeting, document: Document) -> None:
    """«withdraw» of the official, «decline» of the citizen."""
    if name == "withdraw":
        signing.withdraw(
            visitor=meeting.official,
            public_id=meeting.public_id,
            document=document.public_id,
            now=NOW,
        )
    else:
        signing.decline(
            visitor=meeting.citizen,
            public_id=meeting.public_id,
            document=document.public_id,
            window="w1",
            now=NOW,
        )


def journal() -> list[str]:
    acts = JournalRecord.objects.filter(act__contains="sign").order_by("pk")
    return [record.act.removeprefix("reception.") for record in acts]


@pytest.mark.parametrize("attached", [True, False])
def test_signed__both_get_a_container_that_a_verifier_reads(
    meeting: Meeting, document: Document, attached: bool
) -> None:
    request = ask(meeting, document)
    signed = sign(meeting, document, proof_of(request, attached=attached))

    assert (signed.state, signed.signer, signed.level) == ("signed", "Вербицька Олена Ігорівна", "high")  # fmt: skip
    assert signed.answered_at == NOW
    container = container_of(document)
    assert container.name == "Згода.png.asice"
    assert container.data[38:69] == b"application/vnd.etsi.asic-e+zip"
    with zipfile.ZipFile(io.BytesIO(container.data)) as files:
        assert files.namelist() == [
            "mimetype", "document.png", "META-INF/ASiCManifest.xml", "META-INF/signature.p7s",
        ]  # fmt: skip
        assert files.read("document.png") == read(document)
        manifest = files.read("META-INF/ASiCManifest.xml")
        detached = files.read("META-INF/signature.p7s")
    assert read_signed_data(detached).content is None
    assert verify(detached, content=manifest, trust=trust_at_signing(), at=NOW).valid
    named = ElementTree.fromstring(manifest).find("{*}DataObjectReference")
    assert named is not None
    assert named.get("URI") == "document.png"
    digest = hashlib.sha256(read(document)).digest()
    assert named.findtext("{*}DigestValue") == b64encode(digest).decode()
    assert journal() == ["ask_signature", "sign_document"]


def test_asking_twice__asks_once(meeting: Meeting, document: Document) -> None:
    assert ask(meeting, document).public_id == ask(meeting, document).public_id
    assert journal() == ["ask_signature"]


@pytest.mark.parametrize("way", ["withdraw", "decline"])
def test_no_longer_asked__is_not_signed_and_may_be_asked_for_anew(
    meeting: Meeting, document: Document, way: str
) -> None:
    before = proof_of(ask(meeting, document))
    act(way, meeting, document)
    act(way, meeting, document)
    with pytest.raises(errors.SignatureNotAsked):
        sign(meeting, document, before)

    ask(meeting, document)
    with pytest.raises(IdentityError, match="content_mismatch"):
        sign(meeting, document, before)
    assert sign(meeting, document).state == "signed"
    assert len(journal()) == 4


def test_signed__is_for_good(meeting: Meeting, document: Document) -> None:
    ask(meeting, document)
    sign(meeting, document)
    for again in (
        lambda: ask(meeting, document),
        lambda: act("withdraw", meeting, document),
        lambda: act("decline", meeting, document),
        lambda: sign(meeting, document),
    ):
        with pytest.raises(errors.DocumentSigned):
            again()
    assert Evidence.objects.count() == 1


def test_another_person__does_not_sign(meeting: Meeting, document: Document) -> None:
    request = ask(meeting, document)
    with pytest.raises(IdentityError, match="identity_mismatch"):
        sign(meeting, document, proof_of(request, "taras"))
    assert not Evidence.objects.exists()


def test_strangers__neither_ask_nor_sign(meeting: Meeting, document: Document) -> None:
    ask(meeting, document)
    other = make_meeting()
    other.meet()
    for visitor, public_id in (
        (other.official, meeting.public_id),
        (meeting.citizen, meeting.public_id),
        (other.official, other.public_id),
    ):
        with pytest.raises(errors.NotFound):
            signing.ask(visitor=visitor, public_id=public_id, document=document.public_id, now=NOW)
    for visitor in (other.citizen, meeting.official):
        with pytest.raises(errors.NotFound):
            signing.find(
                visitor=visitor,
                public_id=meeting.public_id,
                document=document.public_id,
                now=NOW,
            )


@pytest.mark.parametrize("kept", [True, False])
def test_the_end__ends_requests_and_keeps_signatures_where_the_agency_says_so(
    meeting: Meeting, document: Document, kept: bool
) -> None:
    agency = meeting.application.official.agency
    agency.keep_room_messages = kept
    agency.save()
    filed = Document.objects.create(
        application=meeting.application, name="довідка.pdf", media_type="application/pdf",
        size=1, sha256="0" * 64, path="documents/00/00", created_at=NOW,
    )  # fmt: skip
    ask(meeting, document)
    sign(meeting, document)
    ask(meeting, filed)
    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)

    assert Evidence.objects.exists() is kept
    states = [one.state for one in SignatureRequest.objects.order_by("pk")]
    assert states == (["signed", "expired"] if kept else [])
    with pytest.raises(errors.RoomClosed):
        signing.find(
            visitor=meeting.citizen, public_id=meeting.public_id, document=filed.public_id, now=NOW
        )


def test_after_the_time__nothing_is_signed(meeting: Meeting, document: Document) -> None:
    request = ask(meeting, document)
    with pytest.raises(errors.RoomClosed):
        signing.sign(
            visitor=meeting.citizen,
            public_id=meeting.public_id,
            document=document.public_id,
            proof=proof_of(request),
            now=ENDS,
        )


def test_who_was_sent_out__does_not_sign(meeting: Meeting, document: Document) -> None:
    ask(meeting, document)
    meeting.room.participants.filter(role="citizen").update(state="removed")
    with pytest.raises(errors.RoomClosed):
        sign(meeting, document)
