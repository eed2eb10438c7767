"""Every environment variable of the settings: default, unit, meaning.

The names and defaults are read from the source of `config/`, so that a new one cannot be left out;
`MEANINGS` says what each is for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grievances.management.describing.marks import table
from grievances.management.describing.setting_meanings import MEANINGS

ROOT = Path(__file__).resolve().parents[3]
SOURCES = (
    "config/stores/bucket.py",
    "config/stores/databases.py",
    "config/sign_in/second_step.py",
    "config/settings.py",
    "config/sign_in/sign_on.py",
    "grievances/management/commands/serve.py",
)
READERS = ("os.environ.get", "channels", "environment", "regions", "secrets", "endpoints")
"""What reads a variable: `os.environ`, or a module of `config`."""


@dataclass(frozen=True)
class Setting:
    """An environment variable as the source reads it: name and default."""

    name: str
    default: str = ""
    is_secret: bool = False


def read_settings() -> dict[str, Setting]:
    """Return every variable by name, in the order in which the source reads them."""
    found: dict[str, Setting] = {}
    for source in SOURCES:
        for each in settings_in(ast.parse((ROOT / source).read_text(encoding="utf-8"))):
            known = found.get(each.name)
            if known is None or (each.default and not known.default):
                found[each.name] = each
    return found


def settings_in(tree: ast.AST) -> Iterator[Setting]:
    """Yield the variables that a module reads."""
    fallback = {
        id(node.values[0]): node.values[1]
        for node in ast.walk(tree)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and len(node.values) == 2
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        reader = ast.unparse(call.func)
        name = call.args[0] if call.args else None
        if reader not in READERS and reader.rpartition(".")[0] not in READERS:
            continue
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            is_secret = reader.startswith("secrets.")
            given = [each.value for each in call.keywords if each.arg == "default"]
            second = [] if is_secret else call.args[1:2]
            other = [fallback[id(call)]] if id(call) in fallback else []
            default = next(iter([*given, *second, *other]), None)
            yield Setting(name.value, _text(default), is_secret)


def _text(default: ast.expr | None) -> str:
    """Return a default as a person would type it; empty where the source computes it."""
    if isinstance(default, ast.Constant):
        if isinstance(default.value, bool):
            return "on" if default.value else "off"
        return str(default.value)
    return ""


def draw_settings(group: str) -> str:
    """Return the variables of one group of `MEANINGS`."""
    found = read_settings()
    rows = []
    for name, meaning in MEANINGS[group].items():
        default = meaning.default or (f"`{found[name].default}`" if found[name].default else "-")
        shown = f"`{name}`" + (" or `_FILE`" if found[name].is_secret else "")
        rows.append([shown, default, meaning.unit or "-", meaning.text])
    return table(["Variable", "Default", "Unit", "Meaning"], rows)


def parts() -> Mapping[str, partial[str]]:
    """Return a part for each group of variables: `settings: people` and so on."""
    return {f"settings: {group}": partial(draw_settings, group) for group in MEANINGS}


def undescribed() -> tuple[set[str], set[str]]:
    """Return variables without a meaning, and meanings without a variable."""
    found = set(read_settings())
    described = {name for group in MEANINGS.values() for name in group}
    return found - described, described - found
