"""Choosing a seat of a centre: to come there and speak with the official from there."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diia_videoreception.selectors.booking.centre_seats import found_seats
from diia_videoreception.web.citizen.choosing.choice import read_choice
from diia_videoreception.web.citizen.choosing.forms import ChoiceForm
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.kiosk.browser import place_of
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther

MOST = 20


@require_safe
@screen
def choose_seat(request: HttpRequest) -> HttpResponse:
    """List the seats of centres, or those near a place that somebody names; for guests too.

    Who stands at a self-service place of a centre sees those of this centre first.
    """
    choice = read_choice(request.GET.dict())
    if choice.official is None:
        return SeeOther(choice.url())
    near, place = ChoiceForm(request.GET).near_what, place_of(request)
    here = place.centre_id if place is not None and not near else None
    found = list(found_seats(near, centre_id=here)[: MOST + 1])
    return render_page(
        request,
        "citizen/choose_seat.html",
        heading=_("Come to a centre and speak from there"),
        step=1,
        choice=choice,
        near=near,
        is_cut=len(found) > MOST,
        seats=[
            (seat, f"{choice.url(seat=seat.public_id, time=None)}#times") for seat in found[:MOST]
        ],
        back_url=choice.url(),
        without_url=f"{choice.url(seat=None, time=None)}#times",
    )
