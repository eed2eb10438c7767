"""Outcomes by ethnic group, where the numbers are large enough (domain.md 7, 9).

Codes come from the monitoring data through the fact table. This module takes no decision about a
person. It shows groups of 20 decided concerns or more, where at least 60 in 100 of all people said
their group. Its tables always hide zeros.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from grievances.monitoring.codes import PREFER_NOT, SELF_DESCRIBED
from grievances.monitoring.quality import LEAST_DECLARED
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.contents.follow_up import APPEAL_ENDINGS
from grievances.reports.contents.groups.characteristics import CHARACTERISTICS
from grievances.reports.contents.groups.groupings import (
    EVERY_LIST,
    GROUP_DETAIL,
    Grouping,
    choose,
    compared,
    decided_in,
    first_day,
    is_whole,
    level_in_words,
    level_of,
)
from grievances.reports.contents.groups.raising import RaisingCompared, RaisingRates
from grievances.reports.contents.groups.respondents import FormalProcess, Sanctions
from grievances.reports.contents.times import met
from grievances.reports.counting import Population
from grievances.reports.disclosure.derived import MIN_GROUP
from grievances.reports.fact_models import CaseFact, Ending
from grievances.reports.facts import APART
from grievances.reports.layout.document import Section, Target
from grievances.reports.layout.sections import (
    Dimension,
    Line,
    Made,
    Piece,
    ReportContext,
    Shares,
    SharesBy,
)
from grievances.reports.periods import Length
from grievances.vocabulary import CloseReason, Route


def _decided(first: date, until: date) -> Population:
    return sources.ended_since(first, until, sources.DECIDED)


def _concluded(first: date, until: date) -> Population:
    return sources.ended_since(first, until, sources.CONCLUDED)


def _appeals(first: date, until: date) -> Population:
    return sources.closed_since(first, until).only(close_reason__in=APPEAL_ENDINGS)


@dataclass(frozen=True)
class Outcome:
    """One outcome to compare: the rows between two local dates, and a part of them.

    Small groups are put together by their number in the rows of `grouped_by`.
    """

    key: str
    words: str
    of: Callable[[date, date], Population]
    noun: str
    part: Q
    grouped_by: Callable[[date, date], Population] = _decided
    rare: bool = False
    """Whether fewer groups are tried where no share of the most groups could be shown."""


DECISIONS = "the concerns decided"
OUTCOMES = (
    Outcome(
        "fair-upheld",
        "Upheld or partly upheld",
        _decided,
        DECISIONS,
        Q(ending__in=sources.UPHELD),
    ),
    Outcome(
        "fair-formal",
        "Went the formal way",
        _concluded,
        "the concerns concluded",
        Q(route=Route.FORMAL),
    ),
    Outcome(
        "fair-appealed",
        "Appealed",
        _decided,
        DECISIONS,
        Q(appealed_on__isnull=False),
        rare=True,
    ),
    Outcome(
        "fair-appeal-changed",
        "Changed by the appeal",
        _appeals,
        "the appeals decided",
        Q(close_reason__in=APPEAL_ENDINGS[:2]),
        grouped_by=_appeals,
        rare=True,
    ),
    Outcome(
        "fair-withdrawn",
        "Withdrawn",
        _concluded,
        "the concerns concluded",
        Q(ending=Ending.WITHDRAWN),
        rare=True,
    ),
    Outcome(
        "fair-unanswered",
        "Closed without an answer to the concern",
        sources.closed_since,
        "the concerns closed",
        Q(close_reason__in=(CloseReason.REDIRECTED, CloseReason.ANONYMOUS_INSUFFICIENT)),
        rare=True,
    ),
    Outcome(
        "fair-on-time",
        "Decided by the promised date",
        sources.decisions_due,
        "the concerns whose decision was due",
        met("current_due"),
    ),
)


@dataclass(frozen=True)
class Fairness:
    """One outcome by group: the rates, and each group compared with a base group.

    The base group is White British or White, or the majority.
    """

    outcome: Outcome

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the rates.

        Where no grouping has enough concerns, the section is empty and says why.
        """
        key = self.outcome.key
        heading = f"{self.outcome.words}, by ethnic group"
        is_year = desk.period.length is Length.YEAR
        grouping = self._grouping(desk) if is_year else None
        everybody = self._everybody(desk.until, grouping.years) if grouping else None
        if grouping is None or everybody is None or not is_whole(everybody, grouping):
            return Section(key, heading, self._why_none(desk), ()), ""
        rates = self._rates(grouping, desk.until).items(desk)
        level = level_of(rates)
        section = Section(
            key,
            heading,
            f"Of {self.outcome.noun}, over {grouping.words}; only where people said their ethnic "
            "group. Groups too small to be shown by themselves are together. A higher share is "
            f"not better or worse treatment by itself.{level_in_words(level)}",
            (*rates, *compared(rates, grouping, level)),
        )
        return section, chart_of(section)

    def _grouping(self, desk: ReportContext) -> Grouping | None:
        """Return the first grouping with a share that may be shown, else the first.

        That fewer groups are used tells only that all of the more are stars, which they would be.
        """
        first = choose(desk.until, self.outcome.grouped_by)
        if first is None or not self.outcome.rare:
            return first
        for fewer in range(len(GROUP_DETAIL)):
            among = GROUP_DETAIL[fewer:]
            grouping = choose(desk.until, self.outcome.grouped_by, among)
            if grouping is None:
                break
            everybody = self._everybody(desk.until, grouping.years)
            if is_whole(everybody, grouping) and self._rates(grouping, desk.until).shows_any(desk):
                return grouping
        return first

    def _everybody(self, until: date, years: int) -> Population:
        return self.outcome.of(first_day(until, years), until)

    def _rates(self, grouping: Grouping, until: date) -> SharesBy:
        everybody = self._everybody(until, grouping.years)
        return SharesBy(
            self.outcome.key,
            "",
            "",
            lambda _: grouping.known(everybody),
            Dimension(grouping.column(everybody.fact), grouping.labels),
            self.outcome.part,
            zeros=False,
            since=first_day(until, grouping.years),
        )

    def _why_none(self, desk: ReportContext) -> str:
        if self.outcome is OUTCOMES[0]:
            return self._why_not(desk)
        if desk.period.length is not Length.YEAR or choose(desk.until) is None:
            return "Not given either."
        return (
            f"Of too few of {self.outcome.noun} is an ethnic group known, so groups are not "
            "compared."
        )

    def _why_not(self, desk: ReportContext) -> str:
        if desk.period.length is not Length.YEAR:
            return "Rates by ethnic group are worked out for whole years only."
        if not CaseFact.objects.exclude(ethnic_group="").exists():
            return "No ethnic group has been recorded yet, so there is nothing to compare."
        last = GROUP_DETAIL[-1]
        if not is_whole(decided_in(desk.until, last.years), last):
            return (
                f"Fewer than {LEAST_DECLARED} in 100 of the people whose concerns were decided "
                "said their ethnic group, so no rate by ethnic group is given: it would speak of "
                "those who answered, and not of everyone."
            )
        return (
            f"Some groups have fewer than {MIN_GROUP} decided concerns even over three years, so "
            "no rate by ethnic group is given. That is no finding that all is well."
        )


