"""Outcomes by ethnic group, where there are enough to say anything (domain.md 7, 9).

Codes come from the monitoring data by way of the fact table; this module decides nothing about
anybody and shows groups of 20 decided concerns or more, where at least 60 in 100 of all said their
group. Its tables always hide noughts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case as Choose
from django.db.models import CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Substr

from grievances.models import CaseFact
from grievances.monitoring.codes import PREFER_NOT, SELF_DESCRIBED, known_codes
from grievances.monitoring.quality import LEAST_DECLARED, is_enough
from grievances.reports.contents import sources
from grievances.reports.counting import Population
from grievances.reports.disclosure import ProtectedShare
from grievances.reports.disclosure.derived import MIN_GROUP, compare
from grievances.reports.document import Item, Section, Target
from grievances.reports.facts import APART
from grievances.reports.figures import chart_of
from grievances.reports.periods import Length
from grievances.reports.pieces import Desk, Dimension, Line, Made, Piece, Shares, SharesBy

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
FIVE_GROUPS = {
    "A": "Asian or Asian British",
    "B": "Black, Black British, Caribbean or African",
    "M": "Mixed or Multiple background",
    "W": "White",
    "O": "Other ethnic group",
}
MINORITIES = "minorities"
TWO_GROUPS = {
    MINORITIES: "Ethnic minorities, White minorities included",
    "W1": "White British",
}
OUTCOMES = (
    ("fair-upheld", "Upheld or partly upheld", Q(ending__in=sources.UPHELD)),
    ("fair-appealed", "Appealed", Q(appealed_on__isnull=False)),
)


@dataclass(frozen=True)
class Rung:
    """One try: over so many years, by groups of this column."""

    years: int
    labels: Mapping[str, str]
    column: str | Combinable
    words: str


def two_groups() -> Choose:
    """White British, and everybody else who said their group."""
    return Choose(
        When(ethnic_group="W1", then=Value("W1")),
        default=Value(MINORITIES),
        output_field=CharField(max_length=12),
    )


LADDER = (
    Rung(1, ALL_GROUPS, F("ethnic_group"), "one year"),
    Rung(3, ALL_GROUPS, F("ethnic_group"), "three years together"),
    Rung(3, FIVE_GROUPS, Substr("ethnic_group", 1, 1), "three years together, in five groups"),
    Rung(1, FIVE_GROUPS, Substr("ethnic_group", 1, 1), "one year, in five groups"),
    Rung(3, TWO_GROUPS, two_groups(), "three years together, in two groups"),
    Rung(1, TWO_GROUPS, two_groups(), "one year, in two groups"),
)
"""domain.md 9: each group needs 20; else three years; else fewer groups; else nothing.

