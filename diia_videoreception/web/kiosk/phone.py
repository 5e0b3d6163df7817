"""Signing in at a place with the own phone: the screen's side, and the phone's."""

import uuid
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diia_videoreception import errors
from diia_videoreception.models import PhoneSignIn, VisitorSession
from diia_videoreception.services.kiosk import phone, visitors
from diia_videoreception.web import middleware
from diia_videoreception.web.browser_state import PLACE_PHONE
from diia_videoreception.web.centre.acting import sent, shown, summary_of
from diia_videoreception.web.decorators import screen, to_sign_in
from diia_videoreception.web.kiosk.browser import at_place
from diia_videoreception.web.kiosk.forms import PhoneCodeForm
from diia_videoreception.web.kiosk.guard import visit_over
from diia_videoreception.web.kiosk.views import HOME, visitor_required
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.qr import drawn
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.throttling import throttled
from integrations.common.local_urls import local_url

State = PhoneSignIn.State


def _here(next_url: str) -> str:
    return f"{reverse('diia_videoreception:kiosk_phone')}?{urlencode({'next': next_url})}"


def _next_of(request: HttpRequest) -> str:
    wanted = request.POST.get("next") if request.method == "POST" else request.GET.get("next")
    return local_url(wanted) or reverse(HOME)


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_required
@throttled("kiosk_phone")
def screen_side(request: HttpRequest, visitor: VisitorSession) -> HttpResponse:
    """Show the code for the phone, and whom the phone has confirmed; the POST shows a new one, takes or refuses."""
    now, next_url = timezone.now(), _next_of(request)
    if request.method == "POST":
        if "take" in request.POST:
            session = phone.take(visitor, now=now)
            middleware.remember(request, session)
            return SeeOther(next_url)
        found = phone.of_visitor(visitor, now=now)
        if "refuse" in request.POST and found is not None:
            phone.refuse(found, now=now)
        if "ask" in request.POST:
            phone.ask(visitor, now=now)
        return SeeOther(_here(next_url))
    if middleware.signed_in_citizen(request):
        return SeeOther(next_url)
    visitors.keep_alive(visitor, step="kiosk_phone", now=now)
    found = phone.of_visitor(visitor, now=now)
    return render_page(
        request,
        "kiosk/phone.html",
        heading=_("Is this you?")
        if found and found.state == State.CONFIRMED
        else _("Sign in with your phone"),
        sign_in=found,
        picture=_picture(request, found),
        seconds=max(0, int((found.expires_at - now).total_seconds())) if found else 0,
        who=_masked(found),
        next_url=next_url,
    )


def _picture(request: HttpRequest, found: PhoneSignIn | None) -> SafeString:
    """Return the code as a drawing; empty once a phone has it."""
    secret = phone.secret_of(found) if found else ""
    if not secret:
        return SafeString("")
    address = request.build_absolute_uri(reverse("diia_videoreception:kiosk_phone_join"))
    return drawn(f"{address}#{secret}")


def _masked(found: PhoneSignIn | None) -> str:
    """Return so much of a name that its owner knows it, and nobody who looks over a shoulder."""
    by = found.confirmed_by if found else None
    if by is None:
        return ""
    citizen = by.citizen
    return f"{citizen.first_name} {citizen.last_name[:1]}."


@require_safe
@visitor_required
def state(request: HttpRequest, visitor: VisitorSession) -> HttpResponse:
    """Tell the screen what has become of its code, whether or not anybody is there."""
    found = phone.of_visitor(visitor, now=timezone.now())
    return JsonResponse({"state": found.state if found else "gone"})


# --- The phone ---------------------------------------------------------------------------------


def _phone_page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render_page(request, f"kiosk/{template}", **context)


