"""Addresses of the room: once for the citizen, once for the agency."""

from django.urls import URLPattern, path

from diia_videoreception.web.room import views
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
        }
    return [
        path(base, views.room, options, name=name),
        path(
            f"{base}documents/<uuid:document_id>/",
            views.document,
            options,
            name=f"{name}_document",
        ),
        *(path(f"{base}{act}/", view, options, name=f"{name}_{act}") for act, view in acts.items()),
    ]


urlpatterns = [
    *_room("", Side.CITIZEN, "room"),
    *_room("official/", Side.STAFF, "room_official"),
]
