"""Staff with an app for codes, and clients that have given one."""

from importlib import import_module
from typing import Any

from django.test import Client
from django.utils import timezone

from diia_videoreception.second_factor import DEVICE_KEY, SINCE_KEY
from diia_videoreception.selectors.accounts.second_factor import totp_devices
from diia_videoreception.services.accounts import second_factor

REQUIRED = dict.fromkeys(
    ("moderator", "head", "official", "superuser", "centre", "operator", "help_desk", "auditor"),
    "required",
)


def code_of(device: Any, *, steps: int = 0) -> str:
    """What the app shows now, or so many times of 30 seconds later."""
    totp = import_module("django_otp.oath").TOTP(device.bin_key)
    totp.time = timezone.now().timestamp() + 30 * steps
    return f"{totp.token():06}"


def begun(user: Any) -> Any:
    """The device of somebody who looks at the picture."""
    second_factor.begin(user, now=timezone.now())
    return totp_devices().get(user_id=user.pk, confirmed=False)


def with_app(user: Any) -> Any:
    """The device of somebody who has set it up; no code has been given yet."""
    return totp_devices().create(user_id=user.pk, name="app", confirmed=True)


def device_of(user: Any) -> Any:
    return totp_devices().get(user_id=user.pk, confirmed=True)


def verify(client: Client, user: Any) -> Client:
    """Let the session of a signed-in client count as verified just now."""
    device = totp_devices().filter(user_id=user.pk, confirmed=True).first() or with_app(user)
    session = client.session
    session[DEVICE_KEY] = device.persistent_id
    session[SINCE_KEY] = [device.persistent_id, timezone.now().timestamp()]
    session.save()
    return client


def require(settings: Any, **policies: str) -> None:
    """Let the portal require the second factor of every role, or what is named."""
    settings.DIIA_VIDEORECEPTION = {
        **settings.DIIA_VIDEORECEPTION,
        "SECOND_FACTOR": REQUIRED | policies,
    }
