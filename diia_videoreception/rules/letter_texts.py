"""Letters in an agency's own words: what may stand in them, what has to, and how they are filled in.

No template engine runs over what an editor types: a closed list of placeholders is replaced, once, by
values that are escaped like any other text. A placeholder is either a few words within a line, or a
whole part of the letter on a line of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from diia_videoreception.rules.letter_placeholders import (
    NEEDS,
    PARTS,
    SMS_NEEDS,
    Needs,
    Placeholder,
    WordedKind,
    names_of,
)
from diia_videoreception.rules.own_addresses import foreign_addresses

MAX_SUBJECT = 60
MAX_TEXT = 4000
MAX_SMS = 200
"""As it is typed; filled in it is one segment, see `text_messages`."""
MAX_PLACEHOLDERS = 60
MAX_NOTE = 200


class Place(StrEnum):
    """Where own words are typed."""

    SUBJECT = "subject"
    TEXT = "text"
    SMS = "sms"


class Fault(StrEnum):
    """Why own words cannot be saved."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    UNKNOWN = "unknown"
    NOT_HERE = "not_here"
    NOT_ALONE = "not_alone"
    STRAY_BRACE = "stray_brace"
    FOREIGN_ADDRESS = "foreign_address"
    MISSING = "missing"
    MANY_SEGMENTS = "many_segments"


@dataclass(frozen=True, slots=True)
class TextProblem:
    """One thing to mend.

    Attributes:
        line: Of the text, from 1; 0 for what is one line, and where the whole text is meant.
        found: What stands there.
        suggestion: What was probably meant; empty when nobody can tell.
    """

    fault: Fault
    line: int = 0
    found: str = ""
    suggestion: str = ""
    place: Place = Place.TEXT


@dataclass(frozen=True, slots=True)
class LetterWords:
    """Subject, text and text message as they are typed, in one language of a letter.

    Attributes:
        sms: Empty where the portal's own is sent.
    """

    kind: WordedKind
    language: str
    subject: str
    text: str
    sms: str = ""

    def needs(self, place: Place) -> Needs | None:
        """Return what may and must stand in a place; None where there is no such place."""
        return (SMS_NEEDS if place is Place.SMS else NEEDS).get(self.kind)


_BRACED = re.compile(r"\{([^{}\n]*)\}")


def problems_of(words: LetterWords, *, hosts: frozenset[str]) -> list[TextProblem]:
    """Return everything that has to be mended before these words can be saved.

    Args:
        words: Normalised as any typed text.
        hosts: Where links and mail addresses may lead, as `own_domains`.
    """
    if not words.subject or not words.text:
        empty = Place.TEXT if words.subject else Place.SUBJECT
        return [TextProblem(Fault.EMPTY, place=empty)]
    typed = ((Place.SUBJECT, words.subject), (Place.TEXT, words.text), (Place.SMS, words.sms))
    for place, text in typed:
        if len(text) > (MAX_SMS if place is Place.SMS else MAX_TEXT):
            return [TextProblem(Fault.TOO_LONG, place=place)]
    if len(_BRACED.findall(words.subject + words.text + words.sms)) > MAX_PLACEHOLDERS:
        return [TextProblem(Fault.TOO_MANY)]
    problems = list(_problems_of_line(words, Place.SUBJECT, words.subject, 0, hosts))
    for number, line in enumerate(words.text.split("\n"), start=1):
        problems += _problems_of_line(words, Place.TEXT, line, number, hosts)
    if words.sms:
        problems += _problems_of_line(words, Place.SMS, words.sms, 0, hosts)
    problems += _missing(words, Place.TEXT, words.text)
    return problems + (list(_missing(words, Place.SMS, words.sms)) if words.sms else [])


def _problems_of_line(
    words: LetterWords, place: Place, line: str, number: int, hosts: frozenset[str]
) -> Iterator[TextProblem]:
    known = _known(words.language)
    needs = words.needs(place)
    allowed = needs.allowed if needs else frozenset()
    for found in _BRACED.finditer(line):
        placeholder = known.get(found[1].strip().casefold())
        if placeholder is None:
            close = get_close_matches(found[1].strip().casefold()[:60], known, n=1)
            meant = _braced(words.language, known[close[0]]) if close else ""
            yield TextProblem(Fault.UNKNOWN, number, found[0], meant, place)
        elif placeholder not in allowed or (place is Place.SUBJECT and placeholder in PARTS):
            yield TextProblem(Fault.NOT_HERE, number, found[0], place=place)
        elif placeholder in PARTS and found[0] != line.strip():
            yield TextProblem(Fault.NOT_ALONE, number, found[0], place=place)
    rest = _BRACED.sub(" ", line)
    if "{" in rest or "}" in rest:
        yield TextProblem(Fault.STRAY_BRACE, number, place=place)
    pieces = _BRACED.split(line)
    there = [f"{{{name}}}" for name in pieces[1::2]]
    for address in foreign_addresses(pieces[::2], filled=there, own=hosts):
        yield TextProblem(Fault.FOREIGN_ADDRESS, number, address[:80], place=place)


def _missing(words: LetterWords, place: Place, text: str) -> Iterator[TextProblem]:
    needs = words.needs(place)
    there = set(placeholders_in(text, words.language))
    for needed in needs.required if needs else ():
        if not needed & there:
            found = _braced(words.language, sorted(needed)[0])
            yield TextProblem(Fault.MISSING, found=found, place=place)


def placeholders_in(text: str, language: str) -> Iterator[Placeholder]:
    """Yield the placeholders of a text in their order."""
    known = _known(language)
    for found in _BRACED.finditer(text):
        placeholder = known.get(found[1].strip().casefold())
        if placeholder is not None:
            yield placeholder


def filled(line: str, values: Mapping[Placeholder, str], *, language: str) -> str:
    """Return a line with its placeholders replaced, once: a value that looks like one stays as it is.

    Raises:
        KeyError: one of them has no value.
    """
    known = _known(language)
    return _BRACED.sub(lambda found: values[known[found[1].strip().casefold()]], line)


@dataclass(frozen=True, slots=True)
class Lines:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list, one point a line."""

    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A line that a whole part of the letter fills."""

    placeholder: Placeholder


_POINT = re.compile(r"^[-–—•*] +")


def parts_of(text: str, language: str) -> Iterator[Lines | Points | Part]:
    """Yield what a text is made of: an empty line begins a new paragraph, dashes make a list."""
    known = _known(language)
    for paragraph in re.split(r"\n\s*\n", text):
        gathered: list[str] = []
        for line in paragraph.split("\n"):
            whole = _BRACED.fullmatch(line.strip())
            placeholder = known.get(whole[1].strip().casefold()) if whole else None
            if placeholder in PARTS:
                yield from _paragraph(gathered)
                gathered = []
                yield Part(Placeholder(placeholder))
            elif line.strip():
                gathered.append(line.strip())
        yield from _paragraph(gathered)


def _paragraph(lines: list[str]) -> Iterator[Lines | Points]:
    if lines and all(_POINT.match(line) for line in lines):
        yield Points(tuple(_POINT.sub("", line) for line in lines))
    elif lines:
        yield Lines("\n".join(lines))


def _known(language: str) -> dict[str, Placeholder]:
    return {name: placeholder for placeholder, name in names_of(language).items()}


def _braced(language: str, placeholder: Placeholder) -> str:
    return f"{{{names_of(language)[placeholder]}}}"
