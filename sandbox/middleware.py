"""What the portal adds to every answer."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from diia_videoreception.web.csp import ContentSecurityPolicyMiddleware
from diia_videoreception.web.errors import page_not_found, permission_denied, server_error

Handler = Callable[[HttpRequest], HttpResponse]


class StrictPolicyMiddleware(ContentSecurityPolicyMiddleware):
    """The policy of our screens for the whole portal; Wagtail's own need inline styles and are left out."""

    def concerns(self, request: HttpRequest) -> bool:
        return not request.path.startswith("/admin/")


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


class OneHostMiddleware:
    """Leads from other names of this machine to the one that the sign-in comes back to."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named, wanted = (urlsplit(url) for url in (f"//{request.get_host()}", settings.SITE_URL))
        is_elsewhere = named.hostname != wanted.hostname
        is_for_people = not request.path.startswith(settings.FOR_MACHINES)
        if request.method == "GET" and is_elsewhere and is_for_people:
            return HttpResponseRedirect(f"{settings.SITE_URL}{request.get_full_path()}")
        return self._get_response(request)
