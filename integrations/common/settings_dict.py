"""One dict of the portal's settings, read into a typed object."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.signals import setting_changed

T = TypeVar("T")


class SettingsProxy(Generic[T]):
    """The attributes of the typed settings, read at first use and again when a test changes them.

    Args:
        name: Of the setting, a dict; an empty one when it is missing.
        read: Makes the typed object of it.
    """

    def __init__(self, name: str, read: Callable[[object], T]) -> None:
        self._name = name
        self._read = read
        self._settings: T | None = None
        setting_changed.connect(self._forget)

    def _forget(self, *, setting: str, **kwargs: object) -> None:
        if setting == self._name:
            self._settings = None

    def __getattr__(self, name: str) -> Any:
        if self._settings is None:
            self._settings = self._read(getattr(settings, self._name, {}))
        return getattr(self._settings, name)


def read_value(name: str, value: Any, default: Any) -> tuple[Any, str]:
    """Return a value of the kind that its default has, and what is wrong with it.

    Args:
        name: How the problem names it: "DEVICE_CHECK['HELP']".
        value: What the portal has set.
        default: A tuple of strings, a mapping to strings, a truth, a positive whole number or a string.

    Returns:
        The value and an empty string, or None and the problem in words.
    """
    if isinstance(default, tuple):
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value), ""
        return None, f"{name} must be a list of strings."
    if isinstance(default, Mapping):
        if isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values()):
            return dict(value), ""
        return None, f"{name} must be a dict of strings."
    if isinstance(default, bool):
        return (value, "") if isinstance(value, bool) else (None, f"{name} must be True or False.")
    if isinstance(default, int):
        if type(value) is int and value > 0:
            return value, ""
        return None, f"{name} must be a positive whole number."
    if isinstance(value, str):
        return value, ""
    return None, f"{name} must be a string."
