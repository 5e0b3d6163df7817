"""What stands around every address that the page's script calls: sizes, trust, answers."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import patch_cache_control
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from device_check import errors
from device_check.web.throttling import enforce_rate_limit
from integrations.common import bodies
from integrations.common.problems import error_response

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

OVERHEAD = 16 * 1024
"""Bytes that the frame of a multipart body may take, and all that a JSON body may."""


class _InMemory(MemoryFileUploadHandler):
    """Pictures and sounds never touch the disk; their size has been limited before."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


class _Csrf(CsrfViewMiddleware):
    """Django's own guard, with an answer that the script can read."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return refusal(errors.Untrusted())


_csrf_protect = decorator_from_middleware(_Csrf)


def refusal(error: errors.CheckRefused) -> HttpResponse:
    """Show the answer to a refused request, with the status that belongs to it."""
    return error_response(
        error.code, error.message, status=error.status, retry_after=error.retry_after
    )


def endpoint(
    method: str, *, scope: str, limit: Callable[[], int] = lambda: 0
) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Show an address for one method, within the rate of `scope`, whose refusals are JSON.

    Args:
        method: GET or POST; a POST needs the CSRF token.
        scope: name of the rate in `conf.RATES`.
        limit: how many bytes a body may have besides OVERHEAD; it is asked before the body is read.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        trusted = _csrf_protect(_refusing(view))

        @sensitive_post_parameters()
        @sensitive_variables()
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != method:
                response = refusal(errors.WrongMethod())
                response.headers["Allow"] = method
            else:
                try:
                    enforce_rate_limit(request, scope)
                    read_body(request, limit=limit() + OVERHEAD)
                except errors.CheckRefused as error:
                    response = refusal(error)
                else:
                    response = cast(HttpResponse, trusted(request, *args, **kwargs))
            patch_cache_control(response, no_store=True, private=True)
            return response

        # The guard is inside, behind the limit of size: looking for the token reads the body.
        return csrf_exempt(transaction.non_atomic_requests(wrapper))

    return decorate


def _refusing(view: View[P]) -> View[P]:
    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except errors.CheckRefused as error:
            return refusal(error)

    return wrapper


def read_body(request: HttpRequest, *, limit: int) -> None:
    """Read the whole body into memory, once it is known not to be too large.

    Raises:
        TooLarge: it says that it has more bytes than `limit`.
        Unreadable: it breaks off or is not what it says to be.
    """
    request.upload_handlers = [_InMemory(request)]
    try:
        bodies.read_body(request, limit=limit)
    except bodies.BodyTooLarge as error:
        raise errors.TooLarge from error
    except bodies.BodyUnreadable as error:
        raise errors.Unreadable from error


def raw_body(request: HttpRequest) -> bytes:
    """Return the body as it came.

    Raises:
        Unreadable: it is a form, which has been parsed.
    """
    try:
        return request.body
    except RawPostDataException as error:
        raise errors.Unreadable from error


def json_body(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object in the body; an empty body is an empty object.

    Raises:
        Unreadable: it is no JSON object.
    """
    try:
        body = json.loads(raw_body(request) or b"{}")
    except (ValueError, RecursionError) as error:
        raise errors.Unreadable from error
    if not isinstance(body, dict):
        raise errors.Unreadable
    return body
