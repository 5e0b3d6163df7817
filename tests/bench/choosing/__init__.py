"""What choosing a time costs: free times beside a bare view and the peer, and the pages.

The data are committed, as several processes ask for them. Beside us stand processes of their own
which know nothing of the portal; this package therefore imports nothing before it measures.
"""

from tests.bench import Figure

COMMITS = True
"""Its rows are for other processes to see, and stay until the database goes."""


def figures() -> list[Figure]:
    """Measure free times, then the pages."""
    from tests.bench.choosing import free_times, pages

    return [*free_times.figures(), *pages.figures()]
