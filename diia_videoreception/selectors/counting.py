"""Counting several things by one query."""

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery


class Counted(Subquery):
    """The number of rows that a query gives, counted up to a bound, as a column."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any], *, up_to: int) -> None:
        super().__init__(rows.order_by().values("pk")[:up_to])
