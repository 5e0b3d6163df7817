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
    taken = units(text)
    of_many = GSM_UNITS_OF_MANY if _is_gsm(text) else UCS2_UNITS_OF_MANY
    return 1 if taken <= most_of_one(text) else -(-taken // of_many)


def units(text: str) -> int:
    """Return how many characters a text counts for; a few count for two."""
    if _is_gsm(text):
        return len(text) + sum(char in _EXTENDED for char in text)
    return len(text.encode("utf-16-le")) // 2


def most_of_one(text: str) -> int:
    """Return how many characters of a text's alphabet go into one segment."""
    return GSM_UNITS if _is_gsm(text) else UCS2_UNITS


def _is_gsm(text: str) -> bool:
    return all(char in _BASIC or char in _EXTENDED for char in text)


def if_it_fits(text: str, more: str) -> str:
    """Return a text with more behind it, where that makes it no longer than one segment."""
    whole = f"{text} {more}"
    return whole if segments(whole) == 1 else text
