"""An exception is made where it is raised, and not kept in a module.

Python adds the frames of each raise to the exception object, and never takes them away. One that a
module keeps would hold what was in those frames, such as a person's words, as long as the process.
"""

from __future__ import annotations

import ast

from tests.architecture.syntax import home_of, nodes


def test_no_exception_is_kept_and_raised_again() -> None:
    found: dict[str, list[int]] = {}
    for node in nodes():
        if isinstance(node, ast.Raise) and _name(node.exc).isupper():
            found.setdefault(home_of()[id(node)], []).append(node.lineno)
    assert not found, f"{found}: keep the code and the sentence, and write raise Refused(*THEM)."


def _name(raised: ast.expr | None) -> str:
    """Return the name of what is raised, empty for what is made on the spot."""
    if isinstance(raised, ast.Attribute):
        return raised.attr
    return raised.id if isinstance(raised, ast.Name) else ""
