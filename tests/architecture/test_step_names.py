"""A step and a clock are named by their enum member, never by text (house.md 2)."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from grievances.cases.access import rules
from grievances.cases.step_names import StepName
from grievances.policy.clock_names import ClockName
from tests.architecture.sources import nodes_in
from tests.architecture.syntax import trees

DECLARED_IN = ("grievances/cases/steps/", "grievances/cases/step_names.py")
CLOCKS_IN = (
    "grievances/policy/clock_names.py",
    "grievances/vocabulary.py",
    "grievances/choices.py",
    "workflow/",
)
TAKES_A_STEP = {"effect", "perform", "fact_of", "has_own_page"}
"""Functions whose first argument is the name of a step."""
OTHER_WORDS: dict[str, set[str]] = {
    "grievances/vocabulary.py": {
        str(name) for name in StepName
    },  # the reasons for keeping are named like their steps
    "grievances/people/matching.py": {"exclude"},
}
OTHER_MEANINGS = {
    "grievances/evidence/sanitiser/": "a part of a file format",
    "grievances/evidence/sanitising.py": "a message of the other process",
    "grievances/cases/models/records.py": "a kind of record",
    "grievances/cases/models/exclusions.py": "a reason",
    "grievances/cases/roles.py": "a role",
    "grievances/cases/access/list_triggers.py": "an operation of the database",
    "grievances/cases/declaration.py": "a kind of notice",
}
"""Files in which a word like a clock's or a step's means something else."""


def texts(tree: ast.Module) -> Iterator[tuple[ast.Constant, ast.AST]]:
    """Yield each text of a module with the node around it; docstrings are left out."""
    for around in nodes_in(tree):
        for node in ast.iter_child_nodes(around):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and not isinstance(around, ast.Expr | ast.JoinedStr):
                assert isinstance(node, ast.Constant)
                yield node, around


def names_a_step(node: ast.Constant, around: ast.AST) -> bool:
    """Tell whether a text is the name of a step: by its form, or by where it is given."""
    if node.value not in set(StepName):
        return False
    if "_" in str(node.value):
        return True
    if not isinstance(around, ast.Call) or not around.args or around.args[0] is not node:
        return False
    return ast.unparse(around.func).rpartition(".")[2] in TAKES_A_STEP


def test_no_step_is_named_by_text() -> None:
    found = [
        f"{path}:{node.lineno}: write StepName.{str(node.value).upper()}"
        for path, tree in trees().items()
        if path.startswith("grievances/") and not path.startswith(DECLARED_IN)
        for node, around in texts(tree)
        if names_a_step(node, around) and str(node.value) not in OTHER_WORDS.get(path, set())
    ]
    assert not found, "\n".join(found)


def test_no_clock_is_named_by_text() -> None:
    found = [
        f"{path}:{node.lineno}: write ClockName.{node.value}"
        for path, tree in trees().items()
        if not path.startswith((*CLOCKS_IN, *OTHER_MEANINGS))
        for node, _ in texts(tree)
        if node.value in set(ClockName)
    ]
    assert not found, "\n".join(found)


def test_a_step_is_named_in_few_files() -> None:
    files: Counter[str] = Counter()
    for path, tree in trees().items():
        if path.startswith("grievances/") and not path.startswith("grievances/demo/"):
            named = {
                node.attr.lower()
                for node in nodes_in(tree)
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "StepName"
            }
            files.update(named)
    # Beside these: the declaration itself, whose method has the name.
    counts = {name.value: files[name.value] + 1 for name in StepName}
    over = {name: count for name, count in counts.items() if count > MOST_FILES}
    assert not over, f"{over}: more than {MOST_FILES} files name this step. Derive one of them."
    assert sum(counts.values()) / len(counts) <= 3.5, counts


MOST_FILES = 7
"""The most files that name one step. The aim is 4."""


def test_every_step_is_declared_once_with_its_past_tense() -> None:
    assert set(rules.DECLARED) == set(StepName)
    assert all(declared.past for declared in rules.DECLARED.values())


def test_the_search_finds_a_step_that_is_named_by_text() -> None:
    tree = ast.parse('effect("offer")\nask("offer")\nanswers = {"check_safety": 1}')
    assert [node.lineno for node, around in texts(tree) if names_a_step(node, around)] == [1, 3]
