"""Our code as syntax trees, and the texts in it, found by shape and not by place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.sources import nodes_in, tree_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "grievances", "notifications", "workflow")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def trees() -> dict[str, ast.Module]:
    """Return every module by its path from the root, migrations left out: Django writes those."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                found[str(path.relative_to(ROOT))] = tree_of(path)
    return found


@cache
def nodes() -> tuple[ast.AST, ...]:
    """Return every node of every module."""
    return tuple(node for tree in trees().values() for node in nodes_in(tree))


@cache
def home_of() -> dict[int, str]:
    """Return the path of the module of every node, by the node's identity."""
    return {id(node): path for path, tree in trees().items() for node in nodes_in(tree)}


@cache
def constants() -> dict[str, dict[str, str]]:
    """Return the texts of upper-case names: {name: {path of the module: text}}."""
    found: dict[str, dict[str, str]] = {}
    for node in nodes():
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            value = text_of(node.value)
            for each in (each for each in node.targets if isinstance(each, ast.Name)):
                if value is not None and each.id.isupper():
                    found.setdefault(each.id, {})[home_of()[id(node)]] = value
    return found


def constant_texts(name: str, node: ast.AST) -> set[str]:
    """Return the text of a constant of the same module, else of any module that has the name."""
    known = constants().get(name, {})
    own = known.get(home_of().get(id(node), ""))
    return {own} if own is not None else set(known.values())


def text_of(node: ast.AST | None) -> str | None:
    """Return a text as written, with `{}` for what is filled in; None for anything else."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bytes):
            return node.value.decode("latin-1")
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_part_of(part) for part in node.values)
    return None


def texts_in(node: ast.AST | None) -> Iterator[str]:
    """Yield the texts an expression may come to: both of a choice, the text of a constant."""
    if node is None:
        return
    if (text := text_of(node)) is not None:
        yield text
    elif isinstance(node, ast.IfExp):
        yield from texts_in(node.body)
        yield from texts_in(node.orelse)
    elif isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        yield from sorted(constant_texts(name, node))


def called(node: ast.Call) -> str:
    """Return the last part of the name that is called, as `append` of `Event.append`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def calls() -> Iterator[ast.Call]:
    """Yield every call."""
    return (node for node in nodes() if isinstance(node, ast.Call))


def keyword_of(call: ast.Call, name: str) -> ast.expr | None:
    """Return what a call is given under a keyword."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def _part_of(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        filled = part.value
        if isinstance(filled, ast.IfExp):
            return "{" + "/".join(sorted(texts_in(filled))) + "}"
        return "{}"
    return str(part.value) if isinstance(part, ast.Constant) else ""
