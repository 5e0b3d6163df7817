"""Numbers that identify a person: РНОКПП, УНЗР and, see `passports`, that of a document.

Every function takes what a source or a person gives and returns the normal form, so that the same
person always has the same value. ValueError texts name the rule, never the value.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from integrations.identity.base import IdentifierKind
from integrations.identity.compact import compact
from integrations.identity.passports import claimed_passport, normal_passport

_RNOKPP_WEIGHTS: Final = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
_MRZ_WEIGHTS: Final = (7, 3, 1)
_RNOKPP: Final = re.compile(r"[0-9]{10}")
_UNZR: Final = re.compile(r"[0-9]{13}")


def rnokpp_check_digit(first_nine: str) -> str:
    """Compute the tenth digit of a РНОКПП from the nine before it."""
    total = sum(
        weight * int(digit) for weight, digit in zip(_RNOKPP_WEIGHTS, first_nine, strict=True)
    )
    return str(total % 11 % 10)


def normal_rnokpp(text: str) -> str:
    """Check a РНОКПП and return its ten digits.

    Raises:
        ValueError: Not ten digits, all zeros, or a wrong check digit.
    """
    number = compact(text)
    if not _RNOKPP.fullmatch(number):
        raise ValueError("a РНОКПП has ten digits")
    # Zeros satisfy the check sum but stand for "none" in many registers.
    if number == "0" * 10 or rnokpp_check_digit(number[:9]) != number[9]:
        raise ValueError("the check digit of the РНОКПП is wrong")
    return number


def number_of_person(text: str) -> tuple[IdentifierKind, str]:
    """Read what certificates and banks write in the place of the РНОКПП.

    People without one have a passport there. Ten digits with a wrong check digit are no РНОКПП
    either, but another number of somebody who has none.

    Raises:
        ValueError: No number of a person.
    """
    try:
        return IdentifierKind.RNOKPP, normal_rnokpp(text)
    except ValueError:
        return IdentifierKind.PASSPORT, normal_passport(text)


def unzr_check_digit(first_twelve: str) -> str:
    """Compute the last digit of a УНЗР as in the machine-readable zone (ICAO 9303: 7, 3, 1)."""
    if len(first_twelve) != 12:
        raise ValueError("a УНЗР has twelve digits before the check digit")
    weights = _MRZ_WEIGHTS * 4
    total = sum(weight * int(digit) for weight, digit in zip(weights, first_twelve, strict=True))
    return str(total % 10)


def normal_unzr(text: str) -> str:
    """Check a УНЗР and return it as `YYYYMMDD-NNNNN`.

    Raises:
        ValueError: Not thirteen digits, no such date of birth, or a wrong check digit.
    """
    number = compact(text)
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
    IdentifierKind.PASSPORT: claimed_passport,
    IdentifierKind.UNZR: normal_unzr,
}


def normal_identifier(kind: IdentifierKind, text: str) -> str:
    """Check an identifier of the given kind and return its normal form.

    Raises:
        ValueError: The text is no identifier of this kind.
    """
    return _NORMAL_FORM[kind](text)
