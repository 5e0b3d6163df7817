"""A browser in three words; the raw header is never kept."""

import re

_FAMILIES = (
    # The order matters: everybody claims to be Safari and Chrome.
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/(\d{1,4})")),
    ("Opera", re.compile(r"\bOPR/(\d{1,4})")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/(\d{1,4})")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d{1,4})")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|HeadlessChrome)/(\d{1,4})")),
    ("Safari", re.compile(r"\bVersion/(\d{1,4})[\d.]* (?:Mobile/\S+ )?Safari/")),
)
_SYSTEMS = (
    ("Android", re.compile(r"\bAndroid\b")),
    ("iOS", re.compile(r"\b(?:iPhone|iPad|iPod)\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("macOS", re.compile(r"\bMac OS X\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)
_READ = 1000


def short_name(user_agent: str) -> str:
    """«Chrome 156, Windows» of a User-Agent header; "" when it names no browser that we know."""
    header = user_agent[:_READ]
    for family, pattern in _FAMILIES:
        found = pattern.search(header)
        if found:
            system = next((name for name, words in _SYSTEMS if words.search(header)), "")
            return ", ".join(filter(None, [f"{family} {found[1]}", system]))
    return ""
