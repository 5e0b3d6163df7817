"""Addresses of the room: once for the citizen, once for the agency, once for each guest."""

from django.urls import URLPattern, path

from diia_videoreception.web.room import guests, signing, views
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
    if side is Side.GUEST:
        del acts["documents"]
    page = guests.room if side is Side.GUEST else views.room
    document = f"{base}documents/<uuid:document_id>/"
    saved = [
        path(document, views.document, options, name=f"{name}_document"),
        path(f"{document}signed/", signing.container, options, name=f"{name}_container"),
    ]
    if side is Side.CITIZEN:
        saved.append(path(f"{document}sign/", signing.sign, options, name=f"{name}_sign"))
    return [
        path(base, page, options, name=name),
        *([] if side is Side.GUEST else saved),
        *(path(f"{base}{act}/", view, options, name=f"{name}_{act}") for act, view in acts.items()),
    ]


urlpatterns = [
    *_room("", Side.CITIZEN, "room"),
    *_room("official/", Side.STAFF, "room_official"),
    *_room("guest/", Side.GUEST, "room_guest"),
    path("guest/room/<uuid:public_id>/accept/", guests.accept, name="room_guest_accept"),
]
