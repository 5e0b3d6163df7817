"""Ends the second factor of staff when it is too old; see `diia_videoreception.second_factor`."""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from diia_videoreception.second_factor import end_old_proof
from diia_videoreception.web.browser_state import RECOVERY_CODES


class SecondFactorMiddleware:
    """Needs `django_otp.middleware.OTPMiddleware` before it; looks at the session once the user is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user

        def current() -> AbstractBaseUser | AnonymousUser:
            # First the session, then the user of whom it says whether they are verified.
            if end_old_proof(request, now=timezone.now()):
                RECOVERY_CODES.drop(request)
            return user

        request.user = SimpleLazyObject(current)  # type: ignore[assignment]
        return self._get_response(request)
