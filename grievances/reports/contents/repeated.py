"""People and units that are named repeatedly, and what followed a finding.

There are only builders here.
"""

from dataclasses import dataclass, replace

from django.db.models import Case as Choose
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value, When

from grievances.cases.models.deadlines import Action
from grievances.reports.contents import sources
from grievances.reports.counting import FOLLOWED, Population
from grievances.reports.disclosure.protected import ProtectedCount
from grievances.reports.disclosure.tables import Cell, Exact, Table
from grievances.reports.fact_models import CaseFact, FrequentRespondent, FrequentUnit
from grievances.reports.facts import FREQUENT
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import Crosstab, Dimension, Made, ReportContext
from grievances.reports.periods import Length

NO_ACTION, NOT_DONE, ALL_DONE = "none", "open", "done"


PEOPLE_AGAIN = f"People named in {FREQUENT} or more concerns"
UNITS_AGAIN = f"Units whose people are named in {FREQUENT} or more concerns"


@dataclass(frozen=True)
class NamedAgain:
    """How many people and units are named in several concerns, one from the year.

    The people are respondents, so the threshold holds for them and not for those who raised a
    concern. It holds for units too.
    """

    key: str = "named-again"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with two protected counts; of a year alone."""
        heading = "How many people and units are named in several concerns"
        if desk.period.length is not Length.YEAR:
            return Section(self.key, heading, "Counted for whole years only.", ()), ""
        note = (
            f"Named in {FREQUENT} or more concerns by the end of the year, at least one of them "
            "received in it. A unit is named where one of its people is. Being named is not a "
            "finding. Who they are is in no report."
        )
        facts = sources.received(desk).rows.values("pk")
        people = FrequentRespondent.objects.filter(fact__in=facts).values("respondent")
        units = FrequentUnit.objects.filter(fact__in=facts).values("unit")
        items = (
            self._item(desk, PEOPLE_AGAIN, self.key, people.distinct().count()),
            self._item(desk, UNITS_AGAIN, f"{self.key}/units", units.distinct().count()),
        )
        section = Section(self.key, heading, note, items)
        return section, ""

    def _item(self, desk: ReportContext, label: str, place: str, number: int) -> Item:
        each = Cell(number, number, min(number, 1), min(number, 1))
        # Their numbers are not those of people who raise concerns, so no set of them is kept.
        exact = Exact(Table.one_way([label], [each], each), {(0, 0): None, (1, 0): None})
        return Item(label, ProtectedCount(desk.gate.release(place, exact).total))


def upheld(desk: ReportContext) -> Population:
    """Return the concerns upheld in the period, and what became of promised actions."""
    found = sources.concluded(desk).only(ending__in=sources.UPHELD)
    promised = Action.objects.filter(case=OuterRef("pk"))
    undone = promised.filter(Q(done_on__isnull=True) | Q(done_on__gt=desk.until))
    followed = Choose(
        When(~Exists(promised), then=Value(NO_ACTION)),
        When(Exists(undone), then=Value(NOT_DONE)),
        default=Value(ALL_DONE),
        output_field=CharField(max_length=4),
    )
    rows: QuerySet[CaseFact] = found.rows.annotate(**{FOLLOWED: followed})
    return replace(found, rows=rows)


AFTER_UPHELD = Crosstab(
    "after-upheld",
    "What followed when a concern was upheld",
    "Of the concerns upheld or partly upheld in the period, as of its last day. What was promised "
    "is in no report. Sanctions are counted by HR and are in the report on fairness.",
    "What followed",
    upheld,
    Dimension(
        FOLLOWED,
        {
            NO_ACTION: "No action was promised",
            NOT_DONE: "Actions were promised and are not all done",
            ALL_DONE: "Actions were promised and all are done",
        },
    ),
)
