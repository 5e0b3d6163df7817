"""Indexes on tables that a portal in use cannot lock for long."""

from typing import Any

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model


class AddIndexOnline(AddIndex):
    """Add an index while others read and write the table; the migration must not be atomic.

    On PostgreSQL it is made by `CREATE INDEX CONCURRENTLY`. When that is interrupted it leaves an
    invalid index: running the migration again drops that one and makes it anew, and keeps a whole
    one. Elsewhere it is an ordinary index.
    """

    atomic = False

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if not is_postgresql(schema_editor.connection):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        require_no_transaction(schema_editor, self)
        model: type[Model] = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        is_valid = self._is_valid(schema_editor, model)
        if is_valid:
            return
        if is_valid is False:
            _run(schema_editor, model, "remove_index", self.index)
        _run(schema_editor, model, "add_index", self.index)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if not is_postgresql(schema_editor.connection):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
            return
        require_no_transaction(schema_editor, self)
        model: type[Model] = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            _run(schema_editor, model, "remove_index", self.index)

    def _is_valid(self, schema_editor: BaseDatabaseSchemaEditor, model: type[Model]) -> bool | None:
        """Return whether the index of this name is whole; None where there is none."""
        quote = schema_editor.connection.ops.quote_name
        with schema_editor.connection.cursor() as cursor:
            return is_valid_index(
                cursor, index=quote(self.index.name), table=quote(model._meta.db_table)
            )


def is_valid_index(cursor: Any, *, index: str, table: str) -> bool | None:
    """Return whether an index of PostgreSQL is whole; None where the table has none of this name.

    Args:
        index: Quoted as in SQL, as is the table.
    """
    cursor.execute(
        "SELECT indisvalid FROM pg_index"
        " WHERE indexrelid = to_regclass(%s) AND indrelid = to_regclass(%s)",
        [index, table],
    )
    row = cursor.fetchone()
    return bool(row[0]) if row else None


def is_postgresql(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "postgresql"


def require_no_transaction(schema_editor: BaseDatabaseSchemaEditor, operation: Operation) -> None:
    if schema_editor.connection.in_atomic_block:
        raise NotSupportedError(
            f"{type(operation).__name__} needs `atomic = False` on its migration."
        )


def _run(schema_editor: Any, model: type[Model], verb: str, index: object) -> None:
    """`concurrently` is known to PostgreSQL's schema editor only, not to the base class."""
    getattr(schema_editor, verb)(model, index, concurrently=True)
