"""Who comes to the pages of officials: the portal's staff, by the host's own sign-in."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from diia_videoreception.second_factor import second_factor_required
from diia_videoreception.selectors.accounts.second_factor import is_installed
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.pages import render_page
from integrations.common.local_urls import page_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_required(view: View[P]) -> View[P]:
    """Return a screen for signed-in staff who have given the second factor that their role needs.

    Whose receptions they are is for the selectors to say.
    """
    return staff_sign_in_required(second_factor_required(view))


def staff_sign_in_required(view: View[P]) -> View[P]:
    """Return a screen for signed-in staff, whatever their second factor: the step itself."""

    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated or not request.user.is_active:
            return to_staff_sign_in(request)
        return view(request, *args, **kwargs)

    return screen(update_wrapper(wrapper, view))


def signed_in_staff(request: HttpRequest) -> AbstractBaseUser:
    """Return the member of staff behind `staff_required`."""
    return cast(AbstractBaseUser, request.user)


def to_staff_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the browser to the staff's sign-in; it comes back to the page, or to that of the form, or to the day."""
    back = page_of(request) or reverse("diia_videoreception:official_day")
    return redirect_to_login(back, login_url=staff_sign_in_url())


def staff_sign_in_url() -> str:
    """Return where the portal's staff sign in."""
    return getattr(settings, "WAGTAILADMIN_LOGIN_URL", "") or reverse("wagtailadmin_login")


def staff_page(
    request: HttpRequest, template: str, *, folder: str = "official", **context: Any
) -> HttpResponse:
    """Show as `render_page`; whichever citizen is signed in in the same browser has no part in it.

    Args:
        folder: of the templates, whose screens they are.
    """
    request.citizen = None  # type: ignore[attr-defined]
    shown: dict[str, object] = {
        "signed_in": None,
        "session_clock": None,
        "staff": request.user,
        "has_second_factor_pages": is_installed(),
    }
    return render_page(request, f"{folder}/{template}", **(context | shown))
