"""No way around the import contracts of pyproject.toml (architecture.md 2)."""

from __future__ import annotations

import ast

import pytest

from grievances.registry import EFFECT_MODULES
from tests.architecture.sources import imports, modules, nodes_in, touches

MODULES = modules()
NAMES = sorted(MODULES)

KEY_HOLDERS = {
    "grievances.encryption.key_pairs",
    "grievances.encryption.private_keys",
    "grievances.cases.models.case_keys",
    "grievances.cases.models.key_distribution",
    "grievances.cases.models.stored_keys.held",
    "grievances.cases.models.stored_keys.rows",
    "grievances.encryption.server_keys",
}
"""The only modules that call the primitives; what others need of it, they take from there."""
NAMES_OF_PRIMITIVES = {"SEAL_BYTES", "Kdf", "DecryptionFailed", "normal_code"}
"""What every module may name: an exception, a type, a size and the form of a typed code."""
VARYING = {
    "grievances.encryption.derivation_limit",  # the places in which one thread derives keys
    "grievances.people.word_memory",  # what one search computed of typed words, until it ends
}
CLOCKS = {
    "grievances.web.shared.clock",
    "grievances.web.shared.session_store",
    "notifications.views",
}
"""The interfaces read the clock; below them `now` is an argument."""


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_imported_inside_a_function(name: str) -> None:
    for node in nodes_in(MODULES[name]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            late = [
                inner for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)
            ]
            assert not late, f"{name}:{late[0].lineno}" if late else name


@pytest.mark.parametrize("name", NAMES)
def test_there_are_no_signals_generic_keys_or_thread_locals(name: str) -> None:
    calls = [ast.unparse(n.func) for n in nodes_in(MODULES[name]) if isinstance(n, ast.Call)]
    assert not [call for call in calls if call.endswith((".connect", "receiver"))]
    for imported, line in imports(MODULES[name]):
        last = imported.rsplit(".", 1)[-1]
        # Celery has no other way to say that a worker starts.
        may_listen = name in {"grievances.apps", "config.celery"}
        assert may_listen or "signals" not in imported.split("."), f"{name}:{line}"
        assert not touches(imported, "django.dispatch"), f"{name}:{line}"
        may_vary = name in VARYING and last == "ContextVar"
        forbidden = {"GenericForeignKey", "GenericRelation", "local", "ContextVar"}
        assert may_vary or last not in forbidden, name


@pytest.mark.parametrize(
    "name",
    [n for n in NAMES if n.startswith("grievances.") and n.endswith("models") or ".models." in n],
)
def test_saving_has_no_logic(name: str) -> None:
    for node in nodes_in(MODULES[name]):
        if isinstance(node, ast.FunctionDef):
            assert node.name not in {"save", "delete", "full_clean"}, f"{name}:{node.lineno}"


@pytest.mark.parametrize("name", NAMES)
def test_the_primitives_are_called_from_the_key_modules_alone(name: str) -> None:
    if name in {*KEY_HOLDERS, "grievances.encryption.primitives"}:
        return
    for imported, line in imports(MODULES[name]):
        if imported.rsplit(".", 1)[-1] not in NAMES_OF_PRIMITIVES:
            assert not touches(imported, "grievances.encryption.primitives"), f"{name}:{line}"


@pytest.mark.parametrize("name", NAMES)
def test_the_clock_is_read_in_the_interfaces_alone(name: str) -> None:
    if name in CLOCKS:
        return
    for node in nodes_in(MODULES[name]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            call = ast.unparse(node.func)
            asked = call.endswith(("timezone.now", "datetime.now", "datetime.utcnow"))
            asked = asked or call.endswith(("date.today", "time.time", "timezone.localdate"))
            assert not asked, f"{name}:{node.lineno} calls {call}"


def test_every_module_with_effects_is_registered() -> None:
    registering = {
        name
        for name, tree in MODULES.items()
        for node in nodes_in(tree)
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(each).startswith("effect(") for each in node.decorator_list)
    }
    assert registering == {module.__name__ for module in EFFECT_MODULES}
