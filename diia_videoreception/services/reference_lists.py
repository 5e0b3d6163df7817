"""Units and officials of an agency from a list: tried first, then all rows or none."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from diia_videoreception.errors import ActRefused, Incomplete, NotFound
from diia_videoreception.models import Agency, Official, Unit
from diia_videoreception.rules.agency_lists import AGENCY_NEEDED, AgencyList, read_agency_list
from diia_videoreception.rules.centre_lists import ImportedRow, ListRow, RowOutcome
from diia_videoreception.selectors.access import agencies_moderated_by
from diia_videoreception.services.reference_data import save_official, save_reference
from diia_videoreception.services.transactions import act, locked


@act
def import_agency_list(
    kind: AgencyList,
    text: str,
    *,
    agency_id: int,
    staff: AbstractBaseUser,
    is_trial: bool,
    now: datetime,
) -> list[ImportedRow]:
    """Add the units or officials that a list has and the agency has not, and change posts that it has otherwise.

    Nothing is written by a trial, nor where a single row is wrong; nothing is deleted.

    Raises:
        NotFound: the agency is not of this member of staff.
        ListError: the text is no list.
    """
    if not agencies_moderated_by(staff).filter(pk=agency_id).exists():
        raise NotFound
    # Who imports twice at once adds each row once.
    agency = locked(Agency.objects.filter(pk=agency_id)).get()
    seen: set[tuple[str, ...]] = set()
    rows = [
        _imported(kind, row, agency, seen, staff=staff, now=now)
        for row in read_agency_list(kind, text)
    ]
    if is_trial or any(row.outcome is RowOutcome.WRONG for row in rows):
        transaction.set_rollback(True)
    return rows


def _imported(
    kind: AgencyList,
    row: ListRow,
    agency: Agency,
    seen: set[tuple[str, ...]],
    *,
    staff: AbstractBaseUser,
    now: datetime,
) -> ImportedRow:
    title = _title(kind, row)
    lacking = row.lacks(AGENCY_NEEDED[kind])
    if lacking:
        problem = _("Empty: %(columns)s") % {"columns": ", ".join(lacking)}
        return ImportedRow(row.line, title, RowOutcome.WRONG, problem)
    key = _key(kind, row)
    if key in seen:
        problem = _("This is in the file twice.")
        return ImportedRow(row.line, title, RowOutcome.WRONG, problem)
    seen.add(key)
    try:
        with transaction.atomic():
            outcome = _ACTS[kind](row, agency, staff, now)
    except Incomplete as refusal:
        problem = " ".join(str(text) for text in refusal.fields.values())
        return ImportedRow(row.line, title, RowOutcome.WRONG, problem)
    except ActRefused as refusal:
        return ImportedRow(row.line, title, RowOutcome.WRONG, str(refusal))
    return ImportedRow(row.line, title, outcome)


def _title(kind: AgencyList, row: ListRow) -> str:
    if kind is AgencyList.UNITS:
        return row.cells["name"]
    return " ".join(_key(kind, row)).strip()


def _key(kind: AgencyList, row: ListRow) -> tuple[str, ...]:
    names = ("name",) if kind is AgencyList.UNITS else ("last_name", "first_name", "patronymic")
    return tuple(row.cells[name] for name in names)


def _unit_called(name: str, agency: Agency) -> Unit:
    """Return the unit of the agency that has this name.

    Raises:
        Incomplete: there is none, or several.
    """
    found = list(Unit.objects.filter(agency=agency, name=name)[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise Incomplete(
            fields={"unit": _("Several units are called so: %(name)s") % {"name": name}}
        )
    raise Incomplete(fields={"unit": _("There is no such unit: %(name)s") % {"name": name}})


def _unit(row: ListRow, agency: Agency, staff: AbstractBaseUser, now: datetime) -> RowOutcome:
    above = _unit_called(row.cells["part_of"], agency) if row.cells["part_of"] else None
    known = Unit.objects.filter(agency=agency, name=row.cells["name"])
    if known.exists():
        return RowOutcome.UNCHANGED
    unit = Unit(agency=agency, parent=above, name=row.cells["name"])
    _require_valid(unit)
    save_reference(unit, staff=staff, now=now)
    return RowOutcome.ADDED


def _official(row: ListRow, agency: Agency, staff: AbstractBaseUser, now: datetime) -> RowOutcome:
    unit = _unit_called(row.cells["unit"], agency)
    named = {name: row.cells[name] for name in ("last_name", "first_name", "patronymic")}
    details = {"unit": unit, "post": row.cells["post"]}
    if row.cells["competence"]:
        details["competence"] = row.cells["competence"]
    found = list(Official.objects.filter(unit__agency=agency, **named)[:2])
    if len(found) > 1:
        raise Incomplete(fields={"last_name": _("Several officials have this name.")})
    official = found[0] if found else Official(**named)
    if found and all(getattr(official, name) == value for name, value in details.items()):
        return RowOutcome.UNCHANGED
    for name, value in details.items():
        setattr(official, name, value)
    _require_valid(official)
    save_official(official, staff=staff, now=now)
    return RowOutcome.CHANGED if found else RowOutcome.ADDED


def _require_valid(instance: Unit | Official) -> None:
    """Require what the columns hold, as a form would.

    Raises:
        Incomplete: a value is too long, or has more than one line.
    """
    try:
        instance.clean_fields(exclude={"search_text", "sort_key"})
    except ValidationError as error:
        raise Incomplete(
            fields={
                name: f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items()
            }
        ) from error


_Act = Callable[[ListRow, Agency, AbstractBaseUser, datetime], RowOutcome]
_ACTS: Mapping[AgencyList, _Act] = MappingProxyType(
    {AgencyList.UNITS: _unit, AgencyList.OFFICIALS: _official}
)
