"""The days of each stage, and the days to the first meeting (domain.md 9).

The curves are those of twelve months, made from protected counts of bands of working days. Builders
only.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from grievances.cases.models.deadlines import Deadline
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.contents.durations import is_too_short, no_curve
from grievances.reports.counting import EXACT_PEOPLE
from grievances.reports.curves.bands import GRID, Bands
from grievances.reports.curves.curve import curve_of, release_bands
from grievances.reports.disclosure.protected import ProtectedSurvival
from grievances.reports.disclosure.tables import Cell
from grievances.reports.fact_models import CaseFact, FrequentRespondent, WorkingDay
from grievances.reports.layout.clustering import concerns_of_each
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import Made, ReportContext

STAGES = (
    ClockName.ACK,
    ClockName.TRIAGE,
    ClockName.ALLOCATION,
    ClockName.MEETING,
    ClockName.INVESTIGATION,
    ClockName.DECISION,
    ClockName.APPEAL,
)
STAGE_DAYS = """
CREATE TEMPORARY TABLE stage_days AS
SELECT d.name AS name, CASE WHEN d.completed_on <= %(until)s THEN 'over' ELSE 'running' END AS side,
    CASE WHEN e.number - b.number > d.paused_wd THEN e.number - b.number - d.paused_wd ELSE 0 END
        AS of_stage,
    e.number - r.number AS from_receipt, f.case_id AS fact, f.person AS person
FROM {deadlines} d JOIN {facts} f ON f.case_id = d.case_id
JOIN {days} b ON b.division = f.division AND b.day = d.started_on
JOIN {days} r ON r.division = f.division AND r.day = f.received_on
JOIN {days} e ON e.division = f.division
    AND e.day = CASE WHEN d.completed_on <= %(until)s THEN d.completed_on ELSE %(until)s END
WHERE d.name IN ({names}) AND (d.name <> '{meeting}' OR d.episode = 1)
    AND d.started_on BETWEEN %(first)s AND %(until)s
"""
"""The stages of twelve months, found once for all curves.

Of a concern that an appeal sent back only the first meeting counts.
"""
STAGE_PEOPLE = "SELECT name, COUNT(DISTINCT person) FROM stage_days GROUP BY name"
STAGE_EACH = """
SELECT name, side, {days} AS days, person, COUNT(*) FROM stage_days
WHERE name IN ({names}) GROUP BY 1, 2, 3, 4
"""
STAGE_ABOUT = """
SELECT name, side, {days} AS days, r.respondent, COUNT(*)
FROM stage_days s JOIN {respondents} r ON r.fact_id = s.fact
WHERE name IN ({names}) GROUP BY 1, 2, 3, 4
"""
STAGE_MANY = """
SELECT name, side, band, SUM(n), COUNT(*), MAX(n)
FROM (SELECT name, side, {band} AS band, person, COUNT(*) AS n FROM stage_days
      WHERE name IN ({names}) GROUP BY 1, 2, 3, 4) each_person
GROUP BY 1, 2, 3
"""
SIDES_OF_A_STAGE = {"over": "Over", "running": "Still running"}


OF_STAGE, FROM_RECEIPT = "of_stage", "from_receipt"
"""The working days of a stage without its time on hold, and those since receipt."""


@dataclass(frozen=True)
class StageTimes:
    """The curve of time for each stage, from its beginning to its end."""

    key: str = "stages"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with one curve for each stage that a case entered."""
        stages = _bands(desk, STAGES, OF_STAGE)
        items = tuple(
            Item(profiles.CLOCKS[name], _curve(desk, f"{self.key}/{name}", stages[name]))
            for name in STAGES
            if name in stages
        )
        section = Section(
            self.key,
            "How long each stage takes",
            "Working days from the beginning of a stage to its end, time on hold taken off, of the "
            "stages that began in the twelve months to the end of the period. Stages still running "
            "count for as long as they have run. Of a concern that an appeal sent back only the "
            "first meeting counts.",
            items,
        )
        return section, ""


@dataclass(frozen=True)
class FirstMeeting:
    """The curve of time from the day a concern was received to the first meeting.

    It counts the same concerns as the curve of that stage, only from an earlier day.
    """

    key: str = "first-meeting"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with one curve."""
        stages = _bands(desk, (ClockName.MEETING,), FROM_RECEIPT)
        items = tuple(
            Item("To the first meeting", _curve(desk, f"{self.key}/{name}", bands))
            for name, bands in stages.items()
        )
        section = Section(
            self.key,
            "How long it is to the first meeting",
            "Working days from the day the concern was received to the first meeting, time on hold "
            "counted, of the concerns that came as far as waiting for it in the twelve months to "
            "the end of the period. Those still waiting count for as long as they have waited.",
            items,
        )
        return section, chart_of(section)


def _curve(desk: ReportContext, place: str, bands: Bands) -> ProtectedSurvival:
    if is_too_short(desk, bands.everybody):
        return no_curve()
    banded = release_bands(desk.gate, place, bands, each=concerns_of_each(desk.made))
    return curve_of(banded, bands.everybody)


def _bands(desk: ReportContext, stages: Sequence[str], days: str) -> dict[str, Bands]:
    """Return the durations of each of these stages, in these working days."""
    with _stage_days(desk, stages):
        people = dict(_ask(STAGE_PEOPLE, stages, days))
        few = [name for name, persons in people.items() if persons <= EXACT_PEOPLE]
        many = [name for name in people if name not in few]
        found = {name: Bands(dict(SIDES_OF_A_STAGE)) for name in people}
        for bands in found.values():
            bands.codes = {side: frozenset({side}) for side in SIDES_OF_A_STAGE}
        for name, side, number, person, n in _ask(STAGE_EACH, few, days):
            found[name].add(number, side, person, n)
        for name, side, number, respondent, n in _ask(STAGE_ABOUT, few, days):
            found[name].add_about(number, side, respondent, n)
        for name, side, band, cases, persons, most in _ask(STAGE_MANY, many, days):
            found[name].add_many(band, side, Cell(int(cases), persons, most))
    return found


@contextmanager
def _stage_days(desk: ReportContext, stages: Sequence[str]) -> Iterator[None]:
    """Find the days of these stages, in a temporary table of this session."""
    bounds = {
        "first": sources.year_before(desk.until).isoformat(),
        "until": desk.until.isoformat(),
    }
    statement = STAGE_DAYS.format(
        deadlines=Deadline._meta.db_table,
        facts=CaseFact._meta.db_table,
        days=WorkingDay._meta.db_table,
        meeting=ClockName.MEETING.value,
        names=_listed(stages),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, bounds)
        yield
        cursor.execute("DROP TABLE stage_days")


def _ask(statement: str, stages: Sequence[str], days: str) -> list[tuple[Any, ...]]:
    """Return the rows of a statement about some stages; none for no stage."""
    if not stages:
        return []
    whens = " ".join(f"WHEN {days} <= {day} THEN {n}" for n, day in enumerate(GRID))
    words = {
        "names": _listed(stages),
        "days": days,
        "band": f"CASE {whens} ELSE {len(GRID)} END",
        "respondents": FrequentRespondent._meta.db_table,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**words))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _listed(stages: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in stages)
