"""Brings back what migrations have written after a test that emptied all tables.

Django does it row by row from JSON, which takes half a second for each such test; here the database
copies the rows itself, from tables of its own that no flush knows. The command `flush` of the tests
calls it.
"""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

NAMES = "tests_kept"
"""The table of the names of the kept tables."""


def keep(connection: BaseDatabaseWrapper) -> None:
    """Copies every table that has rows."""
    quote = connection.ops.quote_name
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {NAMES} (kept VARCHAR(20), name VARCHAR(200))")
        for number, name in enumerate(connection.introspection.django_table_names()):
            cursor.execute(f"SELECT 1 FROM {quote(name)} LIMIT 1")
            if cursor.fetchone() is None:
                continue
            kept = f"{NAMES}_{number}"
            cursor.execute(f"CREATE TABLE {kept} AS SELECT * FROM {quote(name)}")
            cursor.execute(f"INSERT INTO {NAMES} VALUES (%s, %s)", [kept, name])


def bring_back(connection: BaseDatabaseWrapper) -> None:
    """Copies the rows back; those that are there stay as they are."""
    # Foreign keys are checked when the transaction ends.
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute(f"SELECT kept, name FROM {NAMES}")
        for kept, name in cursor.fetchall():
            table = connection.ops.quote_name(name)
            cursor.execute(
                f"INSERT INTO {table} SELECT * FROM {kept} WHERE true ON CONFLICT DO NOTHING"
            )
