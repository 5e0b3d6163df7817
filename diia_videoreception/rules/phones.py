"""Contact phones as E.164, by the numbering plans of libphonenumber (A-40)."""

import re
import unicodedata
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

LONGEST_TEXT = 60
UKRAINE = 380

_TYPED = re.compile(r"\+?[0-9 ()./\-‐-―−]+")
# Before 2009 long-distance calls began with 8, and many still write 8 (067) 123-45-67.
_OLD_UKRAINIAN = re.compile(r"8(0[0-9]{9})")
_EXTENSION = re.compile(r"(?i)[0-9)]\s*[,;]?\s*(?:;ext=|x|ext\.?|#|доб\.?|вн\.?)\s*[0-9]+\s*$")
_COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})


class PhoneProblem(StrEnum):
    """Why a text is not a phone on which a citizen can be reached."""

    MISSING = "phone_missing"
    MALFORMED = "phone_malformed"
    EXTENSION = "phone_extension"
    IMPOSSIBLE = "phone_impossible"
    PREMIUM = "phone_premium"


class PhoneError(ValueError):
    """A text that is no usable phone; `code` says why. The text itself is never in the error."""

    def __init__(self, code: PhoneProblem) -> None:
        super().__init__(code)
        self.code = code


def normalise_phone(text: str, region: str = "UA") -> str:
    """Reads a phone as people type it and returns it as E.164, such as +380671234567 (A-40).

    Args:
        text: With or without country code; spaces, brackets, dots and dashes are ignored.
        region: ISO 3166 code of the country of numbers without country code.

    Raises:
        PhoneError: Nothing typed, no phone, one with an extension, one that no numbering plan
            knows, or one that costs the caller extra.
    """
    plain = _without_marks(text)
    if not plain:
        raise PhoneError(PhoneProblem.MISSING)
    if len(plain) > LONGEST_TEXT:
        raise PhoneError(PhoneProblem.MALFORMED)
    if _EXTENSION.search(plain):
        raise PhoneError(PhoneProblem.EXTENSION)
    if not _TYPED.fullmatch(plain):
        raise PhoneError(PhoneProblem.MALFORMED)
    digits = re.sub("[^0-9+]", "", plain)
    if region == "UA":
        digits = _OLD_UKRAINIAN.sub(r"\1", digits) if _OLD_UKRAINIAN.fullmatch(digits) else digits
    number = _parse(digits, region)
    if not phonenumbers.is_valid_number(number):
        raise PhoneError(PhoneProblem.IMPOSSIBLE)
    if phonenumbers.number_type(number) in _COSTLY:
        raise PhoneError(PhoneProblem.PREMIUM)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def format_phone(e164: str) -> str:
    """Writes a stored phone for reading: +380 67 123 45 67, other countries in their own way.

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


def _parse(text: str, region: str | None) -> PhoneNumber:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException as error:
        too_few = NumberParseException.TOO_SHORT_NSN
        too_many = NumberParseException.TOO_LONG
        no_country = NumberParseException.INVALID_COUNTRY_CODE
        if error.error_type in {too_few, too_many, no_country}:
            raise PhoneError(PhoneProblem.IMPOSSIBLE) from None
        raise PhoneError(PhoneProblem.MALFORMED) from None


def _without_marks(text: str) -> str:
    """Drops the invisible direction marks that come along when a number is copied."""
    compatible = unicodedata.normalize("NFKC", text)
    return "".join(char for char in compatible if unicodedata.category(char) != "Cf").strip()
