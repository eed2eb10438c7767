"""Claims at a tribunal, and the survey of all staff by unit. Builders only.

HR and the lawyers give the numbers of a year, and the organisation's own survey of all staff gives
its answers. They pass the same gate as everything else (domain.md 7, 10).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Value

from grievances.reports import catalogue
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.contents.rates import mean_of_all, read_staff
from grievances.reports.counting import NO, YES, tabulate, tally
from grievances.reports.disclosure.derived import RateUnit, rate_of
from grievances.reports.disclosure.protected import HIDDEN, ProtectedShare, Shown
from grievances.reports.disclosure.protection import share_of
from grievances.reports.disclosure.tables import Box, Cell, Exact, Place, Table
from grievances.reports.fact_models import ClimateCount, ClimateItem, Counted, OutsideCount
from grievances.reports.layout.clustering import concerns_of_each
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import SIDES, Made, Piece, ReportContext
from grievances.reports.periods import Length

EVERYWHERE = "Everywhere"
Counts = Mapping[tuple[str, str], int]
YEARS_ALONE = "Counted for whole years only."
NOT_LOADED = (
    "There are no such numbers for this year. Ask the people who run this service to add those "
    "that HR, the lawyers or the staff survey have."
)


NONE_SHOWN = (
    "None of these numbers can be shown: beside the others they would tell of fewer than 10 people."
)


OF_THE_SURVEY = (
    "Of the staff who answered this question of the organisation's own survey in the year. Not "
    "everyone answers it."
)
THEN_BY_UNIT = "Everywhere is first, then each unit."
NO_UNIT = (
    "It is given for everywhere alone: by unit, beside the question before it, it would tell of "
    "fewer than 10 people."
)


@dataclass(frozen=True)
class Axis:
    """The rows or columns of loaded numbers: a name, and a label for each code."""

    name: str
    labels: Mapping[str, str]

    def among(self, code: str | None) -> Box:
        """Return the condition of a code, or of all of them where it is None."""
        if not self.labels:
            return frozenset()
        return frozenset({(self.name, frozenset(self.labels if code is None else {code}))})


ONE_COLUMN = Axis("", {})


def people_in(
    population: str, rows: Axis, columns: Axis, counts: Counts, held: Box = frozenset()
) -> Exact:
    """Return a table of numbers of people: every one of them is another person.

    `counts` are by (row, column); without columns the column of a count is "". `population` names
    the people, and `held` says which of them are counted, so that tables of the same people are
    known as such.
    """
    across = [*columns.labels] or [""]
    whole = [sum(counts.get((r, c), 0) for c in across) for r in rows.labels]
    down = [sum(counts.get((r, c), 0) for r in rows.labels) for c in columns.labels]
    table = Table(
        rows=tuple(rows.labels.values()),
        columns=tuple(columns.labels.values()),
        cells=tuple(
            tuple(_cell(counts.get((r, c), 0)) for c in columns.labels) for r in rows.labels
        ),
        row_totals=tuple(map(_cell, whole)),
        column_totals=tuple(map(_cell, down)),
        total=_cell(sum(whole)),
    )
    boxes: dict[Place, Box] = {
        (i, j): held | rows.among(r) | columns.among(c)
        for i, r in enumerate([*rows.labels, None])
        for j, c in enumerate([*columns.labels, None])
    }
    return Exact(table, dict.fromkeys(boxes), population, boxes)


def _cell(number: int) -> Cell:
    return Cell(number, number, min(number, 1), min(number, 1))


def counted_outside(desk: ReportContext, what: Counted) -> dict[str, int]:
    """Return the people that HR or the lawyers counted in the year, by ethnic group."""
    rows = OutsideCount.objects.filter(year=desk.period.name, what=what)
    return dict(rows.values_list("group", "people"))


@dataclass(frozen=True)
class Claims:
    """Claims of race discrimination at a tribunal, and how many of them were settled."""

    key: str = "claims"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with one protected table; of a year alone."""
        heading = "Claims at a tribunal"
        if desk.period.length is not Length.YEAR:
            return Section(self.key, heading, YEARS_ALONE, ()), ""
        claims = counted_outside(desk, Counted.CLAIM)
        if not claims:
            return Section(self.key, heading, NOT_LOADED, ()), ""
        made = sum(claims.values())
        settled = min(made, sum(counted_outside(desk, Counted.SETTLEMENT).values()))
        rows = Axis("settled", {YES: "Settled", NO: "Not settled, or not yet"})
        counts = {(YES, ""): settled, (NO, ""): made - settled}
        exact = people_in(f"claims {desk.period.name}", rows, ONE_COLUMN, counts)
        table = desk.gate.release(self.key, exact)
        note = (
            "Claims of race discrimination begun in the year, as the organisation's lawyers count "
            "them. Each is one person's. A claim need not have been a concern here first."
        )
        section = Section(self.key, heading, note, (Item("What became of the claim", table),))
        return section, chart_of(section)


