"""What the portal adds to every answer."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from diia_videoreception.web.errors import page_not_found, permission_denied, server_error

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)


class StrictPolicyMiddleware:
    """The policy of a careful portal; Wagtail's own screens need inline styles and are left out."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if not request.path.startswith("/admin/"):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class PlainErrorsMiddleware:
    """Pages instead of tracebacks although DEBUG is on, which the demonstration's providers ask for."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        if isinstance(exception, Http404):
            return page_not_found(request, exception)
        if isinstance(exception, PermissionDenied):
            return permission_denied(request, exception)
        return server_error(request)


class OneAddressMiddleware:
    """Leads from localhost to 127.0.0.1, where the sign-in comes back to."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = urlsplit(settings.ADDRESS)
        if request.method == "GET" and request.get_host() == f"localhost:{wanted.port}":
            return HttpResponseRedirect(f"{settings.ADDRESS}{request.get_full_path()}")
        return self._get_response(request)
