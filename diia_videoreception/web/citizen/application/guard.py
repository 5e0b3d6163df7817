"""What the screens of the application share: how a sent form is let in, and which draft it is of."""

import uuid
from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.web.browser_state import CITIZEN
from diia_videoreception.web.decorators import citizen_required, screen
from diia_videoreception.web.errors import wants_json
from diia_videoreception.web.forms import read_uuid
from diia_videoreception.web.middleware import CitizenRequest, signed_in_citizen
from diia_videoreception.web.pages import render_page, whose_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.throttling import enforce_rate_limit
from integrations.common.bodies import BodyTooLarge, BodyUnreadable, read_body

P = ParamSpec("P")
View = Callable[Concatenate[CitizenRequest, P], HttpResponse]

ROOM_FOR_TEXT = 1024 * 1024
"""What a form may hold beside its documents, in bytes."""
TOPIC, REPLY = "topic", "reply"
"""Names of the long texts: of an application, and of an answer to a question about one."""
CORRECTED = "corrected"
"""Name of the version that a correction was made on."""


def application_screen(scope: str) -> Callable[[View[P]], View[P]]:
    """Return a screen for signed-in citizens who write and add documents; its POSTs go at the rate of `scope`.

    A body is looked at only after the person is known and its announced size fits, hence before
    Django's own check of the CSRF token, which would read all of it. A filed draft leads to what
    became of it; whoever was signed out while writing gets the text back.
    """

    def decorate(view: View[P]) -> View[P]:
        protected = csrf_protect(view)

        def wrapper(request: CitizenRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                enforce_rate_limit(request, scope)
                _read_body(request)
                _require_same_person(request)
            try:
                return _unless_stale(request, protected(request, *args, **kwargs))
            except errors.AlreadySubmitted as error:
                if wants_json(request):
                    raise
                return SeeOther(reverse("diia_videoreception:done", args=[error.public_id]))
            except errors.DraftChanged as error:
                if wants_json(request):
                    raise
                # There is no room for one more text: the person keeps it while they choose.
                heading = _("Choose which text to keep")
                return _handed_back(request, heading=heading, status=error.status, is_full=True)

        for_citizens = citizen_required(update_wrapper(wrapper, view))

        def outer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if _was_signed_out_while_writing(request, scope):
                return _unless_stale(request, _session_ended_page(request))
            return for_citizens(request, *args, **kwargs)

        return cast("View[P]", csrf_exempt(screen(update_wrapper(outer, view))))

    return decorate


def _was_signed_out_while_writing(request: HttpRequest, scope: str) -> bool:
    if request.method != "POST" or wants_json(request) or signed_in_citizen(request) is not None:
        return False
    if not CITIZEN.is_in(request):
        return False
    enforce_rate_limit(request, scope)
    _read_body(request)
    return _has_text(request)


def _has_text(request: HttpRequest) -> bool:
    return TOPIC in request.POST or REPLY in request.POST


@csrf_protect
def _session_ended_page(request: HttpRequest) -> HttpResponse:
    return _handed_back(
        request, heading=_("Your session has ended"), status=HTTPStatus.UNAUTHORIZED
    )


def _unless_stale(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Hand the text back where only the token is too old: each sign-in makes a new one.

    A form of another site is told from ours by the origin that the browser names.
    """
    is_rejected = request.method == "POST" and not getattr(request, "csrf_processing_done", False)
    own = f"{request.scheme}://{request.get_host()}"
    if (
        is_rejected
        and request.headers.get("Origin") == own
        and _has_text(request)
        and not wants_json(request)
    ):
        heading = _("The page was open for too long")
        return _handed_back(request, heading=heading, status=HTTPStatus.FORBIDDEN)
    return response


def _handed_back(
    request: HttpRequest, *, heading: str | Promise, status: int, is_full: bool = False
) -> HttpResponse:
    """Show what was sent, to be sent again once signed in; nothing is stored meanwhile.

    Args:
        is_full: Whether it is to be sent again once there is room for it among the kept texts.
    """
    answers = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", "then"}
    ]
    return render_page(
        request,
        "citizen/application_signed_out.html",
        heading=heading,
        status=status,
        answers=answers,
        # What an answer or a correction was sent to says what it is for.
        action=request.path
        if REPLY in request.POST or CORRECTED in request.POST
        else reverse("diia_videoreception:application"),
        is_full=is_full,
    )


def _require_same_person(request: CitizenRequest) -> None:
    """Require that what one person wrote never becomes the draft of another who has signed in since.

    Raises:
        AnotherPerson: the form tells that it was opened by somebody else.
    """
    if request.POST.get("whose", "") not in {"", whose_page(request.citizen.citizen)}:
        raise errors.AnotherPerson


def _read_body(request: HttpRequest) -> None:
    limits = app_settings.upload_limits
    try:
        read_body(request, limit=limits.files * limits.bytes + ROOM_FOR_TEXT)
    except BodyTooLarge as error:
        raise errors.DocumentsTooLarge(limit=limits.megabytes) from error
    except BodyUnreadable as error:
        raise errors.RequestUnreadable from error


def draft_token(request: CitizenRequest) -> uuid.UUID | None:
    """Return the draft that the sent form was typed into; None when there was none yet.

    Raises:
        NotFound: what was sent names no draft at all.
    """
    text = request.POST.get("draft", "")
    return read_uuid(text) if text else None
