"""Staff ask the citizen, in the room, to sign a document with КЕП; both see what has become of it."""

import uuid
from datetime import datetime

from diia_videoreception import errors
from diia_videoreception.models import JournalAct, Room, SignatureRequest
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules import rooms as rules
from diia_videoreception.selectors.rooms.contents import document_in, signatures_asked_in
from diia_videoreception.selectors.rooms.seats import Seats, Visitor
from diia_videoreception.services import journal
from diia_videoreception.services.booking import document_signatures
from diia_videoreception.services.rooms.admitting import staff_room
from diia_videoreception.services.rooms.places import locked_seats, own_seats, require_admitted
from diia_videoreception.services.transactions import act
from integrations.identity.base import Proof

State = SignatureRequest.State


@act
def ask(
    *, visitor: Visitor, public_id: uuid.UUID, document: uuid.UUID, now: datetime
) -> SignatureRequest:
    """Ask the citizen to sign a document of the room; asking twice changes nothing.

    Raises:
        NotFound, RoomClosed: as `staff_room`; there is no such document, or nobody could check a signature.
        DocumentSigned: it is signed.
    """
    room = staff_room(visitor, public_id, now=now)
    found = document_in(room, document)
    if found is None or signature_provider() is None:
        raise errors.NotFound
    known: SignatureRequest | None = getattr(found, "signature_request", None)
    request = known or SignatureRequest(document=found)
    if request.state == State.SIGNED:
        raise errors.DocumentSigned
    if request.pk is not None and request.state == State.ASKED:
        return request
    request.public_id, request.state = uuid.uuid4(), State.ASKED
    request.asked_at, request.answered_at = now, None
    request.asked_by_id = visitor.user.pk if visitor.user else None
    request.save()
    _record(JournalAct.ASK_SIGNATURE, room, request, now=now, staff_id=request.asked_by_id)
    return request


@act
def withdraw(*, visitor: Visitor, public_id: uuid.UUID, document: uuid.UUID, now: datetime) -> None:
    """Ask no more for the signature on a document; withdrawing twice changes nothing.

    Raises:
        NotFound, RoomClosed: as `staff_room`; nobody has asked for it.
        DocumentSigned: it is signed.
    """
    room = staff_room(visitor, public_id, now=now)
    request = _request(room, document)
    if request.state == State.SIGNED:
        raise errors.DocumentSigned
    if request.state == State.ASKED:
        _answer(request, State.WITHDRAWN, now=now)
        staff_id = visitor.user.pk if visitor.user else None
        _record(JournalAct.WITHDRAW_SIGNATURE_REQUEST, room, request, now=now, staff_id=staff_id)


@act
def decline(
    *, visitor: Visitor, public_id: uuid.UUID, document: uuid.UUID, window: str, now: datetime
) -> None:
    """Say, as the citizen, that a document will not be signed; declining twice changes nothing.

    Raises:
        NotFound, WindowSuperseded, RoomClosed, NotAdmitted: as `require_admitted`; it is not the citizen.
        DocumentSigned: it is signed.
    """
    seats = locked_seats(_citizen(visitor), public_id)
    require_admitted(seats, window, now=now)
    request = _request(seats.room, document)
    if request.state == State.SIGNED:
        raise errors.DocumentSigned
    if request.state == State.ASKED:
        _answer(request, State.DECLINED, now=now)
        journal.record(
            JournalAct.DECLINE_SIGNATURE,
            subject=seats.application,
            citizen=visitor.citizen,
            now=now,
            details=_details(request),
        )


def find(
    *, visitor: Visitor, public_id: uuid.UUID, document: uuid.UUID, now: datetime
) -> SignatureRequest:
    """Give the citizen in the room what they are asked to sign, or have signed there.

    Raises:
        NotFound: there is no such document, or it is not the citizen who asks.
        RoomClosed: they are not in the room.
        SignatureNotAsked: nobody asks for it any more.
    """
    seats = own_seats(_citizen(visitor), public_id)
    _require_inside(seats, now=now)
    return _asked(seats.room, document)


@act
def sign(
    *, visitor: Visitor, public_id: uuid.UUID, document: uuid.UUID, proof: Proof, now: datetime
) -> SignatureRequest:
    """Keep the verified signature of the citizen on a document.

    Args:
        proof: Of a signature over its manifest, verified by its provider.

    Raises:
        NotFound, RoomClosed, SignatureNotAsked: as `find`.
        DocumentSigned: it is signed.
        IdentityError: as `document_signatures.keep`.
    """
    seats = locked_seats(_citizen(visitor), public_id)
    _require_inside(seats, now=now)
    request = _asked(seats.room, document)
    if request.state == State.SIGNED:
        raise errors.DocumentSigned
    citizen = seats.application.citizen
    document_signatures.keep(request, citizen=citizen, proof=proof, now=now)
    journal.record(
        JournalAct.SIGN_DOCUMENT,
        subject=seats.application,
        citizen=citizen,
        now=now,
        details={**_details(request), "method": proof.identity.method, "level": request.level},
    )
    return request


def expire(room: Room, *, at: datetime) -> None:
    """Let no request outlive the reception, inside the act that ends the room."""
    signatures_asked_in(room).filter(state=State.ASKED).update(state=State.EXPIRED, answered_at=at)


def _citizen(visitor: Visitor) -> Visitor:
    if visitor.citizen is None:
        raise errors.NotFound
    return visitor


def _require_inside(seats: Seats, *, now: datetime) -> None:
    """Require that the person is in the room, by whichever window: signing is on a page of its own."""
    if seats.phase(seats.own.window, now=now) is not rules.Phase.ADMITTED:
        raise errors.RoomClosed


def _request(room: Room, document: uuid.UUID) -> SignatureRequest:
    asked = signatures_asked_in(room).select_related("document__application")
    found = asked.filter(document__public_id=document).first()
    if found is None:
        raise errors.NotFound
    return found


def _asked(room: Room, document: uuid.UUID) -> SignatureRequest:
    request = _request(room, document)
    if request.state not in {State.ASKED, State.SIGNED}:
        raise errors.SignatureNotAsked
    return request


def _answer(request: SignatureRequest, state: State, *, now: datetime) -> None:
    request.state, request.answered_at = state, now
    request.save()


def _details(request: SignatureRequest) -> dict[str, object]:
    return {"document": str(request.document.public_id)}


def _record(
    done: JournalAct, room: Room, request: SignatureRequest, *, now: datetime, staff_id: int | None
) -> None:
    journal.record(
        done, subject=room.application, staff_id=staff_id, now=now, details=_details(request)
    )
