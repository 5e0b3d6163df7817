"""The second factor before every address of ours in the admin, and before what is most delicate.

So is what others show there: Wagtail's screens of users and groups, by which one password would make
itself a second account with every right, and those of the device check.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.utils.urlpatterns import decorate_urlpatterns

from diia_videoreception.errors import SecondFactorRequired
from diia_videoreception.second_factor import step_instead

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

LISTS = frozenset({"index", "index_results"})
"""Addresses of a viewset that change nothing."""


def guarded(viewset: ViewSet | ViewSetGroup) -> ViewSet | ViewSetGroup:
    """Put the step before all addresses of a viewset, or of all viewsets of a group."""
    for one in getattr(viewset, "registerables", [viewset]):
        _guard(one)
    return viewset


def guard_of_others(viewset: ViewSet) -> None:
    """Put the step before screens that are not ours, if they give rights or are for superusers only.

    Who changes users or groups gives the second factor again.
    """
    if _comes_from(viewset, "wagtail.users"):
        _guard(viewset, lambda name: proven if name in LISTS else freshly_proven)
    elif _comes_from(viewset, "device_check"):
        _guard(viewset)


def _comes_from(viewset: ViewSet, package: str) -> bool:
    """Return whether a viewset is of this package, or is the portal's own variety of one."""
    return any(base.__module__.startswith(f"{package}.") for base in type(viewset).__mro__)


def _guard(viewset: Any, guard_of: Callable[[str], Any] = lambda name: proven) -> None:
    patterns = viewset.get_urlpatterns
    viewset.get_urlpatterns = lambda: [
        guarded_pattern
        for pattern in patterns()
        for guarded_pattern in decorate_urlpatterns([pattern], guard_of(pattern.name))
    ]


def proven(view: View[P]) -> View[P]:
    """Return a view before which staff give the second factor that their role needs."""
    return _before(view, fresh=False)


def freshly_proven(view: View[P]) -> View[P]:
    """Return a view before which staff who have a second factor give it again."""
    return _before(view, fresh=True)


def _before(view: View[P], *, fresh: bool) -> View[P]:
    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return step_in_admin(request, fresh=fresh) or view(request, *args, **kwargs)

    return wrapper


def step_in_admin(request: HttpRequest, *, fresh: bool) -> HttpResponse | None:
    """Return the way to the step where it is wanted first; None where it is not.

    Raises:
        PermissionDenied: no step can be shown, as to a script; Wagtail has the answer.
    """
    try:
        return step_instead(request, fresh=fresh)
    except SecondFactorRequired as error:
        raise PermissionDenied from error
