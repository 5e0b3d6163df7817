"""Turns refusals into answers: the one place that knows the status and the words around them."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.incidents import report
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.refused import refusal_page
from integrations.common.problems import error_response, retry_headers

_HEADINGS = {
    HTTPStatus.UNAUTHORIZED: _("You need to sign in again"),
    HTTPStatus.FORBIDDEN: _("You do not have access to this page"),
    HTTPStatus.NOT_FOUND: _("Page not found"),
    HTTPStatus.TOO_MANY_REQUESTS: _("Wait a moment"),
    HTTPStatus.SERVICE_UNAVAILABLE: _("Try again in a moment"),
}
_HEADING = _("We could not do this")


def wants_json(request: HttpRequest) -> bool:
    """Return whether a script asks that reads answers itself."""
    return request.headers.get("Accept", "").startswith("application/json")


def refusal(request: HttpRequest, error: errors.ActRefused) -> HttpResponse:
    """Show the answer to an act that was refused, as a page or, for scripts, as JSON.

    JSON has the shape of `integrations.common.problems`; both say when to come again.
    """
    if wants_json(request):
        return json_refusal(error)
    response = refusal_page(
        request,
        "error.html",
        heading=_HEADINGS.get(error.status, _HEADING),
        message=str(error),
        code=error.code,
        status=error.status,
    )
    for name, value in retry_headers(error.retry_after(timezone.now())).items():
        response.headers[name] = value
    return response


def json_refusal(error: errors.ActRefused) -> HttpResponse:
    """Show the answer to an act that was refused, for a script."""
    seconds = error.retry_after(timezone.now())
    return error_response(error.code, error, status=error.status, retry_after=seconds)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the answer to a form that cannot be trusted; for the setting CSRF_FAILURE_VIEW.

    JSON, for scripts, has the code "csrf": they get a fresh token and send once more.
    """
    if wants_json(request):
        return json_csrf_failure()
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


def json_csrf_failure() -> HttpResponse:
    """Show the answer to a script whose token is not of this session."""
    message = gettext("The page was open for too long. Reload it and try again.")
    return error_response("csrf", message, status=HTTPStatus.FORBIDDEN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show a `handler400` for a portal that has none of its own."""
    return refusal(request, errors.RequestUnreadable())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show a `handler404` for a portal that has none of its own."""
    return refusal(request, errors.NotFound())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show a `handler403` for a portal that has none of its own."""
    return refusal(request, errors.Forbidden())


def server_error(request: HttpRequest) -> HttpResponse:
    """Show a `handler500` for a portal that has none of its own; scripts get JSON.

    It asks neither the database nor the session, and uses no template of the portal: any of them
    may be what has failed.
    """
    reference = report(sys.exc_info()[1])
    if wants_json(request):
        unexpected = errors.Unexpected()
        answer: HttpResponse = error_response(
            unexpected.code, unexpected, status=unexpected.status, reference=reference
        )
    else:
        values = {
            "reference": reference,
            "support_phone": app_settings.support_phone,
            "service_url": app_settings.service_url,
        }
        answer = render(None, "diia_videoreception/server_error.html", values, status=500)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
