"""The visits of a member of a centre: those that are open, one at its stage, handing them over, what is printed."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import NoRightToAct
from diia_videoreception.models import CentreMember, CentreVisit, VisitCall
from diia_videoreception.models.visits import PHASES
from diia_videoreception.rules.visits import (
    BY_CONSENT,
    MAX_OPEN,
    EidAnswer,
    VisitMode,
    VisitPhase,
    path_of,
    previous_phase,
)
from diia_videoreception.selectors.assistance.mandates import mandate_of
from diia_videoreception.selectors.assistance.offered import disowned_numbers
from diia_videoreception.selectors.assistance.typed import applied_in
from diia_videoreception.selectors.assistance.typed_papers import paper_of, waiting_papers
from diia_videoreception.selectors.assistance.visits import (
    colleagues_of,
    holders_of_visits,
    open_self_service_places,
    open_visits_of,
    phrases_of,
    visit_of,
)
from diia_videoreception.selectors.centres.rights import own_obstacles
from diia_videoreception.services.assistance import handing_over, typed_papers
from diia_videoreception.services.assistance import visits as service
from diia_videoreception.services.assistance.holding import ShownVisit
from diia_videoreception.web.centre.acting import ACT, sent, shown, summary_of
from diia_videoreception.web.centre.guard import centre_page, member_required
from diia_videoreception.web.centre.people import url_of, who_acts
from diia_videoreception.web.centre.visit_forms import (
    CallForm,
    EndForm,
    GreetingForm,
    NeedForm,
    StopForm,
    TakerForm,
    WayForm,
)
from diia_videoreception.web.centre.words import heading_of, said_back
from diia_videoreception.web.forms import MAX_KEY, ScreenForm, read_uuid
from diia_videoreception.web.official.staff import signed_in_staff
from diia_videoreception.web.refused import refused_of
from diia_videoreception.web.slips import LEARNING_URL

COLOURS = "abcdefgh"
SIGNATURES_URL = "https://czo.gov.ua/ca-registry"
"""The register of those who give qualified signatures (B-32)."""


@dataclass(frozen=True, slots=True)
class VisitCard:
    """A visit with how long it has lasted, and the colour of its letter."""

    visit: CentreVisit
    minutes: int
    colour: str


def card_of(visit: CentreVisit, *, now: datetime) -> VisitCard:
    minutes = int(((visit.ended_at or now) - visit.started_at).total_seconds() // 60)
    colour = COLOURS[visit.letter] if visit.letter is not None else ""
    return VisitCard(visit, minutes, colour)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def visits(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """Show the open visits of a member, and what is to be entered; the POST begins a visit, also for that."""
    here = url_of(member, "visits")
    if request.method == "POST":
        begun: list[CentreVisit] = []
        paper = request.POST.get("paper")

        def act(form: ScreenForm) -> None:
            centre_id, who = member.centre.public_id, who_acts(request)
            begun.append(
                typed_papers.resume(centre_id, read_uuid(paper), **who)
                if paper
                else service.begin(centre_id, **who)
            )

        answer = sent(request, ScreenForm(request.POST), act, here=here, notice="")
        if begun:
            there = "typed_paper" if paper else "visit"
            answer["Location"] = url_of(member, there, begun[0].public_id)
        return answer
    now = timezone.now()
    papers = [(paper, paper.is_overdue(now)) for paper in waiting_papers(member)]
    cards = [card_of(visit, now=now) for visit in open_visits_of(member)]
    return centre_page(
        request,
        member,
        "visits.html",
        here="visits",
        heading=_("Visits"),
        cards=cards,
        may_begin=len(cards) < MAX_OPEN and member.centre.is_active and not member.is_blocked,
        places=list(open_self_service_places(member)),
        papers=papers,
        disowned=disowned_numbers(member, now=now),
        overdue=sum(is_late for _paper, is_late in papers),
        error_summary=summary_of(shown(request, ScreenForm())),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def visit(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Show a visit at its stage; the POST notes something in it, moves or ends it."""
    found = visit_of(member, visit)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _act(request, member, found)
    now = timezone.now()
    if not found.is_open:
        return centre_page(
            request,
            member,
            "visit_ended.html",
            here="visits",
            heading=_("The visit has ended"),
            card=card_of(found, now=now),
        )
    phase, mandate = VisitPhase(found.phase), mandate_of(found)
    form = shown(request, _form_of(found, may_act=_may_act(request, member)))
    call, stop = shown(request, CallForm()), shown(request, StopForm())
    refused = refused_of(request)
    path = path_of(found.way)
    labels: dict[str, str | Promise] = dict(PHASES)
    back = previous_phase(phase, found.way)
    return centre_page(
        request,
        member,
        "visit.html",
        here="visits",
        heading=heading_of(found),
        card=card_of(found, now=now),
        visit=found,
        steps=[(labels[one], one == phase, path.index(one) < path.index(phase)) for one in path],
        step=path.index(phase) + 1,
        back=labels[back] if back is not None else "",
        stage=f"diia_videoreception/centre/visit_{phase.value}.html",
        form=form,
        call_form=call,
        stop_form=stop,
        calls=list(found.calls.all()),
        phrases=phrases_of(phase),
        said_back=said_back(found),
        mandate=mandate,
        paper=paper_of(found, mandate) if mandate and phase == VisitPhase.WORK else None,
        may_act=found.way in BY_CONSENT and phase == VisitPhase.WORK and _may_act(request, member),
        applied=list(applied_in(found)) if phase == VisitPhase.CLOSE else [],
        has_eid=found.eid == EidAnswer.YES,
        places=list(open_self_service_places(member)) if phase == VisitPhase.DECISION else [],
        learning_url=LEARNING_URL,
        signatures_url=SIGNATURES_URL,
        service_url=app_settings.service_url,
        # A form of another stage is not there any more: what was wrong with it is told all the same.
        error_summary=summary_of(form, call, stop)
        or [("main", text) for _place, text in (refused.summary if refused else [])],
    )


