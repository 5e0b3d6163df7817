"""Indexes for searches in columns of folded words.

On PostgreSQL with the extension pg_trgm any part of a word is found by an index; where the
extension may not be made, or the database takes no Cyrillic letter for a letter, only how a column
begins. They serve `diia_videoreception/selectors/searching.py`. Elsewhere there is none, and a search looks through the rows.
"""

from typing import Any

from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

from integrations.common.indexes import is_postgresql, is_valid_index, require_no_transaction

PREFIX_LENGTH = 100
"""So many characters of a column are in an index by its beginning."""

TRIGRAMS, PREFIX = "trigrams", "prefix"
_DEFINITIONS = {
    TRIGRAMS: "USING gin ({column} gin_trgm_ops)",
    PREFIX: f"((left({{column}}, {PREFIX_LENGTH})) text_pattern_ops)",
}


def make_search_index(connection: Any, model: type[Model], column: str, *, name: str) -> str:
    """Make the best index that the server allows, online; a half made one is made again.

    Returns:
        Which one there is now: `TRIGRAMS` or `PREFIX`.
    """
    kind = TRIGRAMS if make_trigrams(connection) else PREFIX
    quote = connection.ops.quote_name
    table, index = quote(model._meta.db_table), quote(index_name(name, kind))
    with connection.cursor() as cursor:
        is_valid = is_valid_index(cursor, index=index, table=table)
        if is_valid is False:
            cursor.execute(f"DROP INDEX CONCURRENTLY {index}")
        if not is_valid:
            definition = _DEFINITIONS[kind].format(column=quote(column))
            cursor.execute(f"CREATE INDEX CONCURRENTLY {index} ON {table} {definition}")
        if kind == TRIGRAMS:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {quote(index_name(name, PREFIX))}")
    return kind


def make_trigrams(connection: BaseDatabaseWrapper) -> bool:
    """Return whether there are trigrams of Cyrillic words now; makes the extension where it may."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            # A database with the locale C takes only Latin letters for letters.
            cursor.execute("SELECT cardinality(show_trgm('слово')) > 0")
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        return False


def search_index_of(alias: str, model: type[Model], *, name: str) -> str | None:
    """Return which index is there, whole: `TRIGRAMS`, `PREFIX` or none."""
    connection = connections[alias]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        for kind in _DEFINITIONS:
            if is_valid_index(cursor, index=quote(index_name(name, kind)), table=table):
                return kind
    return None


def index_name(name: str, kind: str) -> str:
    return f"{name}_{kind}"


class AddSearchIndexOnline(Operation):
    """Make a search index while others read and write the table; the migration must not be atomic.

    It is no part of a model's state: which index it is, the server decides.
    """

    atomic = False
    reversible = True

    def __init__(self, model_name: str, column: str, name: str) -> None:
        self.model_name, self.column, self.name = model_name, column, name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model: type[Model] = to_state.apps.get_model(app_label, self.model_name)
        if self._is_for(schema_editor, model):
            make_search_index(schema_editor.connection, model, self.column, name=self.name)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model: type[Model] = from_state.apps.get_model(app_label, self.model_name)
        if not self._is_for(schema_editor, model):
            return
        for kind in _DEFINITIONS:
            index = schema_editor.connection.ops.quote_name(index_name(self.name, kind))
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")

    def _is_for(self, schema_editor: BaseDatabaseSchemaEditor, model: type[Model]) -> bool:
        if not is_postgresql(schema_editor.connection):
            return False
        require_no_transaction(schema_editor, self)
        return self.allow_migrate_model(schema_editor.connection.alias, model)

    def describe(self) -> str:
        return f"Make an index for searches in {self.column} of {self.model_name}"
