"""Who may see and change rows in the admin: the selectors that the screens use, as Wagtail's policies.

What may be done with an application, `selectors/booking/worklist.py` says (`acts_open_to_moderator`).

Django's own model permissions do not count here. Whoever holds one sees every row of the model in
Wagtail's site history, whatever the agency; so the right to moderate is the row in
`AgencyModerator`, and these models offer no permissions to groups.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model, Q, QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from diia_videoreception.models import (
    Absence,
    Agency,
    AgencyModerator,
    Application,
    Holiday,
    Official,
    OfficialSubstitute,
    RefusalReason,
    ScheduleException,
    ScheduleRule,
    Unit,
    VisitPhrase,
)
from diia_videoreception.models.centres import OPERATE
from diia_videoreception.selectors.access import StaffUser, applications_visible_to, sees_all
from diia_videoreception.selectors.accounts.staff import heads
from diia_videoreception.selectors.centres.access import operates_portal
from diia_videoreception.selectors.reference import SELECTORS, agencies_kept_by, moderates

ALL_ACTIONS = frozenset({"add", "change", "delete", "view"})
NOBODY: frozenset[str] = frozenset()
OPERATING = Q(user_permissions__codename=OPERATE) | Q(groups__permissions__codename=OPERATE)


class AgencyPolicy(BasePermissionPolicy):
    """Moderators act on rows of their agencies, superusers on all; the operator on what is the portal's to keep."""

    def __init__(
        self,
        model: type[Model],
        selector: Callable[[StaffUser], QuerySet[Any]],
        *,
        moderators: Collection[str] = ALL_ACTIONS,
        superusers: Collection[str] = ALL_ACTIONS,
        operators: Collection[str] = NOBODY,
        heads_only: bool = False,
    ) -> None:
        super().__init__(model)
        self._selector = selector
        self._heads_only = heads_only
        self._moderators = frozenset(moderators)
        self._superusers = frozenset(superusers)
        self._operators = frozenset(operators)

    def user_has_permission(self, user: StaffUser, action: str) -> bool:
        if not user.is_active:
            return False
        if sees_all(user):
            return action in self._superusers
        may = heads(user) if self._heads_only else moderates(user)
        if action in self._moderators and may:
            return True
        return action in self._operators and operates_portal(user)

    def user_has_permission_for_instance(
        self, user: StaffUser, action: str, instance: Model
    ) -> bool:
        return (
            self.user_has_permission(user, action)
            and self._selector(user).filter(pk=instance.pk).exists()
        )

    def instances_user_has_any_permission_for(
        self, user: StaffUser, actions: Collection[str]
    ) -> QuerySet[Any]:
        visible = self._selector(user)
        return visible if self.user_has_any_permission(user, actions) else visible.none()

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[AbstractBaseUser]:
        wanted = frozenset(actions)
        entitled = Q(pk__in=[])
        if wanted & self._superusers:
            entitled |= Q(is_superuser=True)
        if wanted & self._moderators:
            heads_only = {"moderated_agencies__is_head": True} if self._heads_only else {}
            entitled |= Q(moderated_agencies__isnull=False, **heads_only)
        if wanted & self._operators:
            entitled |= OPERATING
        return get_user_model()._default_manager.filter(entitled, is_active=True).distinct()

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: Model
    ) -> QuerySet[AbstractBaseUser]:
        users = self.users_with_any_permission(actions)
        return users.filter(
            pk__in=[
                user.pk for user in users if self._selector(user).filter(pk=instance.pk).exists()
            ]
        )


class OperatorPolicy(AgencyPolicy):
    """The portal's operator acts on the rows, and superusers do; no agency has any."""

    def user_has_permission(self, user: StaffUser, action: str) -> bool:
        return action in ALL_ACTIONS and operates_portal(user)

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[AbstractBaseUser]:
        users = get_user_model()._default_manager.filter(is_active=True)
        return users.filter(OPERATING | Q(is_superuser=True)).distinct()


def register_policies() -> None:
    """Register the policies; to be called before Wagtail asks for any of them."""
    read_and_change = {"view", "change"}
    rights: dict[type[Model], tuple[Collection[str], Collection[str]]] = {
        Unit: (ALL_ACTIONS, ALL_ACTIONS),
        Official: (ALL_ACTIONS, ALL_ACTIONS),
        ScheduleRule: (ALL_ACTIONS, ALL_ACTIONS),
        ScheduleException: (ALL_ACTIONS, ALL_ACTIONS),
        Absence: (ALL_ACTIONS, ALL_ACTIONS),
        Holiday: (NOBODY, ALL_ACTIONS),
    }
    for model, (moderators, superusers) in rights.items():
        register_permission_policy(
            model,
            AgencyPolicy(model, SELECTORS[model], moderators=moderators, superusers=superusers),
        )
    register_permission_policy(
        Agency,
        AgencyPolicy(
            Agency,
            agencies_kept_by,
            moderators=read_and_change,
            operators=read_and_change | {"add"},
        ),
    )
    # Heads give and take the right of moderators; who heads an agency is for the operator to say.
    register_permission_policy(
        AgencyModerator,
        AgencyPolicy(
            AgencyModerator,
            SELECTORS[AgencyModerator],
            moderators={"add", "delete", "view"},
            operators={"add", "delete", "view"},
            heads_only=True,
        ),
    )
    for kept_by_heads in (OfficialSubstitute, RefusalReason):
        register_permission_policy(
            kept_by_heads,
            AgencyPolicy(kept_by_heads, SELECTORS[kept_by_heads], heads_only=True),
        )
    register_permission_policy(VisitPhrase, OperatorPolicy(VisitPhrase, SELECTORS[VisitPhrase]))
    # Citizens' applications come from citizens and are decided upon, never added or deleted here.
    register_permission_policy(
        Application,
        AgencyPolicy(
            Application,
            applications_visible_to,
            moderators=read_and_change,
            superusers=read_and_change,
        ),
    )
