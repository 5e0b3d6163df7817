"""Acts in processes that are killed between two of their statements, on the database of the test.

The portal is imported once, in a process of its own with one thread; each act is done in a fork of it.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

ROOT = Path(__file__).parent.parent.parent
KILLED, DONE, REFUSED = "killed", "done", "refused"


class Killer:
    """Does acts of the module `acts` and kills whoever does them."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self.process = process
        self.log = log

    def do(
        self, name: str, point: int, *, within: bool = True, atomic: bool = True, **what: Any
    ) -> str:
        """Do the act `name`, killed at its `point`; says how it ended.

        Points lie behind every statement that writes, before and behind every commit.

        Args:
            point: The first is 1; one that the act does not reach lets it end.
            within: Without it no points lie within a transaction, of which the database keeps nothing: the
                act is killed where something is written for good, by commits and by statements of their own.
            atomic: Without it each statement is a transaction of its own: how a guard is tried.
            what: What JSON can write, for the act.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"name": name, "point": point, "within": within, "atomic": atomic, "what": what}
        print(json.dumps(order), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().strip()
        assert answer in {KILLED, DONE, REFUSED}, self.log.read_text()
        return answer


@contextmanager
def killer(acts: str) -> Iterator[Killer]:
    """Start the process that forks; `acts` is the dotted path of a dict of functions by name.

    The test must commit what they shall see (`transaction=True`).
    """
    with ExitStack() as stack:
        log = Path(settings.FOLDER) / f"killed-{os.getpid()}.log"
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, acts],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "TEST_SERVER": "1",
                "TEST_SERVER_DATABASE": str(connection.settings_dict["NAME"]),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stack.enter_context(log.open("w")),
            text=True,
        )
        try:
            yield Killer(process, log)
        finally:
            process.kill()
            process.communicate()


class Points:
    """Counts the points of an act in this process, and kills it at one of them."""

    def __init__(self, last: int, *, within: bool) -> None:
        self.left = last
        self.within = within

    def pass_one(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        connection.ensure_connection()
        connection.execute_wrappers.append(self.execute)
        commit: Callable[[], None] = connection._commit

        def watched() -> None:
            self.pass_one()
            commit()
            self.pass_one()

        connection._commit = watched

    def execute(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        # Behind what only reads the rows are as before it.
        if connection.in_atomic_block and not self.within:
            return result
        if not sql.lstrip().startswith(("SELECT", "SAVEPOINT", "RELEASE", "SET")):
            self.pass_one()
        return result


def without_transactions() -> None:
    """Let each statement of this process be a transaction of its own."""
    from django.db.transaction import Atomic

    Atomic.__enter__ = Atomic.__exit__ = lambda *_: None  # type: ignore[method-assign, assignment]
    connection.features.has_select_for_update = False


def _do(acts: dict[str, Callable[..., object]], order: dict[str, Any]) -> int:
    from diia_videoreception.errors import ActRefused

    points = Points(order["point"], within=order["within"])
    if not order["atomic"]:
        without_transactions()
    act = acts[order["name"]]
    try:
        act(points.watch, **order["what"])
    except ActRefused as refusal:
        print(order, refusal.code, file=sys.stderr, flush=True)
        return 1
    except Exception:  # noqa: BLE001 - the test reads it
        traceback.print_exc()
        sys.stderr.flush()
        return 2
    return 0


def main(path: str) -> None:
    import django

    django.setup()
    acts = import_string(path)
    # Of what forks have in common nothing is garbage, and they live shortly.
    gc.freeze()
    gc.disable()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(_do(acts, json.loads(line)))
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            print(KILLED if os.WTERMSIG(status) == signal.SIGKILL else status, flush=True)
        else:
            print({0: DONE, 1: REFUSED}.get(os.WEXITSTATUS(status), "failed"), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
