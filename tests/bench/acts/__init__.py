"""What acts cost beside the database alone, and how a rush for popular times ends.

Measured on PostgreSQL: TEST_DATABASE=postgres python -m tests.bench acts.
"""

from django.db import connection

from tests.bench import Figure

COMMITS = True
"""Its rows are for server processes to see, and stay until the database goes."""


def figures() -> list[Figure]:
    """Measure holds with 1, 8 and 50 clients, the rush, and those who wait in rooms."""
    if connection.vendor != "postgresql":
        print("acts: measured on PostgreSQL only, with TEST_DATABASE=postgres")
        return []
    from tests.bench.acts import holds, rush, waiting

    return [*holds.figures(), *rush.figures(), *waiting.figures()]
