"""The first sign-in of a person: the rules, who they are, where letters go (A-12 to A-15, C05)."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import CitizenSession, HandOver
from diia_videoreception.selectors.accounts.consents import rules_to_read
from diia_videoreception.services.accounts import citizens, sessions, sign_in
from diia_videoreception.web import middleware, notices
from diia_videoreception.web.browser_state import REGISTRATION
from diia_videoreception.web.citizen.profile.forms import RegistrationForm, UserType
from diia_videoreception.web.citizen.sign_in.completion import browser_of, enter, refused
from diia_videoreception.web.citizen.sign_in.waiting_clock import extended, waiting_clock
from diia_videoreception.web.decorators import screen, to_sign_in
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.refused import (
    MAX_VALUE,
    Refused,
    fill,
    refused_of,
    show_again,
    show_form_again,
)
from diia_videoreception.web.throttling import enforce_rate_limit, throttled
from diia_videoreception.wording import masked
from integrations.identity.base import IdentityError, Proof


@screen
@throttled("sign_in")
def registration(request: HttpRequest) -> HttpResponse:
    """Show what the provider has told, ask for the rest, and make the account."""
    pending = REGISTRATION.load(request)
    if pending is None:
        return to_sign_in("")
    try:
        handover = sign_in.pending_registration(pending.key, now=timezone.now())
    except errors.SessionEnded:
        # Half an hour has passed, or another tab was quicker: who is signed in goes on from there.
        return to_sign_in(pending.next_url)
    if "give_up" in request.POST:
        sign_in.give_up_registration(pending.key)
        REGISTRATION.drop(request)
        return to_sign_in(pending.next_url)
    proof = sessions.pending_proof(handover)
    represents = citizens.represents(proof.identity)
    if request.method != "POST":
        initial = {
            "user_type": UserType.REPRESENTATIVE if represents else "",
            "email": proof.identity.email,
        }
        form = RegistrationForm(initial=initial, represents=represents)
        sent = refused_of(request)
        return _page(request, handover, fill(form, sent) if sent else form)
    if "more" in request.POST:
        # What is typed is kept, and not judged yet.
        typed = {
            name: [value[:MAX_VALUE] for value in request.POST.getlist(name)]
            for name in ("user_type", "email", "agree")
        }
        answer = extended(request, handover, now=timezone.now())
        return answer or show_again(request, request.path, Refused({}, typed))
    form = RegistrationForm(request.POST, represents=represents)
    if not form.is_valid():
        return show_form_again(request, request.path, form)
    return _register(request, handover, proof, form, next_url=pending.next_url)


def _register(
    request: HttpRequest,
    handover: HandOver,
    proof: Proof,
    form: RegistrationForm,
    *,
    next_url: str,
) -> HttpResponse:
    now = timezone.now()
    email = form.cleaned_data["email"]
    try:
        session = sign_in.register(
            key=handover.key,
            text_id=form.cleaned_data["edition"] or 0,
            user_type=form.cleaned_data["user_type"],
            email=email,
            actor=middleware.signed_in_citizen(request),
            browser=browser_of(request),
            now=now,
        )
    except errors.RulesChanged as error:
        form.add_error("agree", str(error))
        return show_form_again(request, request.path, form)
    except errors.SessionEnded:
        return to_sign_in(next_url)
    except IdentityError as error:
        return refused(request, error, alias=proof.identity.provider, next_url=next_url)
    REGISTRATION.drop(request)
    if email and session.citizen.letters_address != email and _send_code(request, session, email):
        query = {"next": next_url or reverse("diia_videoreception:cabinet")}
        next_url = f"{reverse('diia_videoreception:address_confirm')}?{urlencode(query)}"
    notices.add(request, "registered")
    return enter(request, session, next_url=next_url, now=now)


def _send_code(request: HttpRequest, session: CitizenSession, email: str) -> bool:
    """Return whether a code was sent; the account is made whether or not a letter may go out now."""
    try:
        enforce_rate_limit(request, "code_letter")
        citizens.ask_to_confirm_address(citizen=session.citizen, address=email, now=timezone.now())
    except errors.TooManyRequests:
        return False
    return True


def _page(request: HttpRequest, handover: HandOver, form: RegistrationForm) -> HttpResponse:
    rules = rules_to_read(get_language() or "")
    if rules is None:
        raise errors.RegistrationClosed
    identity = sessions.pending_proof(handover).identity
    summary = form.error_summary if form.is_bound else []
    return render_page(
        request,
        "citizen/registration.html",
        heading=_("Registration"),
        form=form,
        identity=identity,
        masked_identifier=masked(identity.identifier),
        full_name=identity.full_name,
        represents=citizens.represents(identity),
        rules=rules,
        makes_mailbox=bool(app_settings.mailbox),
        error_summary=summary,
        **waiting_clock(handover, now=timezone.now()),
    )
