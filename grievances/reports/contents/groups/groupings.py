"""Ethnic groups that are large enough to be compared. Builders only.

See domain.md 7 and 9.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Case as Choose
from django.db.models import CharField, Count, Value, When

from grievances.monitoring.codes import (
    GROUPS,
    MAJORITY,
    MINORITY,
    broad_group_of,
    group_of,
    known_codes,
)
from grievances.monitoring.quality import is_enough
from grievances.reports.contents import sources
from grievances.reports.counting import Population
from grievances.reports.disclosure.derived import MIN_GROUP, STRICT, USUAL, compare
from grievances.reports.disclosure.protected import ProtectedShare
from grievances.reports.layout.document import Item
from grievances.reports.layout.ethnic_groups import ALL_GROUPS, POOLED

EVERY_LIST = frozenset(known_codes())
"""The codes of all lists, those of Scotland and Northern Ireland included."""
GROUP = "ethnic_group"
MANY = 3
"""Groups compared with one from which the limits are those of 99.8% (domain.md 9)."""


@dataclass(frozen=True)
class Grouping:
    """One grouping to try: a number of years, some codes, and their groups.

    `labels` are the words of each group, `base` those of the group that the others are compared
    with, and `group_of` gives the group of a code. `on` is the column of the facts that has the
    codes, and `pooled` the words for small groups together; without them none are put together.
    """

    years: int
    codes: frozenset[str]
    labels: Mapping[str, str]
    base: str
    words: str
    group_of: Callable[[str], str] = str
    on: str = GROUP
    pooled: str = POOLED

    def members(self, group: str) -> list[str]:
        """Return the codes that a group includes.

        All other groups together have the codes of no group that is named.
        """
        if group == self.pooled:
            return sorted(code for code in self.codes if self.group_of(code) not in self.labels)
        return sorted(code for code in self.codes if self.group_of(code) == group)

    def column(self, path: str = "") -> Choose:
        """Return the expression for the group of a row.

        `path` leads from the row to the fact of its case.
        """
        whens = (
            When(**{f"{path}{self.on}__in": self.members(group)}, then=Value(group))
            for group in self.labels
        )
        return Choose(*whens, default=Value(""), output_field=CharField(max_length=60))

    def known(self, everybody: Population) -> Population:
        """Return those of a population whose complainant said one of the compared groups."""
        return everybody.only(**{f"{self.on}__in": self.codes})


FIVE = (EVERY_LIST, GROUPS, GROUPS["WHITE"])
TWO = (EVERY_LIST, {g: g for g in (MINORITY, MAJORITY)}, MAJORITY)
ALL = (frozenset(ALL_GROUPS), ALL_GROUPS, ALL_GROUPS["W1"])
GROUP_DETAIL = (
    Grouping(1, *ALL, "one year"),
    Grouping(3, *ALL, "three years together"),
    Grouping(3, *FIVE, "three years together, in five groups", group_of),
    Grouping(1, *FIVE, "one year, in five groups", group_of),
    Grouping(3, *TWO, "three years together, in two groups", broad_group_of),
    Grouping(1, *TWO, "one year, in two groups", broad_group_of),
)
"""The groupings to try, in order (domain.md 9).

Each group needs 20 concerns, or is put together with other small ones; else three years are used;
else fewer groups; else no rate is given.
The full list of groups is that of England and Wales. The five and the two groups are common to all
lists. One year in fewer groups is tried where three years are not complete. The reason: a year
after a case is closed its answers are separated from it, so older years are below `LEAST_DECLARED`.
"""


def _decided(first: date, until: date) -> Population:
    return sources.ended_since(first, until, sources.DECIDED)


def first_day(until: date, years: int) -> date:
    """Return the first day of so many whole years up to a local date."""
    first = sources.year_before(until)
    return first.replace(year=first.year - years + 1)


def decided_in(until: date, years: int) -> Population:
    """Return the concerns decided in this number of whole years, up to a local date."""
    return _decided(first_day(until, years), until)


def is_whole(everybody: Population, grouping: Grouping) -> bool:
    """Return whether enough people said a group to give a rate (domain.md 7; K11)."""
    return is_enough(grouping.known(everybody).rows.count(), everybody.rows.count())


def choose(
    until: date,
    of: Callable[[date, date], Population] = _decided,
    among: Sequence[Grouping] = GROUP_DETAIL,
) -> Grouping | None:
    """Return the first grouping whose groups have 20 decided concerns each.

    `of` gives the concerns between two local dates that are counted in the place of those decided.
    Smaller groups are put together. Returns None where there is none among these groupings.
    """
    for grouping in among:
        everybody = of(first_day(until, grouping.years), until)
        rows = grouping.known(everybody).rows.order_by().annotate(g=grouping.column())
        sizes = dict(rows.values("g").annotate(n=Count("pk")).values_list("g", "n"))
        pooled = pool(grouping, sizes)
        if pooled is not None and is_whole(everybody, grouping):
            return replace(pooled, words=_years_in(until, grouping))
    return None


def pool(grouping: Grouping, sizes: Mapping[str, int]) -> Grouping | None:
    """Return the grouping with the groups of fewer than 20 put together as one.

    A group that does not occur is in it too: to leave one out would say that it has no one. Where
    they are fewer than 20 together, none included, the smallest other group joins them. Returns
    None where that leaves nothing to compare: White British, and at least one other group that is
    not pooled.
    """
    base = next(code for code, label in grouping.labels.items() if label == grouping.base)
    small = {code for code in grouping.labels if sizes.get(code, 0) < MIN_GROUP}
    large = sorted(set(grouping.labels) - small - {base}, key=lambda code: (sizes[code], code))
    if base in small or not large:
        return None
    if not small:
        return grouping
    if not grouping.pooled:
        return None
    while sum(sizes.get(code, 0) for code in small) < MIN_GROUP and large:
        small.add(large.pop(0))
    if not large:
        return None
    labels = {code: words for code, words in grouping.labels.items() if code not in small}
    return replace(grouping, labels={**labels, grouping.pooled: grouping.pooled})


def level_of(rates: Sequence[Item]) -> int:
    """Return the level of limits for so many groups compared with one, in thousandths."""
    return STRICT if len(rates) > MANY else USUAL


def level_in_words(level: int) -> str:
    """Return the sentence on stricter limits, or empty text."""
    if level == USUAL:
        return ""
    return (
        " Several groups are compared with one, so the limits of the differences are those of "
        "99.8%: with 95%, one in twenty would seem to differ by chance."
    )


def compared(rates: Sequence[Item], grouping: Grouping, level: int) -> list[Item]:
    """Return the comparison of every group with the base group.

    Each label names the base group.
    """
    shares = {i.label: i.figure for i in rates if isinstance(i.figure, ProtectedShare)}
    if grouping.base not in shares:
        return []
    base = shares[grouping.base]
    return [
        Item(f"{label}, compared with {grouping.base}", compare(share, base, level))
        for label, share in shares.items()
        if label != grouping.base
    ]


def _years_in(until: date, grouping: Grouping) -> str:
    """Return the words of a grouping, with the years in which decisions were given."""
    last = until.year
    found = sum(
        decided_in(until.replace(year=last - back), 1).rows.exists()
        for back in range(grouping.years)
    )
    number = {1: "one year", 2: "two years together", 3: "three years together"}[max(1, found)]
    return ", ".join([number, *grouping.words.split(", ")[1:]])
