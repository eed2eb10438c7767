"""Who may import whom (architecture.md 2), and no back doors around it."""

from __future__ import annotations

import ast

import pytest

from tests.habits.sources import imports, modules, touches

MODULES = modules()
NAMES = sorted(MODULES)

ROWS: tuple[frozenset[str], ...] = tuple(
    frozenset(row.split())
    for row in (
        "vocabulary turnstile",
        "attackers bank_holidays brief database vault policy retention tribunal support"
        " session_store hashers dumps service_lock names",
        "guards directory",
        "lifecycle",
        "emergencies hearing",
        "acts",
        "models",
        "questionnaire",
        "relations evidence signing",
        "reach",
        "access circles",
        "monitoring survey",
        "allocation batches remarks notices calendars heads watch",
        "actions",
        "sessions reports backups staging",
        "restoring",
        "forms",
        "pages",
        "views",
        "api tasks",
        "demonstration",
        "urls management apps",
    )
)
"""From the words up to the wiring: a row imports only from rows below it."""
KEY_HOLDERS = {
    "grievances.encryption.key_pairs",
    "grievances.cases.models.case_keys",
    "grievances.cases.models.key_distribution",
    "grievances.encryption.server_keys",
}
"""The only modules that call the vault; what others need of it, they take from there."""
CLOCKS = {"grievances.web.shared.clock", "notifications.views"}
"""The interfaces read the clock; below them `now` is an argument."""


def row_of(name: str) -> int:
    """The row of a module of grievances; 0 is the lowest."""
    part = name.split(".")[1] if "." in name else ""
    return next((n for n, row in enumerate(ROWS) if part in row), -1)


@pytest.mark.parametrize("name", NAMES)
def test_a_module_imports_only_from_below(name: str) -> None:
    for imported, line in imports(MODULES[name]):
        where = f"{name}:{line} imports {imported}"
        if touches(name, "workflow"):
            assert not imported.startswith(("notifications", "grievances", "config")), where
        if touches(name, "notifications"):
            assert not imported.startswith(("workflow", "grievances", "config")), where
        if touches(name, "grievances") and name != "grievances":
            assert not touches(imported, "config"), where
            assert row_of(name) >= 0, f"{name} has no row in the table"
            if touches(imported, "grievances") and imported.split(".")[1] != name.split(".")[1]:
                assert row_of(imported) < row_of(name), where


def test_the_table_names_nothing_that_is_not_there() -> None:
    parts = {name.split(".")[1] for name in NAMES if name.startswith("grievances.")}
    assert set().union(*ROWS) == parts


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_imported_inside_a_function(name: str) -> None:
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            late = [
                inner for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)
            ]
            assert not late, f"{name}:{late[0].lineno}" if late else name


@pytest.mark.parametrize("name", NAMES)
def test_there_are_no_signals_generic_keys_or_thread_locals(name: str) -> None:
    calls = [ast.unparse(n.func) for n in ast.walk(MODULES[name]) if isinstance(n, ast.Call)]
    assert not [call for call in calls if call.endswith((".connect", "receiver"))]
    for imported, line in imports(MODULES[name]):
        last = imported.rsplit(".", 1)[-1]
        may_disconnect = name == "grievances.apps"
        assert may_disconnect or "signals" not in imported.split("."), f"{name}:{line}"
        assert not touches(imported, "django.dispatch"), f"{name}:{line}"
        assert last not in {"GenericForeignKey", "GenericRelation", "local", "ContextVar"}, name


@pytest.mark.parametrize("name", [n for n in NAMES if touches(n, "grievances.models")])
def test_saving_has_no_logic(name: str) -> None:
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.FunctionDef):
            assert node.name not in {"save", "delete", "full_clean"}, f"{name}:{node.lineno}"


@pytest.mark.parametrize("name", NAMES)
def test_the_vault_is_called_from_one_module(name: str) -> None:
    if name in {*KEY_HOLDERS, "grievances.encryption.primitives"}:
        return
    for imported, line in imports(MODULES[name]):
        assert not touches(imported, "grievances.encryption.primitives"), f"{name}:{line}"


@pytest.mark.parametrize("name", [n for n in NAMES if touches(n, "grievances.reports")])
def test_reports_know_no_words_and_no_keys(name: str) -> None:
    for imported, line in imports(MODULES[name]):
        for secret in ("records", "keyring", "parties"):
            assert not touches(imported, f"grievances.models.{secret}"), f"{name}:{line}"


@pytest.mark.parametrize("name", NAMES)
def test_the_clock_is_read_in_the_interfaces_alone(name: str) -> None:
    if name in CLOCKS:
        return
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            call = ast.unparse(node.func)
            asked = call.endswith(("timezone.now", "datetime.now", "datetime.utcnow"))
            asked = asked or call.endswith(("date.today", "time.time", "timezone.localdate"))
            assert not asked, f"{name}:{node.lineno} calls {call}"


def test_the_search_would_find_an_import_from_above() -> None:
    assert row_of("grievances.encryption.primitives") < row_of("grievances.encryption.key_pairs")
    assert row_of("grievances.cases.access.rules") < row_of("grievances.cases.actions.perform")
    tree = ast.parse("from grievances import views\nimport grievances.web.api")
    assert [name for name, _ in imports(tree)] == ["grievances.views", "grievances.web.api"]
