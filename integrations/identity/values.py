"""Names and addresses of a person, as sources write them; see `rnokpp` for the numbers.

Every function returns the normal form or raises ValueError; its text never holds the value.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

MAX_NAME: Final = 150
_MAX_DECOMPOSED: Final = 4 * MAX_NAME
_MAX_EMAIL: Final = 254
_E164: Final = re.compile(r"\+[1-9][0-9]{7,14}")
_PHONE_MARKS: Final = re.compile(r"[\s().\-\u2010-\u2015\u2212]+")
_UKRAINIAN_PHONE: Final = re.compile(r"(?:\+?38)?(0[0-9]{9})")
_LABEL: Final = r"[^\W_](?:[^\W_]|-){0,62}"
_EMAIL: Final = re.compile(
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*"
    rf"@(?:{_LABEL}\.)+{_LABEL}"
)


def normal_name(text: str) -> str:
    """Check a part of a name, or the name of an organisation.

    Raises:
        ValueError: Too long, without a letter, or with characters that do not show.
    """
    # Marks over letters are put into order in quadratic time.
    if len(text) > _MAX_DECOMPOSED:
        raise ValueError("not a name")
    value = unicodedata.normalize("NFC", text).strip()
    # Control, formatting and surrogate characters could turn a line around or break a letter.
    strange = any(unicodedata.category(character).startswith("C") for character in value)
    if strange or len(value) > MAX_NAME or not any(map(str.isalpha, value)):
        raise ValueError("not a name")
    return value


def full_name(last_name: str, first_name: str, patronymic: str) -> str:
    """Join the parts of a name, those that a person has, as papers write them."""
    return " ".join(filter(None, (last_name, first_name, patronymic)))


def normal_email(text: str) -> str:
    """Check an e-mail address.

    Raises:
        ValueError: No address, or one that mail systems do not agree on.
    """
    if not is_letters_address(text):
        raise ValueError("not an e-mail address")
    return text


def is_letters_address(text: str) -> bool:
    """Return whether letters can go there: no quoted names and no numbers of machines, as `a@[127.0.0.1]`."""
    if len(text) > _MAX_EMAIL or not _EMAIL.fullmatch(text):
        return False
    return any(map(str.isalpha, text.rpartition(".")[2]))


def e164(text: str) -> str:
    """Check a phone that is said to be in E.164.

    Raises:
        ValueError: It is not.
    """
    if not _E164.fullmatch(text):
        raise ValueError("not a phone in E.164")
    return text


def normal_phone(text: str) -> str:
    """Read a phone as Ukrainian services write it, `380501234567` or `0501234567`, as E.164.

    Raises:
        ValueError: No phone.
    """
    if len(text) > MAX_NAME:
        raise ValueError("not a phone")
    digits = _PHONE_MARKS.sub("", text)
    ukrainian = _UKRAINIAN_PHONE.fullmatch(digits)
    return e164(f"+38{ukrainian[1]}" if ukrainian else digits)


def usable(text: str, normal_form: Callable[[str], str]) -> str | None:
    """Return the normal form, or None for what has none: a mistyped address keeps nobody out."""
    try:
        return normal_form(text)
    except ValueError:
        return None
