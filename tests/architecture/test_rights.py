"""Who may is said once: in `access`. Django's own rights give nothing and are asked nowhere."""

from __future__ import annotations

import ast

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from grievances.cases.access import rules
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.cases.steps import CaseSteps
from tests.architecture.sources import modules, nodes_in
from workflow.steps import PermissionAskedHere, steps

MODULES = modules()
DJANGOS_OWN = {
    "has_perm",
    "has_perms",
    "has_module_perms",
    "get_objects_for_user",
    "get_perms",
    "permission_required",
    "user_passes_test",
    "staff_member_required",
    "is_superuser",
    "is_staff",
    "get_available_FIELD_transitions",
    "can_proceed",
    "has_transition_perm",
}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_djangos_own_rights_are_asked_nowhere(name: str) -> None:
    for node in nodes_in(MODULES[name]):
        said = ""
        if isinstance(node, ast.Attribute):
            said = node.attr
        elif isinstance(node, ast.Name):
            said = node.id
        elif isinstance(node, ast.alias):
            said = node.name
        assert said not in DJANGOS_OWN, f"{name}:{getattr(node, 'lineno', 0)} says {said}"


def test_every_step_has_a_rule_and_every_rule_a_use() -> None:
    assert rules.missing_rules() == set()
    reading = {rule for rule in rules.RULES if rule.startswith("read")}
    assert set(rules.RULES) - reading == set(steps(Case))
    assert set(rules.RULES) >= rules.BY_THE_CLOCK


def test_every_kind_of_record_is_read_under_a_rule() -> None:
    assert set(rules.READ_RULE) == set(Kind)
    assert set(rules.READ_RULE.values()) <= set(rules.RULES)


def test_the_state_machine_does_not_say_who_may() -> None:
    for name, fact in steps(Case).items():
        method = getattr(CaseSteps, name)
        for transition in method._django_fsm.transitions.values():
            with pytest.raises(PermissionAskedHere):
                transition.has_perm(None, None)
        assert fact.label
        assert not fact.label.endswith(".")


def test_there_is_no_second_way_in() -> None:
    assert settings.AUTHENTICATION_BACKENDS == [
        "allauth.account.auth_backends.AuthenticationBackend"
    ]
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert not [address for address in addresses() if "admin" in address]


def addresses(patterns: list[URLPattern | URLResolver] | None = None, base: str = "") -> list[str]:
    """Every address of the product, as its pattern."""
    found: list[str] = []
    for each in get_resolver().url_patterns if patterns is None else patterns:
        here = base + str(each.pattern)
        if isinstance(each, URLResolver):
            found += addresses(each.url_patterns, here)
        else:
            found.append(here)
    return found
