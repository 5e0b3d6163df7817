"""The name of a browser in short, for the list of recent sign-ins: «Firefox 131, Linux»."""

import re

# The order matters: every browser also claims to be an older one.
_BROWSERS = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/(\d+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"(?:Chrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+)[^ ]* (?:Mobile/\w+ )?Safari/")),
)
_SYSTEMS = (
    ("Android", re.compile(r"Android")),
    ("iOS", re.compile(r"iPhone|iPad|iPod")),
    ("Windows", re.compile(r"Windows")),
    ("macOS", re.compile(r"Mac OS X")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("Linux", re.compile(r"Linux")),
)
LONGEST_READ = 512


def browser_in_short(user_agent: str) -> str:
    """Name, main version and system, at most 80 characters; what is not known is left out."""
    text = user_agent[:LONGEST_READ]
    parts = []
    for name, pattern in _BROWSERS:
        if found := pattern.search(text):
            parts.append(f"{name} {found[1][:4]}")
            break
    parts += [name for name, pattern in _SYSTEMS if pattern.search(text)][:1]
    return ", ".join(parts)
