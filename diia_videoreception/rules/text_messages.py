"""How much fits into a text message (3GPP TS 23.038): 160 characters of GSM, else 70 of UCS-2."""

GSM_UNITS, UCS2_UNITS = 160, 70
GSM_UNITS_OF_MANY, UCS2_UNITS_OF_MANY = 153, 67
"""Of each segment of a longer message, which carries its place among them."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each takes two units."""


def segments(text: str) -> int:
    """Return in how many segments a message is sent, and paid for."""
    if all(char in _BASIC or char in _EXTENDED for char in text):
        units = len(text) + sum(char in _EXTENDED for char in text)
        one, of_many = GSM_UNITS, GSM_UNITS_OF_MANY
    else:
        units = len(text.encode("utf-16-le")) // 2
        one, of_many = UCS2_UNITS, UCS2_UNITS_OF_MANY
    return 1 if units <= one else -(-units // of_many)


def if_it_fits(text: str, more: str) -> str:
    """Return a text with more behind it, where that makes it no longer than one segment."""
    whole = f"{text} {more}"
    return whole if segments(whole) == 1 else text
