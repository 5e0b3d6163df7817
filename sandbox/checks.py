"""Keeps the demonstration away from real portals."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def check_demonstration(**kwargs: Any) -> list[CheckMessage]:
    """E001: the demonstration lets anybody in as anybody and holds everybody’s keys."""
    if settings.DEBUG:
        return []
    return [
        Error(
            "The demonstration portal refuses to work without DEBUG: its pages sign in anybody and sign with anybody’s key.",
            id="sandbox.E001",
        )
    ]
