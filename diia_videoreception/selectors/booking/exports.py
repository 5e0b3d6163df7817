"""Who may take out what as a file, what has been taken out, and the list of cases without personal data."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from diia_videoreception.models import Agency, Application, Export
from diia_videoreception.models.exports import EXPORT
from diia_videoreception.rules.reports import ReportPeriod
from diia_videoreception.selectors.access import StaffUser, agencies_headed_by
from diia_videoreception.selectors.booking.reports import ReportScope, filed_in
from diia_videoreception.selectors.reference import moderates


def may_export(user: StaffUser) -> bool:
    """Return whether this member of staff may export what they moderate: by a permission of its own."""
    has_perm: Any = getattr(user, "has_perm", None)
    return bool(has_perm and has_perm(f"diia_videoreception.{EXPORT}"))


def sees_exports(user: StaffUser) -> bool:
    """Return whether somebody moderates an agency and may export."""
    return moderates(user) and may_export(user)


def files_saved(user: StaffUser, agencies: Collection[Agency], *, most: int) -> Sequence[Export]:
    """Return the newest files with data of those of these agencies that this member of staff heads."""
    headed = agencies_headed_by(user).filter(pk__in=[one.pk for one in agencies])
    files = Export.objects.filter(agencies__in=headed).select_related("made_by")
    return list(files.distinct()[:most])


class Exported(NamedTuple):
    """One case in a list: neither who nor what about."""

    number: str
    agency: str
    official: str
    state: str
    channel: str
    submitted_at: Any
    start: Any
    decided_at: Any


def cases_filed(scope: ReportScope, period: ReportPeriod, *, most: int) -> Sequence[Exported]:
    """Return the applications filed in the period, oldest first; one over `most` where there are more."""
    rows = (
        filed_in(scope, period).select_related("official", "agency").order_by("submitted_at", "pk")
    )
    fields = ("number", "state", "channel", "submitted_at", "start", "decided_at", "official__last_name", "official__first_name", "official__patronymic", "agency__name")  # fmt: skip
    return [_exported(one) for one in rows.only(*fields)[: most + 1]]


def _exported(one: Application) -> Exported:
    return Exported(
        one.number,
        one.agency.name,
        one.official.full_name,
        one.get_state_display(),
        one.get_channel_display(),
        one.submitted_at,
        one.start,
        one.decided_at,
    )
