"""A Content-Security-Policy for the screens of the product, and the means to make one for the portal.

MIDDLEWARE = ["diia_videoreception.web.csp.ContentSecurityPolicyMiddleware", …]

Answers that have a policy of their own keep it, whoever set it; pages of the portal and Wagtail's
admin are left alone.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse

from diia_videoreception.conf import app_settings

HEADER = "Content-Security-Policy"
OURS = frozenset({"diia_videoreception", "device_check"})
"""Namespaces of our addresses."""
POLICY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "default-src": ("'self'",),
        "base-uri": ("'none'",),
        "form-action": ("'self'",),
        "frame-ancestors": ("'none'",),
        "object-src": ("'none'",),
    }
)
_ADDITIONS = "diia_videoreception_csp"


def policy_with(*additions: Mapping[str, Iterable[str]]) -> str:
    """Return the strict policy with more sources, as the header says it.

    Args:
        additions: Sources by directive. One that the policy lacks begins with what `default-src`
            allows; 'none' gives way to any source.
    """
    directives = {name: list(sources) for name, sources in POLICY.items()}
    for more in additions:
        for name, sources in more.items():
            known = directives.setdefault(name, list(POLICY["default-src"]))
            new = [source for source in sources if source not in known]
            directives[name] = [source for source in known if not new or source != "'none'"] + new
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def allow(request: HttpRequest, directive: str, *sources: str) -> None:
    """Let the page that answers this request use these sources as well."""
    additions = additions_of(request)
    setattr(request, _ADDITIONS, additions | {directive: (*additions.get(directive, ()), *sources)})


def additions_of(request: HttpRequest) -> dict[str, tuple[str, ...]]:
    """Return the sources by directive that the page answering this request uses as well."""
    known: dict[str, tuple[str, ...]] = getattr(request, _ADDITIONS, {})
    return known


class ContentSecurityPolicyMiddleware:
    """Puts the policy on answers from our addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if HEADER not in response.headers and self.concerns(request):
            response.headers[HEADER] = policy_with(*self.additions(request))
        return response

    def concerns(self, request: HttpRequest) -> bool:
        """Return whether the answer to this request gets the policy."""
        match = request.resolver_match
        return match is not None and not OURS.isdisjoint(match.app_names)

    def additions(self, request: HttpRequest) -> Iterable[Mapping[str, Iterable[str]]]:
        """Yield what this answer may use besides: by the settings, and by the page itself.

        Wagtail shows a preview in a frame of its admin.
        """
        yield {name: text.split() for name, text in app_settings.content_security_policy.items()}
        yield additions_of(request)
        if getattr(request, "is_preview", False):
            yield {"frame-ancestors": ["'self'"]}
