"""What a search finds by an index, as the server allows it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

from diia_videoreception.models import Application
from integrations.common.search_indexes import PREFIX, TRIGRAMS, make_search_index
from tests.harness import databases

TABLE = Application._meta.db_table

pytestmark = [pytest.mark.django_db, pytest.mark.only_postgres]


@contextmanager
def portal(*, ctype: str = "C.UTF-8", may_make_extensions: bool = True) -> Iterator[Any]:
    """Give a connection to a database of its own with one table."""
    name = f"indexes_{connection.settings_dict['NAME']}"
    user = "postgres" if may_make_extensions else f"weak_{name}"
    # What a run that was broken off has left.
    _drop(name, user)
    databases.run("createdb", "--template=template0", f"--lc-ctype={ctype}", name)
    try:
        if not may_make_extensions:
            databases.run("createuser", user)
        sql = (
            f"CREATE TABLE {TABLE} (search_text text); ALTER TABLE {TABLE} OWNER TO {user};"
            f" GRANT CREATE ON SCHEMA public TO {user}"
        )
        databases.run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", name, "-c", sql)
        settings = connection.settings_dict | {"NAME": name, "USER": user}
        with closing(ConnectionHandler({"default": settings})["default"]) as opened:
            yield opened
    finally:
        _drop(name, user)


def _drop(name: str, user: str) -> None:
    databases.run("dropdb", "--if-exists", "--force", name)
    if user != "postgres":
        databases.run("dropuser", "--if-exists", user)


def make(opened: Any) -> str:
    return make_search_index(opened, Application, "search_text", name="tried")


def definitions(opened: Any) -> dict[str, str]:
    with opened.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s", [TABLE])
        return dict(cursor.fetchall())


def test_index__knows_parts_of_cyrillic_words() -> None:
    with portal() as opened:
        assert make(opened) == TRIGRAMS
        assert "gin_trgm_ops" in definitions(opened)["tried_trigrams"]
        with opened.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
            cursor.execute(f"EXPLAIN SELECT 1 FROM {TABLE} WHERE search_text LIKE '%угов%'")
            assert "tried_trigrams" in " ".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("limit", [{"ctype": "C"}, {"may_make_extensions": False}])
def test_index__knows_beginnings_where_parts_are_not_to_be_had(limit: dict[str, Any]) -> None:
    with portal(**limit) as opened:
        assert make(opened) == PREFIX
        assert list(definitions(opened)) == ["tried_prefix"]


def test_index_of_beginnings__gives_way_when_the_extension_has_come() -> None:
    with portal(may_make_extensions=False) as opened:
        make(opened)
        name = opened.settings_dict["NAME"]
        databases.run("psql", "-q", "-d", name, "-c", "CREATE EXTENSION pg_trgm")

        assert make(opened) == TRIGRAMS
        assert list(definitions(opened)) == ["tried_trigrams"]


def test_index__that_was_left_half_made_is_made_again() -> None:
    with portal() as opened, opened.cursor() as cursor:
        make(opened)
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'tried_trigrams'::regclass"
        )

        make(opened)

        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'tried_trigrams'::regclass"
        )
        assert cursor.fetchone() == (True,)
