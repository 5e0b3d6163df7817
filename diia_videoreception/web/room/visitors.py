"""Who comes to a room: told by the address and the session that belongs to it.

Staff and citizens may be signed in side by side in one browser, with the cookie of a guest besides;
none becomes another.
"""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from diia_videoreception import errors
from diia_videoreception.models import Application, Document, Look, RoomInvitation, SeatEntry
from diia_videoreception.second_factor import step_instead
from diia_videoreception.selectors.accounts.second_factor import is_unnoticed, lacks_second_factor
from diia_videoreception.selectors.rooms.guests import entry_of_browser, invitation_of_browser
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.journal import record_look
from diia_videoreception.web.decorators import to_sign_in
from diia_videoreception.web.middleware import signed_in_citizen
from diia_videoreception.web.official.staff import staff_sign_in_url
from diia_videoreception.web.sign_in_reasons import SignInReason


class Side(StrEnum):
    """On which side of the reception an address stands."""

    CITIZEN = "citizen"
    STAFF = "staff"
    GUEST = "guest"
    SEAT = "seat"


GUEST_COOKIE = "vr_guest"
"""What a browser got for the link of a guest; it goes to the addresses below that link alone."""
SEAT_COOKIE = "vr_seat"
"""What the browser of a seat of a centre got for its code; it goes to the addresses of that one entry alone."""
_SEAT = "_diia_videoreception_seat"
_GUEST = "_diia_videoreception_guest"


@dataclass(frozen=True, slots=True)
class Coming:
    """Who comes to which reception."""

    visitor: Visitor
    public_id: uuid.UUID


def coming(request: HttpRequest, side: Side, public_id: uuid.UUID) -> Coming | None:
    """Return who asks for what stands at an address; None when nobody is signed in on its side.

    Args:
        public_id: In the address: of the reception, on the guests' side of the invitation, at a seat of the entry.
    """
    if side is Side.GUEST:
        return _guest(request, public_id)
    if side is Side.SEAT:
        return _at_seat(request, public_id)
    visitor = visitor_of(request, side)
    return Coming(visitor, public_id) if visitor else None


def _guest(request: HttpRequest, public_id: uuid.UUID) -> Coming | None:
    """Return the guest of this browser, read once a request."""
    if not hasattr(request, _GUEST):
        token = request.COOKIES.get(GUEST_COOKIE, "")
        found = invitation_of_browser(public_id, token) if token else None
        setattr(request, _GUEST, found)
    invitation: RoomInvitation | None = getattr(request, _GUEST)
    if invitation is None:
        return None
    return Coming(Visitor(guest=invitation), invitation.room.application.public_id)


def _at_seat(request: HttpRequest, public_id: uuid.UUID) -> Coming | None:
    """Return the citizen at the seat where this browser stands, read once a request.

    Nobody where a member of staff is signed in in the same browser.
    """
    if not hasattr(request, _SEAT):
        token = request.COOKIES.get(SEAT_COOKIE, "")
        is_staffs = request.user.is_authenticated
        found = entry_of_browser(public_id, token) if token and not is_staffs else None
        setattr(request, _SEAT, found)
    entry: SeatEntry | None = getattr(request, _SEAT)
    if entry is None:
        return None
    application = entry.application
    return Coming(Visitor(citizen=application.citizen, at_seat=entry), application.public_id)


def require_access(visitor: Visitor) -> None:
    """Tell a guest that it is over for them; of others their own sign-in decides.

    Raises:
        GuestAccessEnded: it was withdrawn, or the citizen objected.
        RoomClosed: the reception has ended.
    """
    if visitor.guest is None or visitor.guest.ended_at is None:
        return
    is_over = visitor.guest.end == RoomInvitation.End.OVER
    raise errors.RoomClosed if is_over else errors.GuestAccessEnded


def visitor_of(request: HttpRequest, side: Side) -> Visitor | None:
    """Return the person of this side's own session; None when nobody is signed in there far enough."""
    if side is Side.CITIZEN:
        actor = signed_in_citizen(request)
        return Visitor(citizen=actor.citizen, level=actor.level) if actor else None
    if not request.user.is_authenticated or not request.user.is_active:
        return None
    if is_unnoticed(request.user) or lacks_second_factor(request.user):
        return None
    return Visitor(user=request.user)


def look_at(
    visitor: Visitor,
    application: Application,
    what: Look.What,
    *,
    object_id: uuid.UUID | None = None,
) -> None:
    """Write down that staff look at a case from the room; nothing of citizens and guests."""
    if visitor.is_staff and visitor.user is not None:
        now = timezone.now()
        record_look(visitor.user, application, what=what, object_id=object_id, now=now)


def look_at_document(visitor: Visitor, document: Document, what: Look.What) -> None:
    """Write down that staff save a document from the room."""
    if document.application is not None:
        look_at(visitor, document.application, what, object_id=document.public_id)


def to_own_sign_in(
    request: HttpRequest, side: Side, *, reason: SignInReason | None = None
) -> HttpResponse:
    """Send the browser to the sign-in of this side, from where it comes back."""
    if side is Side.CITIZEN:
        return to_sign_in(request.get_full_path(), reason=reason)
    if side is Side.STAFF and request.user.is_authenticated and (step := step_instead(request)):
        return step
    return redirect_to_login(request.get_full_path(), login_url=staff_sign_in_url())
