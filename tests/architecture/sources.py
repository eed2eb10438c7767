"""Our own modules, read as syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "workflow", "notifications", "grievances")


@cache
def tree_of(path: Path) -> ast.Module:
    """A file read as syntax, once."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_in(tree: ast.AST) -> tuple[ast.AST, ...]:
    """A tree and every node below it, walked once."""
    return tuple(ast.walk(tree))


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of ours by its dotted name; migrations are left out, Django writes them."""
    found: dict[str, ast.Module] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                found[dotted(path)] = tree_of(path)
    return found


def dotted(path: Path) -> str:
    """The name under which a file is imported."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """(what a module imports, the line), with `from a import b` as `a.b`."""
    for node in nodes_in(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno


def touches(name: str, package: str) -> bool:
    """Whether a dotted name is this package or something in it."""
    return name == package or name.startswith(f"{package}.")
