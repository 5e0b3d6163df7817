"""Trying booking out at a self-service place (B-80): invented bodies, one question a screen, and nothing comes of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.models import VisitorSession
from diia_videoreception.rules import kiosk
from diia_videoreception.rules.training import MAX_TEXT, Practice, PracticeStep, times_offered
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.services.centres.training import nothing_leaves
from diia_videoreception.services.kiosk import visitors
from diia_videoreception.web.browser_state import PRACTICE
from diia_videoreception.web.centre.acting import ACT, sent, shown, summary_of
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.kiosk.views import visitor_required
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.wording import day_month_year

_CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose one.")}
BODIES = [
    ("streets", _("Invented office for street lamps")),
    ("libraries", _("Invented office for libraries")),
]
_HEADINGS = {
    PracticeStep.BODY: _("Whom do you want to talk to?"),
    PracticeStep.TIME: _("When does it suit you?"),
    PracticeStep.TOPIC: _("What is it about?"),
    PracticeStep.CHECK: _("Is everything right?"),
    PracticeStep.DONE: _("That is all. Booking is just like this"),
}
_ANSWERS = {PracticeStep.BODY: "body", PracticeStep.TIME: "time", PracticeStep.TOPIC: "topic"}


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_required
def practice(request: HttpRequest, visitor: VisitorSession) -> HttpResponse:
    """Show the screen of a practice; the POST answers its question. Nothing but the session is written."""
    visitors.keep_alive(visitor, step=kiosk.PRACTICE, now=timezone.now())
    found = PRACTICE.load(request) or Practice()
    with nothing_leaves():
        return (
            _answer(request, visitor, found)
            if request.method == "POST"
            else _page(request, visitor, found)
        )


def _answer(request: HttpRequest, visitor: VisitorSession, found: Practice) -> HttpResponse:
    here = reverse("diia_videoreception:kiosk_practice")
    match request.POST.get(ACT):
        case "back":
            PRACTICE.save(request, found.moved(-1))
            return SeeOther(here)
        case "leave":
            PRACTICE.drop(request)
            return SeeOther(reverse("diia_videoreception:kiosk_home"))
        case "on":
            form = _form_of(found, visitor, request.POST)
            return sent(request, form, _keeper(request, found), here=here, notice="")
    raise Http404


def _keeper(request: HttpRequest, found: Practice) -> Callable[[Any], None]:
    def keep(form: Any) -> None:
        said = form.cleaned_data
        values = {name: int(said[name]) if name == "time" else said[name] for name in form.fields}
        PRACTICE.save(request, found.moved(1, **values))

    return keep


def _times(visitor: VisitorSession) -> list[tuple[str, str]]:
    today = today_in(visitor.workplace.centre, now=timezone.now())
    return [
        (str(number), f"{day_month_year(moment.date())}, {moment:%H:%M}")
        for number, moment in enumerate(times_offered(today))
    ]


class _PracticeForm(ScreenForm):
    """The one question of a screen; none on the check and at the end."""

    def __init__(self, *args: Any, question: tuple[str, forms.Field] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if question is not None:
            name, field = question
            self.fields[name] = field
            if name == "topic":
                field.widget.attrs["class"] = "vr-input"


def _form_of(found: Practice, visitor: VisitorSession, data: Any = None) -> ScreenForm:
    initial = {"body": found.body, "time": str(found.time), "topic": found.topic}
    return _PracticeForm(data, question=_question(found, visitor), initial=initial)


def _question(found: Practice, visitor: VisitorSession) -> tuple[str, forms.Field] | None:
    match found.step:
        case PracticeStep.BODY:
            return "body", _choice(_("Body"), BODIES)
        case PracticeStep.TIME:
            return "time", _choice(_("Time of the reception"), _times(visitor))
        case PracticeStep.TOPIC:
            return "topic", forms.CharField(
                label=_("In a few words, of something invented"),
                max_length=MAX_TEXT,
                widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
                error_messages={"required": _("Fill this in.")},
            )
    return None


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=_CHOOSE
    )


def _page(request: HttpRequest, visitor: VisitorSession, found: Practice) -> HttpResponse:
    form = shown(request, _form_of(found, visitor))
    name = _ANSWERS.get(found.step)
    return render_page(
        request,
        "kiosk/practice.html",
        heading=_HEADINGS[found.step],
        found=found,
        form=form,
        field=form[name] if name else None,
        body=dict(BODIES)[found.body],
        when=dict(_times(visitor))[str(found.time)],
        is_first=found.step is PracticeStep.BODY,
        error_summary=summary_of(form),
    )
