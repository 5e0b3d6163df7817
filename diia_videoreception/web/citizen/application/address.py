"""Where letters go: an address is used once its owner has entered the code sent to it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diia_videoreception import errors
from diia_videoreception.models import EmailConfirmation
from diia_videoreception.selectors.accounts.citizens import address_to_confirm
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.services.accounts import citizens
from diia_videoreception.web import notices
from diia_videoreception.web.citizen.application.forms import AddressForm, CodeForm
from diia_videoreception.web.citizen.application.guard import application_screen
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import fill, refused_of, show_form_again
from diia_videoreception.web.throttling import enforce_rate_limit
from integrations.common.local_urls import local_url


@application_screen("code")
def address(request: CitizenRequest) -> HttpResponse:
    """Ask for the address and send the code there."""
    citizen = request.citizen.citizen
    waiting = address_to_confirm(citizen)
    if request.method != "POST":
        known = waiting.address if waiting else citizen.email
        return _address_page(request, AddressForm(initial={"email": known}))
    form = AddressForm(request.POST)
    here = _with_next(request, reverse("diia_videoreception:address"))
    if not form.is_valid():
        return show_form_again(request, here, form)
    # Each letter goes to an address that may be anybody's.
    enforce_rate_limit(request, "code_letter")
    try:
        citizens.ask_to_confirm_address(
            citizen=citizen, address=form.cleaned_data["email"], now=timezone.now()
        )
    except errors.TooManyRequests:
        form.add_error(
            "email",
            _("We sent a code a moment ago. Wait a minute before you try another address."),
        )
        return show_form_again(request, here, form)
    return SeeOther(_confirm_url(request))


@application_screen("code")
def confirm(request: CitizenRequest) -> HttpResponse:
    """Take the code; then goes back to where the person came from."""
    waiting = address_to_confirm(request.citizen.citizen)
    if waiting is None:
        return SeeOther(_next(request) or reverse("diia_videoreception:address"))
    if request.method != "POST":
        return _code_page(request, CodeForm(), waiting)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return show_form_again(request, _confirm_url(request), form, secret=["code"])
    try:
        citizens.confirm_address(
            citizen=request.citizen.citizen, code=form.cleaned_data["code"], now=timezone.now()
        )
    except errors.CodeWrong as error:
        form.add_error("code", str(error))
        return show_form_again(request, _confirm_url(request), form, secret=["code"])
    notices.add(request, "address_confirmed")
    return SeeOther(_next(request) or reverse("diia_videoreception:letters"))


def _next(request: CitizenRequest) -> str:
    return local_url(request.POST.get("next") or request.GET.get("next"))


def _confirm_url(request: CitizenRequest) -> str:
    return _with_next(request, reverse("diia_videoreception:address_confirm"))


def _with_next(request: CitizenRequest, url: str) -> str:
    following = _next(request)
    return f"{url}?{urlencode({'next': following})}" if following else url


def _address_page(request: CitizenRequest, form: ScreenForm) -> HttpResponse:
    return _page(request, "citizen/address.html", form, _("Where to send letters"))


def _code_page(
    request: CitizenRequest, form: ScreenForm, waiting: EmailConfirmation
) -> HttpResponse:
    return _page(
        request,
        "citizen/address_confirm.html",
        form,
        _("Enter the code from the letter"),
        waiting=waiting,
        is_old=waiting.expires_at <= timezone.now(),
    )


def _page(
    request: CitizenRequest,
    template: str,
    form: ScreenForm,
    heading: Promise,
    **context: object,
) -> HttpResponse:
    citizen = request.citizen.citizen
    refused = refused_of(request)
    if refused is not None:
        fill(form, refused)
    summary = form.error_summary if form.is_bound else []
    values: dict[str, Any] = {
        "error_summary": summary,
        "form": form,
        "next_url": _next(request),
        "hold": live_hold(citizen, now=timezone.now()),
        "letters_address": citizen.letters_address,
        **context,
    }
    return render_page(request, template, heading=heading, **values)
