"""The calendar behind a secret address; read by programs, which sign in nowhere.

The address is the secret, so it stands in no log: from here on the request has another path.
"""

import logging
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from diia_videoreception.errors import TooManyRequests
from diia_videoreception.selectors.booking.calendar_feeds import feed_with, receptions_in
from diia_videoreception.services.accounts.calendar_feeds import note_use
from diia_videoreception.services.letters.feeds import SUFFIX, calendar_feed
from diia_videoreception.services.throttling import require_rate, sender
from integrations.common.failures import isolated, traceback_without_message
from integrations.common.problems import retry_headers

logger = logging.getLogger(__name__)

HIDDEN = "hidden"
PATHS = ("PATH_INFO", "RAW_URI", "REQUEST_URI", "UNENCODED_URL")
"""Where servers keep the address of a request, for their own logs as well."""


@transaction.non_atomic_requests
@sensitive_variables("secret")
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Give the calendar; the same short answer to whatever opens nothing."""
    hide_path(request)
    response: HttpResponseBase = HttpResponse(status=HTTPStatus.INTERNAL_SERVER_ERROR)
    with isolated() as one:
        response = _answer(request, secret.removesuffix(SUFFIX))
    if isinstance(one.error, TooManyRequests):
        response = HttpResponse(
            status=HTTPStatus.TOO_MANY_REQUESTS,
            headers=retry_headers(one.error.retry_after(timezone.now())),
        )
    elif one.error is not None:
        # Not raised: a report of it would have the secret among the variables.
        logger.error("A calendar feed failed: %s", traceback_without_message(one.error))
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def hide_path(request: HttpRequest) -> None:
    """Take the secret out of the request, for whatever tells of it from now on."""
    hidden = reverse("diia_videoreception:calendar_feed", args=[f"{HIDDEN}{SUFFIX}"])
    request.path = request.path_info = hidden
    for name in PATHS:
        if name in request.META:
            request.META[name] = hidden


@sensitive_variables("secret")
def _answer(request: HttpRequest, secret: str) -> HttpResponseBase:
    now = timezone.now()
    require_rate("calendar_address", sender(request, None), now=now)
    found = feed_with(secret, now=now)
    if found is None:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    require_rate("calendar_feed", f"feed {found.pk}", now=now)
    note_use(found, now=now)
    content, tag = calendar_feed(found, receptions_in(found, now=now))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["ETag"] = tag
    response["Content-Disposition"] = 'inline; filename="videopryiomy.ics"'
    unchanged = get_conditional_response(request, etag=tag, response=response)
    return unchanged if unchanged is not None else response
