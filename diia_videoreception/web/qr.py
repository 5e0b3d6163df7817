"""QR codes of our own addresses and keys, drawn in the page."""

import segno
from django.utils.safestring import SafeString


def drawn(text: str, *, border: int = 4) -> SafeString:
    """Return a QR code as SVG for the page, in the colours of its class.

    Args:
        border: empty modules around it; four on a screen (ISO/IEC 18004), fewer where the paper around is empty.
    """
    picture = segno.make(text, error="m")
    # The library writes numbers and a path only, whatever the text is.
    return SafeString(
        picture.svg_inline(scale=1, border=border, omitsize=True, svgclass="vr-qr", lineclass=None)
    )
