"""Folders, files and functions grow no further than they have; the ceilings only ever sink."""

from __future__ import annotations

import ast
from collections import Counter

from tests.architecture.syntax import Function, trees

MODULES_IN_A_FOLDER, LINES_IN_A_FILE, LINES_IN_A_FUNCTION = 16, 465, 44
"""The most there are today. The aims for files and functions are 350 (settings apart) and 30."""


def test_no_folder_holds_more_modules() -> None:
    folders = Counter(path.rpartition("/")[0] for path in trees() if "/commands/" not in path)
    over = {name: count for name, count in folders.items() if count > MODULES_IN_A_FOLDER}
    assert not over, f"{over}: more than {MODULES_IN_A_FOLDER} modules. Make a package of some."


def test_no_file_is_longer() -> None:
    lines = {path: _last_line(tree) for path, tree in trees().items()}
    over = {path: count for path, count in lines.items() if count > LINES_IN_A_FILE}
    assert not over, f"{over}: more than {LINES_IN_A_FILE} lines. Move a part that stands alone."


def test_no_function_is_longer() -> None:
    over = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, Function)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > LINES_IN_A_FUNCTION
    ]
    assert not over, f"{over}: more than {LINES_IN_A_FUNCTION} lines. Name a part of it."


def _last_line(tree: ast.Module) -> int:
    return max((each.end_lineno or 0 for each in tree.body), default=0)
