"""A compiled query finds with any value what the same query of Django finds."""

from __future__ import annotations

import pytest
from django.db.models import CharField, Value

from grievances.people.models import Unit
from workflow.sql.compiled_sql import Bound, CompiledQuery, bound_list, listed

NAMES = ("O'Neil", "100%", "%s", "%%", "\\x41", 'a "b"', "é ✓", "two\nlines", "{0}", ":x", "$1", "")


@pytest.fixture(autouse=True)
def _units(db: None) -> None:
    Unit.objects.bulk_create(
        Unit(code=f"U{at}", name=name, region="NORTH") for at, name in enumerate(NAMES)
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_value_is_never_taken_for_sql(name: str) -> None:
    bound = CompiledQuery(lambda: Unit.objects.filter(name=Bound("name", CharField())))
    for value in (name, f"{name}' OR '1'='1"):
        assert bound.rows(name=value) == list(Unit.objects.filter(name=value))


@pytest.mark.parametrize("fixed", NAMES)
def test_a_fixed_value_stays_what_it_is(fixed: str) -> None:
    query = CompiledQuery(
        lambda: Unit.objects.filter(name=fixed, code=Bound("code", CharField())).annotate(
            said=Value(fixed, output_field=CharField())
        )
    )
    for _ in range(2):
        (found,) = query.rows(code=f"U{NAMES.index(fixed)}")
        assert [vars(found)[name] for name in ("name", "said")] == [fixed, fixed]


def test_a_list_has_room_for_more() -> None:
    names = bound_list("name", 16, CharField())
    query = CompiledQuery(lambda: Unit.objects.filter(name__in=names).order_by("pk"))
    given = listed("name", NAMES, "nothing")
    assert [unit.name for unit in query.rows(**given)] == list(NAMES)
