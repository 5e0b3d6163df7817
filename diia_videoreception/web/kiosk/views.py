"""The screens of a self-service workplace: start, what can be done, help, the end, and out of order."""

from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import check_for_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diia_videoreception import errors
from diia_videoreception.models import CentreWorkplace, VisitorSession
from diia_videoreception.rules.centres import written_day
from diia_videoreception.rules.kiosk import PlaceStanding
from diia_videoreception.selectors.centres.kiosks import hours_of_centre, just_finished, standing_of
from diia_videoreception.services.kiosk import pairing, visitors
from diia_videoreception.web.centre.acting import sent, shown, summary_of
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.errors import wants_json
from diia_videoreception.web.kiosk.browser import (
    LOOKS,
    at_place,
    has_left_behind,
    keep_browser,
    keep_looks,
    keep_visitor,
    looks_of,
    wipe,
)
from diia_videoreception.web.kiosk.forms import PairingForm
from diia_videoreception.web.kiosk.guard import visit_over
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.throttling import throttled
from diia_videoreception.wording import weekday_name
from integrations.common.local_urls import local_url

P = ParamSpec("P")
VisitorView = Callable[Concatenate[HttpRequest, VisitorSession, P], HttpResponseBase]
START = "diia_videoreception:kiosk_start"
HOME = "diia_videoreception:kiosk_home"
RATINGS = (
    (1, pgettext_lazy("rating", "bad")),
    (2, pgettext_lazy("rating", "so-so")),
    (3, pgettext_lazy("rating", "all right")),
    (4, pgettext_lazy("rating", "good")),
    (5, pgettext_lazy("rating", "excellent")),
)


