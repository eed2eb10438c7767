"""Pages that combine figures of other reports: indicators, the duty, the board."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import CLOCKS
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.counting import Population
from grievances.reports.disclosure.derived import compare
from grievances.reports.disclosure.protected import ProtectedShare, Shown
from grievances.reports.fact_models import ElsewhereConcern, EndedElsewhere
from grievances.reports.layout.document import Document, Item, Section, Target
from grievances.reports.layout.sections import (
    Crosstab,
    Dimension,
    Line,
    Made,
    Picked,
    Piece,
    ReportContext,
    Shares,
)

SAFE = "I felt safe raising my concern"
ADEQUATE = "My concern was dealt with adequately"
INFORMED = "I was kept informed about what was happening and when"
NOT_THE_PROBLEM = "I was treated as someone raising a concern, not as the problem"
ALL_PROMISES = "All promises together"
UPDATES = CLOCKS[ClockName.UPDATE]


@dataclass(frozen=True)
class Indicator:
    """One of the indicators K1 to K13 (domain.md 1), and where its figure is."""

    code: str
    words: str
    pick: tuple[str, str, str]
    aim: int | None
    baseline: str
    aim_words: str = ""


INDICATORS = (
    Indicator("K1", "Safe to raise", ("satisfaction", "form-a", SAFE), 70, "45% felt safe (2021)"),
    Indicator(
        "K2",
        "Dealt with adequately",
        ("satisfaction", "form-a", ADEQUATE),
        60,
        "2 of 30 (7%; interval 1.8% to 21.3%)",
    ),
    Indicator(
        "K3",
        "Trained handling",
        ("training", "accepted", "Accepted with a valid certificate"),
        100,
        "not known",
    ),
    Indicator(
        "K4",
        "Asked before allocation",
        ("allocation", "consulted", "Answered by the person asked"),
        100,
        "60%, by analogy",
    ),
    Indicator("K5", "Not the problem", ("satisfaction", "form-a", NOT_THE_PROBLEM), 70, "none"),
    Indicator(
        "K6",
        "Closed without an answer",
        ("outcomes", "not-heard", "Closed so, of all closed"),
        None,
        "none",
        "Always countersigned; the share is watched, not aimed at.",
    ),
    Indicator("K7", "On time", ("timeliness", "on-time", ALL_PROMISES), 80, "none"),
    Indicator("K8", "Kept informed", ("satisfaction", "form-a", INFORMED), 75, "none"),
    Indicator("K8", "Updates sent in time", ("timeliness", "on-time", UPDATES), 95, "none"),
    Indicator(
        "K9",
        "No detriment",
        ("detriment", "detriment", "Report no detriment"),
        None,
        "none",
        "Never a target: silence must not pay.",
    ),
    Indicator(
        "K11", "Asked their ethnic group", ("fairness", "asked", "Everywhere"), 95, "under 90%"
    ),
    Indicator(
        "K11",
        "Said their ethnic group",
        ("fairness", "declared", "Everywhere"),
        60,
        "none",
        "Under this no rate by ethnic group is given.",
    ),
    Indicator(
        "K13",
        "Actions delivered",
        ("actions", "delivered", "Done by their date, of those due"),
        90,
        "none",
    ),
)


@dataclass(frozen=True)
class Indicators:
    """The page of indicators: figure, baseline, aim, and how the figure changed."""

    key: str = "indicators"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with each protected figure and its published trend."""
        items = tuple(item for each in INDICATORS if (item := self._item(desk, each)))
        section = Section(
            self.key,
            "The indicators that are shares",
            "Each figure is the one of its own report, with the baseline of the inspection and the "
            "aim. The trend compares with the same page before.",
            items,
        )
        return section, chart_of(section)

    def _item(self, desk: ReportContext, each: Indicator) -> Item | None:
        figure = find(desk.made.get(each.pick[0]), *each.pick[1:])
        if not isinstance(figure, ProtectedShare):
            return None
        before = self._before(desk, each)
        aim = Target(each.aim, "aim") if each.aim is not None else None
        words = (f"Baseline: {each.baseline}.", each.aim_words, trend(figure, before))
        hint = " ".join(filter(None, words))
        return Item(f"{each.code} {each.words}", figure, target=aim, hint=hint)

    def _before(self, desk: ReportContext, each: Indicator) -> ProtectedShare | None:
        documents = desk.published(each.pick[0], desk.period.length)
        figure = find(documents[-1] if documents else None, *each.pick[1:])
        return figure if isinstance(figure, ProtectedShare) else None


