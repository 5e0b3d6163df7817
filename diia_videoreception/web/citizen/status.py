"""How an application stands, for whoever has the slip of it: in words, without name and question (B-42)."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception.rules.numbers import MAX_TEXT
from diia_videoreception.rules.transitions import AWAITING_DECISION
from diia_videoreception.selectors.assistance.slips import made_in_centres
from diia_videoreception.services.assistance import slips
from diia_videoreception.web.browser_state import SLIP_STATUS, KeptSlip
from diia_videoreception.web.centre.acting import sent, shown, summary_of
from diia_videoreception.web.centre.forms import line_field
from diia_videoreception.web.citizen.cabinet.states import tag_of
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.slips import time_label
from diia_videoreception.web.throttling import throttled


class StatusForm(ScreenForm):
    """What a slip has; the QR code writes it by itself."""

    number = line_field(
        _("Application number"),
        most=MAX_TEXT,
        help_text=_("For example, ВП-2026-000131-9. Spaces and dashes do not matter."),
    )
    code = line_field(
        _("Code from the slip"),
        most=40,
        help_text=_("6 signs, for example R4KM-27"),
        attrs={
            "autocapitalize": "characters",
            "spellcheck": "false",
            "class": "vr-input--code",
        },
    )


@screen
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("slip_status")
def status(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; what was given right, this browser sees for a few minutes."""
    if request.method != "POST":
        return _form_page(request, shown(request, StatusForm()))
    form = StatusForm(request.POST)

    def act(form: StatusForm) -> None:
        found = slips.case_with(form.cleaned_data["number"], form.cleaned_data["code"])
        until = (timezone.now() + KeptSlip.LIFETIME).timestamp()
        SLIP_STATUS.save(request, KeptSlip(found.public_id, "", until))

    return sent(
        request,
        form,
        act,
        here=request.path,
        there=reverse("diia_videoreception:status_shown"),
        notice="",
        at="code",
        page=lambda form, status: _form_page(request, form, status),
    )


def _form_page(request: HttpRequest, form: StatusForm, status: int = 200) -> HttpResponse:
    return render_page(
        request,
        "citizen/status.html",
        heading=_("Status of an application by its code"),
        form=form,
        error_summary=summary_of(form),
        status=status,
    )


@screen
@require_safe
def status_shown(request: HttpRequest) -> HttpResponse:
    """Show how the application stands now whose number and code were given in this browser."""
    kept, now = SLIP_STATUS.load(request), timezone.now()
    found = made_in_centres().filter(public_id=kept.application) if kept else None
    application = found.first() if found is not None and kept and kept.is_live(now) else None
    if application is None:
        return SeeOther(reverse("diia_videoreception:status"))
    tag = tag_of(application, now=now)
    return render_page(
        request,
        "citizen/status_result.html",
        heading=tag.text,
        tag=tag,
        application=application,
        zone=application.agency.time_zone,
        time_label=time_label(application),
        is_open=application.state in AWAITING_DECISION,
    )
