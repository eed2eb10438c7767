"""The code speaks the field's words: a name that was replaced does not come back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from tests.architecture.sources import nodes_in
from tests.architecture.syntax import Function, trees

REPLACED: Mapping[str, str] = {
    "aftermath": "survey replies",
    "blind": "pseudonym",
    "brake": "throttle",
    "chronicle": "scheduler",
    "circle": "recipients",
    "climb": "escalate",
    "clockwork": "system actor",
    "courier": "delivery",
    "crowd": "staff pool",
    "deed": "step input",
    "door": "perform",
    "footing": "case access",
    "ladder": "escalation",
    "newcomers": "new officers",
    "nobody": "no one",
    "notebook": "anonymous draft",
    "reckoning": "clock state",
    "remarks": "comments",
    "returner": "anonymous reporter",
    "rung": "escalation level",
    "scene": "step execution",
    "sideroads": "side stories",
    "somebody": "a role",
    "tale": "story",
    "teller": "actor",
    "tenure": "role history",
    "turnstile": "derivation limit",
    "veil": "pseudonymise",
    "wash": "sanitise",
    "washing": "sanitiser",
    "whoever": "a role",
}
"""Words that names of ours shall lose, each with what to write instead.

What is data (`frozen_names.json`) is text, and keeps them.
"""

ENFORCED: frozenset[str] = frozenset(REPLACED)
"""The words that no name has any more."""

STORED = {
    "ANONYMOUS_BRAKE",
    "PrintedRemarks",
    "SIGN_ON_BRAKE",
    "Tenure",
    "last_rung",
    "next_rung",
    "next_rung_at",
}
"""Names that are data and stay: columns, tables, settings of an operator."""


def words_of(name: str) -> set[str]:
    """Return the words of a name, in lower case: `CaseBrake`, `case_brakes` -> case, brake."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    words = {part.lower() for part in parts}
    return words | {word.removesuffix("s") for word in words}


def names_in(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the names a module gives to classes, functions, arguments and variables."""
    for node in nodes_in(tree):
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def forbidden_in(path: str, tree: ast.Module, words: Mapping[str, str]) -> list[str]:
    """Return a sentence for each name with a word on the list; the path's own parts are names."""
    parts = [(part, 1) for part in path.removesuffix(".py").split("/")]
    return [
        f"{path}:{line}: {name} has the word {word!r}: write {words[word]!r} instead"
        for name, line in (*parts, *names_in(tree))
        if name not in STORED
        for word in sorted(words_of(name) & set(words))
    ]


def test_no_name_has_a_word_that_was_replaced() -> None:
    words = {word: REPLACED[word] for word in ENFORCED}
    found = [each for path, tree in trees().items() for each in forbidden_in(path, tree, words)]
    assert not found, "\n".join(found)


def test_the_search_sees_modules_classes_functions_arguments_and_variables() -> None:
    tree = ast.parse(
        "class CaseBrake:\n def rungs_of(self, veil):\n  old_ladder = veil\n  return 1"
    )
    words = {"brake": "a", "rung": "b", "veil": "c", "ladder": "d", "door": "e"}
    found = forbidden_in("grievances/door.py", tree, words)
    assert [sentence.split(":")[1] for sentence in found] == ["1", "1", "2", "2", "3"]
    assert not forbidden_in("grievances/outdoors.py", ast.parse("unveiled = 1"), words)