def find(document: Document | None, key: str, label: str) -> object:
    """Return the figure of this label in a section of a document, or None."""
    sections = document.sections if document else ()
    return next(
        (i.figure for s in sections if s.key == key for i in s.items if i.label == label), None
    )


def trend(now: ProtectedShare, before: ProtectedShare | None) -> str:
    """Return the sentence on how a share changed since the page before.

    It says whether chance alone could explain the change.
    """
    if before is None or not isinstance(now.percent, Shown):
        return "No trend yet."
    if not isinstance(before.percent, Shown):
        return "No trend yet."
    if now.percent == before.percent:
        return f"Unchanged from {before.percent}%."
    way = "Up" if now.percent.value > before.percent.value else "Down"
    found = compare(now, before)
    if isinstance(found.lower, Shown) and isinstance(found.upper, Shown):
        chance = found.lower.value <= 0 <= found.upper.value
        why = "chance alone could explain it" if chance else "more than chance would explain"
        if found.few and not chance:
            why = "rounding and chance together could explain it"
        return f"{way} from {before.percent}%: {why}."
    return f"{way} from {before.percent}%."


@dataclass(frozen=True)
class Taken:
    """A whole section of another report, unchanged."""

    report: str
    key: str
    before: str = ""
    """The text before its heading."""

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section; without figures where that report has none."""
        document = desk.made.get(self.report)
        sections: Sequence[Section] = document.sections if document else ()
        found = next((section for section in sections if section.key == self.key), None)
        if found is None:
            return Section(self.key, self.report, "Not made for this period.", ()), ""
        named = replace(found, heading=f"{self.before}{found.heading}")
        return named, chart_of(named)


def elsewhere(desk: ReportContext) -> Population:
    """Return the concerns handled elsewhere that someone first spoke of in the period.

    The earlier register names no person, so each counts as another person's.
    """
    period = (desk.period.first, desk.until)
    rows = ElsewhereConcern.objects.filter(first_contact_on__range=period)
    return Population(rows, apart=True)


KPIS: tuple[Piece, ...] = (
    Indicators(),
    Taken("allocation", "offers-each", "K4. "),
    Taken("training", "handlers", "K12. "),
    Taken("training", "need", "K12. "),
    Shares(
        "central-record",
        "K10. Central record",
        "Of the concerns handled elsewhere or before that were imported, those logged within 3 "
        "working days of first contact. A concern raised here is in the record from the moment it "
        "is sent, and on what day they first spoke of it to anyone is not recorded, so it is not "
        "counted.",
        (
            Line(
                "Logged in time, of those handled elsewhere",
                elsewhere,
                Q(in_time=True),
                Target(95, "aim"),
            ),
        ),
    ),
    Crosstab(
        "elsewhere",
        "How concerns handled elsewhere ended",
        "Those of the same period, as the earlier register has them.",
        "Outcome",
        elsewhere,
        Dimension("outcome", dict(EndedElsewhere.choices)),
    ),
)
DUTY: tuple[Piece, ...] = (
    Taken("volumes", "flow"),
    Taken("volumes", "by-region"),
    Taken("outcomes", "upheld"),
    Taken("outcomes", "routes"),
    Taken("fairness", "fair-upheld"),
    Taken("timeliness", "on-time"),
    Taken("satisfaction", "form-a"),
    Taken("detriment", "detriment"),
    Taken("actions", "delivered"),
    Taken("overrides", "second-yes"),
)
"""The evidence of due regard (Equality Act s149).

The three aims are to eliminate conduct, to advance equality and to foster relations.
"""
BOARD: tuple[Piece, ...] = (
    Picked(
        "board",
        "On one page",
        "Each figure is the one of its own report. Ask for the range as well as the share.",
        (
            ("satisfaction", "form-a", SAFE, SAFE),
            ("satisfaction", "form-a", ADEQUATE, ADEQUATE),
            ("timeliness", "on-time", ALL_PROMISES, "Promises kept by their date"),
            (
                "outcomes",
                "upheld",
                "Upheld or partly upheld, of those concluded",
                "Upheld or partly upheld, of concerns concluded",
            ),
            (
                "withdrawals",
                "withdrawn",
                "Withdrawn, of those received",
                "Withdrawn, of concerns received",
            ),
            (
                "detriment",
                "detriment",
                "Report no detriment",
                "Treated no worse since, of those asked at check-ins who answered",
            ),
            (
                "actions",
                "delivered",
                "Done by their date, of those due",
                "Promised actions done by their date, of those due",
            ),
        ),
    ),
    Taken("volumes", "flow"),
)
