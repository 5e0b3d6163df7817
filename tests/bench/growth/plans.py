"""What the statements of an act read, as PostgreSQL tells it: the same on any machine."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

LONG_SCAN = 12_000
"""A sequential scan that reads more rows than these grows with its table; a bounded one reads fewer."""
_READS = re.compile(r"SELECT |\(SELECT |WITH ")


@dataclass(frozen=True)
class Work:
    """What an act reads: its statements, rows, blocks, and the tables that are read from end to end."""

    queries: int
    rows: int
    blocks: int
    scanned: tuple[str, ...] = ()


def work_of(act: Callable[[], object]) -> Work:
    """Run an act, then have each statement of its explained that reads."""
    with CaptureQueriesContext(connection) as captured:
        act()
    statements = [query["sql"] for query in captured]
    nodes = [node for sql in statements if _READS.match(sql) for node in _nodes(_plan(sql))]
    return Work(
        queries=len(statements),
        rows=sum(_rows_read(node) for node in nodes if "Relation Name" in node),
        blocks=sum(node["Blocks"] for node in nodes),
        scanned=tuple(
            sorted(
                {
                    node["Relation Name"]
                    for node in nodes
                    if node["Node Type"] == "Seq Scan" and _rows_read(node) > LONG_SCAN
                }
            )
        ),
    )


def _plan(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql.replace("%", "%%"), [])
        found = cursor.fetchone()[0]
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    # A node tells the blocks of those below it as well.
    plan["Blocks"] = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        below["Blocks"] = 0
        yield from _nodes(below)


def _rows_read(node: dict[str, Any]) -> int:
    """Count the rows of all loops of a scan, also those that it threw away."""
    kept_out = sum(
        node.get(name, 0) for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    )
    return round((node["Actual Rows"] + kept_out) * node["Actual Loops"])
