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
from types import MappingProxyType

MAX_SUBJECT = 60
MAX_TEXT = 4000
MAX_PLACEHOLDERS = 60
MAX_NOTE = 200


class Placeholder(StrEnum):
    """What can be filled in; the value is the field of the values that fill it."""

    PERSON = "person"
    TIME = "time"
    EARLIER_TIME = "earlier_time"
    NUMBER = "number"
    OFFICIAL = "official"
    POST = "post"
    AGENCY = "agency"
    AGENCY_PHONE = "agency_phone"
    OPENS_AT = "opens_at"
    DETAILS = "details"
    TIME_MAY_CHANGE = "time_may_change"
    CONNECTION = "connection"
    CHECK = "check"
    CANCELLING = "cancelling"
    REASON = "reason"
    COMPLAINT = "complaint"
    FREE_TIMES = "free_times"
    LINK = "link"


PARTS = frozenset(
    {
        Placeholder.DETAILS,
        Placeholder.TIME_MAY_CHANGE,
        Placeholder.CONNECTION,
        Placeholder.CHECK,
        Placeholder.CANCELLING,
        Placeholder.REASON,
        Placeholder.COMPLAINT,
        Placeholder.FREE_TIMES,
        Placeholder.LINK,
    }
)
"""What fills a line of its own: several blocks of the letter, or none where there is nothing to say."""

NAMES: Mapping[str, Mapping[Placeholder, str]] = MappingProxyType(
    {
        "uk": MappingProxyType(
            {
                Placeholder.PERSON: "кому",
                Placeholder.TIME: "час_прийому",
                Placeholder.EARLIER_TIME: "попередній_час",
                Placeholder.NUMBER: "номер_заявки",
                Placeholder.OFFICIAL: "посадова_особа",
                Placeholder.POST: "посада",
                Placeholder.AGENCY: "установа",
                Placeholder.AGENCY_PHONE: "телефон_установи",
                Placeholder.OPENS_AT: "кімната_відкриється",
                Placeholder.DETAILS: "подробиці",
                Placeholder.TIME_MAY_CHANGE: "час_може_змінитися",
                Placeholder.CONNECTION: "як_під_єднатися",
                Placeholder.CHECK: "перевірка_обладнання",
                Placeholder.CANCELLING: "як_скасувати",
                Placeholder.REASON: "причина",
                Placeholder.COMPLAINT: "як_оскаржити",
                Placeholder.FREE_TIMES: "вільний_час",
                Placeholder.LINK: "посилання_на_заявку",
            }
        ),
        "en": MappingProxyType({one: str(one.value) for one in Placeholder}),
    }
)
"""What editors type between braces, by the language of the letter."""


class WordedKind(StrEnum):
    """Kinds of letters that an agency may put into its own words; values of `Letter.Kind`."""

    RECEIPT = "receipt"
    CONFIRMATION = "confirmation"
    MOVED = "moved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


P = Placeholder
_ALWAYS = frozenset(
    {P.PERSON, P.TIME, P.NUMBER, P.OFFICIAL, P.POST, P.AGENCY, P.AGENCY_PHONE, P.DETAILS, P.LINK}
)
_TIME, _NUMBER = frozenset({P.TIME, P.DETAILS}), frozenset({P.NUMBER, P.DETAILS})


@dataclass(frozen=True, slots=True)
class Needs:
    """What a letter may have filled in, and what must not be missing from it.

    Attributes:
        allowed: Everything that is known when such a letter is written.
        required: Of each of these sets one at least has to stand in the text.
    """

    allowed: frozenset[Placeholder]
    required: tuple[frozenset[Placeholder], ...]


def _needs(*required: frozenset[Placeholder] | Placeholder, more: frozenset[Placeholder]) -> Needs:
    sets = tuple(frozenset({one}) if isinstance(one, Placeholder) else one for one in required)
    return Needs(_ALWAYS.union(more, *sets), sets)


_NONE: frozenset[Placeholder] = frozenset()
NEEDS: Mapping[WordedKind, Needs] = MappingProxyType(
    {
        # Everything that was ordered, and that the time may change.
        WordedKind.RECEIPT: _needs(P.DETAILS, P.TIME_MAY_CHANGE, more=_NONE),
        # The final time, how to connect and how to check the equipment.
        WordedKind.CONFIRMATION: _needs(
            _TIME, _NUMBER, P.CONNECTION, P.CHECK, P.CANCELLING, more=frozenset({P.OPENS_AT})
        ),
        WordedKind.MOVED: _needs(
            P.EARLIER_TIME, _TIME, _NUMBER, P.CONNECTION, P.CANCELLING, more=frozenset({P.OPENS_AT})
        ),
        # The reason with its legal ground, and to whom one can complain (B-71).
        WordedKind.DECLINED: _needs(_NUMBER, P.REASON, P.COMPLAINT, more=_NONE),
        WordedKind.CANCELLED: _needs(_TIME, _NUMBER, P.REASON, P.COMPLAINT, more=_NONE),
        WordedKind.LAPSED: _needs(_TIME, _NUMBER, P.COMPLAINT, more=frozenset({P.FREE_TIMES})),
    }
)


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


