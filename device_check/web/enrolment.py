"""Where the agent of a workplace exchanges its one-time code for the right to report.

There is no session and no cookie to abuse, so no CSRF token: the code is the whole proof.
"""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from device_check import errors
from device_check.reports import portal_address
from device_check.services import workplaces
from device_check.web.endpoints import OVERHEAD, json_body, read_body, refusal
from device_check.web.throttling import enforce_rate_limit


@csrf_exempt
@sensitive_post_parameters()
@sensitive_variables()
@never_cache
@require_POST
@transaction.non_atomic_requests
def enrol(request: HttpRequest) -> HttpResponse:
    """201 {"workplace", "endpoint", "server_key"}; body {"code", "public_key", "version"}.

    403 code_refused for a code that is wrong, expired or used, 429 throttled, 503
    reports_not_set_up, 400 unreadable, 413 too_large.
    """
    try:
        enforce_rate_limit(request, "enrol")
        return JsonResponse(_enrol(request), status=201)
    except errors.CheckRefused as error:
        return refusal(error)


def _enrol(request: HttpRequest) -> dict[str, str]:
    address = portal_address()
    read_body(request, limit=OVERHEAD)
    body = json_body(request)
    code, public_key = body.get("code"), body.get("public_key")
    if not isinstance(code, str) or not isinstance(public_key, str):
        raise errors.Unreadable
    workplace = workplaces.enrol(code=code, public_key=public_key, now=timezone.now())
    return {
        "workplace": str(workplace.public_id),
        "endpoint": address.endpoint,
        "server_key": address.server_key,
    }
