"""Centres and their people from a list: tried first, then all rows or none."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from diia_videoreception.errors import ActRefused, Incomplete
from diia_videoreception.models import Centre, CentreInvitation, CentreMember
from diia_videoreception.rules.centre_lists import (
    NEEDED,
    ImportedRow,
    ListKind,
    ListRow,
    RowOutcome,
    day_of_cell,
    read_list,
)
from diia_videoreception.rules.centres import CentreFunction, CentreRole
from diia_videoreception.services.centres.granting import (
    DETAILS,
    Decision,
    add_centre,
    save_centre,
)
from diia_videoreception.services.centres.guard import require_operator
from diia_videoreception.services.centres.invitations import address_of, invite
from diia_videoreception.services.transactions import act


@act
def import_list(
    kind: ListKind, text: str, *, staff: AbstractBaseUser, is_trial: bool, now: datetime
) -> list[ImportedRow]:
    """Add what a list has and the portal has not, and change the details of centres that it has.

    Nothing is written by a trial, nor where a single row is wrong.

    Raises:
        NotFound: who asks is not the operator.
        ListError: the text is no list.
    """
    require_operator(staff)
    rows = [_imported(kind, row, staff=staff, now=now) for row in read_list(kind, text)]
    if is_trial or any(row.outcome is RowOutcome.WRONG for row in rows):
        transaction.set_rollback(True)
    return rows


def _imported(
    kind: ListKind, row: ListRow, *, staff: AbstractBaseUser, now: datetime
) -> ImportedRow:
    title = row.cells.get("name", "")
    lacking = row.lacks(NEEDED[kind])
    if lacking:
        return ImportedRow(
            row.line,
            title,
            RowOutcome.WRONG,
            _("Empty: %(columns)s") % {"columns": ", ".join(lacking)},
        )
    try:
        with transaction.atomic():
            outcome = _ACTS[kind](row, staff, now)
    except Incomplete as refusal:
        problem = " ".join(str(text) for text in refusal.fields.values())
        return ImportedRow(row.line, title, RowOutcome.WRONG, problem)
    except ActRefused as refusal:
        return ImportedRow(row.line, title, RowOutcome.WRONG, str(refusal))
    return ImportedRow(row.line, title, outcome)


def _centre(row: ListRow, staff: AbstractBaseUser, now: datetime) -> RowOutcome:
    details = {name: row.cells[name] for name in DETAILS}
    known = Centre.objects.filter(code=row.cells["code"]).first()
    if known is not None:
        if all(getattr(known, name) == value for name, value in details.items()):
            return RowOutcome.UNCHANGED
        for name, value in details.items():
            setattr(known, name, value)
        _require_valid(known)
        save_centre(known, staff=staff, now=now)
        return RowOutcome.CHANGED
    centre = Centre(code=row.cells["code"], created_at=now, **details)
    _require_valid(centre)
    add_centre(
        centre,
        head_name=row.cells["head_name"],
        head_address=row.cells["head_email"],
        decisions=_decisions(row),
        staff=staff,
        now=now,
    )
    return RowOutcome.ADDED


def _require_valid(centre: Centre) -> None:
    """Require what the columns hold, as a form would.

    Raises:
        Incomplete: a value is too long, or an address is none.
    """
    try:
        centre.clean_fields(exclude={"suspended_at"})
    except ValidationError as error:
        raise Incomplete(
            fields={
                name: f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items()
            }
        ) from error


def _decisions(row: ListRow) -> list[Decision]:
    found = []
    for function in CentreFunction:
        number, typed = row.cells[f"{function}_number"], row.cells[f"{function}_date"]
        if not number and not typed:
            continue
        day = day_of_cell(typed)
        if day is None or not number:
            text = _("A decision needs its number and its date, like 12.03.2026.")
            raise Incomplete(fields={f"{function}_date": text})
        found.append((function, number, day))
    return found


def _person(row: ListRow, staff: AbstractBaseUser, now: datetime) -> RowOutcome:
    centre = Centre.objects.filter(code=row.cells["centre_code"]).first()
    if centre is None:
        raise Incomplete(fields={"centre_code": _("There is no centre with this code.")})
    if row.cells["role"] not in set(CentreRole):
        roles = ", ".join(CentreRole)
        raise Incomplete(fields={"role": _("The role is one of: %(roles)s.") % {"roles": roles}})
    address = row.cells["email"].lower()
    members = CentreMember.objects.live().filter(centre=centre).select_related("user")
    is_member = any(address_of(member.user) == address for member in members)
    if (
        is_member
        or CentreInvitation.objects.live(now).filter(centre=centre, address=address).exists()
    ):
        return RowOutcome.UNCHANGED
    invite(
        centre.public_id,
        role=CentreRole(row.cells["role"]),
        name=row.cells["name"],
        address=address,
        staff=staff,
        now=now,
    )
    return RowOutcome.ADDED


_Act = Callable[[ListRow, AbstractBaseUser, datetime], RowOutcome]
_ACTS: Mapping[ListKind, _Act] = MappingProxyType(
    {ListKind.CENTRES: _centre, ListKind.PEOPLE: _person}
)
