"""Indexes that are made while a portal is in use."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import NotSupportedError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddIndex, CreateModel
from django.db.migrations.state import ProjectState

from integrations.common.indexes import AddIndexOnline

LABEL = "diia_videoreception"
PRODUCT = {LABEL, "device_check", "cms_pages"}
INDEX = models.Index(fields=["submitted_at", "number"], name="made_by_a_test")
OPERATION = AddIndexOnline(model_name="application", index=INDEX)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def states() -> Iterator[tuple[ProjectState, ProjectState]]:
    before = ProjectState.from_apps(apps)
    after = before.clone()
    OPERATION.state_forwards(LABEL, after)
    yield before, after
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX.name}")


def migrate(states: tuple[ProjectState, ProjectState]) -> None:
    with connection.schema_editor(atomic=False) as editor:
        OPERATION.database_forwards(LABEL, editor, *states)


def is_there() -> bool:
    table = apps.get_model(LABEL, "Application")._meta.db_table
    with connection.cursor() as cursor:
        return INDEX.name in connection.introspection.get_constraints(cursor, table)


def oid(*, invalidate: bool = False) -> int:
    with connection.cursor() as cursor:
        if invalidate:
            cursor.execute(
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(%s)",
                [INDEX.name],
            )
        cursor.execute("SELECT to_regclass(%s)::oid", [INDEX.name])
        return int(cursor.fetchone()[0])


def test_index__is_made_and_taken_away(states: tuple[ProjectState, ProjectState]) -> None:
    migrate(states)
    assert is_there()

    with connection.schema_editor(atomic=False) as editor:
        OPERATION.database_backwards(LABEL, editor, *reversed(states))
    assert not is_there()


def test_index__that_was_left_half_made_is_made_again(
    states: tuple[ProjectState, ProjectState],
) -> None:
    if connection.vendor != "postgresql":
        migrate(states)
        assert is_there()
        return
    migrate(states)
    whole = oid()
    migrate(states)
    assert oid() == whole

    half = oid(invalidate=True)
    migrate(states)
    assert oid() != half


@pytest.mark.only_postgres
def test_index__is_not_made_within_a_transaction(
    states: tuple[ProjectState, ProjectState],
) -> None:
    with transaction.atomic(), pytest.raises(NotSupportedError, match="atomic = False"):
        migrate(states)


def test_tables_in_use__are_locked_by_no_index_of_a_later_migration() -> None:
    """Only an index that comes with its table may be made in the ordinary way."""
    locking = []
    for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        if app not in PRODUCT:
            continue
        made = {one.name_lower for one in migration.operations if isinstance(one, CreateModel)}
        locking += [
            f"{app}.{name}: {one.index.name}"
            for one in migration.operations
            if type(one) is AddIndex and one.model_name_lower not in made
        ]

    assert locking == []
