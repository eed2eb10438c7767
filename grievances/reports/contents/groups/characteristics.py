"""Outcomes by other protected characteristics, and by two together. Builders only.

The answers are those of the same voluntary questions as the ethnic group, and the rules are the
same: 20 decided concerns in each group, and 60 in 100 who said theirs (domain.md 7, 9).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case as Choose
from django.db.models import CharField, Q, Value, When

from grievances.monitoring.codes import MAJORITY, MINORITY, broad_group_of, other_questions
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents import sources
from grievances.reports.contents.groups.groupings import (
    EVERY_LIST,
    GROUP,
    Grouping,
    choose,
    compared,
    decided_in,
    first_day,
    level_in_words,
    level_of,
)
from grievances.reports.counting import Population
from grievances.reports.facts import CHARACTERISTIC_OF
from grievances.reports.layout.document import Section
from grievances.reports.layout.sections import Dimension, Made, Piece, ReportContext, SharesBy
from grievances.reports.periods import Length

OTHERS = "All others together"
YEARS = {1: "one year", 3: "three years together"}
WORDS = {"YES": "Disabled", "NO": "Not disabled"}
"""The groups of an answer that is yes or no."""


@dataclass(frozen=True)
class Both(Grouping):
    """Groups of two columns together: the ethnic group in two, and the sex.

    The code of a group is that of the one and that of the other. Small groups are not put together,
    because what is left would be no group.
    """

    def column(self, path: str = "") -> Choose:
        """Return the expression for the group of a row."""
        whens = (
            When(
                **{f"{path}{GROUP}__in": _codes_of(broad), f"{path}{self.on}": sex},
                then=Value(code),
            )
            for code in self.labels
            for broad, sex in (code.split("/"),)
        )
        return Choose(*whens, default=Value(""), output_field=CharField(max_length=80))

    def known(self, everybody: Population) -> Population:
        """Return those whose complainant said both."""
        said = super().known(everybody)
        return said.only(**{f"{GROUP}__in": EVERY_LIST})


def _codes_of(broad: str) -> list[str]:
    return sorted(code for code in EVERY_LIST if broad_group_of(code) == broad)


@dataclass(frozen=True)
class UpheldBy:
    """How often concerns are upheld in each group of a characteristic."""

    key: str
    by: str
    groupings: tuple[Grouping, ...]

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the rates; where it has none it says why."""
        heading = f"Upheld or partly upheld, by {self.by}"
        is_year = desk.period.length is Length.YEAR
        grouping = choose(desk.until, among=self.groupings) if is_year else None
        if grouping is None:
            return Section(self.key, heading, self._why_none(is_year=is_year), ()), ""
        everybody = decided_in(desk.until, grouping.years)
        rates = SharesBy(
            self.key,
            "",
            "",
            lambda _: grouping.known(everybody),
            Dimension(grouping.column(), grouping.labels),
            Q(ending__in=sources.UPHELD),
            zeros=False,
            since=first_day(desk.until, grouping.years),
        ).items(desk)
        level = level_of(rates)
        section = Section(
            self.key,
            heading,
            f"Of the concerns decided, over {grouping.words}; only where people said it of "
            "themselves. A higher share is not better or worse treatment by itself."
            f"{level_in_words(level)}",
            (*rates, *compared(rates, grouping, level)),
        )
        return section, chart_of(section)

    def _why_none(self, *, is_year: bool) -> str:
        if not is_year:
            return "Worked out for whole years only."
        return (
            "Not given: fewer than 60 in 100 of the people whose concerns were decided said it, or "
            "some groups have fewer than 20 decided concerns. That is no finding that all is well."
        )


def _labels(question: str) -> Mapping[str, str]:
    choices = next(each.choices for each in other_questions() if each.name == question)
    return {each.code: WORDS.get(each.code, each.label) for each in choices}


def _by(column: str, by: str, base: str) -> UpheldBy:
    labels = _labels(CHARACTERISTIC_OF[column])
    groupings = tuple(
        Grouping(years, frozenset(labels), labels, labels[base], words, on=column, pooled=OTHERS)
        for years, words in YEARS.items()
    )
    return UpheldBy(f"fair-{column.replace('_', '-')}", by, groupings)


SEXES = _labels("sex")
TWO_TOGETHER = {
    f"{broad}/{sex}": f"{broad}, {words.lower()}"
    for broad in (MINORITY, MAJORITY)
    for sex, words in SEXES.items()
}
CHARACTERISTICS: tuple[Piece, ...] = (
    _by("sex", "sex", "MALE"),
    _by("age_band", "age", "35_44"),
    _by("religion", "religion or belief", "CHRISTIAN"),
    _by("disability", "disability", "NO"),
    UpheldBy(
        "fair-together",
        "ethnic group and sex together",
        tuple(
            Both(
                years,
                frozenset(SEXES),
                TWO_TOGETHER,
                TWO_TOGETHER[f"{MAJORITY}/MALE"],
                words,
                on="sex",
                pooled="",
            )
            for years, words in YEARS.items()
        ),
    ),
)
