"""Turns refusals into answers: the one place that knows the status and the words around them."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.services.incidents import report
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.refused import refusal_page

_HEADINGS = {
    HTTPStatus.UNAUTHORIZED: _("You need to sign in again"),
    HTTPStatus.FORBIDDEN: _("You do not have access to this page"),
    HTTPStatus.NOT_FOUND: _("Page not found"),
    HTTPStatus.TOO_MANY_REQUESTS: _("Wait a moment"),
    HTTPStatus.SERVICE_UNAVAILABLE: _("Try again in a moment"),
}
_HEADING = _("We could not do this")


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks that reads answers itself."""
    return request.headers.get("Accept", "").startswith("application/json")


def refusal(request: HttpRequest, error: errors.ActRefused) -> HttpResponse:
    """The answer to an act that was refused, as a page or, for scripts, as JSON.

    JSON looks like {"code": "slot_taken", "message": "…"}.
    """
    if wants_json(request):
        response: HttpResponse = JsonResponse(
            {"code": error.code, "message": str(error)}, status=error.status
        )
    else:
        response = refusal_page(
            request,
            "error.html",
            heading=_HEADINGS.get(error.status, _HEADING),
            message=str(error),
            code=error.code,
            status=error.status,
        )
    return set_retry_after(response, error)


def set_retry_after(response: HttpResponse, error: errors.ActRefused) -> HttpResponse:
    """Adds Retry-After, in seconds, where the refusal says when to come again."""
    seconds = error.retry_after(timezone.now())
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form that cannot be trusted; for the setting CSRF_FAILURE_VIEW.

    JSON, for scripts, has the code "csrf": they get a fresh token and send once more.
    """
    if wants_json(request):
        said = gettext("The page was open for too long. Reload it and try again.")
        return JsonResponse({"code": "csrf", "message": said}, status=HTTPStatus.FORBIDDEN)
    return render_page(
        request,
        "error.html",
        heading=_("The page was open for too long"),
        message=_(
            "We did not accept the form, to protect your account. Go back, reload the page "
            "and try again."
        ),
        code="csrf",
        status=HTTPStatus.FORBIDDEN,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A `handler400` for a portal that has none of its own."""
    return refusal(request, errors.RequestUnreadable())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A `handler404` for a portal that has none of its own."""
    return refusal(request, errors.NotFound())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A `handler403` for a portal that has none of its own."""
    return refusal(request, errors.Forbidden())


def server_error(request: HttpRequest) -> HttpResponse:
    """A `handler500` for a portal that has none of its own; scripts get JSON.

    It asks neither the database nor the session, and uses no template of the portal: any of them
    may be what has failed.
    """
    reference = report(sys.exc_info()[1])
    if wants_json(request):
        unexpected = errors.Unexpected()
        body = {"code": unexpected.code, "message": str(unexpected), "reference": reference}
        answer: HttpResponse = JsonResponse(body, status=unexpected.status)
    else:
        values = {
            "reference": reference,
            "support_phone": app_settings.support_phone,
            "service_url": app_settings.service_url,
        }
        answer = render(None, "diia_videoreception/server_error.html", values, status=500)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
