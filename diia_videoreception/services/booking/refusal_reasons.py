"""The list of reasons for which an agency declines: its head keeps it, moderators pick from it."""

from datetime import datetime

from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete, NotFound, ReasonChanged, ReasonInUse
from diia_videoreception.models import Agency, Application, JournalAct, RefusalReason
from diia_videoreception.rules.refusals import MAX_LISTED, ListedReason
from diia_videoreception.selectors.access import StaffUser, agencies_headed_by
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act, locked


@act
def save_reason(reason: RefusalReason, *, staff: StaffUser, now: datetime) -> RefusalReason:
    """Save a new or changed reason of an agency that this member of staff heads.

    What was declined for it keeps the words that it had then.

    Raises:
        NotFound: it is not theirs to change, or would come to an agency that is not.
        Incomplete: it would come to another agency, or the agency offers too many.
    """
    known = _locked(reason.pk) if reason.pk is not None else None
    agency = _headed(reason.agency_id, staff)
    if known is not None:
        _headed(known.agency_id, staff)
        if known.agency_id != reason.agency_id:
            text = _("A reason stays with its agency. Add a new one for the other agency.")
            raise Incomplete(fields={"agency": text})
        reason.is_used, reason.version = known.is_used, known.version + 1
    offered = RefusalReason.objects.filter(agency=agency, is_archived=False).exclude(pk=reason.pk)
    if not reason.is_archived and offered.count() >= MAX_LISTED:
        text = _("At most %(most)s reasons can be offered. Stop offering another one first.")
        raise Incomplete(fields={"is_archived": text % {"most": MAX_LISTED}})
    reason.save()
    _record(reason, agency, "saved", staff=staff, now=now)
    return reason


@act
def remove_reason(reason: RefusalReason, *, staff: StaffUser, now: datetime) -> None:
    """Delete a reason for which nothing was declined yet.

    Raises:
        NotFound: it is not theirs to delete, or is gone.
        ReasonInUse: something was.
    """
    known = _locked(reason.pk)
    agency = _headed(known.agency_id, staff)
    if known.is_used:
        raise ReasonInUse
    _record(known, agency, "deleted", staff=staff, now=now)
    known.delete()


def use_reason(listed: ListedReason, application: Application) -> None:
    """Note in the act that declines an application that it was for this reason.

    Raises:
        ReasonChanged: it has other words by now, is no longer offered, or is not of the agency.
    """
    reason = locked(
        RefusalReason.objects.filter(
            pk=listed.key,
            version=listed.version,
            agency=application.agency_id,
            is_archived=False,
        )
    ).first()
    if reason is None:
        raise ReasonChanged
    if not reason.is_used:
        RefusalReason.objects.filter(pk=reason.pk).update(is_used=True)


def _locked(key: int) -> RefusalReason:
    found = locked(RefusalReason.objects.filter(pk=key)).first()
    if found is None:
        raise NotFound
    return found


def _headed(agency_id: int, staff: StaffUser) -> Agency:
    """Return the agency, locked, so that its reasons are counted one after another."""
    if not agencies_headed_by(staff).filter(pk=agency_id).exists():
        raise NotFound
    return locked(Agency.objects.filter(pk=agency_id)).get()


def _record(
    reason: RefusalReason, agency: Agency, what: str, *, staff: StaffUser, now: datetime
) -> None:
    journal.record(
        JournalAct.CHANGE_REFUSAL_REASONS,
        subject=agency,
        staff_id=staff.pk,
        now=now,
        details={
            "reason": reason.pk,
            "what": what,
            "version": reason.version,
            "offered": not reason.is_archived,
        },
    )
