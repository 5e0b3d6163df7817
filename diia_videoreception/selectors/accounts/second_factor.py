"""The second factor of staff: asked of the user object, whatever the host's own sign-in was.

`OTPMiddleware` of django-otp, or its equal of the host, puts `is_verified()` on the user of a
request. A user without it came by no request: a command or a script of who runs the portal.
"""

from collections.abc import Iterable
from importlib import import_module
from typing import Any, cast

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group
from django.db.models import Exists, QuerySet

from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    AgencyModerator,
    CentreMember,
    Official,
    OfficialSubstitute,
    StaffKey,
)
from diia_videoreception.models.centres import OPERATE
from diia_videoreception.models.journal import AUDIT
from diia_videoreception.models.looks import HELP
from diia_videoreception.rules.second_factor import FactorPolicy, Role, policy_of

PLUGINS = ("django_otp", "django_otp.plugins.otp_totp", "django_otp.plugins.otp_static")
"""What the portal installs so that its staff can have a second factor."""
RECOVERY_SHEET = "recovery"
KEY_DEVICE = "kep"
"""How the devices of django-otp are called that hold our recovery codes, and by which the session remembers
that a key was used: that one takes no codes. Others are the portal's."""
_ENROLLED = "_diia_videoreception_enrolled"
_ROLES = "_diia_videoreception_roles_to_prove"


def is_installed() -> bool:
    """Return whether the portal has what a second factor needs."""
    return all(apps.is_installed(name) for name in PLUGINS)


def totp_devices() -> QuerySet[Any]:
    """Return the phones of all staff; the models are the host's choice, hence by name."""
    return cast("QuerySet[Any]", apps.get_model("otp_totp", "TOTPDevice")._default_manager.all())


def recovery_devices() -> QuerySet[Any]:
    """Return the sheets of recovery codes of all staff."""
    model = apps.get_model("otp_static", "StaticDevice")
    return cast("QuerySet[Any]", model._default_manager.filter(name=RECOVERY_SHEET))


def key_devices() -> QuerySet[Any]:
    """Return by what the sessions of staff remember that a key was used."""
    model = apps.get_model("otp_static", "StaticDevice")
    return cast("QuerySet[Any]", model._default_manager.filter(name=KEY_DEVICE))


def enrolled_among(users: Iterable[int]) -> frozenset[int]:
    """Return who of these has set up a second factor, an app or a key; one query."""
    keys = StaffKey.objects.filter(user_id__in=users).values_list("user_id", flat=True)
    apps_ = totp_devices().filter(confirmed=True, user_id__in=users)
    return frozenset(apps_.values_list("user_id", flat=True).union(keys))


