"""The first sentence of a report: its answer, from the figures that may be shown."""

from dataclasses import replace
from typing import TypeGuard

from grievances.reports.catalogue import BACKLOG, FAIRNESS, KPIS, RESOLUTION, Report
from grievances.reports.disclosure.derived import ProtectedRate
from grievances.reports.disclosure.protected import (
    Figure,
    ProtectedCount,
    ProtectedShare,
    ProtectedTable,
    Shown,
)
from grievances.reports.layout.document import Item, Section

NO_RANKS = (
    "Here is each group's share with the range that chance allows. Groups are not ranked, and a "
    "difference does not say why."
)


TOO_FEW = "There are too few to say."


TOO_FEW_TO_TIME = "There are too few concerns to say how long they take."
TIMES_WITHHELD = (
    "How long concerns take is not shown: with other figures it could point to someone."
)


NOTHING_COUNTED = "Nothing was counted in this period."


NO_ANSWER = (TOO_FEW, TOO_FEW_TO_TIME, TIMES_WITHHELD, NOTHING_COUNTED)
"""What a report says first where it cannot answer its question."""


NO_RATES = "No rate by ethnic group is given for this period. The reason is below."


NO_FIGURE = (*NO_ANSWER, NO_RANKS, NO_RATES)
"""First sentences that give no figure: they mean nothing without their report."""


def first_sentence_of(report: Report, sections: tuple[Section, ...]) -> str:
    """Return the answer in one sentence, from the first figures that may be shown."""
    if report == RESOLUTION and sections[0].items:
        return f"{sections[0].heading}."
    if report == FAIRNESS:
        return NO_RANKS if sections[0].items else NO_RATES
    items = [item for section in sections for item in section.items]
    if report == BACKLOG and items and isinstance(items[0].figure, ProtectedTable):
        items.insert(0, Item("Open on the last day", ProtectedCount(items[0].figure.total)))
    if report == KPIS:
        # The code of an indicator means nothing without the page that explains it.
        items = [replace(item, label=item.label.partition(" ")[2] or item.label) for item in items]
    if items and all(_is_nought(item.figure) for item in items):
        return NOTHING_COUNTED
    # Use the first match only: further down the same words mean something else.
    wanted = [item for item in items if item.label == report.first][:1]
    found = (_in_words(item.label, item.figure) for item in (*wanted, *items))
    return next(filter(None, found), TOO_FEW)


def _is_nought(figure: object) -> bool:
    """Return whether a figure says that there was nothing to count.

    That is more than a figure that is not shown.
    """
    if isinstance(figure, ProtectedTable):
        return figure.total == Shown(0)
    return isinstance(figure, ProtectedShare) and figure.whole == Shown(0)


def _is_above_nought(figure: Figure) -> TypeGuard[Shown]:
    """Return whether a figure is shown and above 0."""
    return isinstance(figure, Shown) and figure.value > 0


def _in_words(label: str, figure: object) -> str:
    if isinstance(figure, ProtectedShare) and isinstance(figure.percent, Shown):
        return f"{label}: {figure.percent}% of about {figure.whole}."
    if isinstance(figure, ProtectedCount) and _is_above_nought(figure.figure):
        return f"{label}: about {figure.figure}."
    if isinstance(figure, ProtectedRate) and _is_above_nought(figure.tenths):
        return f"{label}: about {figure.tenths.value / 10:.1f} {figure.unit}."
    return ""
