"""`Case.unguarded` may be said in few places: everyone else asks `access`."""

from __future__ import annotations

import ast

import pytest

from grievances.cases.models.case import Case
from tests.architecture.sources import modules, nodes_in, touches

MODULES = modules()
ALLOWED = (
    "grievances.cases.access.rules",
    "grievances.cases.access.facts",
    "grievances.cases.access.relations",
    "grievances.cases.access.reach",
    "grievances.cases.access.standing",
    "grievances.cases.actions.exclusions",
    "grievances.cases.actions.locked_case",
    "grievances.cases.actions.perform",
    "grievances.cases.models",
    "grievances.accounts.linked_accounts",
    "grievances.accounts.recovery",
    "grievances.casework",
    "grievances.deadlines",
    "grievances.policy_changes.approval",
    "grievances.intake",
    "grievances.management.commands.load_outside_counts",
    "grievances.operations.key_rotation",
    "grievances.operations.start",
    "grievances.participants",
    "grievances.reports.facts",
    "grievances.retention",
    "grievances.staff_directory.changes",
    "grievances.staff_directory.region_table",
    "grievances.demo",
)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_only_those_who_guard_go_unguarded(name: str) -> None:
    for node in nodes_in(MODULES[name]):
        if isinstance(node, ast.Attribute):
            said = node.attr in {"unguarded", "_default_manager", "_base_manager"}
            if said and touches(name, "grievances"):
                assert any(touches(name, place) for place in ALLOWED), f"{name}:{node.lineno}"
            if isinstance(node.value, ast.Name) and node.value.id == "Case":
                assert node.attr != "objects", f"{name}:{node.lineno}"


def test_a_case_has_no_objects() -> None:
    assert not hasattr(Case, "objects")
    assert [manager.name for manager in Case._meta.managers] == ["unguarded"]