@dataclass(frozen=True, slots=True)
class TextProblem:
    """One thing to mend.

    Attributes:
        line: Of the text, from 1; 0 for the subject, and where the whole text is meant.
        found: What stands there.
        suggestion: What was probably meant; empty when nobody can tell.
    """

    fault: Fault
    line: int = 0
    found: str = ""
    suggestion: str = ""
    in_subject: bool = False


@dataclass(frozen=True, slots=True)
class LetterWords:
    """A subject and a text as they are typed, in one language of a letter."""

    kind: WordedKind
    language: str
    subject: str
    text: str


_BRACED = re.compile(r"\{([^{}\n]*)\}")
# A scheme, "www." or a name with a Latin top-level domain: what mail programs make a link of.
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.)\S+|(?<![\w@.-])(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])(?:[/:?#]\S*)?"
    r"|(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,24}",
    re.IGNORECASE,
)


def names_of(language: str) -> Mapping[Placeholder, str]:
    """Return how placeholders are called in letters of a language; in English where it has no names."""
    return NAMES.get(language.partition("-")[0], NAMES["en"])


def problems_of(words: LetterWords, *, hosts: frozenset[str]) -> list[TextProblem]:
    """Return everything that has to be mended before these words can be saved.

    Args:
        words: Normalised as any typed text.
        hosts: Domains to which, and to whose subdomains, links and mail addresses may lead.
    """
    if not words.subject or not words.text:
        return [TextProblem(Fault.EMPTY, in_subject=not words.subject)]
    if len(words.text) > MAX_TEXT or len(words.subject) > MAX_TEXT:
        return [TextProblem(Fault.TOO_LONG, in_subject=len(words.text) <= MAX_TEXT)]
    if len(_BRACED.findall(words.subject + words.text)) > MAX_PLACEHOLDERS:
        return [TextProblem(Fault.TOO_MANY)]
    problems = list(_problems_of_line(words, words.subject, 0, hosts))
    for number, line in enumerate(words.text.split("\n"), start=1):
        problems += _problems_of_line(words, line, number, hosts)
    return problems + [
        TextProblem(Fault.MISSING, found=_braced(words.language, sorted(needed)[0]))
        for needed in _missing(words)
    ]


def _problems_of_line(
    words: LetterWords, line: str, number: int, hosts: frozenset[str]
) -> Iterator[TextProblem]:
    in_subject = number == 0
    known = _known(words.language)
    allowed = NEEDS[words.kind].allowed
    for found in _BRACED.finditer(line):
        placeholder = known.get(found[1].strip().casefold())
        if placeholder is None:
            close = get_close_matches(found[1].strip().casefold()[:60], known, n=1)
            meant = _braced(words.language, known[close[0]]) if close else ""
            yield TextProblem(Fault.UNKNOWN, number, found[0], meant, in_subject)
        elif placeholder not in allowed or (in_subject and placeholder in PARTS):
            yield TextProblem(Fault.NOT_HERE, number, found[0], in_subject=in_subject)
        elif placeholder in PARTS and found[0] != line.strip():
            yield TextProblem(Fault.NOT_ALONE, number, found[0])
    rest = _BRACED.sub(" ", line)
    if "{" in rest or "}" in rest:
        yield TextProblem(Fault.STRAY_BRACE, number, in_subject=in_subject)
    for address in _ADDRESS.finditer(rest):
        if not _is_own(address[0], hosts):
            yield TextProblem(Fault.FOREIGN_ADDRESS, number, address[0][:80], in_subject=in_subject)


def _is_own(address: str, hosts: frozenset[str]) -> bool:
    host = address.rpartition("@")[2] if "@" in address and "://" not in address else address
    scheme, separator, rest = host.partition("://")
    if separator and scheme.casefold() not in {"https", "http"}:
        return False
    host = re.split(r"[/:?#\\]", rest if separator else host, maxsplit=1)[0]
    # A name before "@" in an address of a page hides where it leads.
    host = host.casefold().rstrip(".,;!)»")
    return any(host == own or host.endswith(f".{own}") for own in hosts)


def _missing(words: LetterWords) -> Iterator[frozenset[Placeholder]]:
    there = set(placeholders_in(words.text, words.language))
    yield from (one for one in NEEDS[words.kind].required if not one & there)


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
