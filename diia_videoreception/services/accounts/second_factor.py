"""The second factor of staff: setting it up, giving it, and what is left when the phone is lost.

The devices are django-otp's; recovery codes are kept as keyed hashes, so that who reads the tables
has none. Screens count what was typed before it is compared; devices count it too, and a code works
once.
"""

import secrets
from datetime import datetime
from importlib import import_module
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import (
    CodeRepeated,
    NotFound,
    RecoveryCodeWrong,
    SecondFactorCodeWrong,
    TooManyRequests,
)
from diia_videoreception.models import JournalAct, Letter, StaffKey
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.rules.codes import typed_code
from diia_videoreception.rules.second_factor import (
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    recovery_code,
    typed_recovery_code,
)
from diia_videoreception.selectors.access import StaffUser
from diia_videoreception.selectors.accounts.second_factor import (
    RECOVERY_SHEET,
    key_devices,
    recovery_devices,
    totp_devices,
)
from diia_videoreception.selectors.accounts.staff import staff_reset_by
from diia_videoreception.services import journal, letters
from diia_videoreception.services.transactions import act

TOKEN_LENGTH = 16
"""Signs of a recovery code's hash that django-otp's table holds."""


@act
def begin(user: AbstractBaseUser, *, now: datetime) -> int:
    """Make a new secret for the person's phone; one that was begun before is thrown away.

    Nothing changes until the phone has shown that it has it.

    Returns:
        The key of the half-made device. Only the session that began it may show its secret: whoever
        reads that and has the password makes every code that the phone will show.
    """
    lock_user(user)
    devices = totp_devices()
    devices.filter(user_id=user.pk, confirmed=False).delete()
    return int(devices.create(user_id=user.pk, name="app", confirmed=False).pk)


def confirm(
    user: AbstractBaseUser, *, device_id: int, code: str, now: datetime
) -> tuple[Any, list[str]]:
    """Put the new phone in the place of the one before, and make new recovery codes.

    Args:
        device_id: What `begin` gave to this session.

    Returns:
        The device and the codes, which are kept nowhere else.

    Raises:
        SecondFactorCodeWrong: the phone shows another code, or what was begun is there no more.
        TooManyRequests
    """
    begun = totp_devices().filter(pk=device_id, user_id=user.pk, confirmed=False)
    device = _accepted(begun, user, code, now=now)
    return device, _put_in_place(user, device, now=now)


@act
def _put_in_place(user: AbstractBaseUser, device: Any, *, now: datetime) -> list[str]:
    lock_user(user)
    devices = totp_devices().filter(user_id=user.pk)
    # Another window may have begun anew since the code was compared.
    if not devices.filter(pk=device.pk).update(confirmed=True):
        raise SecondFactorCodeWrong
    devices.exclude(pk=device.pk).delete()
    device.confirmed = True
    _sheet, codes = new_codes(user)
    record_set_up(user, kind="app", now=now)
    return codes


def record_set_up(user: AbstractBaseUser, *, kind: str, now: datetime) -> None:
    """Write down that a second factor was set up, and tell the person, inside the act."""
    journal.record(
        JournalAct.SET_SECOND_FACTOR,
        subject=user,
        staff_id=user.pk,
        now=now,
        details={"kind": kind},
    )
    letters.notify_user(Letter.Kind.STAFF_FACTOR_SET, user, now=now)


def verify(user: AbstractBaseUser, *, code: str, now: datetime) -> Any:
    """Compare a code of the phone.

    Returns:
        The device that has shown it.

    Raises:
        SecondFactorCodeWrong: it is another one.
        CodeRepeated: it was given before.
        TooManyRequests: too many were tried; `until` says when the next may be.
    """
    return _accepted(totp_devices().filter(user_id=user.pk, confirmed=True), user, code, now=now)


def verify_recovery(user: AbstractBaseUser, *, code: str, now: datetime) -> Any:
    """Compare a recovery code and use it up.

    Raises:
        RecoveryCodeWrong: it is none of those that are left.
        TooManyRequests
    """
    typed = typed_recovery_code(code)
    if typed is None:
        raise RecoveryCodeWrong
    device = _use_up(user, typed, now=now)
    if device is None:
        raise RecoveryCodeWrong
    return device


