"""Measure a step, committed, beside one committed UPDATE of the same table.

Both wait for the disk. Source: performance.md 12.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from statistics import median

from django.db import connection

from bench.stopwatch import took
from bench.table import Line
from grievances.cases.models.case import Case
from grievances.cases.step_names import StepName
from tests.factories import cases
from tests.factories.people import Staff, assemble

CASES = 15
STEPS: tuple[tuple[StepName, str, int, Mapping[str, bool]], ...] = (
    (StepName.ACKNOWLEDGE, "A step that moves the case", 8, {"declare": True}),
    (StepName.CHECK_SAFETY, "A step that keeps the state", 5, {}),
)


def measure(scale: str) -> Iterable[Line]:
    """Return a line for each kind of step."""
    staff = assemble()
    raised = [cases.raised(staff, now=cases.at(0)) for _ in range(CASES)]
    for step, what, goal, answers in STEPS:
        pairs = [_beside(staff, case, step, answers) for case in raised]
        ours, bare = zip(*pairs, strict=True)
        spread = (min(ours), max(ours))
        yield Line(what, median(ours), "one committed UPDATE", median(bare), goal, "ms", spread)


def _beside(
    staff: Staff, case: Case, step: StepName, answers: Mapping[str, bool]
) -> tuple[float, float]:
    """Return the milliseconds of a step, and of an UPDATE of the same row."""
    act = partial(cases.done, staff, case, "triage1", step, cases.at(1), **answers)
    return took(act), took(partial(_update, case))


def _update(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grievances_case SET touched_on = touched_on WHERE id = %s", [case.pk]
        )
