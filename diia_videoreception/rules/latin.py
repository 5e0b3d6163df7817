"""Ukrainian in Latin letters: resolution 55 of the Cabinet of Ministers, 27.01.2010."""

LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie",
    "ж": "zh", "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "",
    "ю": "iu", "я": "ia",
}  # fmt: skip
FIRST_LETTERS = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
"""At the beginning of a word."""
PAIRS = {"зг": "zgh"}

_TABLE = str.maketrans(LETTERS)


def in_latin(text: str) -> str:
    """Transliterate words in lower case; apostrophes are gone from them already."""
    return " ".join(map(_word_in_latin, text.split()))


def _word_in_latin(word: str) -> str:
    head = FIRST_LETTERS.get(word[0], "")
    rest = word[1:] if head else word
    for pair, latin in PAIRS.items():
        rest = rest.replace(pair, latin)
    return head + rest.translate(_TABLE)
