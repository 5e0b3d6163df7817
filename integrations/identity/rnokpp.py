"""Numbers that identify a person: РНОКПП, passport, УНЗР.

Every function takes what a source or a person gives and returns the normal form, so that the same
person always has the same value. ValueError texts name the rule, never the value.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from integrations.identity.base import IdentifierKind

_RNOKPP_WEIGHTS: Final = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
_MRZ_WEIGHTS: Final = (7, 3, 1)
_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_LATIN_TO_CYRILLIC: Final = str.maketrans("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ")
_PASSPORT_BOOK: Final = re.compile(r"[АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ]{2}[0-9]{6}")
_ID_CARD: Final = re.compile(r"[0-9]{9}")
_RNOKPP: Final = re.compile(r"[0-9]{10}")
_OTHER: Final = re.compile(r"[0-9A-ZА-ЯҐЄІЇ]{6,15}")
_UNZR: Final = re.compile(r"[0-9]{13}")
# Longer input is no identifier, whatever stands in it.
_MAX_INPUT: Final = 64


def rnokpp_check_digit(first_nine: str) -> str:
    """Computes the tenth digit of a РНОКПП from the nine before it."""
    total = sum(
        weight * int(digit) for weight, digit in zip(_RNOKPP_WEIGHTS, first_nine, strict=True)
    )
    return str(total % 11 % 10)


def normal_rnokpp(text: str) -> str:
    """Checks a РНОКПП and returns its ten digits.

    Raises:
        ValueError: Not ten digits, all zeros, or a wrong check digit.
    """
    number = _compact(text)
    if not _RNOKPP.fullmatch(number):
        raise ValueError("a РНОКПП has ten digits")
    # Zeros satisfy the check sum but stand for "none" in many registers.
    if number == "0" * 10 or rnokpp_check_digit(number[:9]) != number[9]:
        raise ValueError("the check digit of the РНОКПП is wrong")
    return number


def normal_passport(text: str) -> str:
    """Checks a passport number of Ukraine: `АА123456` of a booklet or nine digits of an ID card.

    Latin letters that look like Cyrillic ones are taken for these.

    Raises:
        ValueError: Neither form.
    """
    number = _compact(text).upper().translate(_LATIN_TO_CYRILLIC)
    if not (_PASSPORT_BOOK.fullmatch(number) or _ID_CARD.fullmatch(number)):
        raise ValueError("a passport has two Cyrillic letters and six digits, or nine digits")
    return number


def number_of_person(text: str) -> tuple[IdentifierKind, str]:
    """Reads what certificates and banks write in the place of the РНОКПП.

    People without one have a passport there. Ten digits with a wrong check digit are no РНОКПП
    either, but another number of somebody who has none; a passport of another country keeps its
    form.

    Raises:
        ValueError: No number of a person.
    """
    try:
        return IdentifierKind.RNOKPP, normal_rnokpp(text)
    except ValueError:
        pass
    try:
        return IdentifierKind.PASSPORT, normal_passport(text)
    except ValueError:
        number = _compact(text).upper()
    if not _OTHER.fullmatch(number) or not number.strip("0"):
        raise ValueError("not a number of a person")
    return IdentifierKind.PASSPORT, number


def unzr_check_digit(first_twelve: str) -> str:
    """Computes the last digit of a УНЗР as in the machine-readable zone (ICAO 9303: 7, 3, 1)."""
    if len(first_twelve) != 12:
        raise ValueError("a УНЗР has twelve digits before the check digit")
    weights = _MRZ_WEIGHTS * 4
    total = sum(weight * int(digit) for weight, digit in zip(weights, first_twelve, strict=True))
    return str(total % 10)


def normal_unzr(text: str) -> str:
    """Checks a УНЗР and returns it as `YYYYMMDD-NNNNN`.

    Raises:
        ValueError: Not thirteen digits, no such date of birth, or a wrong check digit.
    """
    number = _compact(text)
    if not _UNZR.fullmatch(number):
        raise ValueError("a УНЗР has thirteen digits")
    try:
        date(int(number[:4]), int(number[4:6]), int(number[6:8]))
    except ValueError:
        raise ValueError("a УНЗР begins with a date of birth") from None
    if unzr_check_digit(number[:12]) != number[12]:
        raise ValueError("the check digit of the УНЗР is wrong")
    return f"{number[:8]}-{number[8:]}"


_NORMAL_FORM: Final[Mapping[IdentifierKind, Callable[[str], str]]] = {
    IdentifierKind.RNOKPP: normal_rnokpp,
    IdentifierKind.PASSPORT: normal_passport,
    IdentifierKind.UNZR: normal_unzr,
}


def normal_identifier(kind: IdentifierKind, text: str) -> str:
    """Checks an identifier of the given kind and returns its normal form.

    Raises:
        ValueError: The text is no identifier of this kind.
    """
    return _NORMAL_FORM[kind](text)


def _compact(text: str) -> str:
    if len(text) > _MAX_INPUT:
        raise ValueError("the identifier is too long")
    return _SEPARATORS.sub("", text)
