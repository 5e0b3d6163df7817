"""«Мої дані»: the account, the mailbox, the ways to sign in and the recent sign-ins (C05, C19)."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from diia_videoreception.providers import mailbox_providers
from diia_videoreception.selectors.accounts.citizens import (
    address_to_confirm,
    mailbox_of,
    reminder_choice_of,
)
from diia_videoreception.selectors.accounts.credentials import (
    can_unbind,
    credentials_of,
    has_portal_login,
    is_new,
)
from diia_videoreception.selectors.accounts.sessions import recent_sessions
from diia_videoreception.selectors.assistance.mandates import mandates_of
from diia_videoreception.selectors.booking.looks import looks_at_cases_of
from diia_videoreception.services.accounts import sessions, sign_in
from diia_videoreception.web.citizen.own_data import account, cases
from diia_videoreception.web.citizen.profile.forms import UserTypeForm
from diia_videoreception.web.citizen.profile.words import reminders_in_words, way_in_words
from diia_videoreception.web.citizen.sign_in.login_methods import bindable_methods
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import fill, refused_of, show_form_again
from diia_videoreception.web.throttling import throttled
from diia_videoreception.wording import masked

MAX_SIGN_INS = 50
MAX_TERMS = 20
NEWEST_LOOKS = 3
DONE = {
    "bound": _("The sign-in method has been added to your account."),
    "unbound": _("The sign-in method has been removed from your account."),
    "signed_out": _("You are signed out everywhere else."),
    "reminders": _("Your choice of reminders has been saved."),
    "user_type": _("The type of user has been changed."),
}


@require_safe
@citizen_required
def profile(request: CitizenRequest) -> HttpResponse:
    """Show everything the account knows of the person, and how they sign in."""
    actor = request.citizen
    citizen = actor.citizen
    now = timezone.now()
    rows = list(credentials_of(citizen).select_related("citizen"))
    portal = has_portal_login(citizen)
    mailbox = mailbox_of(citizen)
    server = mailbox_providers().get(mailbox.provider) if mailbox else None
    return render_page(
        request,
        "citizen/profile.html",
        heading=_("My details"),
        done=DONE.get(request.GET.get("done", "")),
        full_name=citizen.full_name,
        masked_identifier=masked(citizen.identifier),
        waiting_address=address_to_confirm(citizen),
        mailbox=mailbox,
        consents=mandates_of(citizen).count(),
        reminders=reminders_in_words(reminder_choice_of(citizen)),
        webmail_url=server.webmail_url if server else "",
        credentials=[
            (row, is_new(row, now=now), can_unbind(row, rows, portal=portal, now=now))
            for row in rows
        ],
        can_bind=bool(bindable_methods()),
        sign_ins=[
            (session, way_in_words(session), session == actor.session)
            for session in recent_sessions(citizen, now=now)[:MAX_SIGN_INS]
        ],
        terms=citizen.consents.select_related("text").order_by("-accepted_at", "-pk")[:MAX_TERMS],
        looks=looks_at_cases_of(citizen, most=NEWEST_LOOKS),
        why={
            "account": account.why_account(),
            "told": account.why_told(),
            "signed_in": account.why_signed_in(),
            "consents": account.why_consents(),
            "cases": cases.why_cases(),
        },
    )


@citizen_required
def user_type(request: CitizenRequest) -> HttpResponse:
    """Change as whom the person uses the portal (A-14)."""
    citizen = request.citizen.citizen
    represents = bool(citizen.edrpou)
    if request.method == "POST":
        form = UserTypeForm(request.POST, represents=represents)
        if form.is_valid():
            sign_in.change_user_type(
                actor=request.citizen,
                user_type=form.cleaned_data["user_type"],
                now=timezone.now(),
            )
            return SeeOther(done_url("user_type"))
        return show_form_again(request, request.path, form)
    form = UserTypeForm(initial={"user_type": citizen.user_type}, represents=represents)
    refused = refused_of(request)
    if refused is not None:
        fill(form, refused)
    summary = form.error_summary if form.is_bound else []
    return render_page(
        request,
        "citizen/profile_user_type.html",
        heading=_("Type of user"),
        form=form,
        represents=represents,
        error_summary=summary,
    )


@citizen_required
@throttled("sign_in")
def sign_out_elsewhere(request: CitizenRequest) -> HttpResponse:
    """End the sessions of the citizen on all other browsers."""
    if request.method != "POST":
        return SeeOther(reverse("diia_videoreception:profile"))
    sessions.sign_out_elsewhere(request.citizen, now=timezone.now())
    return SeeOther(done_url("signed_out"))


def done_url(what: str) -> str:
    """«Мої дані» with the words of what has been done."""
    return f"{reverse('diia_videoreception:profile')}?done={what}"
