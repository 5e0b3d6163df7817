"""Training of the staff of a centre: a visit in the stages of a real one, with invented people, kept in the session alone (B-80)."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.models import CentreMember, CentreVisit, CentreWorkplace
from diia_videoreception.models.visits import PHASES
from diia_videoreception.rules.training import (
    EXERCISES,
    SMS_CODE,
    TrainingStep,
    TrainingVisit,
    times_offered,
)
from diia_videoreception.rules.visits import EidAnswer, VisitMode, path_of
from diia_videoreception.selectors.assistance.visits import phrases_of
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.services.centres import training as service
from diia_videoreception.web.browser_state import TRAINING
from diia_videoreception.web.centre.acting import ACT, sent, shown, summary_of
from diia_videoreception.web.centre.guard import centre_page, member_required
from diia_videoreception.web.centre.people import url_of, who_acts
from diia_videoreception.web.centre.training_forms import (
    TrainingConsentForm,
    TrainingTimeForm,
    TrainingTopicForm,
    TrainingWayForm,
)
from diia_videoreception.web.centre.training_words import HEADINGS, OFFICIAL, PEOPLE
from diia_videoreception.web.centre.visit_forms import EndForm, GreetingForm, NeedForm
from diia_videoreception.web.centre.words import heading_of, said_back
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.slips import LEARNING_URL

SIGN, COLOUR = "Н", "b"
NUMBER = "ВП-0000-000000-0"
"""No number of an application: nothing was made."""


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def front(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """List the exercises; the POST begins one, in the stead of any that is open."""
    if request.method == "POST":
        number = request.POST.get("exercise", "")
        exercise = int(number) if number in {str(one) for one in range(len(EXERCISES))} else -1
        visit = service.begin(member.centre.public_id, exercise, **who_acts(request))
        TRAINING.save(request, visit)
        return SeeOther(url_of(member, "training_visit"))
    return centre_page(
        request,
        member,
        "training.html",
        here="training",
        heading=_("Training"),
        exercises=[(number, PEOPLE[one.key]) for number, one in enumerate(EXERCISES)],
        is_open=_open_visit(request, member) is not None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def visit(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """Show the open exercise at its stage; the POST goes through it. Nothing but the session is written."""
    found = _open_visit(request, member)
    if found is None:
        return SeeOther(url_of(member, "training"))
    act = request.POST.get(ACT)
    if act == "leave":
        TRAINING.drop(request)
        return SeeOther(url_of(member, "training"))
    if act == "end" and found.step is TrainingStep.CLOSE:
        return _finish(request, member, found)
    with service.nothing_leaves():
        return _go_through(request, member, found)


def _open_visit(request: HttpRequest, member: CentreMember) -> TrainingVisit | None:
    found = TRAINING.load(request)
    return found if found and found.centre == str(member.centre.public_id) else None


def _finish(request: HttpRequest, member: CentreMember, found: TrainingVisit) -> HttpResponse:
    def act(form: ScreenForm) -> None:
        service.finish(found, **who_acts(request))
        TRAINING.drop(request)

    notice = "training_as_advised" if found.is_as_advised else "training_otherwise"
    here, there = url_of(member, "training_visit"), url_of(member, "training")
    return sent(request, EndForm(request.POST), act, here=here, there=there, notice=notice)


def _go_through(request: HttpRequest, member: CentreMember, found: TrainingVisit) -> HttpResponse:
    """Show the page of a step, or note what was sent on it."""
    if request.method != "POST":
        return _page(request, member, found)

    def keep(visit: TrainingVisit) -> None:
        TRAINING.save(request, visit)

    here = url_of(member, "training_visit")
    if request.POST.get(ACT) == "back":
        keep(found.gone_back())
        return SeeOther(here)
    note = _NOTES.get((found.step, request.POST.get(ACT, "")))
    if note is None:
        raise Http404
    form = _form_of(found, member, request.POST)
    return sent(request, form, lambda form: keep(note(found, form)), here=here, notice="")


def _form_of(found: TrainingVisit, member: CentreMember, data: Any = None) -> ScreenForm:
    match found.step:
        case TrainingStep.GREETING:
            return GreetingForm(data, initial={"need": found.need, "language": "uk"})
        case TrainingStep.NEED if data is None or data.get(ACT) == "need":
            names = ("purpose", "agency_name", "reason", "eid")
            return NeedForm(data, initial={name: getattr(found, name) for name in names})
        case TrainingStep.DECISION:
            return TrainingWayForm(data, reason=found.reason)
        case TrainingStep.CONSENT:
            return TrainingConsentForm(data, initial={"method": found.method})
        case TrainingStep.ANSWERS:
            return TrainingTopicForm(data, initial={"topic": found.topic})
        case TrainingStep.TIME:
            times = times_offered(today_in(member.centre, now=timezone.now()))
            return TrainingTimeForm(data, times=times, initial={"time": str(found.time)})
        case TrainingStep.CLOSE:
            return EndForm(data)
    return ScreenForm(data)


Note = Callable[[TrainingVisit, Any], TrainingVisit]


def _greeted(visit: TrainingVisit, form: Any) -> TrainingVisit:
    return visit.gone_on(need=form.cleaned_data["need"])


def _needed(visit: TrainingVisit, form: Any) -> TrainingVisit:
    names = ("purpose", "agency_name", "reason", "eid")
    return visit.noted(**{name: form.cleaned_data[name] for name in names})


def _decided(visit: TrainingVisit, form: Any) -> TrainingVisit:
    return visit.gone_on(mode=VisitMode(form.cleaned_data["mode"]))


_NOTES: dict[tuple[TrainingStep, str], Note] = {
    (TrainingStep.GREETING, "greeting"): _greeted,
    (TrainingStep.NEED, "need"): _needed,
    (TrainingStep.NEED, "confirm"): lambda visit, form: visit.gone_on() if visit.purpose else visit,
    (TrainingStep.DECISION, "decide"): _decided,
    (TrainingStep.WORK, "on"): lambda visit, form: visit.gone_on(),
    (TrainingStep.CONSENT, "seal"): lambda visit, form: visit.gone_on(
        method=form.cleaned_data["method"]
    ),
    (TrainingStep.ANSWERS, "answers"): lambda visit, form: visit.gone_on(
        topic=form.cleaned_data["topic"]
    ),
    (TrainingStep.TIME, "hold"): lambda visit, form: visit.gone_on(
        time=int(form.cleaned_data["time"])
    ),
    (TrainingStep.CHECK, "on"): lambda visit, form: visit.gone_on(),
}


def _page(request: HttpRequest, member: CentreMember, found: TrainingVisit) -> HttpResponse:
    seen = _as_visit(found)
    phase = found.step.phase
    path = path_of(found.mode)
    form = shown(request, _form_of(found, member))
    person = PEOPLE[found.about.key]
    times = times_offered(today_in(member.centre, now=timezone.now()))
    return centre_page(
        request,
        member,
        "training_visit.html",
        here="training",
        heading=HEADINGS.get(found.step) or heading_of(seen),
        found=found,
        visit=seen,
        sign=SIGN,
        colour=COLOUR,
        person=person,
        official=OFFICIAL,
        sms_code=SMS_CODE,
        number=NUMBER,
        when=times[found.time] if found.time >= 0 else None,
        exercise_number=found.exercise + 1,
        exercises=len(EXERCISES),
        steps=[
            (dict(PHASES)[one], one == phase, path.index(one) < path.index(phase)) for one in path
        ],
        step=path.index(phase) + 1,
        may_go_back=found.step is not TrainingStep.GREETING,
        stage=f"diia_videoreception/centre/{_STAGES.get(found.step, f'training_{found.step.value}')}.html",
        form=form,
        phrases=phrases_of(phase),
        said_back=said_back(seen),
        # Of the ways without a signature the page speaks without leaflets, which are of a real visit.
        has_eid=True,
        is_without_eid=found.eid != EidAnswer.YES,
        learning_url=LEARNING_URL,
        error_summary=summary_of(form),
    )


_STAGES = {
    TrainingStep.GREETING: "visit_greeting",
    TrainingStep.NEED: "visit_need",
}


def _as_visit(found: TrainingVisit) -> CentreVisit:
    """Return the visit as templates of real ones read it; it has no row and never gets one."""
    seen = CentreVisit(
        phase=found.step.phase.value,
        mode=found.mode.value if found.mode else "",
        need=found.need,
        purpose=found.purpose,
        agency_name=found.agency_name,
        reason=found.reason,
        eid=found.eid,
    )
    if found.mode is VisitMode.SELF_SERVICE:
        seen.workplace = CentreWorkplace(label=str(_("Training place")))
    return seen
