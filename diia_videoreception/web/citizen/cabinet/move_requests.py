"""Asking for another time of a confirmed reception (C12): a page to choose and write, two POSTs that act."""

import uuid
from datetime import datetime

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diia_videoreception.errors import ActRefused, Incomplete, LimitReached
from diia_videoreception.models import Application
from diia_videoreception.rules.move_requests import MAX_TIMES
from diia_videoreception.rules.proposals import MAX_REASON
from diia_videoreception.selectors.booking.availability import SlotState
from diia_videoreception.selectors.booking.move_requests import may_ask_until
from diia_videoreception.services.booking import move_requests
from diia_videoreception.web import notices
from diia_videoreception.web.citizen.cabinet.case import own_application
from diia_videoreception.web.citizen.choosing.forms import ChoiceForm
from diia_videoreception.web.citizen.choosing.timetable import timetable
from diia_videoreception.web.citizen.shown import shown_start
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.forms import MomentField
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.moments import moment_value
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, refused_of, show_again
from diia_videoreception.web.throttling import throttled


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@throttled("draft")
def ask(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the free times of the official; a POST sends the wish, what is refused is handed back."""
    application = own_application(request, public_id)
    if request.method == "POST":
        return _send(request, application)
    if may_ask_until(application, now=timezone.now()) is None:
        return SeeOther(reverse("diia_videoreception:case", args=[public_id]))
    return _page(request, application)


@require_POST
@citizen_required
@throttled("draft")
def withdraw(request: CitizenRequest, public_id: uuid.UUID, request_id: uuid.UUID) -> HttpResponse:
    """Take the wish back; the confirmed time stands."""
    own_application(request, public_id)
    here = reverse("diia_videoreception:case", args=[public_id])
    try:
        move_requests.withdraw(
            actor=request.citizen, public_id=public_id, request_id=request_id, now=timezone.now()
        )
    except ActRefused as refusal:
        return show_again(request, here, Refused({"main": [str(refusal)]}))
    notices.add(request, "move_withdrawn")
    return SeeOther(here)


def _send(request: CitizenRequest, application: Application) -> HttpResponse:
    here = reverse("diia_videoreception:case_move", args=[application.public_id])
    week = ChoiceForm(request.POST).week_of
    again = f"{here}?week={week.isoformat()}" if week else here
    chosen, reason = request.POST.getlist("time")[: 2 * MAX_TIMES], request.POST.get("reason", "")
    typed = {"time": [one[:40] for one in chosen], "reason": [reason[: 2 * MAX_REASON]]}
    try:
        move_requests.request_move(
            actor=request.citizen,
            public_id=application.public_id,
            starts=_moments(chosen),
            reason=reason,
            shown=shown_start(request),
            now=timezone.now(),
        )
    except Incomplete as refusal:
        fields = {name: [str(text)] for name, text in refusal.fields.items()}
        return show_again(request, again, Refused(fields, typed))
    except ActRefused as refusal:
        # Where there is nothing to choose any more, the page of the application says how it stands.
        seen = own_application(request, application.public_id)
        goes_on = may_ask_until(seen, now=timezone.now()) is not None
        case_url = reverse("diia_videoreception:case", args=[application.public_id])
        told = Refused({"times" if goes_on else "main": [str(refusal)]}, typed)
        return show_again(request, again if goes_on else case_url, told)
    notices.add(request, "move_requested")
    return SeeOther(reverse("diia_videoreception:case", args=[application.public_id]))


def _moments(values: list[str]) -> list[datetime]:
    """Read the chosen times.

    Raises:
        Incomplete: one of them is none.
    """
    field = MomentField()
    try:
        return [field.clean(value) for value in values]
    except forms.ValidationError as error:
        raise Incomplete(fields={"times": _("This time is not in the schedule.")}) from error


def _page(request: CitizenRequest, application: Application) -> HttpResponse:
    now = timezone.now()
    refused = refused_of(request)
    official = application.official
    zone = official.agency.time_zone
    times = timetable(
        official,
        citizen=application.citizen,
        hold=None,
        week=ChoiceForm(request.GET).week_of,
        moment=None,
        now=now,
    )
    return render_page(
        request,
        "citizen/case_move.html",
        heading=_("Ask for another time"),
        application=application,
        official=official,
        agency=official.agency,
        zone=zone,
        times=times,
        days=[
            (
                day.date,
                [
                    (slot, moment_value(slot.start))
                    for slot in day.slots
                    if slot.state is SlotState.FREE
                ],
            )
            for day in times.days
            if day.free
        ],
        chosen=refused.values.get("time", ()) if refused else (),
        reason=(refused.values.get("reason") or [""])[0] if refused else "",
        refused=refused.errors if refused else {},
        error_summary=refused.summary if refused else [],
        until=may_ask_until(application, now=now),
        obstacle=_obstacle(application, now=now),
        max_times=MAX_TIMES,
        max_reason=MAX_REASON,
    )


def _obstacle(application: Application, *, now: datetime) -> str:
    """Return why nobody can ask now, so that nothing is filled in for nothing; empty where one can."""
    try:
        move_requests.require_within_limits(application, now=now)
    except LimitReached as refusal:
        return str(refusal)
    return ""
