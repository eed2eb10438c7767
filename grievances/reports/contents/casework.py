"""Concerns received, their endings, the backlog, and the silence."""

from dataclasses import dataclass

from django.db.models import Q, Value

from grievances.reports.catalogue import CONCERNS, PEOPLE
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.contents.rates import ASK_FOR_STAFF, Rates
from grievances.reports.contents.repeated import NamedAgain
from grievances.reports.counting import tabulate, tally
from grievances.reports.disclosure.protected import ProtectedCount
from grievances.reports.fact_models import Ending
from grievances.reports.layout.clustering import count_people
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import (
    Crosstab,
    Dimension,
    Line,
    Made,
    Piece,
    ReportContext,
    Shares,
    SharesBy,
    Source,
)
from grievances.reports.series import Series
from grievances.vocabulary import CloseReason, Pressure

AGES = ((0, 20), (21, 40), (41, 60), (61, 90), (91, 130), (131, None))
"""Bands of net working days, both ends included (domain.md 9, Backlog)."""


@dataclass(frozen=True)
class Numbers:
    """A section of counts that belong to no table."""

    key: str
    heading: str
    note: str
    lines: tuple[tuple[str, Source], ...]

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with its protected counts."""
        items = tuple(Item(label, self._count(desk, label, of)) for label, of in self.lines)
        section = Section(self.key, self.heading, self.note, items)
        return section, chart_of(section)

    def _count(self, desk: ReportContext, label: str, of: Source) -> ProtectedCount:
        exact = tabulate(tally(of(desk), Value("all"), Value("")), {"all": label})
        return ProtectedCount(desk.gate.release(f"{self.key}/{label}", exact).total)


@dataclass(frozen=True)
class People:
    """A section that counts the people behind a number of concerns."""

    key: str
    heading: str
    note: str
    label: str
    of: Source

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section; each person counts once."""
        counted = tally(self.of(desk), Value("all"), Value(""))
        exact = count_people(counted, self.label)
        item = Item(self.label, ProtectedCount(desk.gate.release(self.key, exact).total))
        section = Section(self.key, self.heading, self.note, (item,))
        return section, ""


AGE_BANDS = sources.ages(
    {
        f"{low} to {high} working days" if high else f"Over {low - 1} working days": (
            low,
            high and high + 1,
        )
        for low, high in AGES
    }
)
OLD = tuple(low for low in sources.AGES_FROM if low > AGES[-2][0])
"""The working days from which an age may be shown as that of the oldest."""


