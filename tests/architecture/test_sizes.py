"""Folders, files and functions stay short enough to be read at once."""

from __future__ import annotations

import ast
import tokenize
from collections import Counter
from pathlib import Path

from tests.architecture.sources import nodes_in
from tests.architecture.syntax import ROOT, Function, trees

MODULES_IN_A_FOLDER, LINES_IN_A_FILE, LINES_IN_A_FUNCTION = 16, 350, 30
MORE_THAN_25 = 126
"""How many functions have more than 25 lines. The number only ever sinks."""
LINES_WITH_ANY = 138
"""How many lines have the name `Any` in code. The number only ever sinks."""

LONG_TESTS = {"tests/access/test_typed_names.py": 351}
"""Modules of tests that are longer than a file may be, with their lines. The list only sinks."""


def test_no_folder_holds_more_modules() -> None:
    folders = Counter(path.rpartition("/")[0] for path in trees() if "/commands/" not in path)
    over = {name: count for name, count in folders.items() if count > MODULES_IN_A_FOLDER}
    assert not over, f"{over}: more than {MODULES_IN_A_FOLDER} modules. Make a package of some."


def test_no_file_is_longer() -> None:
    lines = {path: _last_line(tree) for path, tree in trees().items()}
    over = {path: count for path, count in lines.items() if count > LINES_IN_A_FILE}
    assert not over, f"{over}: more than {LINES_IN_A_FILE} lines. Move a part that stands alone."


def test_no_file_of_tests_is_longer() -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "tests").rglob("*.py")
    }
    over = {path: count for path, count in lines.items() if count > LINES_IN_A_FILE}
    new = {path: count for path, count in over.items() if count > LONG_TESTS.get(path, 0)}
    assert not new, f"{new}: more than {LINES_IN_A_FILE} lines. Split it by what is tested."
    assert not LONG_TESTS.keys() - over.keys(), "take what is short now out of LONG_TESTS"


def test_no_function_is_longer() -> None:
    lines = _lines_of_functions()
    over = {name: count for name, count in lines.items() if count > LINES_IN_A_FUNCTION}
    assert not over, f"{over}: more than {LINES_IN_A_FUNCTION} lines. Name a part of it."


def test_no_more_functions_become_long() -> None:
    long = [name for name, count in _lines_of_functions().items() if count > 25]
    assert len(long) <= MORE_THAN_25, f"{len(long)} functions have more than 25 lines: name a part"


def test_no_more_lines_have_any() -> None:
    found = Counter({path: _lines_with_any(ROOT / path) for path in trees()})
    assert found.total() <= LINES_WITH_ANY, (
        f"{found.total()} lines have `Any`: write the type that is meant. {found.most_common(5)}"
    )


def _lines_with_any(path: Path) -> int:
    with path.open("rb") as file:
        tokens = [each for each in tokenize.tokenize(file.readline) if each.string == "Any"]
    return len({each.start[0] for each in tokens if each.type == tokenize.NAME})


def _lines_of_functions() -> dict[str, int]:
    lines: dict[str, int] = {}
    for path, tree in trees().items():
        for node in nodes_in(tree):
            if isinstance(node, Function):
                count = (node.end_lineno or node.lineno) - node.lineno + 1
                name = f"{path} {node.name}"
                lines[name] = max(count, lines.get(name, 0))
    return lines


def _last_line(tree: ast.Module) -> int:
    return max((each.end_lineno or 0 for each in tree.body), default=0)
