"""The second factor before every address of ours in the admin, and before what is most delicate."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.utils.urlpatterns import decorate_urlpatterns

from diia_videoreception.errors import SecondFactorRequired
from diia_videoreception.second_factor import step_instead

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def guarded(viewset: ViewSet | ViewSetGroup) -> ViewSet | ViewSetGroup:
    """Put the step before all addresses of a viewset, or of all viewsets of a group."""
    for one in getattr(viewset, "registerables", [viewset]):
        _guard(one)
    return viewset


def _guard(viewset: Any) -> None:
    patterns = viewset.get_urlpatterns
    viewset.get_urlpatterns = lambda: decorate_urlpatterns(patterns(), proven)


def proven(view: View[P]) -> View[P]:
    """Return a view before which staff give the second factor that their role needs."""
    return _before(view, fresh=False)


def freshly_proven(view: View[P]) -> View[P]:
    """Return a view before which staff who have a second factor give it again."""
    return _before(view, fresh=True)


def _before(view: View[P], *, fresh: bool) -> View[P]:
    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            step = step_instead(request, fresh=fresh)
        except SecondFactorRequired as error:
            # Wagtail has the answer for a script.
            raise PermissionDenied from error
        return step or view(request, *args, **kwargs)

    return wrapper