@screen
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("kiosk_phone")
def join(request: HttpRequest) -> HttpResponse:
    """Exchange the secret of the code for a key in the session of this phone, once."""
    if at_place(request) is not None:
        return visit_over(request)
    here = reverse("diia_videoreception:kiosk_phone_join")
    if request.method == "POST":

        def act(form: PhoneCodeForm) -> None:
            found, key = phone.claim(form.cleaned_data["code"], now=timezone.now())
            PLACE_PHONE.save(request, (str(found.public_id), key))

        return sent(
            request,
            PhoneCodeForm(request.POST),
            act,
            here=here,
            there=reverse("diia_videoreception:kiosk_phone_match"),
            notice="",
            at="code",
            page=lambda form, status: _join_page(request, form, status),
        )
    return _join_page(request, shown(request, PhoneCodeForm()))


def _join_page(
    request: HttpRequest, form: PhoneCodeForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    return _phone_page(
        request,
        "phone_join.html",
        heading=_("Sign in on the screen of a centre"),
        form=form,
        error_summary=summary_of(form),
        status=status,
    )


def _of_phone(request: HttpRequest) -> PhoneSignIn:
    """Return the sign-in whose code this phone had first.

    Raises:
        PhoneSignInGone: it had none.
    """
    kept = PLACE_PHONE.load(request)
    found = phone.of_phone(uuid.UUID(kept[0]), kept[1]) if kept else None
    if found is None:
        raise errors.PhoneSignInGone
    return found


@screen
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("kiosk_phone")
def match(request: HttpRequest) -> HttpResponse:
    """Let the person find the number of the screen among three, then sign in, then confirm."""
    now, found = timezone.now(), _of_phone(request)
    actor = middleware.signed_in_citizen(request)
    if request.method == "POST":
        return _match(request, found)
    if found.state in (State.CONFIRMED, State.TAKEN):
        return SeeOther(reverse("diia_videoreception:kiosk_phone_done"))
    if found.state == State.REFUSED or found.expires_at <= now:
        raise errors.PhoneSignInGone
    if found.state == State.MATCHED and actor is None:
        return to_sign_in(request.path)
    return _phone_page(
        request,
        "phone_match.html",
        heading=_("Are you at the centre?"),
        sign_in=found,
        place=found.visitor.workplace,
        at_centre=found.visitor.workplace.centre,
        seconds=max(0, int((found.expires_at - now).total_seconds())),
    )


def found_number(request: HttpRequest) -> int:
    """Return which of the numbers was pressed on a phone; 0, which is none, for anything else."""
    text = request.POST.get("number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _match(request: HttpRequest, found: PhoneSignIn) -> HttpResponse:
    now, actor = timezone.now(), middleware.signed_in_citizen(request)
    if "refuse" in request.POST:
        phone.refuse(found, now=now)
        PLACE_PHONE.drop(request)
        return SeeOther(reverse("diia_videoreception:choose"))
    is_pressed = bool(request.POST.get("number"))
    if is_pressed and not phone.match(found, number=found_number(request), now=now):
        raise errors.PhoneSignInGone
    if actor is None:
        return to_sign_in(reverse("diia_videoreception:kiosk_phone_match"))
    phone.confirm(found, actor=actor, now=now)
    return SeeOther(reverse("diia_videoreception:kiosk_phone_done"))


@screen
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Say that the screen goes on, and let the person end the sign-in there."""
    found = _of_phone(request)
    if found.state not in (State.CONFIRMED, State.TAKEN):
        return SeeOther(reverse("diia_videoreception:kiosk_phone_match"))
    return _phone_page(
        request,
        "phone_done.html",
        heading=_("Done. Look at the screen in the centre"),
        at_label=found.visitor.workplace.label,
        ends_at=found.visitor.ends_at,
        zone=found.visitor.workplace.centre.time_zone,
    )


@screen
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the sign-in at the place, from the phone."""
    found = _of_phone(request)
    now = timezone.now()
    phone.refuse(found, now=now)
    phone.end_from_phone(found, now=now)
    PLACE_PHONE.drop(request)
    return SeeOther(reverse("diia_videoreception:choose"))
