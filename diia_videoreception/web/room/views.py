"""The page of the room, and what its script asks (C16)."""

import json
import uuid
from http import HTTPStatus
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.downloads import document_response
from diia_videoreception.models import Application, Look, RoomInvitation
from diia_videoreception.models.rooms import MAX_GUEST_NAME, MAX_MESSAGE
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules.rooms import clean_media, clean_quality
from diia_videoreception.rules.signals import MAX_SIGNAL_BYTES, SignalKind
from diia_videoreception.selectors.booking.conferences import (
    conferences_within_reach,
    other_conference,
)
from diia_videoreception.selectors.rooms.guests import invitations_to
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.rooms import (
    admitting,
    conversation,
    ending,
    entering,
    presence,
    signalling,
    switching,
)
from diia_videoreception.services.rooms import documents as room_documents
from diia_videoreception.web.csp import allow
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.room import answers
from diia_videoreception.web.room.endpoints import POLL, Call, endpoint
from diia_videoreception.web.room.visitors import (
    Side,
    look_at,
    look_at_document,
    to_own_sign_in,
    visitor_of,
)
from diia_videoreception.web.sign_in_reasons import SignInReason
from integrations.conference.base import ConferenceProvider

DEVICES = (
    "camera",
    "microphone",
    "display-capture",
    "autoplay",
    "speaker-selection",
    "picture-in-picture",
    "fullscreen",
    "screen-wake-lock",
)
"""What the page itself asks the browser for; other pages of ours get none of it by this header."""


@screen
@require_safe
@ensure_csrf_cookie
def room(request: HttpRequest, side: Side, public_id: uuid.UUID) -> HttpResponse:
    """Show the page on which the reception is held; only looking at it takes no seat."""
    visitor = visitor_of(request, side)
    if visitor is None:
        return to_own_sign_in(request, side)
    if visitor.is_staff:
        # Whichever citizen is signed in in the same browser has no part in the page.
        request.citizen = None  # type: ignore[attr-defined]
    try:
        return room_page(request, visitor, public_id)
    except errors.LevelTooLow:
        return to_own_sign_in(request, side, reason=SignInReason.LEVEL)


def room_page(request: HttpRequest, visitor: Visitor, public_id: uuid.UUID) -> HttpResponse:
    """Show the room to somebody who may come in, with what it may use of the browser.

    Raises:
        LevelTooLow, NotFound, ConferenceUnavailable: as `entering.look`.
    """
    door = entering.look(visitor=visitor, public_id=public_id, now=timezone.now())
    # Policies of a page cannot change while it is open, and the page stays when the conference is switched.
    conferences = conferences_within_reach(door.application)
    for provider in conferences:
        for directive, sources in provider.page_sources.items():
            allow(request, directive, *sources)
    response = render_page(
        request,
        "room/page.html",
        heading=_("Video reception"),
        **_page(request, visitor, door),
    )
    response.headers["Permissions-Policy"] = _permissions(conferences)
    return response


def _permissions(conferences: list[ConferenceProvider]) -> str:
    """Return what the page, and besides it the pages of these conferences, may use of the browser."""
    allowed = {name: ["self"] for name in DEVICES}
    for provider in conferences:
        for name, origins in provider.page_permissions.items():
            known = allowed.setdefault(name, ["self"])
            known += [f'"{origin}"' for origin in origins if f'"{origin}"' not in known]
    return ", ".join(f"{name}=({' '.join(who)})" for name, who in allowed.items())


def _page(request: HttpRequest, visitor: Visitor, door: entering.Door) -> dict[str, Any]:
    """Return what the page says before its script asks anything."""
    application, times = door.application, door.times
    look_at(visitor, application, Look.What.ROOM)
    official, agency = application.official, application.official.agency
    shown: dict[str, Any] = {
        "agency": agency,
        "role": visitor.role_in(application),
        "is_staff": visitor.is_staff,
        "official_name": official.full_name,
        "official_post": official.post,
        "room_url": request.path,
        "opens_at": times.opens_at,
        "starts_at": times.starts_at,
        "ends_at": times.ends_at,
        "closes_at": times.closes_at,
        "phase": door.phase or "",
        "keeps_messages": agency.keep_room_messages,
        "max_file_bytes": app_settings.upload_limits.bytes,
        "max_message": MAX_MESSAGE,
        "sees_documents": visitor.sees_documents,
        "signs": visitor.sees_documents and signature_provider() is not None,
    }
    if visitor.guest is not None:
        return shown  # Nothing of the case.
    if visitor.at_seat is not None:
        # Of the case as much as who walks past may see.
        return shown | {
            "citizen_name": application.citizen.full_name,
            "guests": _guests(application),
        }
    if visitor.is_staff:
        shown["conference"] = application.reception.conference
        shown["other_conference"] = other_conference(application)
    page = "official_reception" if visitor.is_staff else "case"
    return shown | {
        "application": application,
        "citizen_name": application.citizen.full_name,
        "topic": application.topic,
        "back_url": reverse(f"diia_videoreception:{page}", args=[application.public_id]),
        "guests": _guests(application),
        "guest_roles": RoomInvitation.Role.choices,
        "max_guest_name": MAX_GUEST_NAME,
    }


def _guests(application: Application) -> str:
    return json.dumps(
        [answers.guest(one) for one in invitations_to(application)], ensure_ascii=False
    )


