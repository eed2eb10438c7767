"""An exception is made where it is raised, and not kept in a module.

Python adds the frames of each raise to the exception object, and never takes them away. One that a
module keeps would hold what was in those frames, such as a person's words, as long as the process.
"""

from __future__ import annotations

import ast

from tests.architecture.syntax import home_of, nodes

STILL_KEPT = frozenset(
    {
        "grievances/intake/diary.py",
        "grievances/intake/escrow.py",
        "grievances/intake/submission.py",
    }
)
"""Modules that still raise what they keep. The list only gets shorter."""


def test_no_exception_is_kept_and_raised_again() -> None:
    found: dict[str, list[int]] = {}
    for node in nodes():
        if isinstance(node, ast.Raise) and _name(node.exc).isupper():
            found.setdefault(home_of()[id(node)], []).append(node.lineno)
    new = {path: lines for path, lines in found.items() if path not in STILL_KEPT}
    assert not new, f"{new}: keep the code and the sentence, and write raise Refused(*THEM)."
    assert found.keys() == STILL_KEPT, "take what is mended out of STILL_KEPT"


def _name(raised: ast.expr | None) -> str:
    """Return the name of what is raised, empty for what is made on the spot."""
    if isinstance(raised, ast.Attribute):
        return raised.attr
    return raised.id if isinstance(raised, ast.Name) else ""
