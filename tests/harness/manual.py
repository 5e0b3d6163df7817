"""Follows a manual to the letter: runs its commands and edits the files that it names.

What is read, each as a fenced block:

- ```` ```console ````: lines that begin with `$ ` are commands, run one after the other in one shell
  (folders and an activated environment stay); a trailing backslash continues the command; all other
  lines show what is printed and are not read.
- ```` ```console serve ````: commands of processes that stay, started once the rest is done.
- ```` ```python file=portal/settings/base.py ````: the block is added at the end of this file,
  whatever its language.

Blocks of any other kind are examples and are not read.
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^(?P<fence>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=fence)$", re.M | re.S)
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)$", re.M)


@dataclass(frozen=True)
class Manual:
    """What a reader of the manual does."""

    script: str
    """One bash script of all commands and edits, in the order of the manual."""
    servers: list[str]
    """Commands of the processes that stay."""


def read(path: Path) -> Manual:
    """Reads the blocks of a Markdown file.

    Raises:
        ValueError: the manual has no command, or a block that is tagged wrongly.
    """
    steps: list[str] = []
    servers: list[str] = []
    for block in BLOCK.finditer(path.read_text()):
        kind, _, rest = block["info"].strip().partition(" ")
        if kind == "console":
            commands = COMMAND.findall(block["text"])
            if rest not in {"", "serve"} or not commands:
                raise ValueError(f"{path.name}: not a block of commands:\n{block.group()}")
            (servers if rest else steps).extend(commands)
        elif rest.startswith("file="):
            file = shlex.quote(rest.removeprefix("file="))
            steps.append(f"cat >> {file} <<'END_OF_BLOCK'\n{block['text']}END_OF_BLOCK")
    if not steps:
        raise ValueError(f"{path.name} has no commands.")
    return Manual("\n".join(["set -e", *steps]) + "\n", servers)
