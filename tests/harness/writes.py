"""Finds by its syntax what in a source writes rows: a call that writes, on a model's manager or row.

What an expression is follows from models, their managers and relations, from annotations, and from what our own
functions say that they return. Where nothing says it, a call counts whose name or form fits rows only.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache
from pathlib import Path

from django.apps import apps

ONE = {"save", "asave", "save_base", "delete", "adelete"}
MANY = {
    "create", "acreate", "update", "aupdate", "delete", "adelete", "bulk_create", "abulk_create", "bulk_update",
    "abulk_update", "get_or_create", "aget_or_create", "update_or_create", "aupdate_or_create",
}  # fmt: skip
RELATED = {"add", "aadd", "set", "aset", "remove", "aremove", "clear", "aclear"}
ROWS_ONLY = MANY - {"create", "update", "delete"} | {"asave", "save_base"}
"""Nothing else has methods of these names."""
GIVE_ROWS = {
    "get",
    "first",
    "last",
    "latest",
    "earliest",
    "create",
    "aget",
    "afirst",
    "alast",
    "acreate",
}
GIVE_PAIRS = {"get_or_create", "aget_or_create", "update_or_create", "aupdate_or_create"}
GIVE_VALUES = {
    "values",
    "values_list",
    "count",
    "exists",
    "aggregate",
    "in_bulk",
    "dates",
    "datetimes",
    "explain",
}
COLLECTIONS = {
    "list",
    "tuple",
    "set",
    "frozenset",
    "Sequence",
    "Iterable",
    "Iterator",
    "Collection",
}


class Kind(Enum):
    """What an expression is, as far as rows go."""

    ROW = "a row"
    ROWS = "a manager or a query set"
    SOME = "several rows, no longer a query"
    PAIR = "a row, and whether it is new"
    MODEL = "a model"
    OTHER = "something else"


@cache
def models() -> frozenset[str]:
    return frozenset(model.__name__ for model in apps.get_models(include_auto_created=True))


@cache
def relations() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Names of managers, of attributes that lead to several rows, and of those that lead to one."""
    managers, several, one = {"_default_manager", "_base_manager"}, set(), {"instance"}
    for model in apps.get_models(include_auto_created=True):
        managers |= {manager.name for manager in model._meta.managers}
        for field in model._meta.get_fields(include_hidden=True):
            name = field.get_accessor_name() if hasattr(field, "get_accessor_name") else field.name
            if name and field.is_relation and not name.endswith("+"):
                (several if field.one_to_many or field.many_to_many else one).add(name)
    return frozenset(managers), frozenset(several), frozenset(one)


def kind_of_annotation(annotation: ast.expr | None) -> Kind | None:
    match annotation:
        case ast.Constant(value=str() as text):
            return kind_of_annotation(ast.parse(text, mode="eval").body)
        case ast.BinOp(left=left, right=right):
            return kind_of_annotation(left) or kind_of_annotation(right)
        case ast.Subscript(value=value, slice=inner):
            name = ast.unparse(value).rpartition(".")[2]
            if name in {"QuerySet", "Manager"}:
                return Kind.ROWS
            if name == "type":
                return Kind.MODEL if kind_of_annotation(inner) is Kind.ROW else Kind.OTHER
            within = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
            if name in COLLECTIONS:
                return Kind.SOME if kind_of_annotation(within) is Kind.ROW else Kind.OTHER
            return kind_of_annotation(inner) if name == "Optional" else None
        case ast.Name() | ast.Attribute():
            name = ast.unparse(annotation).rpartition(".")[2]
            if name in models() or name == "Model":
                return Kind.ROW
            if name in {"QuerySet", "Manager"} or name.endswith("QuerySet"):
                return Kind.ROWS
            return Kind.OTHER if name != "object" and hasattr(builtins, name) else None
    return None


@cache
def returned(root: Path, packages: tuple[str, ...]) -> dict[str, Kind | None]:
    """What functions of ours return, by their names; None where two of one name differ."""
    found: dict[str, Kind | None] = {}
    for package in packages:
        for path in (root / package).rglob("*.py"):
            if "node_modules" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    kind = kind_of_annotation(node.returns)
                    found[node.name] = kind if found.get(node.name, kind) is kind else None
    return found


