"""Places, hours and decisions of a centre, kept by its head; and the journal of the centre."""

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception.models import CentreDecision, CentreMember, CentreWorkplace
from diia_videoreception.rules.centres import CentreFunction, written_day
from diia_videoreception.selectors.centres.journal import names_of_actors, records_of_centre
from diia_videoreception.selectors.centres.workplaces import (
    hours_of,
    live_decisions,
    workplace_in,
    workplaces_of,
)
from diia_videoreception.services.centres import decisions as decision_service
from diia_videoreception.services.centres import workplaces as service
from diia_videoreception.web import notices
from diia_videoreception.web.centre.acting import ACT, sent, shown, summary_of
from diia_videoreception.web.centre.forms import DecisionForm, HoursForm, PlaceForm, RenameForm
from diia_videoreception.web.centre.guard import centre_page, head_required
from diia_videoreception.web.centre.kiosks import act_on_pairing, pairing_of
from diia_videoreception.web.centre.people import url_of, who_acts
from diia_videoreception.web.redirects import SeeOther

ON_PAGE = 50


@require_safe
@head_required
def workplaces(request: HttpRequest, head: CentreMember) -> HttpResponse:
    """List the places of the centre."""
    return centre_page(
        request,
        head,
        "workplaces.html",
        here="workplaces",
        heading=_("Workplaces"),
        places=list(workplaces_of(head)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@head_required
def add_workplace(request: HttpRequest, head: CentreMember) -> HttpResponse:
    """Add a place and its computer."""
    here = url_of(head, "add_workplace")
    if request.method == "POST":

        def act(form: PlaceForm) -> None:
            service.make_workplace(
                head.centre.public_id,
                kind=CentreWorkplace.Kind(form.cleaned_data["kind"]),
                label=form.cleaned_data["label"],
                **who_acts(request),
            )

        form = PlaceForm(request.POST)
        there = url_of(head, "workplaces")
        return sent(request, form, act, here=here, there=there, notice="centre_place_added")
    form = shown(request, PlaceForm())
    return centre_page(
        request,
        head,
        "add_workplace.html",
        here="workplaces",
        heading=_("Add a place"),
        form=form,
        error_summary=summary_of(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@head_required
def workplace(request: HttpRequest, head: CentreMember, place: uuid.UUID) -> HttpResponse:
    """Show one place; the POST renames, pauses, resumes or removes it, or sets the hours of a seat."""
    found = workplace_in(head, place)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _act(request, head, found)
    rename = shown(request, RenameForm(initial={"label": found.label}))
    hours = shown(request, HoursForm(initial=_week(head, found)))
    return centre_page(
        request,
        head,
        "workplace.html",
        here="workplaces",
        heading=found.label,
        place=found,
        form=rename,
        hours_form=hours if found.kind == CentreWorkplace.Kind.VIDEO_SEAT else None,
        error_summary=summary_of(rename, hours),
        **pairing_of(request, head, found),
    )


def _act(request: HttpRequest, head: CentreMember, place: CentreWorkplace) -> HttpResponse:
    about, here = (
        (head.centre.public_id, place.public_id),
        url_of(head, "workplace", place.public_id),
    )
    match request.POST.get(ACT):
        case "rename":
            return sent(
                request,
                RenameForm(request.POST),
                lambda form: service.rename(
                    *about, label=form.cleaned_data["label"], **who_acts(request)
                ),
                here=here,
                notice="centre_saved",
            )
        case "hours" if place.kind == CentreWorkplace.Kind.VIDEO_SEAT:
            return _set_hours(request, head, place, here=here)
        case "sign_language" | "no_sign_language" as told if (
            place.kind == CentreWorkplace.Kind.VIDEO_SEAT
        ):
            service.set_sign_language(
                *about, has_sign_language=told == "sign_language", **who_acts(request)
            )
        case "pause":
            service.pause(*about, **who_acts(request))
        case "resume":
            service.resume(*about, **who_acts(request))
        case "pair" | "unpair" if place.kind == CentreWorkplace.Kind.SELF_SERVICE:
            act_on_pairing(request, head, place)
            return SeeOther(here)
        case "remove":
            service.revoke(*about, **who_acts(request))
            notices.add(request, "centre_place_removed")
            return SeeOther(url_of(head, "workplaces"))
        case _:
            raise Http404
    notices.add(request, "centre_saved")
    return SeeOther(here)


@require_http_methods(["GET", "HEAD", "POST"])
@head_required
def hours(request: HttpRequest, head: CentreMember) -> HttpResponse:
    """Show and set the hours of the centre itself."""
    if request.method == "POST":
        return _set_hours(request, head, None, here=url_of(head, "hours"))
    form = shown(request, HoursForm(initial=_week(head, None)))
    return centre_page(
        request,
        head,
        "hours.html",
        here="hours",
        heading=_("Hours"),
        form=form,
        error_summary=summary_of(form),
    )


def _set_hours(
    request: HttpRequest, head: CentreMember, place: CentreWorkplace | None, *, here: str
) -> HttpResponse:
    return sent(
        request,
        HoursForm(request.POST),
        lambda form: service.set_hours(
            head.centre.public_id,
            place.public_id if place is not None else None,
            periods=form.periods,
            **who_acts(request),
        ),
        here=here,
        notice="centre_saved",
    )


def _week(head: CentreMember, place: CentreWorkplace | None) -> dict[str, str]:
    periods = [row.period for row in hours_of(head, place)]
    return {f"day_{weekday}": written_day(periods, weekday) for weekday in range(7)}


@require_http_methods(["GET", "HEAD", "POST"])
@head_required
def decisions(request: HttpRequest, head: CentreMember) -> HttpResponse:
    """Show by which decisions the functions of the centre are on; the POST switches one on or off."""
    here = url_of(head, "decisions")
    live = live_decisions(head)
    if request.method == "POST":
        return _decide(request, head, here=here)
    cards = []
    for function, label in CentreDecision.FUNCTIONS:
        form = DecisionForm(auto_id=f"{function}_%s", initial={"function": function})
        cards.append((function, label, live.get(function), shown(request, form)))
    return centre_page(
        request,
        head,
        "decisions.html",
        here="decisions",
        heading=_("Decisions of the founding body"),
        cards=cards,
        error_summary=summary_of(*(form for *_others, form in cards)),
    )


def _decide(request: HttpRequest, head: CentreMember, *, here: str) -> HttpResponse:
    function = next(
        (one for one in CentreFunction if one.value == request.POST.get("function")), None
    )
    if function is None:
        raise Http404
    if request.POST.get(ACT) == "end":
        decision_service.end_decision(head.centre.public_id, function, **who_acts(request))
        notices.add(request, "centre_switched_off")
        return SeeOther(here)
    return sent(
        request,
        DecisionForm(request.POST),
        lambda form: decision_service.record_decision(
            head.centre.public_id,
            function,
            number=form.cleaned_data["number"],
            issued_on=form.cleaned_data["issued_on"],
            **who_acts(request),
        ),
        here=here,
        notice="centre_switched_on",
    )


@require_safe
@head_required
def journal(request: HttpRequest, head: CentreMember) -> HttpResponse:
    """Show what was done in the centre, newest first."""
    found = Paginator(records_of_centre(head), ON_PAGE).get_page(request.GET.get("page"))
    names = names_of_actors(found)
    return centre_page(
        request,
        head,
        "journal.html",
        here="journal",
        heading=_("Journal"),
        page=found,
        records=[(record, names.get(record.actor_id, "")) for record in found],
    )
