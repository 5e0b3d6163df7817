"""Access of centres: asked for by a form, given, suspended and refused by the portal's operator (B-15)."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import CentreCodeTaken, Incomplete, NotFound, WrongState
from diia_videoreception.models import (
    Centre,
    CentreAccessRequest,
    CentreMember,
    JournalAct,
    Letter,
    SpentProof,
)
from diia_videoreception.models.centres import CentreDetails
from diia_videoreception.rules.centres import (
    CentreFunction,
    CentreRole,
    is_centre_code,
    is_edrpou,
    is_katottg,
)
from diia_videoreception.rules.mandates import HelpScope
from diia_videoreception.rules.texts import clean_text
from diia_videoreception.selectors.access import StaffUser
from diia_videoreception.selectors.assistance.mandates import BUILT
from diia_videoreception.services import journal, letters
from diia_videoreception.services.centres.decisions import add_decision, require_past
from diia_videoreception.services.centres.guard import locked_centre, require_operator
from diia_videoreception.services.centres.invitations import send_invitation
from diia_videoreception.services.proofs_of_work import spent_on
from diia_videoreception.services.transactions import act, locked

DETAILS = ("name", "edrpou", "katottg", "place", "address", "phone", "email")
Decision = tuple[CentreFunction, str, date]


def request_access(
    request: CentreAccessRequest, *, captcha: str, now: datetime
) -> CentreAccessRequest:
    """Keep what a centre has sent; nobody is a member of anything by it.

    What is wrong with it is told before the proof is spent.

    Args:
        captcha: proof that no robot asks.

    Raises:
        Incomplete: a number is wrong, or it names no decision of its founding body.
        CaptchaFailed: the proof is missing, false, old or used.
        ActInProgress: this very request is being kept.
    """
    _require_details(request)
    if not request.decisions:
        text = _("Give number and date of the decision for at least one of the two.")
        raise Incomplete(fields={"self_service_number": text})
    for _function, _number, day in request.decisions:
        require_past(day, "self_service_day", now=now)
    act_ = SpentProof.Act.ASK_ACCESS
    with spent_on(act_, "", citizen=None, payload=captcha, now=now):
        return _keep(request, now=now)


@act
def _keep(request: CentreAccessRequest, *, now: datetime) -> CentreAccessRequest:
    request.state, request.created_at = CentreAccessRequest.State.SUBMITTED, now
    request.save(force_insert=True)
    journal.record(JournalAct.REQUEST_ACCESS, subject=request, now=now)
    return request


@act
def grant(request_id: uuid.UUID, *, code: str, staff: AbstractBaseUser, now: datetime) -> Centre:
    """Give access for a request: the centre is there, its decisions hold, its head is invited.

    Raises:
        NotFound: who asks is not the operator, or there is no such request.
        WrongState: it has been decided.
        Incomplete: the code cannot be one.
        CentreCodeTaken: another centre has it.
    """
    require_operator(staff)
    request = _waiting(request_id)
    centre = Centre(code=code, **{name: getattr(request, name) for name in DETAILS})
    _add(
        centre,
        head_name=request.head_name,
        head_address=request.head_email,
        decisions=request.decisions,
        staff=staff,
        now=now,
    )
    request.state, request.centre = CentreAccessRequest.State.GRANTED, centre
    request.decided_at = now
    request.save(update_fields=["state", "centre", "decided_at"])
    return centre


@act
def add_centre(
    centre: Centre,
    *,
    head_name: str,
    head_address: str,
    decisions: Iterable[Decision],
    staff: AbstractBaseUser,
    now: datetime,
) -> Centre:
    """Give access without a request, as when a portal begins with a list of centres.

    Raises:
        NotFound: who asks is not the operator.
        Incomplete: a number or the code is wrong, or a decision is of a day to come.
        CentreCodeTaken: another centre has the code.
    """
    require_operator(staff)
    _add(
        centre,
        head_name=head_name,
        head_address=head_address,
        decisions=decisions,
        staff=staff,
        now=now,
    )
    return centre


def _add(
    centre: Centre,
    *,
    head_name: str,
    head_address: str,
    decisions: Iterable[Decision],
    staff: AbstractBaseUser,
    now: datetime,
) -> None:
    if not is_centre_code(centre.code):
        text = _("Up to 20 Latin capitals, digits and hyphens, such as YA-1.")
        raise Incomplete(fields={"code": text})
    _require_details(centre)
    if Centre.objects.filter(code=centre.code).exists():
        raise CentreCodeTaken
    centre.created_at = now
    centre.save(force_insert=True)
    _record(JournalAct.GRANT_ACCESS, centre, staff=staff, now=now, code=centre.code)
    for function, number, day in decisions:
        add_decision(centre, function, number=number, issued_on=day, staff=staff, now=now)
    send_invitation(
        centre, role=CentreRole.HEAD, name=head_name, address=head_address, staff=staff, now=now
    )


@act
def refuse(
    request_id: uuid.UUID, *, reason: str, staff: AbstractBaseUser, now: datetime
) -> CentreAccessRequest:
    """Refuse access, with the reason by letter to who asked.

    Raises:
        NotFound, WrongState: as `grant`.
        Incomplete: there is no reason.
    """
    require_operator(staff)
    request = _waiting(request_id)
    request.reason = required_reason(reason)
    request.state, request.decided_at = CentreAccessRequest.State.REFUSED, now
    request.save(update_fields=["state", "reason", "decided_at"])
    journal.record(JournalAct.REFUSE_ACCESS, subject=request, staff_id=staff.pk, now=now)
    letters.queue_access_refused(request, now=now)
    return request


@act
def save_centre(centre: Centre, *, staff: StaffUser, now: datetime) -> Centre:
    """Change the details of a centre; its code stays, its machines are known by it.

    Raises:
        NotFound: who asks is not the operator.
        Incomplete: a number is wrong.
    """
    require_operator(staff)
    known = locked_centre(centre.public_id)
    _require_details(centre)
    changed = [name for name in DETAILS if getattr(known, name) != getattr(centre, name)]
    for name in changed:
        setattr(known, name, getattr(centre, name))
    if changed:
        known.save(update_fields=changed)
        _record(JournalAct.CHANGE_CENTRE, known, staff=staff, now=now, fields=changed)
    return known


@act
def allow_help(
    centre_id: uuid.UUID,
    scopes: Collection[HelpScope],
    *,
    staff: AbstractBaseUser,
    now: datetime,
) -> Centre:
    """Say what a centre may do for people; what is not allowed stops at once, whatever they have agreed to.

    Args:
        scopes: of those that can be done here, the allowed ones; the others stay as they are.

    Raises:
        NotFound: who asks is not the operator, or there is no such centre.
    """
    require_operator(staff)
    centre = locked_centre(centre_id)
    kept = set(centre.allowed_scopes) - {scope.value for scope in BUILT}
    wanted = kept | {scope.value for scope in scopes}
    allowed = [scope.value for scope in HelpScope if scope.value in wanted]
    if allowed != centre.allowed_scopes:
        centre.allowed_scopes = allowed
        centre.save(update_fields=["allowed_scopes"])
        _record(JournalAct.ALLOW_HELP, centre, staff=staff, now=now, scopes=allowed)
    return centre


@act
def suspend(centre_id: uuid.UUID, *, reason: str, staff: AbstractBaseUser, now: datetime) -> Centre:
    """Suspend a centre at once: nobody acts there any more, its heads get the reason by letter.

    Raises:
        NotFound: who asks is not the operator, or there is no such centre.
        WrongState: it is suspended already.
        Incomplete: there is no reason.
    """
    require_operator(staff)
    centre = locked_centre(centre_id)
    if not centre.is_active:
        raise WrongState
    centre.suspension_reason = required_reason(reason)
    centre.state, centre.suspended_at = Centre.State.SUSPENDED, now
    centre.save(update_fields=["state", "suspended_at", "suspension_reason"])
    _record(JournalAct.SUSPEND_CENTRE, centre, staff=staff, now=now)
    _tell_heads(Letter.Kind.CENTRE_SUSPENDED, centre, now=now)
    return centre


@act
def resume(centre_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime) -> Centre:
    """Give a suspended centre its access back.

    Raises:
        NotFound, WrongState: as `suspend`.
    """
    require_operator(staff)
    centre = locked_centre(centre_id)
    if centre.is_active:
        raise WrongState
    centre.state, centre.suspended_at, centre.suspension_reason = Centre.State.ACTIVE, None, ""
    centre.save(update_fields=["state", "suspended_at", "suspension_reason"])
    _record(JournalAct.RESUME_CENTRE, centre, staff=staff, now=now)
    _tell_heads(Letter.Kind.CENTRE_RESUMED, centre, now=now)
    return centre


def _tell_heads(kind: Letter.Kind, centre: Centre, *, now: datetime) -> None:
    heads = CentreMember.objects.live().filter(centre=centre, role=CentreRole.HEAD)
    for head in heads.select_related("user"):
        letters.notify_user(kind, head.user, now=now, centre=str(centre.public_id))


def required_reason(text: str) -> str:
    """Return the words of a reason, cleaned.

    Raises:
        Incomplete: there are none.
    """
    words = clean_text(text)
    if not words:
        raise Incomplete(fields={"reason": _("Say why.")})
    return words


def _waiting(request_id: uuid.UUID) -> CentreAccessRequest:
    request = locked(CentreAccessRequest.objects.filter(public_id=request_id)).first()
    if request is None:
        raise NotFound
    if request.state != CentreAccessRequest.State.SUBMITTED:
        raise WrongState
    return request


def _require_details(details: CentreDetails) -> None:
    fields = {}
    if details.edrpou and not is_edrpou(details.edrpou):
        fields["edrpou"] = _("Enter the 8 digits of the EDRPOU number; check each of them.")
    if details.katottg and not is_katottg(details.katottg):
        fields["katottg"] = _("Enter the KATOTTG code: UA and 17 digits.")
    if fields:
        raise Incomplete(fields=fields)


def _record(
    act_: JournalAct, centre: Centre, *, staff: StaffUser, now: datetime, **details: object
) -> None:
    journal.record(act_, subject=centre, staff_id=staff.pk, now=now, details=details)
