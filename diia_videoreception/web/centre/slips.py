"""Another slip for an application that was made in the centre."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.models import CentreMember
from diia_videoreception.rules.numbers import MAX_TEXT
from diia_videoreception.selectors.assistance.slips import made_in
from diia_videoreception.selectors.letters import takes_sms
from diia_videoreception.services.assistance import slips as service
from diia_videoreception.services.assistance.slips import give_again
from diia_videoreception.web.centre.acting import ACT, sent, shown, summary_of
from diia_videoreception.web.centre.forms import address_field, line_field
from diia_videoreception.web.centre.guard import centre_page, member_required
from diia_videoreception.web.centre.people import url_of, who_acts
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import refused_of
from diia_videoreception.web.slips import keep, kept, shown_slip
from diia_videoreception.web.throttling import enforce_rate_limit


class SlipForm(ScreenForm):
    """For which application."""

    number = line_field(
        _("Application number"),
        most=MAX_TEXT,
        help_text=_("For example, ВП-2026-000131-9. Spaces and dashes do not matter."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def slips(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """Ask for the number; the POST makes the slip."""
    if request.method == "POST":
        enforce_rate_limit(request, "slip", who=f"member {member.pk}")
        who = who_acts(request)

        def act(form: SlipForm) -> None:
            number = form.cleaned_data["number"]
            keep(request, give_again(member.centre.public_id, number, **who), now=who["now"])

        return sent(
            request,
            SlipForm(request.POST),
            act,
            here=url_of(member, "slips"),
            there=url_of(member, "slip"),
            notice="",
        )
    form = shown(request, SlipForm())
    return centre_page(
        request,
        member,
        "slips.html",
        here="visits",
        heading=_("Give a slip again"),
        form=form,
        error_summary=summary_of(form),
    )


class SlipAddressForm(ScreenForm):
    """Where the person reads letters, as they say it."""

    address = address_field(
        _("Email of the person"), help_text=_("Read it back letter by letter: we cannot check it.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def slip(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """Show the slip that was made a moment ago in this browser; the POST sends it, without the code."""
    given = kept(request, partial(made_in, member.centre), now=timezone.now())
    if given is None:
        return SeeOther(url_of(member, "slips"))
    here = url_of(member, "slip")
    send = partial(
        service.send, member.centre.public_id, given.application.public_id, **who_acts(request)
    )
    if request.method == "POST":
        done = partial(sent, request, here=here, notice="slip_sent")
        if request.POST.get(ACT) == "sms":
            return done(ScreenForm(request.POST), lambda form: send())
        return done(
            SlipAddressForm(request.POST), lambda form: send(address=form.cleaned_data["address"])
        )
    form = shown(request, SlipAddressForm())
    refused = refused_of(request)
    return centre_page(
        request,
        member,
        "slip.html",
        here="visits",
        heading=_("Slip for the person"),
        slip=shown_slip(request, given),
        form=form,
        may_text=takes_sms(given.application.phone, agency=None),
        error_summary=summary_of(form)
        or [("main", text) for _place, text in (refused.summary if refused else [])],
    )
