"""Guests of a room: by which link they come, and who is invited."""

import uuid

from django.utils.crypto import constant_time_compare

from diia_videoreception.models import Application, RoomInvitation, SeatEntry
from diia_videoreception.personal_data import lookup_hash


def secret_hash(secret: str) -> str:
    """Return what is kept of the secret of a link."""
    return lookup_hash("room_link", secret)


def browser_token(invitation: RoomInvitation, key: str) -> str:
    """Return what a browser gets for a link: for the same key of its own the same, however often it asks."""
    return lookup_hash("room_token", f"{invitation.public_id} {key}")


def browser_hash(token: str) -> str:
    """Return what is kept of the cookie that a browser got for a link."""
    return lookup_hash("room_browser", token)


def invitation_of_browser(public_id: uuid.UUID, token: str) -> RoomInvitation | None:
    """Return the invitation that this browser has accepted, whatever has become of it since."""
    every = RoomInvitation.objects.select_related("room__application")
    found = every.filter(public_id=public_id).first()
    mine = browser_hash(token)
    # Asked in any case, so that the time tells nobody which links there are.
    is_own = constant_time_compare(mine, found.browser_hash if found else "")
    return found if is_own else None


def seat_code_hash(code: str) -> str:
    """Return what is kept of the code that opens a room at a seat of a centre."""
    return lookup_hash("seat_code", code)


def seat_browser_hash(token: str) -> str:
    """Return what is kept of the cookie that the browser of a seat got for a code."""
    return lookup_hash("seat_browser", token)


def entry_of_browser(public_id: uuid.UUID, token: str) -> SeatEntry | None:
    """Return the way into a room that the browser of a seat has; None where it was ended."""
    live = SeatEntry.objects.select_related("application__citizen")
    found = live.filter(public_id=public_id, ended_at__isnull=True).first()
    mine = seat_browser_hash(token)
    # Asked in any case, so that the time tells nobody which there are.
    is_own = constant_time_compare(mine, found.browser_hash if found else "")
    return found if is_own else None


def opens(invitation: RoomInvitation | None, secret: str) -> bool:
    """Return whether this is the secret of this link; as long for none as for any."""
    given = secret_hash(secret)
    return constant_time_compare(given, invitation.secret_hash if invitation else "")


def open_invitation(public_id: str) -> RoomInvitation | None:
    """Return an invitation that is neither withdrawn nor objected to, and whose reception is not over."""
    return RoomInvitation.objects.filter(public_id=public_id, ended_at__isnull=True).first()


def invitations_to(application: Application) -> list[RoomInvitation]:
    """Return who is or was invited to the reception, oldest first.

    Whoever may enter the room as its citizen or as staff may see this; guests see who is in it.
    """
    return list(RoomInvitation.objects.filter(room__application=application))
