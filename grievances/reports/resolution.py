"""How long concerns take and how they end (domain.md 9). Builders only: it needs scipy.

A year is built whole, with its quarters, because they are protected together.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from grievances.reports.catalogue import RESOLUTION, Period
from grievances.reports.charts import survival_chart
from grievances.reports.disclosure import (
    INTERNAL,
    Figure,
    ProtectedCount,
    ProtectedShare,
    ProtectedSurvival,
    Shown,
)
from grievances.reports.disclosure.protection import protect, protect_count, protect_survival
from grievances.reports.disclosure.tables import Cell, Table
from grievances.reports.document import Document, Item, Section
from grievances.reports.facts import (
    RESOLVED,
    CaseFact,
    Ending,
    PromiseFact,
    Who,
)
from grievances.reports.figures import chart_of
from grievances.reports.promises import ByPeriod, first_given, kept_by_clock, on_time
from grievances.reports.statistics import kaplan_meier_from_days
from grievances.reports.tallies import Mark, cell_of, counts, cross, shares
from grievances.vocabulary import Route
from workflow.calendar import Calendar

UPHELD = frozenset({Ending.UPHELD, Ending.PARTLY})
CONCLUDED = frozenset(Ending) - {Ending.OPEN, Ending.REDIRECTED}
AGES = ((0, 20), (21, 40), (41, 60), (61, 90), (91, 130), (131, None))
"""Net working days, both ends included (domain.md 9, Backlog)."""


@dataclass(frozen=True)
class Sources:
    """What a year is built from, counted to the local date `until`."""

    cases: Sequence[CaseFact]
    promises: Sequence[PromiseFact]
    calendars: Mapping[str, Calendar]
    until: date


@dataclass(frozen=True)
class Figures:
    """The protected figures of a year and its quarters, by period name."""

    upheld: ByPeriod
    people: Mapping[str, Figure]
    received: Mapping[str, Figure]
    withdrawn: ByPeriod
    redirected: Mapping[str, Figure]
    current: Mapping[str, ByPeriod]
    original: Mapping[str, ByPeriod]


def build_year(year: Period, sources: Sources) -> list[tuple[Document, dict[str, str]]]:
    """The report for a year and for each of its quarters that has begun by `sources.until`."""
    quarters = [quarter for quarter in year.quarters() if quarter.first <= sources.until]
    figures = _figures(year, quarters, sources)
    return [_build(period, figures, sources) for period in (year, *quarters)]


def _figures(year: Period, quarters: Sequence[Period], sources: Sources) -> Figures:
    until = sources.until
    received = [fact for fact in sources.cases if fact.received_on <= until]
    concluded = [fact for fact in received if fact.ending_by(until) in CONCLUDED]
    apart = [fact for fact in received if fact.ending_by(until) == Ending.REDIRECTED]
    ours = [fact for fact in received if fact.ending_by(until) != Ending.REDIRECTED]
    at = (year, quarters, INTERNAL)
    upheld = shares(_marks(concluded, quarters, _ended, lambda f: f.ending in UPHELD), *at)
    withdrew = _marks(ours, quarters, _began, lambda f: f.ending_by(until) == Ending.WITHDRAWN)
    return Figures(
        upheld=upheld,
        people={p.name: _people(concluded, p, upheld[p.name]) for p in (year, *quarters)},
        received=counts(_marks(ours, quarters, _began), *at),
        withdrawn=shares(withdrew, *at),
        redirected=counts(_marks(apart, quarters, _ended), *at),
        current=kept_by_clock(sources.promises, year, quarters, until, original=False),
        original=kept_by_clock(sources.promises, year, quarters, until, original=True),
    )


def _began(fact: CaseFact) -> date:
    return fact.received_on


def _ended(fact: CaseFact) -> date:
    return fact.ended_on or date.max


def _marks(
    facts: Iterable[CaseFact],
    quarters: Sequence[Period],
    day_of: Callable[[CaseFact], date],
    counts_: Callable[[CaseFact], bool] = bool,
) -> list[Mark]:
    """Place each concern in the quarter of one of its dates; those of other years fall away."""
    marks: list[Mark] = []
    for fact in facts:
        day = day_of(fact)
        quarter = next((quarter for quarter in quarters if quarter.holds(day)), None)
        if quarter is not None:
            marks.append(Mark(quarter.name, counts_(fact), fact.who))
    return marks


def _people(concluded: Iterable[CaseFact], period: Period, share: ProtectedShare) -> Figure:
    """Of how many people the concluded concerns were; hidden with their number."""
    if not isinstance(share.whole, Shown):
        return share.whole
    persons = len({f.who.person for f in concluded if period.holds(_ended(f))})
    return protect_count(Cell(persons, persons), INTERNAL).figure


def _build(period: Period, figures: Figures, sources: Sources) -> tuple[Document, dict[str, str]]:
    until = min(period.last, sources.until)
    charts: dict[str, str] = {}
    sections = [_concluded(period, figures), _open(period, sources, until)]
    lead = _lead_of_share(figures.upheld[period.name])
    if period.is_year:
        curve = _curve(period, sources, until, net=True)
        gross = _curve(period, sources, until, net=False)
        lead = f"{_lead_of_curve(curve)} {lead}"
        sections.insert(0, _duration(curve, gross))
        sections.append(_routes(period, sources, until))
        charts["duration"] = survival_chart(curve, "duration", sections[0].heading) or ""
    sections += [on_time(period, figures.current), first_given(period, figures.original)]
    charts["on-time"] = chart_of(sections[-2])
    document = Document(
        RESOLUTION.name, period.name, until, INTERNAL.t, lead, sections=tuple(sections)
    )
    return document, {key: svg for key, svg in charts.items() if svg}


def _curve(year: Period, sources: Sources, until: date, *, net: bool) -> ProtectedSurvival:
    """Working days from receiving to the resolution, of what was received in the year.

    Concerns still open, withdrawn or ended otherwise were followed so far and no further.
    """
    closed: Counter[int] = Counter()
    censored: Counter[int] = Counter()
    base: list[Who] = []
    for fact in sources.cases:
        ending = fact.ending_by(until)
        if not year.holds(fact.received_on) or fact.received_on > until:
            continue
        if ending == Ending.REDIRECTED:
            continue
        calendar = sources.calendars[fact.division]
        days = fact.net_days(until, calendar) if net else fact.gross_days(until, calendar)
        (closed if ending in RESOLVED else censored)[days] += 1
        base.append(fact.who)
    return protect_survival(kaplan_meier_from_days(closed, censored), cell_of(base), INTERNAL)


def _duration(net: ProtectedSurvival, gross: ProtectedSurvival) -> Section:
    shown = any(isinstance(point.percent, Shown) for point in net.points)
    heading = _lead_of_curve(net).rstrip(".") if shown else "How long concerns stay open"
    return Section(
        "duration",
        heading,
        "The share of concerns received in the year that were still open after so many working "
        "days. Concerns that are open now count for as long as they have been followed.",
        (
            Item("Working days, time on hold taken off", net),
            Item("Working days, time on hold counted", gross),
        ),
    )


def _concluded(period: Period, figures: Figures) -> Section:
    name = period.name
    upheld = figures.upheld[name]
    return Section(
        "concluded",
        "What came in and how it ended",
        "Concluded means that a decision was given or the concern was closed in the period, "
        "whichever came first.",
        (
            Item("Concerns concluded", ProtectedCount(upheld.whole)),
            Item("People who raised them", ProtectedCount(figures.people[name])),
            Item("Upheld or partly upheld, of those concluded", upheld),
            Item("Concerns received", ProtectedCount(figures.received[name])),
            Item("Withdrawn since, of those received", figures.withdrawn[name]),
            Item("Passed to another process", ProtectedCount(figures.redirected[name])),
        ),
    )


def _open(period: Period, sources: Sources, until: date) -> Section:
    """The stock at the end of the period by net age (domain.md 9, Backlog)."""
    ages: list[tuple[int, Who]] = [
        (fact.net_days(until, sources.calendars[fact.division]), fact.who)
        for fact in sources.cases
        if fact.received_on <= until and fact.ending_by(until) == Ending.OPEN
    ]
    labels = [f"{low} to {high}" if high else f"over {low - 1}" for low, high in AGES]
    cells = [
        cell_of(who for days, who in ages if low <= days and (high is None or days <= high))
        for low, high in AGES
    ]
    table = Table.one_way(labels, cells, cell_of(who for _, who in ages))
    shown = protect(table, INTERNAL)
    return Section(
        "open",
        f"Still open on {until.day} {until:%B %Y}",
        "By working days since the concern was received, time on hold taken off.",
        (Item("Working days open", shown),),
    )


def _routes(year: Period, sources: Sources, until: date) -> Section:
    endings = [ending.value for ending in Ending if ending in CONCLUDED]
    pairs = [
        (Route(fact.route).label, fact.ending.value, fact.who)
        for fact in sources.cases
        if fact.ending in CONCLUDED and year.holds(_ended(fact)) and _ended(fact) <= until
    ]
    table = cross(pairs, [route.label for route in Route], endings)
    return Section(
        "routes",
        "How concerns ended, by the way forward",
        "Concerns concluded in the year, by the last way forward that was agreed.",
        (Item("Way forward", protect(table, INTERNAL, classes="rows")),),
    )


def _lead_of_curve(curve: ProtectedSurvival) -> str:
    if curve.median is None:
        return "Fewer than half have been resolved so far, so the middle is not yet reached."
    if isinstance(curve.median, Shown):
        return f"Half of the concerns received were resolved within {curve.median} working days."
    return "There are too few concerns to say how long they take."


def _lead_of_share(share: ProtectedShare) -> str:
    if not share.has_data:
        return "No concern was concluded."
    if isinstance(share.percent, Shown):
        return (
            f"Of about {share.whole} concerns concluded, {share.percent}% were upheld or "
            "partly upheld."
        )
    return "Too few were concluded to say how they ended."
