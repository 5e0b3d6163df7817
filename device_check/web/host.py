"""What the host knows of the person in front of the browser; the settings name its functions."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.module_loading import import_string

from device_check import errors
from device_check.conf import app_settings
from device_check.models import CheckRun

SESSION_KEY = "device_check"
_MAX_CONTEXT = CheckRun._meta.get_field("context").max_length or 0


def subject_of(request: HttpRequest) -> str:
    """Return who the run belongs to, in the host's words; "" for a guest."""
    if not app_settings.subject:
        return ""
    return cast(Callable[[HttpRequest], str], import_string(app_settings.subject))(request)


def require_context(request: HttpRequest, context: str) -> str:
    """Return the context, if the host lets this person check for it; "" is everybody's.

    Raises:
        NotFound: it is not the person's, or is none at all.
    """
    if not context:
        return ""
    if len(context) > _MAX_CONTEXT or not context.isprintable() or not app_settings.may_use_context:
        raise errors.NotFound
    allowed = cast(Callable[[HttpRequest, str], bool], import_string(app_settings.may_use_context))
    if not allowed(request, context):
        raise errors.NotFound
    return context


def browser_hash(request: HttpRequest, *, begin: bool = False) -> str:
    """Tell this browser's session from all others without naming it; "" when it has begun no run."""
    if begin and SESSION_KEY not in request.session:
        request.session[SESSION_KEY] = get_random_string(32)
    key = request.session.get(SESSION_KEY, "")
    return salted_hmac(SESSION_KEY, key, algorithm="sha256").hexdigest() if key else ""
