"""Searching by the folded columns: every word must occur, in any order."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connections
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Subquery, Value
from django.db.models.functions import Left
from django.db.models.lookups import StartsWith

from diia_videoreception.models import Application, Citizen, Official
from diia_videoreception.rules.folding import search_words
from integrations.common.indexes import is_postgresql
from integrations.common.search_indexes import PREFIX_LENGTH, TRIGRAMS, search_index_of

Row = TypeVar("Row", bound=Model)

COLUMN = "search_text"
MIN_PART = 3
"""Shorter words are looked for where a word begins: no index knows two letters anywhere."""


class Source(NamedTuple):
    """Where else than in its own text an application is found.

    Of a word that occurs in more than `max_rows` of them the applications are as many: then they are
    gone through, newest first, and the first ones are soon found.
    """

    model: type[Model]
    max_rows: int


SOURCES: dict[str, Source] = {
    "citizen": Source(Citizen, 10_000),
    "official": Source(Official, 100),
}
SEARCH_INDEXES: Mapping[type[Model], str] = {
    Application: "application_search",
    Citizen: "citizen_search",
    Official: "official_search",
}
"""Names of the indexes on `search_text` that PostgreSQL has, see `integrations.common.search_indexes`."""


def having_words(rows: QuerySet[Row], search: str, *columns: str) -> QuerySet[Row]:
    """Return the rows in whose columns, taken together, every word of the search occurs.

    Args:
        rows: What may be found; who may see what has been decided by its selector.
        search: As it was typed. Without any letter or digit it finds nothing, empty everything.
        columns: Paths to columns that are kept folded (`FoldedField`).
    """
    words = search_words(search)
    if not words:
        return rows.none() if search.strip() else rows
    for word in words:
        occurs = Q()
        for column in columns:
            occurs |= Q(**{f"{column}__contains": word})
        rows = rows.filter(occurs)
    return rows


def applications_having_words(rows: QuerySet[Application], search: str) -> QuerySet[Application]:
    """Return the applications in whose texts, citizen and official every word of the search occurs.

    A word of one or two letters has to begin a word there. On PostgreSQL without trigrams all words
    together have to begin the number, or the name of the citizen or official.
    """
    words = search_words(search)
    if not words:
        return rows.none() if search.strip() else rows
    if not is_postgresql(connections[rows.db]):
        for word in words:
            rows = rows.filter(_occurs(word, COLUMN, *_paths(SOURCES)))
        return rows
    if not searches_parts(rows.db):
        return rows.filter(_begins_with(" ".join(words)[:PREFIX_LENGTH]))
    frequent = _frequent(words, rows.db)
    for word in words:
        of_many = [name for name in SOURCES if (name, word) in frequent]
        found = _occurs(word, COLUMN, *_paths(of_many))
        for name in SOURCES.keys() - of_many:
            matching = SOURCES[name].model._default_manager.filter(_occurs(word, COLUMN))
            found |= Q(is_among(f"{name}_id", matching.order_by().values("pk")))
        rows = rows.filter(found)
    return rows


@cache
def searches_parts(alias: str) -> bool:
    """Return whether this PostgreSQL finds parts of words by an index; asked once in a process."""
    return search_indexes(alias) == {TRIGRAMS}


def search_indexes(alias: str) -> set[str | None]:
    """Return which kinds of search indexes a PostgreSQL has."""
    return {search_index_of(alias, model, name=name) for model, name in SEARCH_INDEXES.items()}


def _paths(sources: Collection[str]) -> list[str]:
    return [f"{name}__{COLUMN}" for name in sources]


def _occurs(word: str, *columns: str) -> Q:
    found = Q()
    for column in columns:
        if len(word) < MIN_PART:
            found |= Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})
        else:
            found |= Q(**{f"{column}__contains": word})
    return found


def _frequent(words: list[str], alias: str) -> set[tuple[str, str]]:
    """Return which words occur in more rows of a source than are worth listing, by one query."""
    parts = [
        source.model._default_manager.using(alias)
        .filter(_occurs(word, COLUMN))
        .order_by()
        .values_list(Value(name), Value(word))[source.max_rows : source.max_rows + 1]
        for name, source in SOURCES.items()
        for word in words
    ]
    return set(parts[0].union(*parts[1:], all=True))


class _Array(Subquery):
    template = "(ARRAY(%(subquery)s))"
    # Where nothing can be found, nothing is asked; else Django would write NULL here.
    empty_result_set_value = NotImplemented


def is_among(column: str, keys: QuerySet[Any, Any]) -> Func:
    """Describe rows of which a key is among these, on PostgreSQL: it asks for the keys first, then an index for the rows.

    `IN (SELECT …)` beside other ways to match would be asked of every row, and where rows are read with more
    than eight tables (`join_collapse_limit`) it would be looked at last, when all of them are joined.
    """
    return Func(
        F(column),
        _Array(keys),
        arg_joiner=" = ANY ",
        template="%(expressions)s",
        output_field=BooleanField(),
    )


def _begins_with(beginning: str) -> Q:
    def begins() -> StartsWith:
        return StartsWith(Left(COLUMN, PREFIX_LENGTH), beginning)

    found = Q(begins())
    for name, source in SOURCES.items():
        matching = source.model._default_manager.filter(begins())
        found |= Q(is_among(f"{name}_id", matching.order_by().values("pk")))
    return found
