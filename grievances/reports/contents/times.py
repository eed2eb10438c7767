"""How long concerns take, and whether promises are kept."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection
from django.db.models import Count, F, Q, Value

from grievances.cases.models.deadlines import Deadline
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.reports.catalogue import TOO_FEW_TO_TIME
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.counting import YES, Population, tabulate, tally
from grievances.reports.disclosure.protected import ProtectedSurvival, Shown
from grievances.reports.disclosure.protection import protect_incidence, protect_survival
from grievances.reports.disclosure.tables import Cell
from grievances.reports.fact_models import CaseFact, Ending, WorkingDay
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import (
    SIDES,
    Dimension,
    Line,
    Made,
    Piece,
    ReportContext,
    Shares,
    SharesBy,
    yes,
)
from grievances.reports.series import Series
from grievances.reports.statistics.competing_risks import cumulative_incidence
from grievances.reports.statistics.survival import kaplan_meier_from_days

WITHDRAWN = "Withdrawn, of those received"
STAGES = (
    ClockName.ACK,
    ClockName.TRIAGE,
    ClockName.ALLOCATION,
    ClockName.INVESTIGATION,
    ClockName.DECISION,
    ClockName.APPEAL,
)
STAGE_DAYS = """
SELECT d.name, CASE WHEN d.completed_on <= %(until)s THEN 1 ELSE 0 END AS over,
    CASE WHEN e.number - b.number > d.paused_wd THEN e.number - b.number - d.paused_wd ELSE 0 END
        AS days, COUNT(*)
FROM {deadlines} d JOIN {facts} f ON f.case_id = d.case_id
JOIN {days} b ON b.division = f.division AND b.day = d.started_on
JOIN {days} e ON e.division = f.division
    AND e.day = CASE WHEN d.completed_on <= %(until)s THEN d.completed_on ELSE %(until)s END
WHERE d.name IN ({names}) AND d.started_on BETWEEN %(first)s AND %(until)s
GROUP BY 1, 2, 3
"""
STAGE_PEOPLE = """
SELECT d.name, COUNT(*), COUNT(DISTINCT f.person)
FROM {deadlines} d JOIN {facts} f ON f.case_id = d.case_id
WHERE d.name IN ({names}) AND d.started_on BETWEEN %(first)s AND %(until)s GROUP BY 1
"""


@dataclass(frozen=True)
class Duration:
    """The share of concerns still open after a number of working days.

    It counts the concerns received over twelve months.
    """

    key: str = "duration"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the curves of net and of gross working days."""
        population = whole_year(desk)
        counted = tally(population, Value("all"), yes(Q(ending=Ending.WITHDRAWN)))
        exact = tabulate(counted, {"all": WITHDRAWN}, SIDES)
        table = desk.gate.release(f"{self.key}/{WITHDRAWN}", exact, "rows")
        left = counted.at("all", YES) if isinstance(table.cells[0][0], Shown) else None
        # A total that is hidden in a table of the same people is hidden on the curve as well.
        everybody = counted.at()
        if not isinstance(table.total, Shown):
            everybody = replace(everybody, persons=0)
        net = self._curve(desk, population, (everybody, left), "net_days")
        gross = self._curve(desk, population, (everybody, left), "gross_days")
        section = Section(
            self.key,
            lead_of(net).rstrip("."),
            "Of the concerns received in the twelve months to the end of the period, the share "
            "still "
            "open after so many working days. Concerns that are open now count for as long as they "
            "have been followed; withdrawn ones until they were withdrawn. Beside it stands the "
            "share that had been withdrawn by then. It reckons with concerns that were resolved "
            "first and could no longer be withdrawn, so the two are not parts of one whole.",
            (
                Item("Working days, time on hold taken off", net),
                Item("Working days, time on hold counted", gross),
            ),
        )
        return section, chart_of(section)

    def _curve(
        self,
        desk: ReportContext,
        population: Population,
        people: tuple[Cell, Cell | None],
        column: str,
    ) -> ProtectedSurvival:
        """Return the protected curve.

        `people` are all those on the curve, and those who withdrew; the latter are None where that
        count is not shown.
        """
        resolved, withdrawn, followed = Counter[int](), Counter[int](), Counter[int]()
        days = population.rows.order_by().values(column, "ending").annotate(n=Count("pk"))
        for length, ending, n in days.values_list(column, "ending", "n"):
            by_ending = {Ending.WITHDRAWN: withdrawn, **dict.fromkeys(sources.RESOLVED, resolved)}
            by_ending.get(ending, followed)[length] += n
        survival = kaplan_meier_from_days(resolved, withdrawn + followed)
        incidence = cumulative_incidence(withdrawn, resolved, followed)
        everybody, left = people
        curve = protect_survival(survival, everybody, desk.gate.audience)
        rival = protect_incidence(incidence, survival, left, everybody, desk.gate.audience)
        return replace(curve, withdrawn=rival)


