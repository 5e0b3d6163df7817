"""A database of any size: 100 agencies, 5,000 officials, and three years of what citizens bring.

Numbers come by COPY, everything else is inserted by the server itself from `generate_series`, so that
a million applications take minutes. Keys are numbers that are computed: row `n` of one table knows
that of another. Only the shape is true to life: how many rows of each state, kind and day there are.
People and texts are invented, hashes and encrypted values are no real ones.

The first applications are all of one agency, in any database: its lists are full in the smallest
too, so that what grows is not the page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, Field, Model
from psycopg import sql
from wagtail.models import ModelLogEntry

from device_check.models import CheckRun
from diia_videoreception import models
from diia_videoreception.rules.folding import fold, sort_key
from diia_videoreception.rules.numbers import format_number
from tests.factories import ConsentTextFactory

AGENCIES, UNITS_EACH, OFFICIALS_EACH = 100, 5, 50
OFFICIALS = AGENCIES * OFFICIALS_EACH
DAYS = 200
"""Receptions of one official lie on so many days, one a day at most; the last 20 are to come."""
PAST_DAYS = 180

OWN = 2_000
"""Applications that the average agency has in each database."""
OWN_DAYS = 40
AVERAGE_AGENCY = AGENCIES // 2
NUMBERS = "bench_numbers"

N = "n"
OFFICIAL = f"""(CASE WHEN {N} <= {OWN}
    THEN {(AVERAGE_AGENCY - 1) * OFFICIALS_EACH} + ({N} - 1) % {OFFICIALS_EACH} + 1
    ELSE ({N} - 1) * 2357 % {OFFICIALS} + 1 END)"""
"""Each of them in turn, but so that a few applications are spread over all agencies."""
AGENCY = f"(({OFFICIAL} - 1) / {OFFICIALS_EACH} + 1)"
DAY = f"""(CASE WHEN {N} <= {OWN} THEN ({N} - 1) / {OFFICIALS_EACH} % {OWN_DAYS} - {OWN_DAYS // 2}
    ELSE ({OFFICIAL} * 37 + ({N} - 1) / {OFFICIALS}) % {DAYS} - {PAST_DAYS} END)"""
UUID = "gen_random_uuid()"
PADDED = f"lpad({N}::text, 7, '0')"
HASH = f"md5({N}::text) || md5('x' || {N}::text)"


def fill(applications: int, *, now: datetime) -> None:
    """Fill an empty, migrated database of PostgreSQL; `now` lies 20 days before its last reception.

    Raises:
        RuntimeError: There is something in it: it is somebody's.
    """
    if models.Agency.objects.exists() or models.Citizen.objects.exists():
        raise RuntimeError("The database is not empty: the bench fills only one of its own.")
    citizens = max(1, applications * 2 // 5)
    moment = f"{_literal(now)}::timestamptz"
    # Nobody is at two receptions at once: the further ones of a citizen begin hours later.
    hour = f"CASE WHEN {N} <= {OWN} THEN 14 ELSE 8 + 2 * (({N} - 1) / {citizens}) END"
    start = f"date_trunc('day', {moment}) + ({DAY} + 1) * interval '1 day' + ({hour}) * interval '1 hour'"
    past = f"{moment} - ({N} % 1000) * interval '1 day'"
    with _indexes_made_afterwards():
        _agencies(now)
        _people(citizens, applications, past)
        _numbers(applications, now.year)
        _applications(applications, citizens, start, past)
        _journal(applications, citizens, past)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def _indexes_made_afterwards() -> Iterator[None]:
    """Take away the indexes that no constraint needs, and make them of the filled tables.

    Checks of foreign keys are left out: the rows are right by how they are made.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " JOIN pg_class ON pg_class.oid = indrelid"
            " WHERE relname LIKE 'diia_videoreception_%' AND NOT indisunique AND NOT indisexclusion"
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '256MB'")
        yield
        cursor.execute("RESET session_replication_role")
        for _name, definition in indexes:
            cursor.execute(definition)


def _numbers(applications: int, year: int) -> None:
    """Put the numbers of the applications, with true check digits, into a table to be joined."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {NUMBERS} (n bigint PRIMARY KEY, number text)")
        with cursor.copy(f"COPY {NUMBERS} FROM STDIN") as copy:
            for n in range(1, applications + 1):
                copy.write_row((n, format_number(year, n)))


def _agencies(now: datetime) -> None:
    for number in range(1, AGENCIES + 1):
        models.Agency.objects.create(
            pk=number, name=f"Установа {number:03}", is_connected=True, email="a@example.gov.ua"
        )
    for number in range(1, AGENCIES * UNITS_EACH + 1):
        models.Unit.objects.create(
            pk=number, agency_id=(number - 1) // UNITS_EACH + 1, name=f"Відділ {number:03}"
        )
    name = "'Посадовець' || n"
    _insert(
        models.Official,
        OFFICIALS,
        unit_id=f"(({N} - 1) / {OFFICIALS_EACH}) * {UNITS_EACH} + {N} % {UNITS_EACH} + 1",
        last_name=name,
        first_name="'Оксана'",
        post="'Спеціаліст'",
        search_text=f"{_literal(fold('Посадовець'))} || n || {_literal(' ' + fold('Оксана'))}",
        sort_key=_literal(sort_key("Посадовець Оксана")),
    )
    _insert(
        models.ScheduleRule,
        OFFICIALS,
        official_id=N,
        recurrence="'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'",
        starts="'09:00'",
        ends="'17:00'",
        valid_from=f"{_literal((now - timedelta(days=400)).date())}::date",
    )


def _people(citizens: int, applications: int, past: str) -> None:
    _insert(
        models.Citizen,
        citizens,
        identifier_kind="'rnokpp'",
        identifier_hash=HASH,
        last_name=f"'Заявник' || {PADDED}",
        first_name="'Дарʼя'",
        email="'c' || n || '@example.org'",
        email_confirmed_at=past,
        created_at=past,
        search_text=f"{_literal(fold('Заявник'))} || {PADDED} || {_literal(' ' + fold('Дарʼя'))}",
    )
    text = ConsentTextFactory()
    _insert(
        models.ConsentAcceptance, citizens, citizen_id=N, text_id=str(text.pk), accepted_at=past
    )
    _insert(
        models.OfficialMailbox,
        citizens,
        citizen_id=N,
        provider="'default'",
        address="'m' || n || '@example.gov.ua'",
        state="'ready'",
        created_at=past,
        ready_at=past,
    )
    _insert(
        models.CitizenSession,
        max(1, applications * 6 // 100),
        citizen_id=f"({N} - 1) % {citizens} + 1",
        level="'substantial'",
        method="'bankid'",
        auth_time=past,
        started_at=past,
        idle_deadline=past,
        deadline="now() - (n % 29) * interval '1 day'",
    )


def _applications(count: int, citizens: int, start: str, past: str) -> None:
    state = f"""CASE WHEN {DAY} >= 0 THEN CASE {N} % 2 WHEN 0 THEN 'submitted' ELSE 'confirmed' END
        WHEN {N} % 10 < 2 THEN 'confirmed' WHEN {N} % 10 = 2 THEN 'declined'
        WHEN {N} % 10 = 3 THEN 'cancelled' ELSE 'completed' END"""
    number = f"(SELECT number FROM {NUMBERS} WHERE {NUMBERS}.n = rows.n)"
    _insert(
        models.Application,
        count,
        number=number,
        citizen_id=f"({N} - 1) % {citizens} + 1",
        official_id=OFFICIAL,
        agency_id=AGENCY,
        state=state,
        start=start,
        end=f"{start} + interval '30 minutes'",
        requested_start=start,
        topic=f"'Прошу розʼяснити, чому припинили компенсацію справа' || {PADDED}",
        phone=f"'+38067' || {PADDED}",
        claims_priority=f"{N} % 20 < 2",
        consent_id=f"({N} - 1) % {citizens} + 1",
        level="'substantial'",
        method="'bankid'",
        submitted_at=past,
        decided_at=past,
        reason="'Не належить до повноважень'",
        search_text=f"replace(lower({number}), '-', ' ') || ' 38067' || {PADDED}"
        f" || {_literal(' ' + fold('Прошу розʼяснити, чому припинили компенсацію справа'))} || {PADDED}",
    )
    _insert(
        models.Occupancy,
        count,
        where=f"{DAY} >= 0",
        official_id=OFFICIAL,
        kind="'application'",
        start=start,
        end=f"{start} + interval '30 minutes'",
        citizen_id=f"({N} - 1) % {citizens} + 1",
        application_id=N,
        created_at=past,
    )
    _insert(
        models.Reception,
        count,
        where=f"{N} % 10 NOT IN (2, 3)",
        application_id=N,
        conference="'default'",
        confirmed_at=past,
    )
    _insert(
        models.Document,
        count * 4 // 5,
        application_id=N,
        name="'довідка.pdf'",
        media_type="'application/pdf'",
        size="1000",
        sha256=HASH,
        path="'d/' || n",
        created_at=past,
    )
    _insert(
        models.Letter,
        count * 2,
        kind="CASE n % 2 WHEN 0 THEN 'receipt' ELSE 'confirmation' END",
        citizen_id=f"(({N} + 1) / 2 - 1) % {citizens} + 1",
        application_id=f"({N} + 1) / 2",
        address="'c@example.org'",
        message_id="'<' || n || '@example.gov.ua>'",
        state="CASE WHEN n % 2000 = 7 THEN 'failed' ELSE 'sent' END",
        created_at=past,
        sent_at=past,
    )
    _insert(
        CheckRun,
        max(1, count // 12),
        subject=N,
        session_hash=HASH,
        started_at="now() - (n % 29) * interval '1 day'",
        finished_at="now() - (n % 29) * interval '1 day'",
        verdict="'good'",
    )


def _journal(count: int, citizens: int, past: str) -> None:
    """Sealed rows with a chain in form only; some are those that staff look for."""
    _insert(
        models.JournalRecord,
        count * 3,
        moment=past,
        act=f"""CASE WHEN {N} % 2000 = 3 THEN 'citizen.sign_in_case'
            WHEN {N} % 2000 = 5 THEN 'application.send_letter_again'
            WHEN {N} % 3 = 0 THEN 'citizen.sign_in' ELSE 'application.submit' END""",
        actor_kind="'citizen'",
        details="""'{"provider": "default", "reason": "conflict", "others": []}'::jsonb""",
        subject_kind=f"CASE WHEN {N} % 2000 = 3 OR {N} % 3 = 0 THEN 'citizen' ELSE 'application' END",
        subject_id=f"md5(({N} % {citizens})::text)::uuid::text",
        sequence=N,
        previous_hash=HASH,
        hash=HASH,
    )
    content_type = "(SELECT min(id) FROM django_content_type)"
    _insert(
        ModelLogEntry,
        count,
        content_type_id=content_type,
        label="'x'",
        action="'diia_videoreception.confirm'",
        timestamp=past,
        object_id=f"{N}::text",
    )


def _insert(model: type[Model], count: int, *, where: str = "true", **columns: str) -> None:
    """Insert `count` rows of which `n` is the number; fields not given have their default.

    Args:
        columns: SQL of the values, in terms of `n`, by column or field.
    """
    values: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        usual = UUID if field.get_internal_type() == "UUIDField" and not field.null else None
        if field.primary_key:
            usual = usual or N
        given = columns.pop(field.attname, columns.pop(field.name, None))
        values[field.column] = given or usual or _literal(_default(field))
    if columns:
        raise TypeError(f"{model.__name__} has no {', '.join(columns)}")
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())}"
            f" FROM generate_series(1::bigint, {count}) AS rows(n) WHERE {where}"
        )
        if model._meta.pk.get_internal_type() in ("AutoField", "BigAutoField"):
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [model._meta.db_table, count + 1],
            )


def _default(field: Field[Any, Any]) -> Any:
    """What the field holds when nobody says anything, ready for SQL."""
    if field.null or field.default is NOT_PROVIDED:
        return None if field.null else ""
    value = field.get_default()
    return field.get_db_prep_save(value, connection) if value is not None else None


def _literal(value: Any) -> str:
    connection.ensure_connection()
    return sql.Literal(value).as_string(connection.connection)
