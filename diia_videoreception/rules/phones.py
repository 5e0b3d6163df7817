"""Contact phones as E.164, by the numbering plans of libphonenumber (A-40)."""

import re
import unicodedata
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from diia_videoreception.rules.texts import with_few_marks

MAX_TEXT = 60
UKRAINE = 380
UKRAINIAN_DIGITS = 9
"""Digits of a Ukrainian number after the country code."""

_TYPED = re.compile(r"\+?[0-9 ()./\-‐-―−]+")
# Before 2009 long-distance calls began with 8, and many still write 8 (067) 123-45-67.
_OLD_UKRAINIAN = re.compile(r"8(0[0-9]{9})")
_EXTENSION = re.compile(r"(?i)[0-9)]\s*[,;]?\s*(?:;ext=|x|ext\.?|#|доб\.?|вн\.?)\s*[0-9]+\s*$")
_SEVERAL = re.compile(r"[,;/|\n]|\s(?:або|чи|та|і|or|and)\s", re.IGNORECASE)
MIN_DIGITS = 5
"""What each part of a text must have to count as a number of its own."""
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})


class PhoneProblem(StrEnum):
    """Why a text is not a phone on which a citizen can be reached."""

    MISSING = "phone_missing"
    MALFORMED = "phone_malformed"
    LETTERS = "phone_letters"
    SEVERAL = "phone_several"
    EXTENSION = "phone_extension"
    TOO_SHORT = "phone_too_short"
    TOO_LONG = "phone_too_long"
    IMPOSSIBLE = "phone_impossible"
    COUNTRY = "phone_country"
    FOREIGN = "phone_foreign"
    PREMIUM = "phone_premium"


class PhoneError(ValueError):
    """A text that is no usable phone; `code` says why. The text itself is never in the error."""

    def __init__(self, code: PhoneProblem) -> None:
        super().__init__(code)
        self.code = code


def normalise_phone(text: str, region: str = "UA") -> str:
    """Read a phone as people type it and return it as E.164, such as +380671234567 (A-40).

    Args:
        text: With or without country code; spaces, brackets, dots and dashes are ignored.
        region: ISO 3166 code of the country of numbers without country code.

    Raises:
        PhoneError: Nothing typed, no phone, several, one with an extension, one that no
            numbering plan knows, or one that costs the caller extra.
    """
    plain = _without_marks(text)
    if not plain:
        raise PhoneError(PhoneProblem.MISSING)
    if len(plain) > MAX_TEXT:
        raise PhoneError(PhoneProblem.MALFORMED)
    if _EXTENSION.search(plain):
        raise PhoneError(PhoneProblem.EXTENSION)
    if _are_several(plain):
        raise PhoneError(PhoneProblem.SEVERAL)
    if not _TYPED.fullmatch(plain):
        has_letters = any(char.isalpha() for char in plain)
        raise PhoneError(PhoneProblem.LETTERS if has_letters else PhoneProblem.MALFORMED)
    digits = re.sub("[^0-9+]", "", plain)
    if region == "UA":
        digits = _OLD_UKRAINIAN.sub(r"\1", digits) if _OLD_UKRAINIAN.fullmatch(digits) else digits
    number = _parse(digits, region)
    if not phonenumbers.is_valid_number(number):
        raise PhoneError(_why_invalid(number))
    if phonenumbers.number_type(number) in _COSTLY:
        raise PhoneError(PhoneProblem.PREMIUM)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def format_phone(e164: str) -> str:
    """Write a stored phone for reading: +380 67 123 45 67, other countries in their own way.

    Raises:
        PhoneError: The text is no E.164 number.
    """
    number = _parse(e164, None)
    if number.country_code == UKRAINE:
        national = phonenumbers.national_significant_number(number)
        groups = re.fullmatch("([0-9]{2})([0-9]{3})([0-9]{2})([0-9]{2})", national)
        if groups is not None:
            return " ".join((f"+{UKRAINE}", *groups.groups()))
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def takes_text_messages(e164: str) -> bool:
    """Return whether a stored phone may be a mobile one."""
    try:
        kind = phonenumbers.number_type(_parse(e164, None))
    except PhoneError:
        return False
    return kind in _MOBILE


def is_foreign(e164: str) -> bool:
    """Return whether a stored phone is of another country's plan."""
    return not e164.startswith(f"+{UKRAINE}")


def _are_several(plain: str) -> bool:
    """Return whether two numbers stand in one text, with a sign or a second plus between them."""
    parts = [part for part in _SEVERAL.split(plain) if sum(map(str.isdigit, part)) >= MIN_DIGITS]
    return len(parts) > 1 or plain.count("+") > 1


def _why_invalid(number: PhoneNumber) -> PhoneProblem:
    """Return why the plan of its country does not know a number."""
    if number.country_code != UKRAINE:
        return PhoneProblem.FOREIGN
    # The first 0 stays where the rest of the digits fits no plan.
    national = phonenumbers.national_significant_number(number).removeprefix("0")
    if len(national) < UKRAINIAN_DIGITS:
        return PhoneProblem.TOO_SHORT
    if len(national) > UKRAINIAN_DIGITS:
        return PhoneProblem.TOO_LONG
    # 0 900 costs extra, whether or not the plan has given the number to anybody yet.
    return PhoneProblem.PREMIUM if national.startswith("90") else PhoneProblem.IMPOSSIBLE


_UNREADABLE = {
    NumberParseException.TOO_SHORT_NSN: PhoneProblem.TOO_SHORT,
    NumberParseException.TOO_SHORT_AFTER_IDD: PhoneProblem.TOO_SHORT,
    NumberParseException.TOO_LONG: PhoneProblem.TOO_LONG,
    NumberParseException.INVALID_COUNTRY_CODE: PhoneProblem.COUNTRY,
}


def _parse(text: str, region: str | None) -> PhoneNumber:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException as error:
        raise PhoneError(_UNREADABLE.get(error.error_type, PhoneProblem.MALFORMED)) from None


def _without_marks(text: str) -> str:
    """Drop the invisible direction marks that come along when a number is copied."""
    compatible = unicodedata.normalize("NFKC", with_few_marks(text))
    return "".join(char for char in compatible if unicodedata.category(char) != "Cf").strip()
