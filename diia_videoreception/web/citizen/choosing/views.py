"""Choosing an official and a time, and holding it (A-23 to A-36)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception import errors
from diia_videoreception.models import SpentProof
from diia_videoreception.providers import captcha as captcha_provider
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.booking.running_acts import is_acting
from diia_videoreception.services.booking import holds
from diia_videoreception.web.citizen.choosing.choice import BookingChoice, read_choice
from diia_videoreception.web.citizen.choosing.forms import ReserveForm
from diia_videoreception.web.citizen.choosing.page import choosing_page
from diia_videoreception.web.citizen.shown import shown_hold
from diia_videoreception.web.decorators import citizen_required, counted_as, screen, to_sign_in
from diia_videoreception.web.forms import read_uuid
from diia_videoreception.web.middleware import CitizenRequest, signed_in_citizen
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, refused_of, show_again
from diia_videoreception.web.throttling import enforce_rate_limit, throttled

LOOK = "look"
"""The button of a phone that only asks to see what is chosen."""

_PLACES = {
    "captcha_failed": "captcha",
    "agency_not_connected": "agency",
    "official_unavailable": "officials",
    "not_found": "officials",
    "level_too_low": "booking",
    "consent_required": "booking",
    "service_paused": "booking",
}
"""Where on the page a refusal belongs, by its code; the others belong to the times."""


def _scope(request: HttpRequest) -> str:
    """Return the times of an official cost more to show than the rest of the page."""
    return "times" if request.GET.get("official") else "page"


@counted_as(_scope)
def choose(request: HttpRequest) -> HttpResponse:
    """Step 1; for guests too."""
    if request.method == "POST":
        return SeeOther(request.get_full_path())
    refused = refused_of(request)
    choice = read_choice(request.GET.dict())
    summary = refused.summary if refused else []
    return choosing_page(request, choice, error_summary=summary)


@screen
def reserve(request: HttpRequest) -> HttpResponse:
    """Hold the chosen time; a refusal leads back to the page with the choice kept."""
    if request.method != "POST":
        return SeeOther(reverse("diia_videoreception:choose"))
    choice = read_choice(request.POST.dict())
    if LOOK in request.POST:
        return _look(request, choice)
    actor = signed_in_citizen(request)
    if actor is None:
        return to_sign_in(choice.url())
    form = ReserveForm(request.POST)
    if not form.is_valid():
        places = {"official": "officials", "time": "times", "altcha": "captcha"}
        problems = [
            (places.get(name, "times"), str(texts[0])) for name, texts in form.errors.items()
        ]
        return show_again(
            request, choice.url(), Refused({place: [text] for place, text in problems})
        )
    try:
        enforce_rate_limit(request, "reserve")
        shown = shown_hold(request)
        holds.reserve(
            actor=actor,
            official_id=form.cleaned_data["official"],
            start=form.cleaned_data["time"],
            captcha=form.cleaned_data["altcha"],
            now=timezone.now(),
            # What the page did not show as held is not given up for another time.
            may_move=shown is not None,
            shown=shown,
            seat_id=form.cleaned_data["seat"],
        )
    except errors.ActInProgress:
        return SeeOther(choice.holding_url)
    except errors.ActRefused as error:
        place = _PLACES.get(error.code, "times")
        return show_again(request, choice.url(), Refused({place: [str(error)]}))
    return SeeOther(reverse("diia_videoreception:application"))


@citizen_required
def holding(request: CitizenRequest) -> HttpResponse:
    """Show where a second click leads while the first one takes the time: on to what becomes of it."""
    citizen, choice, now = request.citizen.citizen, read_choice(request.GET.dict()), timezone.now()
    # Asked first: an act that ends between the two looks has left its hold by then.
    is_running = is_acting(citizen, SpentProof.Act.RESERVE, now=now)
    if live_hold(citizen, now=now) is not None:
        return SeeOther(reverse("diia_videoreception:application"))
    if not is_running:
        return SeeOther(choice.url())
    return render_page(
        request, "citizen/one_moment.html", heading=_("We are reserving the time…"), step=1
    )


def _look(request: HttpRequest, choice: BookingChoice) -> HttpResponse:
    """Lead to the address of what is chosen, so that the way back works."""
    if choice.moment is not None:
        return SeeOther(choice.url())
    missing = Refused({"times": [gettext("Choose a time for the reception")]})
    return show_again(request, choice.url(), missing)


@citizen_required
@throttled("reserve")
def release(request: CitizenRequest) -> HttpResponse:
    """Give the held time back and show the page again."""
    choice = read_choice(request.POST.dict())
    if request.method == "POST":
        try:
            holds.release(
                actor=request.citizen,
                token=read_uuid(request.POST.get("token", "")),
                now=timezone.now(),
                shown=shown_hold(request),
            )
        except errors.HoldMoved as moved:
            return show_again(request, choice.url(), Refused({"times": [str(moved)]}))
    return SeeOther(choice.url())


@screen
def captcha(request: HttpRequest) -> HttpResponse:
    """Show a new challenge for the proof of work, as the widget fetches it."""
    enforce_rate_limit(request, "captcha")
    return JsonResponse(captcha_provider().challenge())
