"""Numbers of passports, each with the kind and the country of the document.

Countries number theirs alike, so a number alone names nobody. The normal form is that of the
serialNumber in certificates (ETSI EN 319 412-1): `PASUA-АЕ431207`, `IDCUA-900421517`,
`PASPL-BK765432`; PAS is a passport, IDC an identity card, then the country of ISO 3166.

`PASXX` says that the source names no country. Two forms do without: two Cyrillic letters with six
digits are of no other country than Ukraine; and nine digits stand in the place of the РНОКПП, a
register of Ukraine, for an ID card, since whoever writes another country's passport there names it.
"""

import re
from typing import Final

from integrations.identity.compact import compact

UKRAINE: Final = "UA"
UNKNOWN: Final = "PASXX"
"""Kind and country of a number whose source tells neither."""

_PREFIX: Final = re.compile(r"\s*((?:PAS|IDC)[A-Z]{2})\s*[-\u2010-\u2015\u2212](.*)", re.I | re.S)
_LATIN_TO_CYRILLIC: Final = str.maketrans("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ")
_BOOKLET: Final = re.compile(r"[АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ]{2}[0-9]{6}")
_ID_CARD: Final = re.compile(r"[0-9]{9}")
_LATIN: Final = re.compile(r"[0-9A-Z]*")
_NUMBER: Final = re.compile(r"[0-9A-ZА-ЯҐЄІЇ]{6,15}")


def normal_passport(text: str) -> str:
    """Check the number of a passport or identity card and give it with kind and country.

    Latin letters that look like Cyrillic ones are taken for these only where the document is said
    to be Ukrainian, or one of the letters is Cyrillic: another country has the same number in
    Latin letters.

    Raises:
        ValueError: No number of a document.
    """
    prefixed = _PREFIX.fullmatch(text)
    kind, number = (prefixed[1].upper(), prefixed[2]) if prefixed else ("", text)
    number = compact(number).upper()
    if not _NUMBER.fullmatch(number) or not number.strip("0"):
        raise ValueError("a passport number has 6 to 15 letters and digits")
    if kind and kind[3:] != UKRAINE:
        return f"{kind}-{number}"
    if _ID_CARD.fullmatch(number):
        return f"IDC{UKRAINE}-{number}"
    folded = _folded(number)
    if _BOOKLET.fullmatch(folded) and (kind or not _LATIN.fullmatch(number)):
        return f"PAS{UKRAINE}-{folded}"
    return f"{kind or UNKNOWN}-{number}"


def claimed_passport(text: str) -> str:
    """Check a passport that is said to be one; without a country it has the form of a Ukrainian one.

    Raises:
        ValueError: It has not.
    """
    passport = normal_passport(text)
    if passport.startswith(UNKNOWN) and not _BOOKLET.fullmatch(bare_number(passport)):
        raise ValueError(
            "a passport without country has two letters and six digits, or nine digits"
        )
    return passport


def bare_number(passport: str) -> str:
    """Return what is left of a normal form without kind and country, in Cyrillic letters where it could be.

    Two documents may be alike in this and still be of two people: it tells whom to ask, not who
    somebody is.
    """
    number = passport.partition("-")[2]
    folded = _folded(number)
    return folded if _BOOKLET.fullmatch(folded) else number


def _folded(number: str) -> str:
    return number.translate(_LATIN_TO_CYRILLIC)
