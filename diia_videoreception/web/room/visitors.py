"""Who comes to a room: told by the address and the session that belongs to it.

Staff and citizens may be signed in side by side in one browser; neither becomes the other.
"""

from enum import StrEnum

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.web.decorators import to_sign_in
from diia_videoreception.web.middleware import signed_in_citizen
from diia_videoreception.web.sign_in_reasons import SignInReason


class Side(StrEnum):
    """On which side of the reception an address stands."""

    CITIZEN = "citizen"
    STAFF = "staff"


def visitor_of(request: HttpRequest, side: Side) -> Visitor | None:
    """Return the person of this side's own session; None when nobody is signed in there."""
    if side is Side.CITIZEN:
        actor = signed_in_citizen(request)
        return Visitor(citizen=actor.citizen, level=actor.level) if actor else None
    if not request.user.is_authenticated or not request.user.is_active:
        return None
    return Visitor(user=request.user)


def to_own_sign_in(
    request: HttpRequest, side: Side, *, reason: SignInReason | None = None
) -> HttpResponse:
    """Send the browser to the sign-in of this side, from where it comes back."""
    if side is Side.CITIZEN:
        return to_sign_in(request.get_full_path(), reason=reason)
    url = getattr(settings, "WAGTAILADMIN_LOGIN_URL", "") or reverse("wagtailadmin_login")
    return redirect_to_login(request.get_full_path(), login_url=url)