@dataclass(frozen=True)
class Oldest:
    """The highest age that enough open concerns have passed for it to be shown."""

    key: str = "oldest"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with one protected number; empty where it may not be shown."""
        found = (self._older_than(desk, low) for low in reversed(OLD))
        item = next(filter(None, found), None)
        section = Section(
            self.key,
            "How old the oldest are",
            "The highest age that enough open concerns have passed for their number to be shown, "
            f"of more than {', '.join(str(low - 1) for low in OLD[:-1])} or {OLD[-1] - 1} working "
            "days, time on hold taken off. The age of a single concern is never shown."
            + ("" if item else " Too few have passed any of these for a number."),
            (item,) if item else (),
        )
        return section, ""

    def _older_than(self, desk: ReportContext, low: int) -> Item | None:
        """Return the number open for `low` working days or more; None if hidden."""
        label = f"Open for more than {low - 1} working days"
        first = AGES[-1][0]
        between = {"Old": (first, low)} if low > first else {}
        rows = sources.ages({"Younger": (0, first), **between, label: (low, None)})
        exact = tabulate(tally(sources.opened(desk), rows.column, Value("")), rows.labels)
        place = len(rows.labels) - 1, 0
        if not exact.table.grid()[place].cases or place in desk.gate.preview(self.key, exact):
            return None
        return Item(label, ProtectedCount(desk.gate.release(self.key, exact).row_totals[-1]))


ARRIVALS = Numbers(
    "flow",
    "What came in and what was concluded",
    "Concluded means that a decision was given or the concern was closed in the period, whichever "
    "came first.",
    (
        ("Concerns received", sources.received),
        (CONCERNS, sources.concluded),
        ("Passed to another process", sources.redirected),
    ),
)
VOLUMES: tuple[Piece, ...] = (
    ARRIVALS,
    People(
        "people",
        "How many people that is",
        "Each person once, however many concerns of theirs were concluded in the period.",
        PEOPLE,
        sources.concluded,
    ),
    Rates(
        "by-region",
        "Concerns received for each 100 staff",
        "A higher rate may mean more trust and a lower one more fear: it is not how often things "
        "happen. The staff are the mean of the organisation's own counts for the period. The rate "
        "of a quarter is that of a year at the same pace.",
        f"There is no staff count for this period, so no rate can be given. {ASK_FOR_STAFF}",
    ),
    Crosstab(
        "kinds",
        "What the concerns are about",
        "The kind of conduct that staff recorded, for the first part that has one.",
        "Kind of conduct",
        sources.received,
        sources.TAGS,
    ),
    Crosstab(
        "identity",
        "How people chose to be known",
        "Anonymous concerns are a category of their own and count everywhere else too.",
        "How the name is used",
        sources.received,
        sources.IDENTITIES,
    ),
    NamedAgain(),
    Series(
        "month-by-month",
        "Concerns received, month by month",
        "Each point is the figure as published for that month.",
        "volumes",
        "flow",
        "Concerns received",
    ),
)
BACKLOG: tuple[Piece, ...] = (
    Crosstab(
        "open",
        "How long open concerns have been open",
        "Open at the end of the period, by working days since the concern was received, time on "
        "hold taken off.",
        "Working days open",
        sources.opened,
        AGE_BANDS,
    ),
    Oldest(),
    Crosstab(
        "holds",
        "Which of them are on hold, and why",
        "Only these reasons stop the clock. The organisation's own troubles never do.",
        "Reason",
        sources.opened,
        sources.HOLDS,
    ),
    ARRIVALS,
    Series(
        "concluded-by-month",
        "Concerns concluded, month by month",
        "Each point is the figure as published for that month.",
        "volumes",
        "flow",
        CONCERNS,
    ),
)
UPHELD_LINE = Line(
    "Upheld or partly upheld, of those concluded",
    sources.concluded,
    Q(ending__in=sources.UPHELD),
)
OUTCOMES: tuple[Piece, ...] = (
    Shares(
        "upheld",
        "How many were upheld",
        "Of the concerns concluded in the period, and of those among them that were decided.",
        (
            UPHELD_LINE,
            Line(
                "Upheld or partly upheld, of those decided",
                sources.decided,
                Q(ending__in=sources.UPHELD),
            ),
            Line(
                "Upheld or partly upheld, of those received and decided so far",
                lambda desk: sources.received(desk).only(ending__in=sources.DECIDED),
                Q(ending__in=sources.UPHELD),
            ),
        ),
    ),
    Crosstab(
        "routes",
        "How concerns ended, by the way forward",
        "Concerns concluded in the period, by the last way forward that was agreed.",
        "Way forward",
        sources.concluded,
        sources.ROUTES,
        sources.ENDINGS,
        "rows",
    ),
    Crosstab(
        "tags",
        "How concerns ended, by what they are about",
        "Concerns concluded in the period, by the kind of conduct recorded first.",
        "Kind of conduct",
        sources.concluded,
        sources.TAGS,
        sources.ENDINGS,
        "rows",
    ),
    Shares(
        "not-heard",
        "Closed without an answer to the concern",
        "Passed to another process, or closed because too little could be learned. Both need a "
        'second person\'s yes; "not enough evidence" is never a reason.',
        (
            Line(
                "Closed so, of all closed",
                sources.closed,
                Q(close_reason__in=(CloseReason.REDIRECTED, CloseReason.ANONYMOUS_INSUFFICIENT)),
            ),
        ),
    ),
)
WITHDRAWALS: tuple[Piece, ...] = (
    Shares(
        "withdrawn",
        "How many are withdrawn",
        "Of the concerns received in the period, those withdrawn by its end.",
        (Line("Withdrawn, of those received", sources.received, Q(ending=Ending.WITHDRAWN)),),
    ),
    Crosstab(
        "pressure",
        "Was there pressure to withdraw?",
        "What people answered when they were asked before the withdrawal took effect. No one is "
        "asked for another reason.",
        "Has anyone put pressure on you?",
        lambda desk: sources.concluded(desk).only(ending=Ending.WITHDRAWN),
        Dimension("pressure", {**dict(Pressure.choices), "": "Not answered"}),
    ),
    SharesBy(
        "withdrawn-by-route",
        "Withdrawn, by the way forward",
        "Of the concerns received in the period.",
        sources.received,
        sources.ROUTES,
        Q(ending=Ending.WITHDRAWN),
    ),
)


SILENCE: tuple[Piece, ...] = (
    Rates(
        "near-silence",
        "Where almost no one raises a concern",
        "A region where almost no one raises a concern is not a region without racism. Ask there "
        "whether people feel safe before taking comfort from a low figure.",
        "There is no staff count for this period, so silence cannot be told from a small staff. "
        f"{ASK_FOR_STAFF}",
    ),
)