One year in fewer groups is tried where three are not whole: a year after the closing of a case its
answers are parted from it, so that older years fall short of `LEAST_DECLARED`.
"""


def decided_in(until: date, years: int) -> QuerySet[CaseFact]:
    """Concerns decided in so many years."""
    first = date(until.year - years, until.month, min(until.day, 28))
    rows = CaseFact.objects.filter(ended_on__gt=first, ended_on__lte=until)
    return rows.filter(ending__in=sources.DECIDED)


def of_known(until: date, years: int) -> Population:
    """Those of them whose complainant said a group that is compared."""
    return Population(decided_in(until, years).filter(ethnic_group__in=ALL_GROUPS))


def is_whole(until: date, years: int) -> bool:
    """Whether enough said their group for a rate to be given (domain.md 7; K11)."""
    everybody = decided_in(until, years).count()
    return is_enough(of_known(until, years).rows.count(), everybody)


def choose(desk: Desk) -> Rung | None:
    """The first rung on which every group that occurs has 20; None where there is none."""
    whole = {years: is_whole(desk.until, years) for years in {rung.years for rung in LADDER}}
    for rung in LADDER:
        rows = of_known(desk.until, rung.years).rows.order_by().annotate(g=rung.column)
        sizes = dict(rows.values("g").annotate(n=Count("pk")).values_list("g", "n"))
        if whole[rung.years] and len(sizes) > 1 and min(sizes.values()) >= MIN_GROUP:
            return rung
    return None


@dataclass(frozen=True)
class Fairness:
    """One outcome by group: the rates, and each group beside White British or White."""

    key: str
    heading: str
    part: Q

    def __call__(self, desk: Desk) -> Made:
        """The rates where a rung of the ladder carries them; else an honest empty section."""
        rung = choose(desk) if desk.period.length is Length.YEAR else None
        if rung is None:
            why = self._why_not(desk) if self.key == OUTCOMES[0][0] else "Not given either."
            return Section(self.key, self.heading, why, ()), ""
        by = SharesBy(
            self.key,
            self.heading,
            "",
            lambda at: of_known(at.until, rung.years),
            Dimension(rung.column, _occurring(desk, rung)),
            self.part,
            zeros=False,
        )
        rates = by.items(desk)
        section = Section(
            self.key,
            self.heading,
            f"Of the concerns decided, over {rung.words}; only where people said their ethnic "
            "group. A higher share is not better or worse treatment by itself.",
            (*rates, *_compared(rates, rung)),
        )
        return section, chart_of(section)

    def _why_not(self, desk: Desk) -> str:
        if desk.period.length is not Length.YEAR:
            return "Rates by ethnic group are worked out for whole years only."
        if not CaseFact.objects.exclude(ethnic_group="").exists():
            return "Nobody's ethnic group has been recorded yet, so there is nothing to compare."
        if not is_whole(desk.until, 1):
            return (
                f"Fewer than {LEAST_DECLARED} in 100 of the people whose concerns were decided "
                "said their ethnic group, so no rate by ethnic group is given: it would speak of "
                "those who answered, and not of everybody."
            )
        return (
            f"Some groups have fewer than {MIN_GROUP} decided concerns even over three years, so "
            f"no "
            "rate by ethnic group is given. That is no finding that all is well."
        )


def _occurring(desk: Desk, rung: Rung) -> dict[str, str]:
    rows = of_known(desk.until, rung.years).rows.order_by().annotate(g=rung.column)
    codes = set(rows.values_list("g", flat=True).distinct())
    return {code: label for code, label in rung.labels.items() if code in codes}


def _compared(rates: tuple[Item, ...], rung: Rung) -> list[Item]:
    """Every group beside the one it is compared with; that one is named in each label."""
    base = rung.labels.get("W1", rung.labels.get("W", ""))
    shares = {i.label: i.figure for i in rates if isinstance(i.figure, ProtectedShare)}
    if base not in shares:
        return []
    return [
        Item(f"{label}, compared with {base}", compare(share, shares[base]))
        for label, share in shares.items()
        if label != base
    ]


NAMED = Q(ethnic_group__in=known_codes()) | Q(ethnic_group=SELF_DESCRIBED)
ANSWERED = NAMED | Q(ethnic_group__in=(PREFER_NOT, APART))


def answered(desk: Desk) -> Population:
    """Concerns received whose complainant answered, where the answer can still be told."""
    return Population(sources.received(desk).rows.filter(NAMED | Q(ethnic_group=PREFER_NOT)))


QUALITY: tuple[Piece, ...] = (
    Shares(
        "whole",
        "Did enough people say their ethnic group?",
        "Of the concerns decided in the period. Where fewer said theirs, no rate is given; that "
        "is judged before rounding. Groups of the lists of Scotland and Northern Ireland are in "
        "no rate, and are not counted as said here.",
        (
            Line(
                "Said their ethnic group, of those decided",
                sources.decided,
                Q(ethnic_group__in=ALL_GROUPS),
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
"""How complete the monitoring data are: it is shown however few answered (domain.md 7)."""
FAIRNESS: tuple[Piece, ...] = (
    *(Fairness(key, f"{words}, by ethnic group", part) for key, words, part in OUTCOMES),
    *QUALITY,
)
