"""Disclosure control is the only way: nothing a page loads can reach an exact count."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.architecture.sources import imports, modules, touches

MODULES = modules()
EXACT = (
    "grievances.reports.fact_models",
    "grievances.reports.snapshot_models.Release",
    "grievances.reports.builders",
    "grievances.reports.contents",
    "grievances.reports.counting",
    "grievances.reports.curves",
    "grievances.reports.facts",
    "grievances.reports.statistics.competing_risks",
    "grievances.reports.layout.sections",
    "grievances.reports.statistics.survival",
    "grievances.reports.disclosure.audit",
    "grievances.reports.disclosure.protection",
    "grievances.reports.disclosure.registry",
    "grievances.reports.disclosure.release",
    "grievances.reports.disclosure.tables",
)
"""Where exact counts are, or are made. Of these a page may not even know the names."""
PAGES = "grievances.web"
COUNTS = {"count", "aggregate", "annotate", "exists", "values_list", "filter", "raw"}


def is_page(name: str) -> bool:
    return touches(name, PAGES)


@pytest.mark.parametrize("name", sorted(name for name in MODULES if is_page(name)))
def test_no_page_knows_an_exact_count(name: str) -> None:
    for imported, line in imports(MODULES[name]):
        for place in EXACT:
            assert not touches(imported, place), f"{name}:{line} imports {imported}"


@pytest.mark.parametrize(
    "name", ["grievances.web.reports.views", "grievances.web.reports.query_views"]
)
def test_the_pages_of_the_reports_ask_the_database_nothing(name: str) -> None:
    for imported, line in imports(MODULES[name]):
        assert "models" not in imported, f"{name}:{line}"
        assert not imported.startswith("django.db"), f"{name}:{line}"
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Attribute):
            assert node.attr not in COUNTS, f"{name}:{node.lineno} says .{node.attr}"


def test_what_a_page_loads_brings_no_way_to_count() -> None:
    code = (
        "import django, sys; django.setup(); import config.urls, grievances.web.urls;"
        f"found = set({list(EXACT)}) - {{'grievances.reports.fact_models',"
        # A question of one's own numbers people while it is counted.
        "'grievances.reports.facts',"
        "'grievances.reports.disclosure.registry', 'grievances.reports.disclosure.tables'}"
        "; loaded = found & set(sys.modules); assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=90)


def test_the_search_would_find_a_page_that_counts() -> None:
    tree = ast.parse("from grievances.reports.fact_models import CaseFact")
    assert [name for name, _ in imports(tree)] == ["grievances.reports.fact_models.CaseFact"]
    assert any(touches("grievances.reports.fact_models.CaseFact", place) for place in EXACT)
