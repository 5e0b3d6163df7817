"""Taking a report or a list out as a file: under its own permission, with a reason, written down (B-68)."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import Forbidden, Incomplete, NotFound
from diia_videoreception.models import AgencyModerator, Export, JournalAct
from diia_videoreception.rules.exports import MAX_REASON, MIN_REASON
from diia_videoreception.rules.reports import ReportPeriod
from diia_videoreception.rules.texts import clean_text
from diia_videoreception.selectors.access import agencies_moderated_by, sees_all
from diia_videoreception.selectors.booking.exports import may_export
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act, locked


@act
def hand_out(
    content: bytes,
    *,
    staff: AbstractBaseUser,
    agencies: Collection[int],
    kind: Export.Kind,
    file_format: Export.Format,
    period: ReportPeriod,
    rows: int,
    reason: str,
    now: datetime,
) -> Export:
    """Write down that somebody gets this file; to be called when it is made and before it is sent.

    The rights are asked for anew, under a lock: who has lost them while it was made gets nothing.

    Raises:
        NotFound: an agency is not of this member of staff, any more.
        Forbidden: they may not export, any more.
        Incomplete: there is no reason.
    """
    reason = clean_text(reason).strip()
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        raise Incomplete(fields={"reason": _("Say in a sentence what the file is needed for.")})
    _require_rights(staff, agencies)
    export = Export.objects.create(
        kind=kind,
        format=file_format,
        first=period.first,
        last=period.last,
        rows=rows,
        sha256=hashlib.sha256(content).hexdigest(),
        reason=reason,
        made_by_id=staff.pk,
        made_at=now,
    )
    export.agencies.set(agencies)
    journal.record(
        JournalAct.EXPORT_FILE,
        subject=export,
        staff_id=staff.pk,
        now=now,
        details={
            "agencies": sorted(agencies),
            "kind": kind.value,
            "format": file_format.value,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "rows": rows,
            "sha256": export.sha256,
        },
    )
    return export


def _require_rights(staff: AbstractBaseUser, agencies: Collection[int]) -> None:
    """Ask for the rights as the database has them: an object of the request remembers what it was once told.

    Raises:
        NotFound, Forbidden: as `hand_out`.
    """
    known = get_user_model()._default_manager.filter(pk=staff.pk).first()
    if known is None or not may_export(known):
        raise Forbidden
    own = AgencyModerator.objects.filter(user_id=staff.pk, agency__in=agencies).order_by("pk")
    held = {right.agency_id for right in locked(own)}
    # The second factor is that of the request, being a superuser what the database says.
    if not set(agencies) <= held and not (known.is_superuser and sees_all(staff)):
        raise NotFound
    if agencies_moderated_by(staff).filter(pk__in=agencies).distinct().count() != len(agencies):
        raise NotFound
