"""What goes into a file that somebody opens in a spreadsheet: nothing in it is a formula.

OWASP «CSV Injection»: a cell that begins with one of these signs is computed when it is opened.
"""

import re
import unicodedata

MAX_ROWS = 5_000
"""Rows of one file."""
MIN_REASON, MAX_REASON = 10, 500
_COMPUTED = "=+-@\t\r\n"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def safe_text(text: str) -> str:
    """Return the text as a cell that every spreadsheet takes for text.

    Wide signs are computed as their narrow likes are, so that what counts is what they fold to.
    """
    text = _NOT_IN_XML.sub("", text)
    first = unicodedata.normalize("NFKC", text.lstrip(" \u00a0")[:1])
    return f"'{text}" if first[:1] and first[:1] in _COMPUTED else text
