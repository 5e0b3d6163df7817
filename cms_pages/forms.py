"""The form in which an editor writes one of our pages."""

import re
from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets.slug import SlugInput

from diia_videoreception.rules.latin import FIRST_LETTERS, LETTERS, PAIRS

_APOSTROPHES = "['’ʼ]"


def latin_formatters() -> list[tuple[re.Pattern[str], str]]:
    """Return what the browser replaces, in this order, in the title from which it makes the address."""
    # Latin too: the letter before may have been replaced already.
    in_a_word = "".join(LETTERS) + "a-z'’ʼ"
    first = [
        (re.compile(rf"(?<![{in_a_word}]){letter}", re.IGNORECASE), latin)
        for letter, latin in FIRST_LETTERS.items()
    ]
    others = [
        (re.compile(letters, re.IGNORECASE), latin) for letters, latin in (PAIRS | LETTERS).items()
    ]
    return [*first, (re.compile(_APOSTROPHES), ""), *others]


class LatinSlugForm(WagtailAdminPageForm):
    """Makes the address of a page from its Ukrainian title in Latin letters.

    Wagtail itself keeps the letters, which other programs then show as signs of percent. For base
    pages with forms of their own: inherit from both.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Somebody may have left the field out.
        if "slug" in self.fields:
            self.fields["slug"].widget = SlugInput(formatters=latin_formatters())