def without_staff(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Return a screen that refuses to be shown where a member of staff is signed in in the same browser."""

    def wrapper(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request: Any = args[0]
        if request.user.is_authenticated:
            raise errors.StaffAtPlace
        return view(*args, **kwargs)

    return update_wrapper(wrapper, view)


def visitor_required(view: VisitorView[P]) -> Any:
    """Return a screen for the visitor who is at the place; without one it leads to the start.

    Raises:
        SessionEnded: a script asks, and the visit is over.
    """

    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        found = at_place(request)
        if found is None or found.visitor is None:
            if wants_json(request):
                raise errors.SessionEnded
            return visit_over(request) if found else SeeOther(reverse(START))
        return view(request, found.visitor, *args, **kwargs)

    return screen(without_staff(update_wrapper(wrapper, view)))


@screen
@require_safe
@without_staff
def start(request: HttpRequest) -> HttpResponse:
    """Show the start of a place, its hours while it is closed, or that it is out of order; a new browser, where to enter the code."""
    found = at_place(request)
    if found is None:
        return _pairing_page(request, shown(request, PairingForm()))
    if found.browser is None:
        return _broken_page(request)
    if found.visitor is not None:
        return SeeOther(reverse(HOME))
    return _start_page(request, found.browser.workplace)


def _start_page(request: HttpRequest, place: CentreWorkplace) -> HttpResponse:
    standing = standing_of(place, now=timezone.now())
    if standing is PlaceStanding.OUT_OF_ORDER:
        return _broken_page(request)
    is_open = standing is PlaceStanding.OPEN
    hours = hours_of_centre(place.centre)
    page = render_page(
        request,
        "kiosk/start.html" if is_open else "kiosk/closed.html",
        heading=_("Book a video reception yourself") if is_open else _("This place is closed now"),
        week=[(weekday_name(day), written_day(hours, day)) for day in range(7)],
    )
    # The browser was closed in the middle of a visit: its cookies are there, the visit is not.
    return wipe(request, page) if has_left_behind(request) else page


def _pairing_page(request: HttpRequest, form: PairingForm, status: int = 200) -> HttpResponse:
    return render_page(
        request,
        "kiosk/pair.html",
        heading=_("Connect this browser to a place"),
        form=form,
        error_summary=summary_of(form),
        status=status,
    )


@screen
@require_POST
@throttled("kiosk_pair")
@without_staff
def pair(request: HttpRequest) -> HttpResponse:
    """Make this browser that of the place whose code is entered."""
    paired: list[pairing.Pairing] = []

    def act(form: PairingForm) -> None:
        paired.append(pairing.pair(form.cleaned_data["code"], now=timezone.now()))

    response = sent(
        request,
        PairingForm(request.POST),
        act,
        here=reverse(START),
        notice="",
        at="code",
        page=lambda form, status: _pairing_page(request, form, status),
    )
    if paired:
        wipe(request, response)
        keep_browser(request, response, *paired[0])
    return response


# Without a token of a form: no cookie is to be there before the visit. The browser's own is `Lax`, no other site can send it along.
@csrf_exempt
@screen
@require_POST
@without_staff
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a visit, with nothing of the one before."""
    found = at_place(request)
    if found is None or found.browser is None:
        return SeeOther(reverse(START))
    try:
        begun = visitors.begin(found.browser, now=timezone.now())
    except (errors.PlaceClosed, errors.PlaceOutOfOrder):
        return SeeOther(reverse(START))
    request.session.flush()
    response = SeeOther(reverse(HOME))
    keep_browser(request, response, found.browser, begun.browser_token)
    keep_visitor(request, response, begun.token)
    return response


@require_safe
@visitor_required
def home(request: HttpRequest, visitor: VisitorSession) -> HttpResponse:
    """Show what can be done here."""
    visitors.keep_alive(visitor, step="kiosk_home", now=timezone.now())
    return render_page(request, "kiosk/home.html", heading=_("What shall we do?"))


@csrf_exempt
@screen
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the visit and wipe all of it, here and in the browser; also where it has ended already."""
    found = at_place(request)
    if found is None:
        return SeeOther(reverse(START))
    if found.visitor is not None:
        visitors.end(found.visitor, idle="idle" in request.POST, now=timezone.now())
    page = START if "idle" in request.POST else "diia_videoreception:kiosk_wiped"
    return wipe(request, SeeOther(reverse(page)))


@screen
@require_safe
@without_staff
def wiped(request: HttpRequest) -> HttpResponse:
    """Say that all is wiped; goes on to the start by itself."""
    found = at_place(request)
    if found is None or found.browser is None:
        return SeeOther(reverse(START))
    if found.visitor is not None:
        return SeeOther(reverse(HOME))
    return render_page(
        request,
        "kiosk/wiped.html",
        heading=_("Done. Your data is wiped from this device"),
        finished=just_finished(found.browser.workplace, now=timezone.now()),
        ratings=RATINGS,
    )


# As `begin`: no cookie is to be there after the visit.
@csrf_exempt
@screen
@require_POST
@without_staff
def rate(request: HttpRequest) -> HttpResponse:
    """Take the rating of who has just finished here; whoever may give none is told nothing."""
    found = at_place(request)
    if found is None or found.browser is None or found.visitor is not None:
        return SeeOther(reverse(START))
    said = request.POST.get("rating", "")
    if said in {str(value) for value, _words in RATINGS}:
        visitors.rate(found.browser.workplace, int(said), now=timezone.now())
    return SeeOther(reverse("diia_videoreception:kiosk_wiped"))


@visitor_required
@require_POST
def seen(request: HttpRequest, visitor: VisitorSession) -> HttpResponse:
    """Note that somebody is at the screen, and tell for how many seconds the visit may go on."""
    now = timezone.now()
    visitors.keep_alive(visitor, step="", now=now)
    left = (visitor.ends_at - now).total_seconds()
    return JsonResponse(
        {
            "seconds": int(left),
            "called": visitor.needs_help_since is not None,
            "coming": visitor.help_promised_at is not None,
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_required
def help_page(request: HttpRequest, visitor: VisitorSession) -> HttpResponse:
    """Call an administrator, or take the call back; show that they are coming once somebody has said so."""
    now = timezone.now()
    back = local_url(request.POST.get("next", request.GET.get("next", ""))) or reverse(HOME)
    if request.method == "POST":
        if "cancel" in request.POST:
            visitors.cancel_call(visitor, now=now)
            return SeeOther(back)
        visitors.call_for_help(visitor, now=now)
        return SeeOther(f"{request.path}?{urlencode({'next': back})}")
    if visitor.needs_help_since is None:
        return SeeOther(back)
    return render_page(
        request,
        "kiosk/help.html",
        heading=_("An administrator is coming to you")
        if visitor.help_promised_at
        else _("We have called an administrator"),
        called_at=visitor.needs_help_since,
        back=back,
    )


@csrf_exempt
@screen
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Show the pages in another language, larger, or in more contrast, until the visit ends."""
    response = SeeOther(local_url(request.POST.get("next", "")) or reverse(START))
    if at_place(request) is None:
        return response
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            path=settings.LANGUAGE_COOKIE_PATH,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    wanted = request.POST.get("look", "")
    if wanted in LOOKS:
        keep_looks(
            request,
            response,
            [one for one in LOOKS if (one == wanted) != (one in looks_of(request))],
        )
    return response


@screen
@require_safe
def broken(request: HttpRequest) -> HttpResponse:
    """Show what the browser keeps, to show it by itself where there is no line."""
    return _broken_page(request, HTTPStatus.OK)


def _broken_page(
    request: HttpRequest, status: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE
) -> HttpResponse:
    return render_page(
        request,
        "kiosk/broken.html",
        heading=_("This place does not work for now"),
        status=status,
    )


@screen
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the script that shows the page «out of order» where there is no line; it keeps nothing else."""
    response = render(
        request,
        "diia_videoreception/kiosk/worker.js",
        content_type="text/javascript; charset=utf-8",
    )
    response.headers["Service-Worker-Allowed"] = reverse("diia_videoreception:front")
    return response
