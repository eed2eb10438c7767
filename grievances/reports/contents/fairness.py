"""Outcomes by ethnic group, where the numbers are large enough (domain.md 7, 9).

Codes come from the monitoring data through the fact table. This module takes no decision about a
person. It shows groups of 20 decided concerns or more, where at least 60 in 100 of all people said
their group. Its tables always hide zeros.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Case as Choose
from django.db.models import CharField, Count, F, Q, Value, When
from django.db.models.expressions import Combinable

from grievances.monitoring.codes import (
    GROUPS,
    MAJORITY,
    MINORITY,
    PREFER_NOT,
    SELF_DESCRIBED,
    broad_group_of,
    group_of,
    known_codes,
)
from grievances.monitoring.quality import LEAST_DECLARED, is_enough
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.counting import Population
from grievances.reports.disclosure.derived import MIN_GROUP, compare
from grievances.reports.disclosure.protected import ProtectedShare
from grievances.reports.fact_models import CaseFact
from grievances.reports.facts import APART
from grievances.reports.layout.document import Item, Section, Target
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

ALL_GROUPS = {
    "A1": "Indian",
    "A2": "Pakistani",
    "A3": "Bangladeshi",
    "A4": "Chinese",
    "A5": "Any other Asian background",
    "B1": "Caribbean",
    "B2": "African",
    "B3": "Any other Black, Black British or Caribbean background",
    "M1": "White and Black Caribbean",
    "M2": "White and Black African",
    "M3": "White and Asian",
    "M4": "Any other Mixed or Multiple background",
    "W1": "English, Welsh, Scottish, Northern Irish or British",
    "W2": "Irish",
    "W3": "Gypsy or Irish Traveller",
    "W4": "Roma",
    "W5": "Any other White background",
    "O1": "Arab",
    "O2": "Any other ethnic group",
}
EVERY_LIST = frozenset(known_codes())
"""The codes of all lists, those of Scotland and Northern Ireland included."""
OUTCOMES = (
    ("fair-upheld", "Upheld or partly upheld", Q(ending__in=sources.UPHELD)),
    ("fair-appealed", "Appealed", Q(appealed_on__isnull=False)),
)


@dataclass(frozen=True)
class Reminder:
    """One grouping to try: a number of years, some codes, and groups of one column.

    `base` is the label of the group that the others are compared with, and `group_of` gives the
    group of a code.
    """

    years: int
    codes: frozenset[str]
    labels: Mapping[str, str]
    column: str | Combinable
    base: str
    words: str
    group_of: Callable[[str], str] = str

    def members(self, group: str) -> list[str]:
        """Return the codes that a group includes."""
        return sorted(code for code in self.codes if self.group_of(code) == group)


def in_groups(group_of_code: Callable[[str], str]) -> Choose:
    """Return the expression that maps the codes of all lists to fewer common groups."""
    members: dict[str, list[str]] = defaultdict(list)
    for code in sorted(EVERY_LIST):
        members[group_of_code(code)].append(code)
    whens = (When(ethnic_group__in=codes, then=Value(name)) for name, codes in members.items())
    return Choose(*whens, default=Value(""), output_field=CharField(max_length=60))


POOLED = "All other groups together"
FIVE = (EVERY_LIST, GROUPS, in_groups(group_of), GROUPS["WHITE"])
TWO = (EVERY_LIST, {g: g for g in (MINORITY, MAJORITY)}, in_groups(broad_group_of), MAJORITY)
ALL = (frozenset(ALL_GROUPS), ALL_GROUPS, F("ethnic_group"), ALL_GROUPS["W1"])
GROUP_DETAIL = (
    Reminder(1, *ALL, "one year"),
    Reminder(3, *ALL, "three years together"),
    Reminder(3, *FIVE, "three years together, in five groups", group_of),
    Reminder(1, *FIVE, "one year, in five groups", group_of),
    Reminder(3, *TWO, "three years together, in two groups", broad_group_of),
    Reminder(1, *TWO, "one year, in two groups", broad_group_of),
)
"""The groupings to try, in order (domain.md 9).

