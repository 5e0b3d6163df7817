"""Cases that centres have filed for the person: offered without a word of what they are, taken by their number."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.rules.numbers import MAX_TEXT
from diia_videoreception.selectors.assistance.offered import offering_centres
from diia_videoreception.services.assistance.taking_over import disown, take_over
from diia_videoreception.web.centre.acting import sent, shown, summary_of
from diia_videoreception.web.centre.forms import line_field
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.forms import ScreenForm, read_uuid
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.throttling import throttled


class OfferedForm(ScreenForm):
    """By what the person knows the case."""

    number = line_field(
        _("Application number"),
        most=MAX_TEXT,
        help_text=_(
            "It stands on the slip that the centre gave you: for example, ВП-2026-000131-9."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@throttled("draft")
def offered(request: CitizenRequest) -> HttpResponse:
    """Say which centres have filed something; the POST takes one case into the account, or says that it is not theirs."""
    here, there = reverse("diia_videoreception:offered"), reverse("diia_videoreception:cabinet")
    if request.method == "POST" and "not_mine" in request.POST:
        key, who = read_uuid(request.POST["not_mine"]), request.citizen
        return sent(
            request,
            ScreenForm(request.POST),
            lambda form: disown(key, actor=who, now=timezone.now()),
            here=here,
            notice="disowned",
        )
    if request.method == "POST":

        def act(form: OfferedForm) -> None:
            take_over(form.cleaned_data["number"], actor=request.citizen, now=timezone.now())

        form = OfferedForm(request.POST)
        return sent(request, form, act, here=here, there=there, notice="taken_over", at="number")
    form = shown(request, OfferedForm())
    return render_page(
        request,
        "citizen/offered.html",
        heading=_("Filed for you at a centre"),
        centres=offering_centres(request.citizen),
        form=form,
        error_summary=summary_of(form),
    )
