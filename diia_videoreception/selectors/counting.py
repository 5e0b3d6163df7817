"""Counting several things by one query."""

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery, Value


class Counted(Subquery):
    """The number of rows that a query gives, counted up to a bound, as a column."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any], *, up_to: int) -> None:
        # No column of the rows: an index alone can answer.
        ones = rows.order_by().annotate(counted=Value(1)).values("counted")
        super().__init__(ones[:up_to])
