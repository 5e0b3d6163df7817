"""What a poll has to know of a room, read by one statement that is written out.

Everybody who waits asks every few seconds. Putting `seats_of` together took Django more than the rest of a
poll; this reads the same rows under the same rule of who may enter, and of each only what a poll looks at.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router
from django.db.models.expressions import Col

from diia_videoreception.models import (
    Agency,
    Application,
    Official,
    Participant,
    Reception,
    Room,
    RoomInvitation,
    Unit,
)
from diia_videoreception.selectors.rooms.seats import Seats, Visitor, receptions_open_to

_READ: Mapping[type[models.Model], str] = {
    Participant: "id room_id public_id role citizen_id user_id invitation_id name state admitted_at"
    " window session acknowledged last_seen_at media",
    RoomInvitation: "id public_id role name tried_at",
    Room: "id application_id conference note ended_at changed_at signals messages guests",
    Application: "id public_id official_id start end state",
    Reception: "id application_id conference login",
    Official: "id unit_id",
    Unit: "id agency_id",
    Agency: "id minimum_level keep_room_messages conference",
}
"""The fields of each row that a poll looks at; any other is read when somebody asks for it."""
_STATEMENT = """
SELECT {columns}
FROM {participant} participant
JOIN {room} room ON room.id = participant.room_id
JOIN {application} application ON application.id = room.application_id
JOIN {official} official ON official.id = application.official_id
JOIN {unit} unit ON unit.id = official.unit_id
JOIN {agency} agency ON agency.id = unit.agency_id
LEFT JOIN {reception} reception ON reception.application_id = application.id
LEFT JOIN {roominvitation} roominvitation ON roominvitation.id = participant.invitation_id
WHERE application.public_id = %s AND application.id IN ({open})
ORDER BY participant.id
"""


def seats_at_a_glance(visitor: Visitor, public_id: uuid.UUID) -> Seats | None:
    """Return what `seats_of` does, with what a poll looks at; None when the person has no seat. One query."""
    connection = connections[router.db_for_read(Participant)]
    mine = receptions_open_to(visitor).order_by().values("pk").query
    try:
        rule, params = mine.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    address = Application._meta.get_field("public_id").get_db_prep_value(public_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(_statement(rule), [address, *params])
        rows = cursor.fetchall()
    everybody = list(_participants(rows, connection))
    own = next((seat for seat in everybody if visitor.is_seated_as(seat)), None)
    return Seats(own, everybody) if own else None


@cache
def _fields(model: type[models.Model]) -> Sequence[models.Field[Any, Any]]:
    """Return the fields that are read, in the order in which `from_db` wants them."""
    read = _READ[model].split()
    return [field for field in model._meta.concrete_fields if field.attname in read]


@cache
def _columns() -> Sequence[Col]:
    return [Col(str(model._meta.model_name), field) for model in _READ for field in _fields(model)]


# By kind of visitor: what differs from one to the next is a parameter.
@lru_cache(maxsize=32)
def _statement(rule: str) -> str:
    tables = {str(model._meta.model_name): f'"{model._meta.db_table}"' for model in _READ}
    columns = ", ".join(f'{column.alias}."{column.target.column}"' for column in _columns())
    return _STATEMENT.format(columns=columns, open=rule, **tables)


def _participants(rows: Sequence[Sequence[Any]], connection: Any) -> Iterator[Participant]:
    """Make participants of rows, all of whom are in one and the same room."""
    converters = [
        (number, convert, column)
        for number, column in enumerate(_columns())
        for convert in (
            *connection.ops.get_db_converters(column),
            *column.get_db_converters(connection),
        )
    ]
    room: Room | None = None
    for row in rows:
        values = list(row)
        for number, convert, column in converters:
            values[number] = convert(values[number], column, connection)
        made = _instances(values, connection.alias)
        participant = made[Participant]
        room = room or _room(made)
        participant.room, participant.invitation = room, made[RoomInvitation]
        yield participant


def _instances(values: Sequence[Any], alias: str) -> dict[type[models.Model], Any]:
    """Make of the values of one row an instance of each model; None where there is none."""
    rest = iter(values)
    made: dict[type[models.Model], Any] = {}
    for model in _READ:
        names = [field.attname for field in _fields(model)]
        own = list(islice(rest, len(names)))
        made[model] = model.from_db(alias, names, own) if own[0] is not None else None
    return made


def _room(made: Mapping[type[models.Model], Any]) -> Room:
    room: Room = made[Room]
    application, official, unit = made[Application], made[Official], made[Unit]
    unit.agency, official.unit, application.official = made[Agency], unit, official
    # As Django remembers it: also that there is none.
    application._state.fields_cache["reception"] = made[Reception]
    room.application = application
    return room
