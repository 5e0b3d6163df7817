"""Requests and answers of HTTP services as settings describe them: closed placeholders and paths.

Nothing is evaluated. A value is put in once, whatever it looks like, and encoded with all the rest.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_BRACE: Final = re.compile(r"[{}]")
_PATH: Final = re.compile(r"[^.\s]+(\.[^.\s]+)*")
MAX_DEPTH: Final = 8


def placeholders_in(template: Any) -> Iterator[str]:
    """Yield the name of each placeholder of a template, in reading order."""
    for text in _texts(template):
        yield from _PLACEHOLDER.findall(text)


def problem_of_template(template: Any, *, known: frozenset[str], depth: int = 0) -> str:
    """Return what is wrong with a template of a JSON value, or nothing."""
    if depth > MAX_DEPTH:
        return f"must not be nested deeper than {MAX_DEPTH}"
    match template:
        case str():
            return _problem_of_text(template, known)
        case None | bool() | int() | float():
            return ""
        case Mapping():
            if not all(isinstance(key, str) and not _BRACE.search(key) for key in template):
                return "must have texts without braces as keys"
            inner = list(template.values())
        case list() | tuple():
            inner = list(template)
        case _:
            return "must consist of dicts, lists, texts, numbers, truths and None"
    problems = (problem_of_template(one, known=known, depth=depth + 1) for one in inner)
    return next((problem for problem in problems if problem), "")


def _problem_of_text(text: str, known: frozenset[str]) -> str:
    unknown = sorted(set(_PLACEHOLDER.findall(text)) - known)
    if unknown:
        return f"has an unknown placeholder {{{unknown[0]}}}"
    return "has a single brace" if _BRACE.search(_PLACEHOLDER.sub("", text)) else ""


def _texts(template: Any) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, Mapping):
        for value in template.values():
            yield from _texts(value)
    elif isinstance(template, list | tuple):
        for value in template:
            yield from _texts(value)


def filled(template: Any, values: Mapping[str, str | int]) -> Any:
    """Put values into a template; one that is nothing but a placeholder becomes the value itself."""
    if isinstance(template, str):
        whole = _PLACEHOLDER.fullmatch(template)
        if whole:
            return values[whole[1]]
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), template)
    if isinstance(template, Mapping):
        return {key: filled(value, values) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [filled(value, values) for value in template]
    return template


def as_json(template: Any, values: Mapping[str, str | int]) -> bytes:
    """Return the body of a request in JSON."""
    return json.dumps(filled(template, values), ensure_ascii=False).encode()


def as_form(template: Mapping[str, Any], values: Mapping[str, str | int]) -> bytes:
    """Return the body of a request as a form, of a flat template."""
    return urlencode({key: _said(one) for key, one in filled(template, values).items()}).encode()


def read_json(body: bytes) -> Any:
    """Read what others have written.

    Raises:
        ValueError: it is no JSON, or nested deeper than the reader follows.
    """
    try:
        return json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def is_path(text: str) -> bool:
    """Return whether it is a path into JSON, such as `messages.0.status`."""
    return _PATH.fullmatch(text) is not None


def found_at(data: Any, path: str) -> str | None:
    """Return what stands at a path as a text; None where there is no text, number or truth."""
    value = value_at(data, path)
    return None if value is None or isinstance(value, Mapping | list) else _said(value)


def value_at(data: Any, path: str) -> Any:
    """Return what stands at a path; None where there is nothing, and everything for an empty one."""
    for step in path.split(".") if path else ():
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def _said(value: object) -> str:
    """Return a value as JSON says it: `true`, no `True`."""
    return value if isinstance(value, str) else json.dumps(value)
