"""Addresses of the room: once for the citizen, once for the agency, once for each guest, once for each seat of a centre."""

from django.urls import URLPattern, path

from diia_videoreception.web.room import guests, seats, signing, views
from diia_videoreception.web.room.visitors import Side


def _room(prefix: str, side: Side, name: str) -> list[URLPattern]:
    base = f"{prefix}room/<uuid:public_id>/"
    options = {"side": side}
    acts = {
        "enter": views.enter,
        "poll": views.poll,
        "signals": views.signals,
        "messages": views.messages,
        "documents": views.documents,
        "leave": views.leave,
    }
    if side is Side.STAFF:
        acts |= {
            "admit": views.admit,
            "refuse": views.refuse,
            "note": views.note,
            "end": views.end,
            "invite": guests.invite,
            "withdraw": guests.withdraw,
            "switch": views.switch,
            "ask": signing.ask,
            "recall": signing.recall,
        }
    if side is Side.CITIZEN:
        acts |= {"object": guests.object_to, "decline": signing.decline}
    if side is Side.SEAT:
        acts |= {"object": guests.object_to}
    sees_documents = side not in {Side.GUEST, Side.SEAT}
    if not sees_documents:
        del acts["documents"]
    pages = {Side.GUEST: guests.room, Side.SEAT: seats.room}
    page = pages.get(side, views.room)
    document = f"{base}documents/<uuid:document_id>/"
    saved = [
        path(document, views.document, options, name=f"{name}_document"),
        path(f"{document}signed/", signing.container, options, name=f"{name}_container"),
    ]
    if side is Side.CITIZEN:
        saved.append(path(f"{document}sign/", signing.sign, options, name=f"{name}_sign"))
    return [
        path(base, page, options, name=name),
        *(saved if sees_documents else []),
        *(path(f"{base}{act}/", view, options, name=f"{name}_{act}") for act, view in acts.items()),
    ]


urlpatterns = [
    *_room("", Side.CITIZEN, "room"),
    *_room("official/", Side.STAFF, "room_official"),
    *_room("guest/", Side.GUEST, "room_guest"),
    *_room("seat/", Side.SEAT, "room_seat"),
    path("seat/", seats.start, name="seat_start"),
    path("seat/begin/", seats.begin, name="seat_begin"),
    path("guest/room/<uuid:public_id>/accept/", guests.accept, name="room_guest_accept"),
]