@dataclass(frozen=True)
class StageTimes:
    """The same curve for each stage, from its beginning to its end."""

    key: str = "stages"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with one curve for each stage that a case entered."""
        bounds = {"first": year_before(desk.until).isoformat(), "until": desk.until.isoformat()}
        names = {
            "deadlines": Deadline._meta.db_table,
            "facts": CaseFact._meta.db_table,
            "days": WorkingDay._meta.db_table,
            "names": ", ".join(f"'{name}'" for name in STAGES),
        }
        with connection.cursor() as cursor:
            cursor.execute(STAGE_DAYS.format(**names), bounds)
            days = cursor.fetchall()
            cursor.execute(STAGE_PEOPLE.format(**names), bounds)
            people = {name: Cell(cases, persons) for name, cases, persons in cursor.fetchall()}
        items = tuple(
            Item(profiles.CLOCKS[name], self._curve(desk, name, days, people[name]))
            for name in STAGES
            if name in people
        )
        section = Section(
            self.key,
            "How long each stage takes",
            "Working days from the beginning of a stage to its end, time on hold taken off, of the "
            "stages that began in the twelve months to the end of the period. Stages still running "
            "count for as long as they have run.",
            items,
        )
        return section, ""

    def _curve(
        self, desk: ReportContext, name: str, days: list[tuple[str, int, int, int]], everybody: Cell
    ) -> ProtectedSurvival:
        closed, running = Counter[int](), Counter[int]()
        for stage, over, length, n in days:
            if stage == name:
                (closed if over else running)[length] += n
        survival = kaplan_meier_from_days(closed, running)
        return protect_survival(survival, everybody, desk.gate.audience)


def whole_year(desk: ReportContext) -> Population:
    """Return the concerns received in the twelve months to the last day counted.

    Those passed to another process are left out.
    """
    within = (year_before(desk.until), desk.until)
    rows = CaseFact.objects.filter(received_on__range=within).exclude(ending=Ending.REDIRECTED)
    return Population(rows)


def year_before(until: date) -> date:
    """Return the first day of the twelve months that end with this month."""
    return date(until.year - (until.month != 12), until.month % 12 + 1, 1)


def lead_of(curve: ProtectedSurvival) -> str:
    """Return the sentence that says what the curve shows."""
    if curve.median is None:
        return "Fewer than half have been resolved so far, so the middle is not yet reached."
    if isinstance(curve.median, Shown):
        return f"Half of the concerns received were resolved within {curve.median} working days."
    return TOO_FEW_TO_TIME


RESOLUTION: tuple[Piece, ...] = (
    Duration(),
    Shares(
        "competing",
        "How many leave the curve by withdrawing",
        "Withdrawn concerns are neither resolved nor open. Of those received in the twelve months.",
        (Line(WITHDRAWN, whole_year, Q(ending=Ending.WITHDRAWN)),),
    ),
    StageTimes(),
)


def met(due: str) -> Q:
    """Return the condition that a clock was completed by the date that counts."""
    return Q(completed_on__isnull=False, completed_on__lte=F(due))


CLOCK_NAMES = Dimension("name", {name: profiles.CLOCKS[name] for name in sources.CLOCKS})
ON_TIME_NOTE = (
    "Of the dates that fell in the period, the share met in time. A promise that is late and still "
    "open counts as not kept; one on hold is left out until it runs again."
)
OVERALL = SharesBy(
    "on-time",
    "Promises kept by their date",
    ON_TIME_NOTE,
    lambda desk: sources.promises(desk, "current_due"),
    CLOCK_NAMES,
    met("current_due"),
    "All promises together",
)
TIMELINESS: tuple[Piece, ...] = (
    OVERALL,
    SharesBy(
        "first-date",
        "The same, against the date first given",
        "Dates move when a case is on hold or is extended. Here each promise is measured against "
        "the date it began with.",
        lambda desk: sources.promises(desk, "original_due"),
        CLOCK_NAMES,
        met("original_due"),
        "All promises together",
    ),
    Series(
        "on-time-by-month",
        "Promises kept, month by month",
        "Each point is the share as published for that month.",
        "timeliness",
        "on-time",
        "All promises together",
    ),
)
