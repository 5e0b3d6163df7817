"""The manual says what the settings, the rates and the checks are."""

import re
from dataclasses import fields
from pathlib import Path

from device_check import checks
from device_check.conf import RATES, AppSettings
from tests.steps.manuals import part, rows

MANUAL = rows(part("install.md", "## The device check"))


def test_keys_and_defaults__stand_in_the_manual() -> None:
    table = {row[0]: row for row in MANUAL if len(row) == 4 and row[0] != "Key"}
    defaults = AppSettings()

    assert set(table) == {item.name.upper() for item in fields(AppSettings)}
    for item in fields(AppSettings):
        documented, value = table[item.name.upper()][2], getattr(defaults, item.name)
        if documented != "{}":
            assert documented.strip('"') == str(value), item.name


def test_rates__stand_in_the_manual() -> None:
    documented = next(row[3] for row in MANUAL if row[0] == "THROTTLE")

    assert dict(re.findall(r"(\w+) (\d+/\w+)", documented)) == RATES


def test_ids_of_the_checks__stand_in_the_manual() -> None:
    source = Path(checks.__file__).read_text()
    ids = {f"E{int(number):03}" for number in re.findall(r"_error\(\s*(\d+),", source)}
    ids |= set(re.findall(r'id="diia_device_check\.(W\d+)"', source))

    assert {row[0] for row in MANUAL if len(row) == 2 and re.match(r"[EW]\d", row[0])} == ids