NAMED = Q(ethnic_group__in=EVERY_LIST) | Q(ethnic_group=SELF_DESCRIBED)
ANSWERED = NAMED | Q(ethnic_group__in=(PREFER_NOT, APART))


def answered(desk: ReportContext) -> Population:
    """Return the concerns received whose complainant answered.

    It leaves out answers that can no longer be linked to a concern.
    """
    return sources.received(desk).within(NAMED | Q(ethnic_group=PREFER_NOT))


QUALITY: tuple[Piece, ...] = (
    Shares(
        "whole",
        "Did enough people say their ethnic group?",
        "Of the concerns decided in the period. Where fewer said theirs, no rate is given; that "
        "is judged before rounding.",
        (
            Line(
                "Said their ethnic group, of those decided",
                sources.decided,
                Q(ethnic_group__in=EVERY_LIST),
                Target(LEAST_DECLARED, "needed"),
            ),
        ),
    ),
    SharesBy(
        "asked",
        "How many were asked about their ethnic group",
        "Of the concerns received in the period.",
        sources.received,
        sources.REGIONS,
        ~Q(ethnic_group=""),
        "Everywhere",
    ),
    SharesBy(
        "answered",
        "How many answered",
        'Of the concerns received in the period. "Prefer not to say" is an answer.',
        sources.received,
        sources.REGIONS,
        ANSWERED,
        "Everywhere",
    ),
    SharesBy(
        "declared",
        "How many said their ethnic group",
        "Of the concerns received in the period. Answers of anonymous concerns are kept with no "
        "way back, so they are not among these.",
        sources.received,
        sources.REGIONS,
        NAMED,
        "Everywhere",
    ),
    Shares(
        "prefer-not",
        "How many preferred not to say",
        "Of those who answered, where the answer can still be told.",
        (Line("Everywhere", answered, Q(ethnic_group=PREFER_NOT)),),
    ),
)
"""How complete the monitoring data are; shown however few answered (domain.md 7)."""
FAIRNESS: tuple[Piece, ...] = (
    *(Fairness(outcome) for outcome in OUTCOMES),
    RaisingRates(),
    RaisingCompared(),
    FormalProcess(),
    Sanctions(),
    *CHARACTERISTICS,
    *QUALITY,
)
