"""What staff read in the journal beside the history of applications: sign-ins to sort out, and auditors all of it."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import Max, Min, Model, Q, QuerySet

from diia_videoreception.models import (
    Agency,
    Application,
    Centre,
    Citizen,
    JournalAct,
    JournalRecord,
    Official,
)
from diia_videoreception.rules.second_factor import Role
from diia_videoreception.selectors.access import StaffUser, has_portal_right, sees_all
from diia_videoreception.selectors.accounts.second_factor import audits
from diia_videoreception.selectors.centres.access import operates_portal

MAX_KEY_DIGITS = 19


def sign_in_cases() -> QuerySet[JournalRecord]:
    """Return the sign-ins that only staff can sort out, newest first; without personal data."""
    return JournalRecord.objects.filter(
        subject_kind="citizen", act=JournalAct.SIGN_IN_CASE
    ).order_by("-moment", "-pk")


def citizen_of_case(user: StaffUser, public_id: uuid.UUID) -> QuerySet[Citizen]:
    """Return the account with this id to who sorts out sign-ins: superusers any, the operator what a case names."""
    found = Citizen.objects.filter(public_id=public_id)
    if sees_all(user):
        return found
    named = Q(subject_id=str(public_id)) | Q(details__others__icontains=str(public_id))
    is_open = operates_portal(user) and sign_in_cases().filter(named).exists()
    return found if is_open else found.none()


def audits_journal(user: StaffUser) -> bool:
    """Return whether this member of staff reads the journal of the portal, and has proven it."""
    return has_portal_right(user, Role.AUDITOR, audits)


@dataclass(frozen=True, slots=True)
class JournalSearch:
    """What an auditor looks for; between `since` and `until`, the latter excluded.

    Attributes:
        acts: Values of `JournalAct`; empty for all.
        application: Public id of the case; with it the period does not matter.
        staff_id: Key of the member of staff who acted.
    """

    since: datetime
    until: datetime
    acts: Collection[str] = ()
    actor_kind: str = ""
    staff_id: str = ""
    application: uuid.UUID | None = None


def records_found(user: StaffUser, search: JournalSearch) -> QuerySet[JournalRecord]:
    """Return the records that an auditor looks for, newest first; nobody else finds any."""
    if not audits_journal(user):
        return JournalRecord.objects.none()
    if search.application is not None:
        found = JournalRecord.objects.filter(
            subject_kind="application", subject_id=str(search.application)
        )
    else:
        found = JournalRecord.objects.filter(moment__gte=search.since, moment__lt=search.until)
    if search.acts:
        found = found.filter(act__in=search.acts)
    if search.staff_id:
        found = found.filter(actor_kind=JournalRecord.Actor.STAFF, actor_id=search.staff_id)
    elif search.actor_kind:
        found = found.filter(actor_kind=search.actor_kind)
    return found.order_by("-moment", "-pk")


def older_than(found: QuerySet[JournalRecord], key: int) -> QuerySet[JournalRecord]:
    """Keep what stands after the record with this key, where the newest come first; nothing after an unknown one."""
    moment = JournalRecord.objects.filter(pk=key).values_list("moment", flat=True).first()
    if moment is None:
        return found.none()
    return found.filter(Q(moment__lt=moment) | Q(moment=moment, pk__lt=key))


def places_in_chain(user: StaffUser, search: JournalSearch) -> tuple[int, int] | None:
    """Return to an auditor the first and the last place that the period has in the chain; None without any."""
    if not audits_journal(user):
        return None
    found = JournalRecord.objects.filter(
        moment__gte=search.since, moment__lt=search.until, sequence__isnull=False
    )
    ends = found.aggregate(first=Min("sequence"), last=Max("sequence"))
    return (ends["first"], ends["last"]) if ends["first"] is not None else None


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A record with the names of who acted and of what it was done to, where there are any."""

    record: JournalRecord
    actor: str
    subject: str


def named(records: Sequence[JournalRecord]) -> list[NamedRecord]:
    """Give staff, applications, officials, agencies and centres their names; a statement for each kind.

    Citizens keep their pseudonymous ids: an auditor needs not know who they are.
    """
    staff = {row.actor_id for row in records if row.actor_kind == JournalRecord.Actor.STAFF}
    kinds: dict[str, set[str]] = {}
    for row in records:
        kinds.setdefault(row.subject_kind, set()).add(row.subject_id)
    users = _names_of_users(staff | kinds.get("user", set()))
    names = {
        "user": users,
        "application": _names(Application, "public_id", "number", kinds.get("application")),
        "official": _names(Official, "pk", "last_name", kinds.get("official")),
        "agency": _names(Agency, "pk", "name", kinds.get("agency")),
        "centre": _names(Centre, "public_id", "name", kinds.get("centre")),
    }
    return [
        NamedRecord(
            row,
            users.get(row.actor_id, row.actor_id)
            if row.actor_kind == JournalRecord.Actor.STAFF
            else row.actor_id,
            names.get(row.subject_kind, {}).get(row.subject_id, row.subject_id),
        )
        for row in records
    ]


def _names_of_users(keys: Collection[str]) -> dict[str, str]:
    wanted = [key for key in keys if key.isascii() and key.isdigit() and len(key) < MAX_KEY_DIGITS]
    found = get_user_model()._default_manager.filter(pk__in=wanted) if wanted else []
    return {str(user.pk): user.get_username() for user in found}


def _names(
    model: type[Model], key: str, name: str, wanted: Collection[str] | None
) -> dict[str, str]:
    if not wanted:
        return {}
    known = [value for value in wanted if _can_be_key(value, key)]
    rows = model._default_manager.filter(**{f"{key}__in": known}).values_list(key, name)
    return {str(found): str(words) for found, words in rows}


def _can_be_key(value: str, key: str) -> bool:
    if key == "pk":
        return value.isascii() and value.isdigit() and len(value) < MAX_KEY_DIGITS
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
