"""What the script of the room is told, as JSON."""

import hashlib
import json
from datetime import datetime
from typing import Any

from diia_videoreception.models import (
    Document,
    Participant,
    RoomInvitation,
    RoomMessage,
    Signal,
    SignatureRequest,
)
from diia_videoreception.rules import rooms as rules
from diia_videoreception.rules.rooms import RoomTimes
from diia_videoreception.services.rooms.entering import Entered
from diia_videoreception.services.rooms.presence import News
from integrations.conference.base import Joining


def times(shown: RoomTimes, *, now: datetime) -> dict[str, str]:
    """Return the moments of the room, with the server's own: a browser's clock may be an hour off."""
    return {
        "now": now.isoformat(),
        "opens_at": shown.opens_at.isoformat(),
        "starts_at": shown.starts_at.isoformat(),
        "ends_at": shown.ends_at.isoformat(),
        "closes_at": shown.closes_at.isoformat(),
    }


def entered(answer: Entered, *, now: datetime) -> dict[str, Any]:
    own = answer.participant
    return {
        "participant": str(own.public_id) if own else None,
        "session": own.session if own else None,
        "role": own.role if own else None,
        "phase": answer.phase,
        "engine": answer.engine,
        "conference": answer.conference,
        **_joining(answer.joining),
        **times(answer.times, now=now),
        "poll_ms": rules.POLL_MS_CONNECTING
        if answer.phase is rules.Phase.ADMITTED
        else rules.POLL_MS_WAITING,
    }


def _joining(joining: Joining | None) -> dict[str, Any]:
    servers = joining.ice_servers if joining else ()
    return {
        "ice_servers": [
            {
                "urls": list(server.urls),
                "username": server.username,
                "credential": server.credential,
            }
            for server in servers
        ],
        "ice_transport_policy": "all" if joining and not joining.relay_only else "relay",
        "server": dict(joining.server) if joining else {},
    }


def news(answer: News, *, base: str, now: datetime) -> dict[str, Any]:
    """Return what is new.

    Args:
        base: Address of the page, under which the documents lie.
    """
    seats = answer.seats
    own, agency = seats.own.invitation, seats.application.official.agency
    given = None if answer.invitations is None else [guest(one) for one in answer.invitations]
    return {
        "now": now.isoformat(),
        "phase": answer.phase,
        "note": seats.room.note,
        "conference": seats.room.conference,
        "participants": [
            participant(seat, badge=answer.badges.get(seat.pk, ""), now=now)
            for seat in answer.people
        ],
        "guests": given,
        "link_tried": bool(own and own.tried_at),
        "signals": [_signal(one) for one in answer.signals],
        "messages": [_message(one) for one in answer.messages],
        "documents": [document(one, base=base) for one in answer.documents],
        "after": answer.after,
        "messages_after": answer.messages_after,
        "guests_after": answer.guests_after,
        "poll_ms": answer.poll_ms,
        "ends_at": seats.application.end.isoformat(),
        "keeps_messages": agency.keep_room_messages,
    }


def tag_of(told: dict[str, Any]) -> str:
    """Return the same for what tells the same but for the moment, as an entity tag."""
    lasting = {name: value for name, value in told.items() if name != "now"}
    text = json.dumps(lasting, sort_keys=True, default=str)
    return f'"{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"'


def participant(seat: Participant, *, badge: str = "", now: datetime) -> dict[str, Any]:
    """Return a person in the room; `badge` is how they are recognised at the conference's server."""
    return {
        "id": str(seat.public_id),
        "session": seat.session,
        "role": seat.role,
        "role_label": seat.role_label,
        "guest": str(seat.invitation.public_id) if seat.invitation else None,
        "name": seat.name,
        "state": seat.state,
        "is_here": rules.is_here(rules.Seat(seat.state), seat.last_seen_at, now=now),
        "media": seat.media,
        "badge": badge,
    }


def guest(invitation: RoomInvitation) -> dict[str, Any]:
    """Return somebody invited, whether they have come or not."""
    return {
        "id": str(invitation.public_id),
        "role_label": invitation.get_role_display(),
        "name": invitation.name,
        "tried": invitation.tried_at is not None,
        "end": invitation.end,
    }


def _signal(signal: Signal) -> dict[str, Any]:
    return {
        "sequence": signal.sequence,
        "from": str(signal.sender.public_id),
        "session": signal.session,
        "kind": signal.kind,
        "payload": signal.payload,
    }


def _message(message: RoomMessage) -> dict[str, Any]:
    return {
        "sequence": message.sequence,
        "from": str(message.sender.public_id),
        "text": message.text,
        "at": message.created_at.isoformat(),
    }


def document(added: Document, *, base: str) -> dict[str, Any]:
    """Return a document; `from` is None for what was filed with the application."""
    return {
        "id": str(added.public_id),
        "name": added.name,
        "size": added.size,
        "from": str(added.added_by.public_id) if added.added_by else None,
        "at": added.created_at.isoformat(),
        "url": f"{base}documents/{added.public_id}/",
        "signature": _signature(added),
    }


def _signature(document: Document) -> dict[str, Any] | None:
    """Return whether a document is to be signed or is; None where nobody has asked for it."""
    request: SignatureRequest | None = getattr(document, "signature_request", None)
    if request is None:
        return None
    at = request.answered_at or request.asked_at
    return {"state": request.state, "signer": request.signer, "at": at.isoformat()}


def size_of(payload: object) -> int:
    """Return how many bytes a signal has, as JSON."""
    return len(json.dumps(payload, ensure_ascii=False).encode())
