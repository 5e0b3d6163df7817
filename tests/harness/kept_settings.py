"""Settings are the same after a test as before it: the `settings` fixture brings back values, not their insides.

`settings.DIIA_VIDEORECEPTION |= {…}` and `settings.DEVICE_CHECK["HELP"] = …` change the one dict
that all tests share; `settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {…}` does not.
"""

from copy import deepcopy
from typing import Any

from tests import settings

BY_DJANGO = {"DATABASES"}
"""What the run itself fills in: the name of the database of the tests."""

_SHARED: dict[str, Any] = {
    name: value
    for name, value in vars(settings).items()
    if name.isupper() and isinstance(value, dict | list) and name not in BY_DJANGO
}
_BEFORE = deepcopy(_SHARED)


def bring_back() -> list[str]:
    """Puts back what was changed inside of settings; gives their names."""
    changed = [name for name, value in _SHARED.items() if value != _BEFORE[name]]
    for name in changed:
        value, before = _SHARED[name], deepcopy(_BEFORE[name])
        if isinstance(value, dict):
            value.clear()
            value.update(before)
        else:
            value[:] = before
    return changed
