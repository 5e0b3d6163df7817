"""Checks of what keeps personal data from who has only a password."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning
from django.utils.module_loading import import_string

from diia_videoreception.conf import app_settings
from diia_videoreception.rules.second_factor import FactorPolicy, Role, policy_of
from diia_videoreception.selectors.accounts.second_factor import is_installed

STAFF_MIDDLEWARE = (
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "diia_videoreception.web.second_factor.SecondFactorMiddleware",
)


@register()
def check_second_factor(**kwargs: Any) -> list[CheckMessage]:
    """W027: a password alone opens personal data. W028: Django's admin. E026: who has given it is not known."""
    if not is_installed():
        return [] if settings.DEBUG else [_without_second_factor("is not installed")]
    messages: list[CheckMessage] = []
    places = [
        settings.MIDDLEWARE.index(name) if name in settings.MIDDLEWARE else -1
        for name in STAFF_MIDDLEWARE
    ]
    if -1 in places or places != sorted(places):
        messages.append(
            Error(
                f"MIDDLEWARE needs, in this order: {', '.join(STAFF_MIDDLEWARE)}.",
                hint="Until then no member of staff is let in.",
                id="diia_videoreception.E026",
            )
        )
    offered = [
        role
        for role in Role
        if policy_of(role, given=app_settings.second_factor) is not FactorPolicy.REQUIRED
    ]
    if offered and not settings.DEBUG:
        messages.append(_without_second_factor(f"is only offered to: {', '.join(offered)}"))
    return [*messages, *_check_django_admin()]


def _check_django_admin() -> Iterator[CheckMessage]:
    """Beside Wagtail's admin it is one more place where users get rights, and devices are shown."""
    if not apps.is_installed("django.contrib.admin"):
        return
    if not getattr(settings, "OTP_ADMIN_HIDE_SENSITIVE_DATA", False):
        yield CheckWarning(
            "Django's admin shows the keys of the second factor of all staff to its superusers.",
            hint="OTP_ADMIN_HIDE_SENSITIVE_DATA = True",
            id="diia_videoreception.W028",
        )
    site = import_string("django.contrib.admin.site")
    if not isinstance(site, import_string("django_otp.admin.OTPAdminSite")):
        yield CheckWarning(
            "A PASSWORD ALONE OPENS DJANGO'S ADMIN, where users get rights and second factors.",
            hint="Take 'django.contrib.admin' out of INSTALLED_APPS, or let its site be a "
            "django_otp.admin.OTPAdminSite (docs/install.md, «The second factor of staff»).",
            id="diia_videoreception.W028",
        )


def _without_second_factor(why: str) -> CheckMessage:
    return CheckWarning(
        f"A PASSWORD ALONE OPENS THE PERSONAL DATA OF CITIZENS: the second factor of staff {why}.",
        hint="pip install 'diia-videoreception[otp]' and docs/install.md, «The second factor of staff».",
        id="diia_videoreception.W027",
    )
