"""Tells polls that come at the pace they were told from those that do not.

A page that waits asks every three seconds, and counting it in a table would be one query in four.
This process remembers when somebody asked last; only who comes too soon is counted, and that count
is the table's, so the rate holds whatever other processes see.
"""

from collections import OrderedDict
from threading import Lock
from time import monotonic

SOONEST = 0.4
"""Seconds; pages that are connecting ask every half second."""
MAX_REMEMBERED = 10_000

_last: OrderedDict[str, float] = OrderedDict()
_lock = Lock()


def is_early(who: str) -> bool:
    """Return whether somebody asks sooner than any page of ours would."""
    now = monotonic()
    with _lock:
        before = _last.pop(who, None)
        _last[who] = now
        if len(_last) > MAX_REMEMBERED:
            _last.popitem(last=False)
    return before is not None and now - before < SOONEST
