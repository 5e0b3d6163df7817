"""Several ways to do the same, each in processes of its own, measured in turns.

A process is told on its input what to do how often, and says on its output how long each took.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from time import perf_counter

_TOOK = "took "
Task = Callable[[int], Iterator[Callable[[], object]]]
"""Gives so many acts; what it does between them is not measured."""


def serve(tasks: Mapping[str, Task]) -> None:
    """Do what the input says until it ends."""
    for line in sys.stdin:
        name, count = json.loads(line)
        seconds = []
        for act in tasks[name](count):
            begun = perf_counter()
            act()
            seconds.append(perf_counter() - begun)
        print(f"{_TOOK}{json.dumps(seconds)}", flush=True)


class Side:
    """Processes that do the same at the same time."""

    def __init__(self, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self._processes = processes

    def measure(self, name: str, count: int) -> list[float]:
        """Let each process do it so often; gives the seconds of all."""
        for process in self._processes:
            if process.stdin is None:
                raise RuntimeError("a side without an input")
            process.stdin.write(json.dumps([name, count]) + "\n")
            process.stdin.flush()
        return [second for process in self._processes for second in self._answer(process)]

    @staticmethod
    def _answer(process: "subprocess.Popen[str]") -> list[float]:
        for line in process.stdout or ():
            # What it may say besides is none of ours.
            if line.startswith(_TOOK):
                seconds: list[float] = json.loads(line.removeprefix(_TOOK))
                return seconds
        raise RuntimeError(f"a process of the bench has ended: {process.args!r}")


@contextmanager
def side(module: str, processes: int, *, env: Mapping[str, str]) -> Iterator[Side]:
    """Start processes that run a module, which calls `serve`, until the end of the block."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", module],
                    env=dict(env),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(processes)
        ]
        try:
            yield Side(started)
        finally:
            for process in started:
                process.kill()
