"""One shape for every refusal of the API: {"code", "detail"} and, where they help, more.

Codes are stable; `detail` is for people, in their language.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils import timezone
from django.utils.log import log_response
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from diia_videoreception import errors
from diia_videoreception.incidents import report
from integrations.common.problems import retry_headers

_CODES: dict[type[Exception], str] = {
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "token_refused",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.ParseError: "malformed",
    exceptions.Throttled: "throttled",
}


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("This is too large.")


def handle(exception: Exception, context: dict[str, Any]) -> Response:
    """Return the exception handler of our views."""
    if isinstance(exception, errors.ActRefused):
        return _refused(exception)
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    elif isinstance(exception, RequestDataTooBig):
        exception = TooLarge()
    if isinstance(exception, exceptions.ValidationError):
        return Response(
            {
                "code": "invalid",
                "detail": str(errors.Incomplete.message),
                "fields": _fields(exception.detail),
            },
            status=status.HTTP_400_BAD_REQUEST,
        )
    if not isinstance(exception, exceptions.APIException):
        return _unexpected(exception, context["request"])
    headers = retry_headers(getattr(exception, "wait", None))
    if header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = header
    code = (
        "too_large" if isinstance(exception, TooLarge) else _CODES.get(type(exception), "refused")
    )
    detail = str(exception.detail)
    return Response({"code": code, "detail": detail}, status=exception.status_code, headers=headers)


def _unexpected(error: Exception, request: Request) -> Response:
    """JSON with a number for the support service; monitoring and mails to ADMINS work as ever."""
    unexpected = errors.Unexpected()
    got_request_exception.send(sender=None, request=request._request)
    body = {"code": unexpected.code, "detail": str(unexpected), "reference": report(error)}
    response = Response(body, status=unexpected.status)
    log_response(
        "%s: %s",
        response.reason_phrase,
        request.path,
        response=response,
        request=request._request,
        exception=error,
    )
    return response


def _refused(error: errors.ActRefused) -> Response:
    body: dict[str, object] = {"code": error.code, "detail": str(error)}
    if isinstance(error, errors.Incomplete):
        body["fields"] = {name: [str(text)] for name, text in error.fields.items()}
        if error.codes:
            body["codes"] = dict(error.codes)
    if isinstance(error, errors.DraftChanged):
        body["fields"] = {name: [str(error)] for name in error.fields}
    if isinstance(error, errors.LimitReached) and error.until is not None:
        body["until"] = error.until
    headers = retry_headers(error.retry_after(timezone.now()))
    return Response(body, status=error.status, headers=headers)


def _fields(detail: Any) -> dict[str, list[str]]:
    if not isinstance(detail, dict):
        return {"non_field_errors": [str(item) for item in detail]}
    return {
        str(name): [str(item) for item in (texts if isinstance(texts, list) else [texts])]
        for name, texts in detail.items()
    }