Each group needs 20 concerns, or is put together with other small ones; else three years are used;
else fewer groups; else no rate is given.
The full list of groups is that of England and Wales. The five and the two groups are common to all
lists. One year in fewer groups is tried where three years are not complete. The reason: a year
after a case is closed its answers are separated from it, so older years are below `LEAST_DECLARED`.
"""


def decided_in(until: date, years: int) -> Population:
    """Return the concerns decided in this number of whole years, up to a local date."""
    first = sources.year_before(until)
    return sources.ended_since(first.replace(year=first.year - years + 1), until, sources.DECIDED)


def of_known(until: date, reminder: Reminder) -> Population:
    """Return those of them whose complainant said one of the compared groups."""
    return decided_in(until, reminder.years).within(ethnic_group__in=reminder.codes)


def is_whole(until: date, reminder: Reminder) -> bool:
    """Return whether enough people said a group to give a rate (domain.md 7; K11)."""
    everybody = decided_in(until, reminder.years).rows.count()
    return is_enough(of_known(until, reminder).rows.count(), everybody)


def choose(desk: ReportContext) -> Reminder | None:
    """Return the first grouping whose groups have 20 concerns each.

    Smaller groups are put together. Returns None where there is none.
    """
    for reminder in GROUP_DETAIL:
        rows = of_known(desk.until, reminder).rows.order_by().annotate(g=reminder.column)
        sizes = dict(rows.values("g").annotate(n=Count("pk")).values_list("g", "n"))
        pooled = pool(reminder, sizes)
        if pooled is not None and is_whole(desk.until, reminder):
            return replace(pooled, words=_years_in(desk.until, reminder))
    return None


def pool(reminder: Reminder, sizes: Mapping[str, int]) -> Reminder | None:
    """Return the grouping with the groups of fewer than 20 put together as one.

    A group that does not occur is in it too: to leave one out would say that it has no one. Where
    they are fewer than 20 together, the smallest other group joins them. Returns None where that
    leaves nothing to compare: White British, and at least one other group that is not pooled.
    """
    base = next(code for code, label in reminder.labels.items() if label == reminder.base)
    small = {code for code in reminder.labels if sizes.get(code, 0) < MIN_GROUP}
    large = sorted(set(reminder.labels) - small - {base}, key=lambda code: (sizes[code], code))
    if base in small or not large:
        return None
    if not any(sizes.get(code) for code in small):
        return replace(reminder, labels={c: w for c, w in reminder.labels.items() if c in sizes})
    while sum(sizes.get(code, 0) for code in small) < MIN_GROUP and large:
        small.add(large.pop(0))
    if not large:
        return None
    labels = {code: words for code, words in reminder.labels.items() if code not in small}
    members = [
        When(ethnic_group__in=reminder.members(code), then=Value(code)) for code in sorted(labels)
    ]
    column = Choose(*members, default=Value(POOLED), output_field=CharField(max_length=60))
    return replace(reminder, labels={**labels, POOLED: POOLED}, column=column)


def _years_in(until: date, reminder: Reminder) -> str:
    """Return the words of a grouping, with the years in which decisions were given."""
    last = until.year
    found = sum(
        decided_in(until.replace(year=last - back), 1).rows.exists()
        for back in range(reminder.years)
    )
    number = {1: "one year", 2: "two years together", 3: "three years together"}[max(1, found)]
    return ", ".join([number, *reminder.words.split(", ")[1:]])


@dataclass(frozen=True)
class Fairness:
    """One outcome by group: the rates, and each group compared with a base group.

    The base group is White British or White, or the majority.
    """

    key: str
    heading: str
    part: Q

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the rates.

        Where no grouping has enough concerns, the section is empty and says why.
        """
        reminder = choose(desk) if desk.period.length is Length.YEAR else None
        if reminder is None:
            why = self._why_not(desk) if self.key == OUTCOMES[0][0] else "Not given either."
            return Section(self.key, self.heading, why, ()), ""
        by = SharesBy(
            self.key,
            self.heading,
            "",
            lambda at: of_known(at.until, reminder),
            Dimension(reminder.column, reminder.labels),
            self.part,
            zeros=False,
        )
        rates = by.items(desk)
        section = Section(
            self.key,
            self.heading,
            f"Of the concerns decided, over {reminder.words}; only where people said their ethnic "
            "group. A higher share is not better or worse treatment by itself.",
            (*rates, *_compared(rates, reminder)),
        )
        return section, chart_of(section)

    def _why_not(self, desk: ReportContext) -> str:
        if desk.period.length is not Length.YEAR:
            return "Rates by ethnic group are worked out for whole years only."
        if not CaseFact.objects.exclude(ethnic_group="").exists():
            return "No ethnic group has been recorded yet, so there is nothing to compare."
        if not is_whole(desk.until, GROUP_DETAIL[-1]):
            return (
                f"Fewer than {LEAST_DECLARED} in 100 of the people whose concerns were decided "
                "said their ethnic group, so no rate by ethnic group is given: it would speak of "
                "those who answered, and not of everyone."
            )
        return (
            f"Some groups have fewer than {MIN_GROUP} decided concerns even over three years, so "
            f"no "
            "rate by ethnic group is given. That is no finding that all is well."
        )


def _compared(rates: tuple[Item, ...], reminder: Reminder) -> list[Item]:
    """Return the comparison of every group with the base group.

    Each label names the base group.
    """
    shares = {i.label: i.figure for i in rates if isinstance(i.figure, ProtectedShare)}
    if reminder.base not in shares:
        return []
    return [
        Item(f"{label}, compared with {reminder.base}", compare(share, shares[reminder.base]))
        for label, share in shares.items()
        if label != reminder.base
    ]


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
    *(Fairness(key, f"{words}, by ethnic group", part) for key, words, part in OUTCOMES),
    *QUALITY,
)
