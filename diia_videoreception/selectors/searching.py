"""Searching by the folded columns: every word must occur, in any order."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from diia_videoreception.rules.folding import search_words

Row = TypeVar("Row", bound=Model)


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
