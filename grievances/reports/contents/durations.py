"""How long concerns take (domain.md 9).

The curves are those of twelve months. They are made from protected counts of bands of working
days. Builders only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Case as Choose
from django.db.models import CharField, Count, Model, Q, QuerySet, Value, When

from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.counting import EXACT_PEOPLE, Population, tabulate, tally
from grievances.reports.curves.bands import GRID, READ_AT, Bands
from grievances.reports.curves.curve import curve_of, release_bands, with_rival
from grievances.reports.disclosure.protected import (
    HIDDEN,
    ProtectedPoint,
    ProtectedSurvival,
    Shown,
)
from grievances.reports.disclosure.protection import share_of
from grievances.reports.disclosure.tables import Cell
from grievances.reports.fact_models import Ending
from grievances.reports.layout.clustering import concerns_of_each
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import SIDES, Made, ReportContext, yes
from grievances.reports.periods import Length
from grievances.reports.readers.first_sentence import TIMES_WITHHELD, TOO_FEW_TO_TIME

WITHDRAWN = "Withdrawn, of those received"
RESOLVED, LEFT, FOLLOWED = "resolved", "withdrawn", "followed"
LEAST_FOR_A_QUARTER = 120
"""Concerns of twelve months from which a quarter has a curve of its own.

With fewer, two curves that are three months apart would differ by a few people.
"""


@dataclass(frozen=True)
class Duration:
    """The share of concerns still open after a number of working days.

    It counts the concerns received over twelve months.
    """

    key: str = "duration"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the curves of net and of gross working days."""
        population = sources.whole_year(desk)
        everybody = tally(population, Value("all"), Value("")).at()
        net = self._curve(desk, population, everybody, "net_days")
        gross = self._curve(desk, population, everybody, "gross_days")
        section = Section(
            self.key,
            median_sentence(net).rstrip("."),
            "Of the concerns received in the twelve months to the end of the period, the share "
            "still open after so many working days. Concerns that are open now count for as long "
            "as they have been followed; withdrawn ones until they were withdrawn, as if they "
            "would have taken as long as the others: where people with weak cases leave, the "
            "curve falls too fast. Beside it is the share that had been withdrawn by then. It "
            "reckons with concerns that were resolved first and could no longer be withdrawn, so "
            "the two are not parts of one whole. A reopened concern counts once, from the day it "
            "was first received. Everything is worked out from rounded numbers of concerns in "
            "bands of working days; between two days the line is straight.",
            (
                Item("Working days, time on hold taken off", net),
                Item("Working days, time on hold counted", gross),
            ),
        )
        return section, chart_of(section)

    def _curve(
        self, desk: ReportContext, population: Population, everybody: Cell, column: str
    ) -> ProtectedSurvival:
        """Return the protected curve of one column of working days, with those withdrawn."""
        if is_too_short(desk, everybody):
            return no_curve()
        ways = self._bands(population, column, everybody)
        both = ways.regroup(
            {RESOLVED: "Resolved", "open": "Not resolved"},
            {RESOLVED: (RESOLVED,), "open": (LEFT, FOLLOWED)},
        )
        each = concerns_of_each(desk.made)
        main = release_bands(desk.gate, f"{self.key}/{column}", both, each=each)
        rivals = ways.regroup(
            {LEFT: "Withdrawn", "others": "Not withdrawn"},
            {LEFT: (LEFT,), "others": (RESOLVED, FOLLOWED)},
        )
        rival = release_bands(desk.gate, f"{self.key}/{column}/{LEFT}", rivals, main.merged, each)
        return with_rival(curve_of(main, everybody), main, rival)

    def _bands(self, population: Population, column: str, everybody: Cell) -> Bands:
        every = frozenset(Ending.values)
        resolved, left = frozenset(sources.RESOLVED), frozenset({Ending.WITHDRAWN.value})
        codes = {RESOLVED: resolved, LEFT: left, FOLLOWED: every - resolved - left}
        names = {way: way for way in codes}
        bands = Bands(names, population.name, (column, "ending"), codes, population.held)
        way_of = {code: way for way, inside in codes.items() for code in inside}
        rows = population.rows.order_by()
        if everybody.persons > EXACT_PEOPLE:
            named = {(way, band): cell for way, band, cell in _counted(rows, column, codes)}
            for (way, band), cell in named.items():
                bands.add_many(band, way, cell)
            return bands
        for column_of, add in (("person", bands.add), ("about__respondent", bands.add_about)):
            each = rows.filter(**{f"{column_of}__isnull": False})
            each = each.values(column, "ending", column_of).annotate(n=Count("pk"))
            for days, ending, who, n in each.values_list(column, "ending", column_of, "n"):
                add(days, way_of[ending], who, n)
        return bands


def _counted(
    rows: QuerySet[Model], column: str, codes: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, int, Cell]]:
    """Yield (way, band, exact figure) of very many concerns; the database counts."""
    way = Choose(
        *(When(ending__in=sorted(inside), then=Value(way)) for way, inside in codes.items()),
        output_field=CharField(max_length=12),
    )
    band = Choose(
        *(When(**{f"{column}__lte": day}, then=Value(str(n))) for n, day in enumerate(GRID)),
        default=Value(str(len(GRID))),
        output_field=CharField(max_length=4),
    )
    counted = tally(Population(rows), way, band)
    for (r, c), cell in counted.cells.items():
        if r is not None and c is not None:
            yield r, int(c), cell


@dataclass(frozen=True)
class Competing:
    """The share withdrawn of the concerns received over twelve months."""

    key: str = "competing"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the protected share."""
        population = sources.whole_year(desk)
        counted = tally(population, Value("all"), yes(Q(ending=Ending.WITHDRAWN)))
        share = share_of(HIDDEN, HIDDEN)
        if not is_too_short(desk, counted.at()):
            exact = tabulate(counted, {"all": WITHDRAWN}, SIDES)
            place = f"{self.key}/{WITHDRAWN}"
            table = desk.gate.release(place, exact, "rows", windows=(WITHDRAWN,))
            each = concerns_of_each(desk.made)
            share = share_of(table.cells[0][0], table.row_totals[0], each)
        section = Section(
            self.key,
            "How many are withdrawn before they are resolved",
            "Withdrawn concerns are neither resolved nor open. Of those received in the twelve "
            "months.",
            (Item(WITHDRAWN, share),),
        )
        return section, chart_of(section)


def is_too_short(desk: ReportContext, everybody: Cell) -> bool:
    """Return whether a curve of twelve months may not move on by a quarter."""
    return desk.period.length is not Length.YEAR and everybody.persons < LEAST_FOR_A_QUARTER


def no_curve() -> ProtectedSurvival:
    """Return a curve of which nothing is shown."""
    hidden = tuple(ProtectedPoint(day, HIDDEN, HIDDEN, HIDDEN) for day in READ_AT)
    return ProtectedSurvival(HIDDEN, HIDDEN, hidden, hidden)


def median_sentence(curve: ProtectedSurvival) -> str:
    """Return the sentence that says what the curve shows."""
    if curve.median is None:
        return "Fewer than half have been resolved so far, so the middle is not yet reached."
    if isinstance(curve.median, Shown):
        return f"Half of the concerns received were resolved within {curve.median} working days."
    return TIMES_WITHHELD if isinstance(curve.cases, Shown) else TOO_FEW_TO_TIME