def _form_of(found: CentreVisit, data: Any = None, *, may_act: bool = False) -> ScreenForm:
    """Return the form of the stage at which a visit is; one without fields where nothing is noted."""
    match found.phase:
        case VisitPhase.GREETING:
            return GreetingForm(data, initial={"need": found.need, "language": found.language})
        case VisitPhase.NEED:
            names = ("purpose", "agency_name", "reason", "eid")
            return NeedForm(data, initial={name: getattr(found, name) for name in names})
        case VisitPhase.DECISION:
            places = list(open_self_service_places(found.member))
            return WayForm(data, places=places, may_act=may_act)
        case VisitPhase.CLOSE:
            return EndForm(data)
    return ScreenForm(data)


def _may_act(request: HttpRequest, member: CentreMember) -> bool:
    """Return whether nothing keeps who asks from acting on behalf of people now."""
    return not own_obstacles(signed_in_staff(request), member, now=timezone.now())


def _act(request: HttpRequest, member: CentreMember, found: CentreVisit) -> HttpResponse:
    """Do what a button of the page says, with the version of the visit that the page has shown."""
    about = shown_visit(request, member, found)
    here, panel = url_of(member, "visit", found.public_id), url_of(member, "visits")
    who = who_acts(request)
    do = partial(sent, request, here=here, notice="")
    plain = ScreenForm(request.POST)
    match request.POST.get(ACT):
        case "greeting":
            return do(GreetingForm(request.POST), partial(_greet, about, who))
        case "need":
            return do(
                NeedForm(request.POST), lambda form: service.note_need(about, form.need(), **who)
            )
        case "confirm":
            return do(plain, lambda form: service.confirm_need(about, **who))
        case "decide":
            places = list(open_self_service_places(member))
            return do(
                WayForm(request.POST, places=places, may_act=_may_act(request, member)),
                partial(_decide, about, who),
            )
        case "on":
            return do(plain, lambda form: service.go_on(about, **who))
        case "back":
            return do(plain, lambda form: service.go_back(about, **who))
        case "call":
            return sent(
                request,
                CallForm(request.POST),
                partial(_note_call, about, who),
                here=here,
                notice="call_noted",
            )
        case "end" | "stop" as act:
            end_form = EndForm(request.POST) if act == "end" else StopForm(request.POST)
            ending = partial(_end, about, who)
            return sent(request, end_form, ending, here=here, there=panel, notice="visit_ended")
    raise Http404