class Judge:
    """Reads one module or function; inner functions know the names around them."""

    def __init__(self, functions: dict[str, Kind | None], names: dict[str, Kind | None]) -> None:
        self.functions = functions
        self.names = names

    def kind(self, node: ast.expr | None) -> Kind | None:
        match node:
            case ast.Name(id=name):
                return (
                    self.names[name]
                    if name in self.names
                    else Kind.MODEL
                    if name in models()
                    else None
                )
            case ast.Attribute():
                return self.kind_of_attribute(node)
            case ast.Call():
                return self.kind_of_call(node)
            case ast.Subscript(value=value, slice=index):
                whole = self.kind(value)
                if whole in {Kind.ROWS, Kind.SOME}:
                    return whole if isinstance(index, ast.Slice) else Kind.ROW
                return Kind.ROW if whole is Kind.PAIR else None
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.kind(value)
            case ast.IfExp(body=first, orelse=second):
                return self.kind(first) or self.kind(second)
            case ast.BoolOp(values=values):
                return next((kind for value in values if (kind := self.kind(value))), None)
            case ast.Constant() | ast.Dict() | ast.Set() | ast.JoinedStr():
                return Kind.OTHER
        return None

    def kind_of_attribute(self, node: ast.Attribute) -> Kind | None:
        managers, several, one = relations()
        inner, name = self.kind(node.value), node.attr
        if name in models():
            return Kind.MODEL
        if name in managers and inner is not Kind.ROW:
            return Kind.ROWS
        if inner is Kind.OTHER:
            return None
        return Kind.ROWS if name in several else Kind.ROW if name in one else None

    def kind_of_call(self, call: ast.Call) -> Kind | None:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
        if name == "super":
            return Kind.OTHER
        if name in {"list", "sorted", "tuple", "iter", "reversed"} and call.args:
            inner = self.kind(call.args[0])
            return Kind.SOME if inner in {Kind.ROWS, Kind.SOME} else Kind.OTHER
        if name == "get_object_or_404":
            return Kind.ROW
        if self.kind(call.func) is Kind.MODEL:
            return Kind.ROW
        if isinstance(call.func, ast.Attribute):
            whole = self.kind(call.func.value)
            if whole is Kind.ROWS:
                if name in GIVE_ROWS:
                    return Kind.ROW
                if name in GIVE_PAIRS:
                    return Kind.PAIR
                return Kind.OTHER if name in GIVE_VALUES else Kind.ROWS
        return self.functions.get(name)

    def learn(self, body: Iterable[ast.AST]) -> None:
        """Takes in what names stand for; twice, as one may follow from another."""
        for _ in range(2):
            for node in body:
                match node:
                    case ast.Assign(targets=[target], value=value):
                        self.bind(target, self.kind(value))
                    case ast.AnnAssign(target=target, annotation=annotation):
                        self.bind(target, kind_of_annotation(annotation))
                    case ast.NamedExpr(target=target, value=value):
                        self.bind(target, self.kind(value))
                    case (
                        ast.For(target=target, iter=rows)
                        | ast.comprehension(target=target, iter=rows)
                    ):
                        whole = self.kind(rows)
                        self.bind(target, Kind.ROW if whole in {Kind.ROWS, Kind.SOME} else None)

    def bind(self, target: ast.expr, kind: Kind | None) -> None:
        if isinstance(target, ast.Tuple) and target.elts and kind is Kind.PAIR:
            target, kind = target.elts[0], Kind.ROW
        if isinstance(target, ast.Name) and (kind is not None or target.id not in self.names):
            self.names[target.id] = kind

    def is_write(self, call: ast.Call) -> bool:
        if not isinstance(call.func, ast.Attribute):
            return False
        name, kind = call.func.attr, self.kind(call.func.value)
        if kind is Kind.ROW:
            return name in ONE
        if kind in {Kind.ROWS, Kind.SOME}:
            return name in MANY | RELATED
        if kind is not None:
            return False
        # Files, pictures, caches and digests are told where or what; rows by keyword, or nothing.
        has_arguments = bool(call.args)
        return name in ROWS_ONLY or (name in {"save", "delete", "create"} and not has_arguments)


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a module or function and in no function within."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from inside(child)


def writes(
    source: str, functions: dict[str, Kind | None] | None = None
) -> Iterator[tuple[int, str]]:
    """Line and text of the calls that write rows; `functions` says what functions return."""
    yield from _judged(ast.parse(source), Judge(functions or {}, {}))


def _judged(scope: ast.AST, judge: Judge) -> Iterator[tuple[int, str]]:
    nodes = list(inside(scope))
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                name = (alias.asname or alias.name).split(".")[0]
                judge.names[name] = Kind.MODEL if alias.name in models() else None
    judge.learn(nodes)
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = dict(judge.names)
            arguments = node.args
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                names[argument.arg] = kind_of_annotation(argument.annotation)
            yield from _judged(node, Judge(judge.functions, names))
        elif isinstance(node, ast.Call) and judge.is_write(node):
            yield node.lineno, f"{ast.unparse(node.func)}()"
