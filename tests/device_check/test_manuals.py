"""The manuals of the device check say what its programs do: settings, options, codes, units, words."""

import argparse
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from django.utils import translation

from device_check.agent import __main__ as agent
from device_check.conf import Reports
from device_check.selectors.workplaces import CAMERA_WORDS, MICROPHONE_WORDS
from device_check.services.workplaces import CODE_LIVES
from device_check.web import turn
from device_check.workers.conf import WorkersConf
from tests.steps.manuals import DOCS, MANUALS, part, rows

OPERATING = (DOCS / "device-check.md").read_text()
WORKPLACES = (DOCS / "workplaces.md").read_text()
COMMAND = re.compile(r"manage\.py (\w+)((?: --[\w-]+(?: [0-9N]+)?)*)")
OF_OTHERS = {"db_worker"}
"""Commands of packages that a portal may add."""


@pytest.mark.parametrize(
    ("heading", "defaults"),
    [("## Workers", WorkersConf()), ("## Reports of workplaces", Reports())],
)
def test_keys_and_defaults__stand_in_the_manual(heading: str, defaults: Any) -> None:
    table = {
        row[0]: row[1]
        for row in rows(part("device-check.md", heading))
        if len(row) == 3 and row[0].isupper()
    }

    assert table == {
        item.name.upper(): str(getattr(defaults, item.name) or '""') for item in fields(defaults)
    }


def test_example_settings__fit() -> None:
    found = re.findall(
        r'^DEVICE_CHECK\["WORKERS"\] = (\{.*?\})$', OPERATING.replace("{\n", "{"), re.M | re.S
    )
    assert len(found) == 2
    for text in found:
        keys = dict(re.findall(r'"([A-Z_]+)": "([^"]+)"', text))
        assert WorkersConf(**{key.lower(): value for key, value in keys.items()}).problems() == []


def test_addresses_of_the_relay__are_told_apart() -> None:
    urls = re.findall(r'"(turns?:[^"]+)"', OPERATING)

    assert [turn.transport_of(url) for url in urls] == ["udp", "tcp", "tls"]


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.name)
def test_commands_and_their_options__exist(manual: Path) -> None:
    known = get_commands()
    for command, options in COMMAND.findall(manual.read_text()):
        if command in OF_OTHERS:
            continue
        assert command in known, command
        module: Any = known[command]
        made = load_command_class(module, command) if isinstance(module, str) else module
        parser = made.create_parser("manage.py", command)
        for option in re.findall(r"--[\w-]+", options):
            assert option in parser._option_string_actions, f"{command} {option}"


def agents() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """The agent's commands by name."""
    for action in agent._parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def test_options_of_the_agent__stand_in_the_manual() -> None:
    options = rows(part("workplaces.md", "## Параметри"))
    documented = {
        (name, row[0]): row[2]
        for row in options
        if row[0].startswith("--")
        for name in (
            dict(agents()) if row[1] == "усі" else [name.strip() for name in row[1].split(",")]
        )
    }

    assert documented == {
        (name, action.option_strings[0]): "обов’язково"
        if action.required
        else f"{action.default}".removesuffix(".0")
        for name, parser in agents()
        for action in parser._actions
        if action.dest != "help"
    }
    assert {row[0] for row in options if len(row) == 2} >= set(dict(agents()))


def test_exit_codes_of_the_agent__stand_in_the_manual() -> None:
    documented = {
        row[0] for row in rows(part("workplaces.md", "## Параметри")) if row[0].isdecimal()
    }

    codes = (agent.DONE, agent.NOT_DONE, agent.WRONG_USE, agent.REFUSED)
    assert documented == {str(code) for code in codes}


def test_commands_of_the_agent__are_understood() -> None:
    text = WORKPLACES.replace("\\\n", " ")
    lines = re.findall(r"-m device_check\.agent ((?:enrol|run|once) [^\n]*)", text)

    assert len(lines) >= 4
    for line in lines:
        assert agent._parser().parse_args(line.split()).folder == Path("/var/lib/device-check")


def test_every_trouble_of_a_workplace__is_explained() -> None:
    explained = part("workplaces.md", "## Що видно на порталі").lower()
    with translation.override("uk"):
        for words in (CAMERA_WORDS, MICROPHONE_WORDS):
            for text in words.values():
                # Rows join what has the same subject: «камеру не під’єднано; не відповідає».
                documented = str(text).lower()
                ends = re.sub(r"^(камеру|камера|мікрофон|зображення) ", "", documented)
                assert documented in explained or ends in explained, documented
    hours = int(CODE_LIVES.total_seconds() // 3600)
    assert f"діє {hours} години" in WORKPLACES
