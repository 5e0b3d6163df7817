"""Which officials fit what somebody tells in their own words, and why.

People write as they speak, in every case and number: of a word its beginning counts. Names of
officials say nothing about what they receive, and are not looked at.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

from diia_videoreception.rules.folding import fold

MAX_WORDS_TEXT = 500
"""Characters of what happened."""
MAX_STEMS = 16
MIN_WORD = 4
COMPETENCE, POST, UNIT = 3.0, 2.0, 2.0
"""What a word is worth where it occurs."""
_COMMON = frozenset(
    [
        "але",
        "або",
        "вони",
        "воно",
        "його",
        "мені",
        "мене",
        "моїй",
        "моїм",
        "може",
        "мого",
        "навіть",
        "ними",
        "один",
        "після",
        "перед",
        "проти",
        "про",
        "саме",
        "себе",
        "свої",
        "свого",
        "своє",
        "своїй",
        "тому",
        "тоді",
        "така",
        "таке",
        "такі",
        "такий",
        "цього",
        "цієї",
        "цьому",
        "через",
        "коли",
        "який",
        "яка",
        "яке",
        "якої",
        "якому",
        "бути",
        "була",
        "було",
        "були",
        "буде",
        "дуже",
        "лише",
        "маю",
        "можна",
        "треба",
        "хочу",
        "прошу",
        "питання",
        "немає",
        "дякую",
        "знаю",
        "потрібно",
        "можу",
        "день",
        "року",
        "роки",
        "років",
        "місяць",
        "місяця",
    ]
)
"""Words that tell nothing."""
_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")


class Topic(StrEnum):
    """What a question is about, for who would rather choose than write."""

    SOCIAL = "social"
    PENSIONS = "pensions"
    HOUSING = "housing"
    HEALTH = "health"
    EDUCATION = "education"
    WORK = "work"
    LAND = "land"
    DOCUMENTS = "documents"
    VETERANS = "veterans"
    DISPLACED = "displaced"


_TOPIC_STEMS: dict[Topic, tuple[str, ...]] = {
    Topic.SOCIAL: ("соціал", "допомог", "пільг", "субсид", "догля", "компенса", "інвалід", "сім"),
    Topic.PENSIONS: ("пенс", "стаж"),
    Topic.HOUSING: ("житл", "квартир", "комунал", "гуртож", "опален"),
    Topic.HEALTH: ("медич", "медиц", "лікар", "лікув", "здоров"),
    Topic.EDUCATION: ("освіт", "школ", "шкіл", "дитяч", "садо", "вступ"),
    Topic.WORK: ("прац", "зайнят", "безроб", "зарпл", "трудов"),
    Topic.LAND: ("земл", "земел", "будівн", "містобуд"),
    Topic.DOCUMENTS: ("докум", "паспор", "реєстр", "довідк", "громадян"),
    Topic.VETERANS: ("ветеран", "військов", "захисн", "учасник"),
    Topic.DISPLACED: ("переселен", "переміщ", "впо"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An official as everybody may see them; `is_near` of an agency of the region that was asked for."""

    key: int
    competence: str
    post: str
    unit: str
    is_near: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a candidate fits; the more the better."""

    key: int
    score: float
    in_competence: bool
    in_unit: bool


def stems_of(text: str, topic: Topic | None = None) -> list[str]:
    """Return beginnings of the telling words of a text, each once, and those of a topic, at most `MAX_STEMS`."""
    words = [word for word in fold(text[:MAX_WORDS_TEXT]).split() if _is_telling(word)]
    stems = [*(_TOPIC_STEMS[topic] if topic else ()), *(_stem(word) for word in words)]
    return list(dict.fromkeys(stems))[:MAX_STEMS]


def _is_telling(word: str) -> bool:
    return len(word) >= MIN_WORD and word not in _COMMON and not any(map(str.isdigit, word))


def _stem(word: str) -> str:
    cut = 1 if len(word) < 6 else 2 if len(word) < 9 else 3
    return word[:-cut]


def _found(stems: Iterable[str], text: str) -> set[str]:
    words = fold(text).split()
    return {stem for stem in stems if any(word.startswith(stem) for word in words)}


def best_fits(stems: Sequence[str], candidates: Sequence[Candidate], *, most: int) -> list[Fit]:
    """Return the candidates that fit, the best first; whom no word leads to is not among them.

    A word that leads to few is worth more than one that leads to many.
    """
    found = {
        one.key: (
            _found(stems, one.competence),
            _found(stems, one.post),
            _found(stems, one.unit),
        )
        for one in candidates
    }
    leads = Counter(stem for sets in found.values() for stem in set().union(*sets))
    fits = []
    for one in candidates:
        competence, post, unit = found[one.key]
        score = sum(
            (1 + log(len(candidates) / leads[stem]))
            * max(COMPETENCE * (stem in competence), POST * (stem in post), UNIT * (stem in unit))
            for stem in competence | post | unit
        )
        if score:
            near = 1.1 if one.is_near else 1.0
            fits.append(Fit(one.key, score * near, bool(competence), bool(unit)))
    return sorted(fits, key=lambda fit: (-fit.score, fit.key))[:most]


def marked(text: str, stems: Iterable[str]) -> list[tuple[str, bool]]:
    """Cut a text into pieces, each with whether it is a word that was found."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    kept = tuple(stems)
    for word in _WORD.finditer(text):
        is_found = any(part.startswith(kept) for part in fold(word[0]).split()) if kept else False
        if is_found:
            pieces += [(text[end : word.start()], False), (word[0], True)]
            end = word.end()
    pieces.append((text[end:], False))
    return [piece for piece in pieces if piece[0]]
