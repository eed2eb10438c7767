"""Tribunal dates (domain.md 6.5, 6.6; vectors V26-V41)."""

from dataclasses import asdict
from datetime import date
from typing import Any

import pytest

from grievances.tribunal import earliest_limit, primary_limit, with_conciliation
from tests.workflow.given import name, on, vectors


@pytest.mark.parametrize("vector", vectors("tribunal_primary"), ids=name)
def test_the_primary_limit_is_that_of_the_vector(vector: Any) -> None:
    limit = primary_limit(on(vector["input"]["act_date"]), vector["input"]["months"])
    found = {
        field: value.isoformat() if isinstance(value, date) else value
        for field, value in asdict(limit).items()
    }
    assert found == vector["expected"]


@pytest.mark.parametrize("vector", vectors("tribunal_with_ec"), ids=name)
def test_conciliation_moves_the_limit_as_the_vector_says(vector: Any) -> None:
    asked = vector["input"]
    found = with_conciliation(
        on(asked["act_date"]), asked["months"], on(asked["day_a"]), on(asked["day_b"])
    )
    assert found == on(vector["expected"])


def test_a_certificate_before_the_contact_is_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        with_conciliation(date(2026, 1, 10), 3, date(2026, 2, 2), date(2026, 2, 1))


def test_of_several_acts_the_one_that_runs_out_first_leads() -> None:
    limit = earliest_limit([date(2026, 3, 2), date(2026, 1, 15)], 3)
    assert limit is not None
    assert limit.safe == date(2026, 4, 14)
    assert earliest_limit([], 3) is None


def test_contact_on_the_last_day_still_moves_the_limit() -> None:
    safe = primary_limit(date(2026, 1, 10), 3).safe
    assert with_conciliation(date(2026, 1, 10), 3, safe, date(2026, 4, 30)) == date(2026, 5, 30)
