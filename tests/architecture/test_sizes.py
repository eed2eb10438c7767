"""Folders, files and functions stay short enough to be read at once."""

from __future__ import annotations

import ast
from collections import Counter

from tests.architecture.syntax import Function, trees

MODULES_IN_A_FOLDER, LINES_IN_A_FILE, LINES_IN_A_FUNCTION = 16, 350, 30

LONG_FUNCTIONS = {
    "grievances/cases/declaration.py case_step": 34,
    "grievances/casework/reading.py open_case": 38,
    "grievances/evidence/case_files.py add_files": 39,
    "grievances/intake/agreements.py send_for_another": 36,
    "grievances/intake/submission.py submit": 41,
    "grievances/intake/submission.py submit_anonymous": 40,
}
"""Functions that are longer still, with their lines. The list and its numbers only ever sink."""


def test_no_folder_holds_more_modules() -> None:
    folders = Counter(path.rpartition("/")[0] for path in trees() if "/commands/" not in path)
    over = {name: count for name, count in folders.items() if count > MODULES_IN_A_FOLDER}
    assert not over, f"{over}: more than {MODULES_IN_A_FOLDER} modules. Make a package of some."


def test_no_file_is_longer() -> None:
    lines = {path: _last_line(tree) for path, tree in trees().items()}
    over = {path: count for path, count in lines.items() if count > LINES_IN_A_FILE}
    assert not over, f"{over}: more than {LINES_IN_A_FILE} lines. Move a part that stands alone."


def test_no_function_is_longer() -> None:
    lines: dict[str, int] = {}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                count = (node.end_lineno or node.lineno) - node.lineno + 1
                name = f"{path} {node.name}"
                lines[name] = max(count, lines.get(name, 0))
    over = {name: count for name, count in lines.items() if count > LINES_IN_A_FUNCTION}
    new = {name: count for name, count in over.items() if count > LONG_FUNCTIONS.get(name, 0)}
    assert not new, f"{new}: more than {LINES_IN_A_FUNCTION} lines. Name a part of it."
    assert not LONG_FUNCTIONS.keys() - over.keys(), "take what is short now out of LONG_FUNCTIONS"


def _last_line(tree: ast.Module) -> int:
    return max((each.end_lineno or 0 for each in tree.body), default=0)