def has_app(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether an app on a phone gives this member of staff codes."""
    return totp_devices().filter(user_id=user.pk, confirmed=True).exists()


def key_of(user: AbstractBaseUser | AnonymousUser) -> StaffKey | None:
    """Return whose КЕП is the second factor of this member of staff; None where there is none."""
    return StaffKey.objects.filter(user=user.pk).first() if user.pk else None


def has_device(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether this member of staff has set up a second factor; asks once a request."""
    if user.pk is None or not is_installed():
        return False
    if not hasattr(user, _ENROLLED):
        setattr(user, _ENROLLED, bool(enrolled_among([user.pk])))
    return bool(getattr(user, _ENROLLED))


def has_other_device(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether this member of staff has a second factor of the portal's own, besides ours."""
    if user.pk is None or not is_installed():
        return False
    ours = apps.get_model("otp_totp", "TOTPDevice")
    sheets = apps.get_model("otp_static", "StaticDevice")
    return any(
        not isinstance(device, ours)
        and not (isinstance(device, sheets) and device.name in {RECOVERY_SHEET, KEY_DEVICE})
        for device in import_module("django_otp").devices_for_user(user)
    )


def is_unnoticed(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether nobody would notice that this user of a request has given a second factor.

    Then the portal has forgotten the middleware (system check E026), and nobody may be taken for
    verified: `is_unproven` alone would take them for somebody who came by no request.
    """
    return is_installed() and user.is_authenticated and not hasattr(user, "is_verified")


def is_verified(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether a second factor, here or in the portal's own sign-in, has verified who asks."""
    verified = getattr(user, "is_verified", None)
    return verified is not None and bool(verified())


def is_unproven(user: AbstractBaseUser | AnonymousUser, role: Role) -> bool:
    """Return whether a request came without the second factor that this role needs."""
    is_verified = getattr(user, "is_verified", None)
    if is_verified is None or is_verified():
        return False
    policy = policy_of(role, given=app_settings.second_factor)
    return policy is FactorPolicy.REQUIRED or has_device(user)


def lacks_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether any role of this member of staff waits for the second factor."""
    needed = {role for role in Role if is_unproven(user, role)}
    return bool(needed and needed & roles_of(user))


def roles_of(user: AbstractBaseUser | AnonymousUser) -> frozenset[Role]:
    """Return as whom this member of staff reads personal data; asks once a request."""
    if user.pk is None or not user.is_active:
        return frozenset()
    if not hasattr(user, _ROLES):
        setattr(user, _ROLES, frozenset(_roles_of(user)))
    return cast("frozenset[Role]", getattr(user, _ROLES))


def _roles_of(user: AbstractBaseUser | AnonymousUser) -> set[Role]:
    key = cast(int, user.pk)
    rights = AgencyModerator.objects.filter(user_id=key)
    held = (
        (Role.MODERATOR, rights.filter(is_head=False)),
        (Role.HEAD, rights.filter(is_head=True)),
        (Role.CENTRE, CentreMember.objects.live().filter(user_id=key)),
        (Role.OFFICIAL, Official.objects.filter(user_id=key)),
        (Role.OFFICIAL, OfficialSubstitute.objects.filter(user_id=key)),
    )
    # One statement for all, and an index for each: every page of staff asks this.
    asked = get_user_model()._default_manager.filter(pk=key).order_by()
    answers = asked.values_list(*(Exists(rows) for _role, rows in held))
    roles = {
        role for row in answers for (role, _rows), found in zip(held, row, strict=True) if found
    }
    if manages_users(user):
        roles.add(Role.SUPERUSER)
    if operates(user) and Role.SUPERUSER not in roles:
        roles.add(Role.OPERATOR)
    if helps(user) and Role.SUPERUSER not in roles:
        roles.add(Role.HELP_DESK)
    if audits(user) and Role.SUPERUSER not in roles:
        roles.add(Role.AUDITOR)
    return roles


def manages_users(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether somebody may make superusers, and so become one: being one, or by permission."""
    has_perm = getattr(user, "has_perm", None)
    return bool(has_perm and any(has_perm(name) for name in user_permissions()))


def operates(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether somebody is the portal's operator, who gives centres access: by permission."""
    return _has_right(user, OPERATE)


def helps(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether somebody is of the help desk, who answers citizens by telephone: by permission."""
    return _has_right(user, HELP)


def audits(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether somebody reads the journal of the whole portal: by permission."""
    return _has_right(user, AUDIT)


def _has_right(user: AbstractBaseUser | AnonymousUser, codename: str) -> bool:
    has_perm = getattr(user, "has_perm", None)
    return bool(has_perm and has_perm(f"diia_videoreception.{codename}"))


def user_permissions() -> list[str]:
    """Return the permissions by which users get rights: those over users and those over groups."""
    return [
        f"{model._meta.app_label}.{action}_{model._meta.model_name}"
        for model in (get_user_model(), Group)
        for action in ("add", "change")
    ]


def recovery_codes_left(user: AbstractBaseUser | AnonymousUser) -> int:
    """Return how many recovery codes a member of staff has not used yet."""
    tokens = apps.get_model("otp_static", "StaticToken")._default_manager
    ours = tokens.filter(device__name=RECOVERY_SHEET, device__confirmed=True)
    return int(ours.filter(device__user_id=user.pk).count())
