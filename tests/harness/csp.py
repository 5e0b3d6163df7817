"""The strict Content-Security-Policy under which every public page must work."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from diia_videoreception.web.csp import additions_of

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"


class StrictPolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Wagtail's own screens use inline styles and scripts.
        if not request.path.startswith("/admin/"):
            response.headers.setdefault("Content-Security-Policy", POLICY + _added(request))
        return response


def _added(request: HttpRequest) -> str:
    """What the page itself asks for besides; the directives that POLICY has stay as they are."""
    more = additions_of(request)
    return "".join(
        f"; {name} 'self' {' '.join(sources)}"
        for name, sources in more.items()
        if f"{name} " not in POLICY
    )
