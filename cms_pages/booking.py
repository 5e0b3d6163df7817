"""What the part with the tick and the button shows, and what pressing the button does (A-20 to A-22)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from diia_videoreception.errors import NotFound
from diia_videoreception.models import Citizen, ConsentText, Service
from diia_videoreception.selectors.accounts import consents
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import catalogue
from diia_videoreception.services.accounts import consents as consent_acts
from diia_videoreception.web.browser_state import CONSENT, TickedConsent
from diia_videoreception.web.decorators import to_sign_in
from diia_videoreception.web.middleware import signed_in_citizen
from diia_videoreception.web.redirects import SeeOther
from integrations.common.levels import Level
from integrations.common.local_urls import local_url


class BookingStatus(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    NO_AGENCIES = "no_agencies"


@dataclass(frozen=True, slots=True)
class Booking:
    """The state of C01.

    Attributes:
        terms: The edition in force, as rich text of the CMS.
        edition: Its row; None before the first publication and in previews.
        is_signed_in: Whether the button leads straight to the choice of a time.
        accepted_on: When this citizen agreed to the edition in force.
        paused_until: The date after which to try again; only a coming one is named.
        error: Why the button did not go on.
    """

    status: BookingStatus
    terms: str
    edition: ConsentText | None = None
    is_signed_in: bool = False
    accepted_on: date | None = None
    paused_until: date | None = None
    error: str = ""

    @property
    def is_open(self) -> bool:
        return self.status is BookingStatus.OPEN

    @property
    def edition_day(self) -> date | None:
        return timezone.localdate(self.edition.published_at) if self.edition else None

    def refused(self, error: str) -> Self:
        return replace(self, error=error)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the blocks of a service page stand around the button.

    Attributes:
        before: Blocks above the button.
        after: Blocks below it.
        aside: Contacts, beside the text on wide screens.
        is_beside: Whether the button itself stands beside the text, because nothing precedes it.
    """

    before: list[Any]
    after: list[Any]
    aside: list[Any]
    is_beside: bool


def layout_of(body: Iterable[Any]) -> Layout:
    """Split the content at the block of the button; without one the button comes last."""
    before: list[Any] = []
    after: list[Any] = []
    aside: list[Any] = []
    found = False
    for block in body:
        if block.block_type == "booking_button":
            found = True
        elif block.block_type == "contacts":
            aside.append(block)
        else:
            (after if found else before).append(block)
    return Layout(before, after, aside, is_beside=found and not before)


def stand_in(*, now: datetime) -> SignedIn:
    """Nobody, signed in: whom a preview shows in the header."""
    return SignedIn(Citizen(last_name=_("Name of the citizen")), Level.LOW, "preview", now)


def booking_of(
    request: HttpRequest, *, service: str, language: str, terms: str, now: datetime
) -> Booking:
    """Read the state for whoever asks."""
    edition = consents.texts_in_force().filter(service=service, language=language).first()
    signed_in = signed_in_citizen(request)
    acceptance = (
        consents.terms_of(signed_in.citizen, service=service).consent if signed_in else None
    )
    state = Service.objects.filter(key=service).first()
    status, paused_until = BookingStatus.OPEN, None
    if edition is None or state is None or state.is_paused:
        status = BookingStatus.PAUSED
        paused_until = upcoming(state.paused_until if state else None, now=now)
    elif not catalogue.connected_agencies().exists():
        status = BookingStatus.NO_AGENCIES
    return Booking(
        status=status,
        terms=edition.body if edition else terms,
        edition=edition,
        is_signed_in=signed_in is not None,
        accepted_on=timezone.localdate(acceptance.accepted_at) if acceptance else None,
        paused_until=paused_until,
    )


def upcoming(day: date | None, *, now: datetime) -> date | None:
    """Return the day, unless it has passed: then it tells nobody when to come back."""
    return day if day and day >= timezone.localdate(now) else None


def go_on(request: HttpRequest, booking: Booking, *, now: datetime) -> HttpResponse | Booking:
    """Do what the button says: stores the consent and lead on, without `next` to the choice of a time.

    A guest's consent waits in the browser session until the sign-in.

    Returns:
        Where to go, or the state with the reason why not.
    """
    if booking.edition is None or not booking.is_open:
        return booking
    # Whoever was sent here to agree goes back to what they had chosen.
    onward = local_url(request.GET.get("next")) or reverse("diia_videoreception:choose")
    signed_in = signed_in_citizen(request)
    if signed_in and booking.accepted_on:
        return SeeOther(onward)
    if not request.POST.get("agree"):
        return booking.refused(_("Tick that you agree to the terms of the service."))
    if request.POST.get("edition", str(booking.edition.pk)) != str(booking.edition.pk):
        return booking.refused(_("The terms have just changed. Read them and tick the box again."))
    if signed_in is None:
        CONSENT.save(request, TickedConsent(booking.edition.pk, now.timestamp()))
        return to_sign_in(onward)
    try:
        consent_acts.accept(citizen=signed_in.citizen, text_id=booking.edition.pk, now=now)
    except NotFound:
        return booking.refused(_("The terms have just changed. Read them and tick the box again."))
    return SeeOther(onward)
