"""The whole copy as a file: for programs as JSON, for people as a page to read and print."""

import json
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from diia_videoreception.selectors.own_data import OwnData
from diia_videoreception.web.citizen.own_data.account import parts_in_order
from diia_videoreception.web.citizen.own_data.cases import case_parts
from diia_videoreception.web.citizen.own_data.facts import CopyPart, entry_as_json
from diia_videoreception.wording import short_day

FORMAT = "diia-videoreception/own-data"
VERSION = 1
"""Rises when a key goes or changes its meaning; new keys come without it. Described in docs/own-data.schema.json."""


def parts_of(data: OwnData) -> list[CopyPart]:
    """Return the parts of the copy in reading order."""
    return parts_in_order(data, case_parts(data))


def copy_as_json(data: OwnData, *, now: datetime) -> bytes:
    """Return the copy as a file of JSON in UTF-8."""
    copy: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now.isoformat(),
        "is_whole": data.is_whole,
    }
    for part in parts_of(data):
        entries = [entry_as_json(entry) for entry in part.entries]
        copy[part.key] = entries if part.is_list else entries[0]
    return json.dumps(copy, ensure_ascii=False, indent=2).encode()


def copy_as_page(data: OwnData, *, now: datetime) -> bytes:
    """Return the copy as a page of HTML that needs nothing from anywhere."""
    page = render_to_string(
        "diia_videoreception/print/own_data.html",
        {
            "parts": parts_of(data),
            "is_whole": data.is_whole,
            "person": data.citizen.full_name,
            "made_on": short_day(timezone.localdate(now)),
        },
    )
    return page.encode()