def _greet(about: ShownVisit, who: dict[str, Any], form: GreetingForm) -> None:
    said = form.cleaned_data
    language = CentreVisit.Language(said["language"])
    service.note_greeting(about, need=said["need"], language=language, **who)


def _decide(about: ShownVisit, who: dict[str, Any], form: WayForm) -> None:
    place = form.cleaned_data["workplace"]
    service.decide(
        about,
        VisitMode(form.cleaned_data["mode"]),
        workplace=read_uuid(place) if place else None,
        **who,
    )


def _note_call(about: ShownVisit, who: dict[str, Any], form: CallForm) -> None:
    result = VisitCall.Result(form.cleaned_data["result"])
    service.note_call(about, result, note=form.cleaned_data["note"], **who)


def _end(about: ShownVisit, who: dict[str, Any], form: ScreenForm) -> None:
    said = form.cleaned_data
    service.end(
        about,
        reason=CentreVisit.EndReason(said.get("reason", CentreVisit.EndReason.DONE)),
        outcome=CentreVisit.Outcome(said.get("outcome", CentreVisit.Outcome.NOTHING)),
        **who,
    )


def visit_of_person(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> CentreVisit:
    """Return a visit of the member, who may act on behalf of people now: for pages on which names stand.

    Raises:
        Http404: it is not theirs.
        NoRightToAct: they may not.
    """
    found = visit_of(member, visit)
    if found is None:
        raise Http404
    obstacles = own_obstacles(signed_in_staff(request), member, now=timezone.now())
    if obstacles:
        raise NoRightToAct(obstacles=[one.value for one in obstacles])
    return found


def shown_visit(request: HttpRequest, member: CentreMember, found: CentreVisit) -> ShownVisit:
    """Return the visit as the page has shown it; what no page has sent matches no version."""
    return ShownVisit(member.centre.public_id, found.public_id, _version(request))


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    is_number = text.isascii() and text.isdecimal() and len(text) < len(str(MAX_KEY))
    return int(text) if is_number else 0


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def hand_over(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """Let a member give their open visits to a colleague; the head those of everybody."""
    here = url_of(member, "hand_over")
    colleagues = list(colleagues_of(member))
    if request.method == "POST":

        def act(form: TakerForm) -> None:
            handing_over.hand_over(
                member.centre.public_id,
                holder=read_uuid(form.cleaned_data["holder"]),
                taker=read_uuid(form.cleaned_data["taker"]),
                **who_acts(request),
            )

        form = TakerForm(request.POST, takers=colleagues)
        return sent(request, form, act, here=here, notice="visits_handed_over")
    rows = []
    for holder, held in holders_of_visits(member):
        takers = [one for one in colleagues if one.pk != holder.pk]
        key = str(holder.public_id)
        form = TakerForm(takers=takers, auto_id=f"{key}_%s", initial={"holder": key})
        rows.append((holder, held, shown(request, form), bool(takers)))
    return centre_page(
        request,
        member,
        "hand_over.html",
        here="visits",
        heading=_("Hand open visits over"),
        rows=rows,
        error_summary=summary_of(*(form for _holder, _held, form, _may in rows)),
    )


@require_safe
@member_required
def leaflet(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Show what the person takes home to do it alone next time; nothing personal stands there (B-41, B-44)."""
    found = visit_of(member, visit)
    if found is None:
        raise Http404
    return centre_page(
        request,
        member,
        "leaflet.html",
        here="visits",
        heading=_("Next time you can do it yourself"),
        visit=found,
        learning_url=LEARNING_URL,
        signatures_url=SIGNATURES_URL,
        service_url=app_settings.service_url,
    )


@require_safe
@member_required
def paper_form(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Show an empty form to print, for who prefers paper (B-58, B-59)."""
    found = visit_of(member, visit)
    if found is None:
        raise Http404
    return centre_page(
        request,
        member,
        "paper_form.html",
        here="visits",
        heading=_("Application for a video reception"),
        visit=found,
    )
