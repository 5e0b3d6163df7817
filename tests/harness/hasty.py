"""Finds tests that press something in a browser and go on before they have seen what it led to.

A press that leads to another page returns while the old page still stands: what is read at once is
the old page, nothing, or the new one, and who leaves at once may take back what was sent. Whatever
comes after a press, first something is waited for.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

Kind = Literal["press", "wait", "read", "leave"]

PRESSES = {"click", "dblclick", "tap"}
LEAD_ON = {"Enter", "Space"}
"""The keys that press what has the focus."""
LEAVES = {"goto", "go_back", "go_forward", "reload"}
NO_WAITS = {"wait_for_load_state", "wait_for_timeout"}
"""The old page is loaded, too; and time is no event."""
# Of a page and of the database; a locator's own text is waited for, and yet may be the old page's.
READS = {
    "all_inner_texts", "all_text_contents", "bounding_box", "content", "evaluate", "evaluate_all",
    "get_attribute", "inner_html", "inner_text", "input_value", "is_hidden", "is_visible",
    "refresh_from_db", "screenshot", "text_content", "title",
}  # fmt: skip
PAGES = {"page", "tab"}


@dataclass(frozen=True)
class Step:
    line: int
    kind: Kind
    name: str
    whose: frozenset[str] = frozenset()
    """The variables that it concerns, the page among them; none for the database."""

    def is_hasty(self, pressed: "Step") -> bool:
        """Whether it comes too early after this press."""
        # A helper that is hasty itself is told of where it stands.
        in_one = (pressed.line, pressed.name) == (self.line, self.name)
        concerned = not self.whose or self.whose & pressed.whose
        return self.kind in ("read", "leave") and not in_one and bool(concerned)


@dataclass
class Module:
    """What a file of tests can call by name: functions and, of classes that it knows, methods."""

    functions: dict[str, tuple["Module", ast.FunctionDef]] = field(default_factory=dict)
    classes: dict[str, dict[str, tuple["Module", ast.FunctionDef]]] = field(default_factory=dict)

    def called(self, call: ast.Call) -> tuple["Module", ast.FunctionDef] | None:
        """Our function behind a call, if it is one."""
        if isinstance(call.func, ast.Name):
            return self.functions.get(call.func.id)
        if isinstance(call.func, ast.Attribute) and "keyboard" not in ast.unparse(call.func.value):
            for methods in self.classes.values():
                if found := methods.get(call.func.attr):
                    return found
        return None


@cache
def module_of(path: Path, root: Path) -> Module:
    module = Module()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            module.functions[node.name] = module, node
        elif isinstance(node, ast.ClassDef):
            module.classes[node.name] = {
                part.name: (module, part) for part in node.body if isinstance(part, ast.FunctionDef)
            }
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
            source = root.joinpath(*str(node.module).split(".")).with_suffix(".py")
            other = module_of(source, root) if source.is_file() else Module()
            for alias in node.names:
                name = alias.asname or alias.name
                if alias.name in other.functions:
                    module.functions[name] = other.functions[alias.name]
                elif alias.name in other.classes:
                    module.classes[name] = other.classes[alias.name]
    return module


def _kind(call: ast.Call, name: str) -> Kind | None:
    """What a call to Playwright or Django does."""
    key = call.args[-1] if call.args else None
    if name in PRESSES or (
        name == "press" and isinstance(key, ast.Constant) and key.value in LEAD_ON
    ):
        return "press"
    if name in LEAVES:
        return "leave"
    if name == "expect" and isinstance(call.func, ast.Name):
        return "wait"
    if name.startswith("wait_for") and name not in NO_WAITS:
        return "wait"
    if name in READS or (name == "count" and not call.args):
        return "read"
    return None


def _names(node: ast.AST) -> frozenset[str]:
    return frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def _end(node: ast.expr | ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _read(node: ast.Attribute) -> Step | None:
    """What is read by a mere attribute: rows of a model, the address of a page."""
    if node.attr == "objects":
        return Step(_end(node), "read", "objects")
    if node.attr == "url" and ast.unparse(node.value).rpartition(".")[2] in PAGES:
        return Step(_end(node), "read", "url", _names(node))
    return None


def _call(node: ast.Call, module: Module, within: tuple[str, ...]) -> Iterator[Step]:
    if ours := module.called(node):
        place, function = ours
        if function.name not in within:
            for step in steps_of(function, place, (*within, function.name)):
                whose = _names(node) if step.whose else step.whose
                yield Step(_end(node), step.kind, function.name, whose)
        return
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if kind := _kind(node, name):
        whose = frozenset() if name == "refresh_from_db" else _names(node.func)
        yield Step(_end(node), kind, name, whose)


def _steps(node: ast.AST, module: Module, within: tuple[str, ...]) -> Iterator[Step]:
    """What a piece of a test does, in the order in which it happens; branches one after another."""
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        return
    for child in ast.iter_child_nodes(node):
        yield from _steps(child, module, within)
    if isinstance(node, ast.With):
        if any("expect_" in ast.unparse(item.context_expr) for item in node.items):
            yield Step(_end(node), "wait", "expect")
    elif isinstance(node, ast.Attribute):
        if read := _read(node):
            yield read
    elif isinstance(node, ast.Call):
        yield from _call(node, module, within)


def steps_of(
    function: ast.FunctionDef, module: Module, within: tuple[str, ...] = ()
) -> Iterator[Step]:
    for statement in function.body:
        yield from _steps(statement, module, within)


def hasty(path: Path, root: Path) -> Iterator[tuple[int, str]]:
    """Line, and what is done there although nothing was waited for since the press before."""
    module = module_of(path, root)
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.FunctionDef):
            continue
        pressed: Step | None = None
        for step in steps_of(node, module):
            if pressed and step.is_hasty(pressed):
                yield step.line, f"{step.name} after {pressed.name} in line {pressed.line}"
            pressed = step if step.kind == "press" else None
