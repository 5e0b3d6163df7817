"""Texts that people send with an act: cleaned, and refused where they are missing or too long."""

from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete
from diia_videoreception.rules.texts import clean_text


def typed_text(text: str, *, name: str = "text", most: int, missing: str = "") -> str:
    """Return the text cleaned.

    Args:
        name: Of the field, for the refusal.
        most: How many characters it may have.
        missing: What is said where there is none; without it none is needed.

    Raises:
        Incomplete: it is missing or too long.
    """
    cleaned = clean_text(text)
    if missing and not cleaned:
        raise Incomplete(fields={name: missing})
    if len(cleaned) > most:
        too_long = _("The text may have %(count)s characters at most.") % {"count": most}
        raise Incomplete(fields={name: too_long})
    return cleaned