@act
def _use_up(user: AbstractBaseUser, typed: str, *, now: datetime) -> Any:
    """Return the sheet that had the code; None for a wrong one, which stays counted."""
    device = _unlocked(recovery_devices().filter(user_id=user.pk, confirmed=True))
    if device is None or not device.verify_token(_hashed(user, typed)):
        return None
    journal.record(JournalAct.USE_RECOVERY_CODE, subject=user, staff_id=user.pk, now=now)
    return device


@act
def renew_recovery_codes(user: AbstractBaseUser, *, now: datetime) -> tuple[Any, list[str]]:
    """Make new recovery codes; those of before work no more, nor does what they have proven hold.

    Returns:
        The new sheet and its codes.
    """
    lock_user(user)
    sheet, codes = new_codes(user)
    journal.record(JournalAct.MAKE_RECOVERY_CODES, subject=user, staff_id=user.pk, now=now)
    return sheet, codes


@act
def reset(user_id: int, *, staff: StaffUser, now: datetime) -> bool:
    """Take the second factor of a member of staff away, who sets it up anew at the next sign-in.

    Their sessions count as not verified from now on.

    Returns:
        Whether the person was told by letter; False where their account has no address.

    Raises:
        NotFound: nobody whose second factor this member of staff may reset, or who has one.
    """
    user = staff_reset_by(staff).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    lock_user(user)
    had_app, _rows = totp_devices().filter(user_id=user.pk).delete()
    had_key, _rows = StaffKey.objects.filter(user_id=user.pk).delete()
    for devices in (recovery_devices(), key_devices()):
        devices.filter(user_id=user.pk).delete()
    if not (had_app or had_key):
        raise NotFound
    journal.record(JournalAct.RESET_SECOND_FACTOR, subject=user, staff_id=staff.pk, now=now)
    return letters.notify_user(Letter.Kind.STAFF_FACTOR_RESET, user, now=now) is not None


def _accepted(devices: Any, user: AbstractBaseUser, code: str, *, now: datetime) -> Any:
    """Return the device whose present code was typed.

    A wrong code stays counted, by us and by the device: what is raised comes after the commit.
    """
    digits = typed_code(code)
    if digits is None:
        raise SecondFactorCodeWrong
    device, accepted = _compare(devices, digits)
    if accepted:
        return device
    if device is not None and _was_used(device, digits):
        raise CodeRepeated
    raise SecondFactorCodeWrong


@act
def _compare(devices: Any, digits: str) -> tuple[Any, bool]:
    """Return the device and whether it shows these digits; what it counts is kept either way."""
    device = _unlocked(devices)
    return device, device is not None and device.verify_token(digits)


def _was_used(device: Any, digits: str) -> bool:
    """Return whether the code is the very one that was accepted last."""
    totp = import_module("django_otp.oath").TOTP(device.bin_key, device.step, device.t0)
    totp.time = device.last_t * device.step + device.t0
    return device.last_t >= 0 and int(totp.token()) == int(digits)


def _unlocked(devices: Any) -> Any:
    """Return the device, whose row is locked, if it lets anything be tried; None when there is none.

    Raises:
        TooManyRequests: after wrong codes it waits, each time twice as long.
    """
    device = devices.select_for_update().order_by("pk").first()
    if device is not None:
        is_allowed, why = device.verify_is_allowed()
        if not is_allowed:
            raise TooManyRequests(until=why["locked_until"])
    return device


def new_codes(user: AbstractBaseUser) -> tuple[Any, list[str]]:
    """Make a sheet of recovery codes in the place of the one before, inside the act."""
    recovery_devices().filter(user_id=user.pk).delete()
    device = recovery_devices().create(user_id=user.pk, name=RECOVERY_SHEET, confirmed=True)
    codes = [
        recovery_code([secrets.randbelow(32) for _ in range(RECOVERY_LENGTH)])
        for _ in range(RECOVERY_CODES)
    ]
    for code in codes:
        device.token_set.create(token=_hashed(user, code))
    return device, codes


def _hashed(user: AbstractBaseUser, code: str) -> str:
    return lookup_hash("recovery", f"{user.pk}\0{code}")[:TOKEN_LENGTH]


def lock_user(user: AbstractBaseUser) -> None:
    """Let what changes the second factor of one person happen one after another."""
    users = get_user_model()._default_manager.filter(pk=user.pk)
    users.select_for_update(no_key=True).only("pk").get()