@dataclass(frozen=True)
class Climate:
    """An item of the survey of all staff: the share of yes, by unit and in all."""

    item: ClimateItem
    heading: str
    asked_of: tuple[ClimateItem, ...] = ()
    """The items to which the same people said yes before they were asked this one."""

    @property
    def key(self) -> str:
        """The name of the section."""
        return f"climate-{self.item.value.lower()}"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with a protected share for each unit."""
        if desk.period.length is not Length.YEAR:
            return Section(self.key, self.heading, YEARS_ALONE, ()), ""
        rows = ClimateCount.objects.filter(year=desk.period.name, item=self.item).order_by("unit")
        units = {row.unit: row for row in rows}
        if not units:
            return Section(self.key, self.heading, NOT_LOADED, ()), ""
        table = desk.gate.release(self.key, self._counted(desk.period.name, units), "rows")
        items = [
            Item(label, share_of(cells[0], total))
            for label, cells, total in zip(table.rows, table.cells, table.row_totals, strict=True)
        ]
        whole = Item(str(self.item.label), share_of(table.column_totals[0], table.total))
        of_units = any(number != HIDDEN for number in table.row_totals)
        if not of_units and table.total == HIDDEN:
            return Section(self.key, self.heading, NONE_SHOWN, ()), ""
        note = f"{OF_THE_SURVEY} {THEN_BY_UNIT if of_units else NO_UNIT}"
        section = Section(self.key, self.heading, note, (whole, *items) if of_units else (whole,))
        return section, chart_of(section)

    def _counted(self, year: str, units: Mapping[str, ClimateCount]) -> Exact:
        """Return the exact answers of each unit."""
        counts = {
            (name, side): number
            for name, row in units.items()
            for side, number in ((YES, row.agreed), (NO, row.answered - row.agreed))
        }
        held = frozenset((item.value, frozenset({YES})) for item in self.asked_of)
        rows, columns = Axis("unit", {name: name for name in units}), Axis(self.item.value, SIDES)
        return people_in(f"staff survey {year}", rows, columns, counts, held)


@dataclass(frozen=True)
class SaidAndRaised:
    """Concerns for each 100 staff who say that they were discriminated against."""

    key: str = "said-and-raised"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with one rate; where it has none it says why."""
        heading = "How many of those who meet discrimination raise a concern"
        staff = self._who_say_so(desk)
        if staff is None:
            note = YEARS_ALONE if desk.period.length is not Length.YEAR else NOT_LOADED
            return Section(self.key, heading, note, ()), ""
        counted = tally(sources.received(desk), Value("all"), Value(""))
        exact = tabulate(counted, {"all": EVERYWHERE})
        received = desk.gate.release(self.key, exact).total
        unit = RateUnit(months=int(desk.period.length), each=concerns_of_each(desk.made))
        note = (
            "The concerns received in the year, for each 100 staff who would say that they were "
            "discriminated against because of race, if all staff had answered as those did who "
            "answered. Those who did not answer may be others. One person may raise several."
        )
        item = Item(EVERYWHERE, rate_of(received, staff, unit))
        section = Section(self.key, heading, note, (item,))
        return section, chart_of(section)

    def _who_say_so(self, desk: ReportContext) -> int | None:
        """Return the number of all staff who would say so, from protected figures alone."""
        document = desk.made.get(catalogue.CLIMATE.name)
        key = Climate(ClimateItem.DISCRIMINATED, "").key
        shares = [
            item.figure
            for section in (document.sections if document else ())
            for item in section.items
            if section.key == key and item.label == ClimateItem.DISCRIMINATED.label
        ]
        staff = mean_of_all(read_staff(desk.period.quarters()))
        share = shares[0] if shares else None
        if staff is None or not isinstance(share, ProtectedShare):
            return None
        if not isinstance(share.part, Shown) or not isinstance(share.whole, Shown):
            return None
        return (2 * staff * share.part.value + share.whole.value) // (2 * share.whole.value)


CLIMATE: tuple[Piece, ...] = (
    Climate(ClimateItem.DISCRIMINATED, "How many say that they were discriminated against"),
    Climate(
        ClimateItem.REPORTED,
        "How many of them reported it",
        (ClimateItem.DISCRIMINATED,),
    ),
    Climate(
        ClimateItem.SATISFIED,
        "How many of those are satisfied with what was done",
        (ClimateItem.DISCRIMINATED, ClimateItem.REPORTED),
    ),
    Climate(ClimateItem.HARASSED, "How many say that they were bullied or harassed"),
    SaidAndRaised(),
)
