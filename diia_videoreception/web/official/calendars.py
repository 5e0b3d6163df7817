"""The addresses by which calendars of staff read receptions: as an official, as a moderator."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.errors import Forbidden
from diia_videoreception.models import CalendarFeed
from diia_videoreception.selectors.access import agencies_moderated_by, officials_of
from diia_videoreception.selectors.booking.calendar_feeds import audiences_of, feeds_of_user
from diia_videoreception.services.accounts.calendar_feeds import end_staff_feed, make_staff_feed
from diia_videoreception.web.browser_state import FEED_SECRET
from diia_videoreception.web.feed_address import keep_secret, shown_address
from diia_videoreception.web.official.staff import signed_in_staff, staff_page, staff_required
from diia_videoreception.web.redirects import SeeOther

Audience = CalendarFeed.Audience
_HEADINGS = {
    Audience.OFFICIAL: _("Receptions with you"),
    Audience.MODERATOR: _("Receptions of your agencies"),
}
_STAFF = tuple(_HEADINGS)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def calendars(request: HttpRequest) -> HttpResponse:
    """Show the addresses of a member of staff; the POST makes or ends one."""
    user, now = signed_in_staff(request), timezone.now()
    if request.method == "POST":
        _act(request)
        return SeeOther(reverse("diia_videoreception:staff_calendars"))
    may_have = audiences_of(user)
    feeds = {feed.audience: feed for feed in feeds_of_user(user, now=now)}
    is_official = officials_of(user).exists()
    if not (is_official or agencies_moderated_by(user).exists() or feeds):
        raise Forbidden
    return staff_page(
        request,
        "calendars.html",
        heading=_("Calendar"),
        calendars=[
            (audience.value, _HEADINGS[audience], shown_address(request, feeds.get(audience)))
            for audience in _STAFF
            if audience in may_have or audience in feeds
        ],
        is_not_allowed=is_official and Audience.OFFICIAL not in may_have,
    )


def _act(request: HttpRequest) -> None:
    user, now = signed_in_staff(request), timezone.now()
    sent = request.POST.get("audience", "")
    audience = next((one for one in _STAFF if one.value == sent), None)
    if audience is None:
        raise Forbidden
    if request.POST.get("act") == "end":
        end_staff_feed(user=user, audience=audience, now=now)
        FEED_SECRET.drop(request)
    elif request.POST.get("act") == "make":
        secret = make_staff_feed(user=user, audience=audience, now=now)
        for made in feeds_of_user(user, now=now):
            if made.audience == audience:
                keep_secret(request, made, secret)
