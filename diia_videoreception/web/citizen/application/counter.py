"""How much may still be typed, in words."""

from django.utils.translation import ngettext

from diia_videoreception.conf import app_settings
from diia_videoreception.rules.texts import clean_text

_EXAMPLES = {"one": 1, "few": 2, "many": 5, "other": 5}
"""A number for each plural category of `Intl.PluralRules`."""


def characters_left(text: str) -> str:
    """«Залишилося 878 символів із 1000», or how many are too many."""
    left = app_settings.topic_max_length - len(clean_text(text))
    return (_left if left >= 0 else _over)(abs(left)) % {
        "count": abs(left),
        "limit": app_settings.topic_max_length,
    }


def counter_texts() -> dict[str, object]:
    """Return the same for the script: the texts by plural category, with %(count)s left in them."""
    placeholders = {"count": "%(count)s", "limit": app_settings.topic_max_length}
    return {
        "limit": app_settings.topic_max_length,
        "left": {name: _left(count) % placeholders for name, count in _EXAMPLES.items()},
        "over": {name: _over(count) % placeholders for name, count in _EXAMPLES.items()},
    }


def _left(count: int) -> str:
    return ngettext(
        "You have %(count)s character of %(limit)s remaining",
        "You have %(count)s characters of %(limit)s remaining",
        count,
    )


def _over(count: int) -> str:
    return ngettext(
        "You have %(count)s character too many: the limit is %(limit)s",
        "You have %(count)s characters too many: the limit is %(limit)s",
        count,
    )