@endpoint("room_enter")
def enter(call: Call) -> dict[str, Any]:
    """Take the seat; while the room is not open it says so."""
    entered = entering.enter(
        visitor=call.visitor,
        public_id=call.public_id,
        window=call.window,
        earlier=call.text("earlier") if call.data.get("earlier") else "",
        now=timezone.now(),
    )
    return answers.entered(entered, now=timezone.now())


@endpoint(POLL)
def poll(call: Call) -> HttpResponse:
    """Return what is new; nothing where the page says by `If-None-Match` that it knows all this.

    That answer is 204: 304 is for GET alone, and a poll says that the person is there.
    """
    media = call.data.get("media")
    news = presence.poll(
        visitor=call.visitor,
        public_id=call.public_id,
        report=presence.Report(
            window=call.window,
            after=call.number("after", default=0),
            messages_after=call.number("messages_after", default=0),
            guests_after=call.number("guests_after", default=0),
            media=None if media is None else clean_media(media),
            quality=clean_quality(call.data.get("quality")),
        ),
        now=timezone.now(),
    )
    base = call.request.path.removesuffix("poll/")
    told = answers.news(news, base=base, now=timezone.now())
    tag = answers.tag_of(told)
    if call.request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"ETag": tag})
    return JsonResponse(told, headers={"ETag": tag})


@endpoint("room_signal", limit=lambda: MAX_SIGNAL_BYTES)
def signals(call: Call) -> dict[str, Any]:
    """Pass a signal on; one that would name an address goes nowhere."""
    try:
        kind = SignalKind(call.text("kind"))
    except ValueError:
        raise errors.Malformed from None
    payload = call.data.get("payload")
    try:
        is_too_large = answers.size_of(payload) > MAX_SIGNAL_BYTES
    except RecursionError as error:
        raise errors.Malformed from error
    if is_too_large:
        raise errors.RequestTooLarge
    sequence = signalling.signal(
        visitor=call.visitor,
        public_id=call.public_id,
        window=call.window,
        to=call.uuid("to"),
        session=call.number("session"),
        kind=kind,
        payload=payload,
        now=timezone.now(),
    )
    return {"sequence": sequence}


@endpoint("room_message")
def messages(call: Call) -> dict[str, Any]:
    """Add a message."""
    said = conversation.say(
        visitor=call.visitor,
        public_id=call.public_id,
        window=call.window,
        text=call.text("text", most=10 * MAX_MESSAGE),
        key=call.text("key"),
        now=timezone.now(),
    )
    return {"sequence": said.sequence}


@endpoint("upload", limit=lambda: app_settings.upload_limits.bytes)
def documents(call: Call) -> HttpResponse:
    """Add one file; of one that is too large no more is read than shows it."""
    files = call.request.FILES.getlist("file")
    if len(files) != 1:
        raise errors.Malformed
    added = room_documents.add(
        visitor=call.visitor,
        public_id=call.public_id,
        window=call.window,
        data=files[0].read(app_settings.upload_limits.bytes + 1),
        filename=files[0].name or "",
        now=timezone.now(),
    )
    base = call.request.path.removesuffix("documents/")
    return JsonResponse({"document": answers.document(added, base=base)}, status=HTTPStatus.CREATED)


@screen
@require_safe
def document(
    request: HttpRequest, side: Side, public_id: uuid.UUID, document_id: uuid.UUID
) -> HttpResponse | FileResponse:
    """Show a document of the room, for saving; never shown in place."""
    visitor = visitor_of(request, side)
    if visitor is None:
        return to_own_sign_in(request, side)
    found = room_documents.find(
        visitor=visitor, public_id=public_id, document_id=document_id, now=timezone.now()
    )
    look_at_document(visitor, found, Look.What.DOCUMENT)
    return document_response(found)


@endpoint("room_act")
def admit(call: Call) -> dict[str, Any]:
    """Let somebody in."""
    admitting.admit(
        visitor=call.visitor,
        public_id=call.public_id,
        participant=call.uuid("participant"),
        now=timezone.now(),
    )
    return {}


@endpoint("room_act")
def refuse(call: Call) -> dict[str, Any]:
    """Keep somebody out, or send them out."""
    admitting.refuse(
        visitor=call.visitor,
        public_id=call.public_id,
        participant=call.uuid("participant"),
        now=timezone.now(),
    )
    return {}


@endpoint("room_act")
def note(call: Call) -> dict[str, Any]:
    """Tell those who wait something."""
    text = call.data.get("text", "")
    if not isinstance(text, str):
        raise errors.Malformed
    said = admitting.note(
        visitor=call.visitor, public_id=call.public_id, text=text, now=timezone.now()
    )
    return {"note": said}


@endpoint("room_act")
def switch(call: Call) -> dict[str, Any]:
    """Go on in the other conference; the pages of all come after by themselves."""
    present = switching.switch(
        visitor=call.visitor,
        public_id=call.public_id,
        away_from=call.text("from"),
        now=timezone.now(),
    )
    return {"conference": present}


@endpoint("room_act")
def end(call: Call) -> dict[str, Any]:
    """End the reception in the room."""
    ending.end(visitor=call.visitor, public_id=call.public_id, now=timezone.now())
    return {}


@endpoint("room_act")
def leave(call: Call) -> dict[str, Any]:
    """Give up the seat."""
    entering.leave(
        visitor=call.visitor, public_id=call.public_id, window=call.window, now=timezone.now()
    )
    return {}
