"""Offers a case needs, and whether there are enough handlers (domain.md 1)."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Value

from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.offers import Offer
from grievances.policy.clock_names import ClockName
from grievances.reports.contents import sources
from grievances.reports.counting import Population, tabulate, tally
from grievances.reports.disclosure.measures import ProtectedNeed, median_of_counts
from grievances.reports.fact_models import CaseFact
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.sections import Crosstab, Dimension, Made, ReportContext, Source
from grievances.vocabulary import CAP, Role

FIRST_PARTS = (Role.HANDLER.value, Role.DECIDER.value)
OFFERS_EACH = """
SELECT offered.n, COUNT(*)
FROM (SELECT o.case_id, COUNT(*) AS n FROM {offers} o
      JOIN (SELECT case_id, MIN(started_on) AS started_on FROM {deadlines}
            WHERE name = 'INVESTIGATION' AND episode = 1 GROUP BY case_id) d
        ON d.case_id = o.case_id
      WHERE o.role IN ('{handler}', '{decider}')
        AND d.started_on BETWEEN %(first)s AND %(until)s AND o.sent_on <= d.started_on
      GROUP BY o.case_id) offered
JOIN {facts} f ON f.case_id = offered.case_id
GROUP BY offered.n
"""


def begun(desk: ReportContext) -> Population:
    """Return the concerns whose first investigation began in the period.

    A concern that an appeal sent back is investigated again, but counts once.
    """
    within = (desk.period.first, desk.until)
    every = Deadline.objects.filter(name=ClockName.INVESTIGATION, episode=1)
    earlier = every.filter(case=OuterRef("case"), pk__lt=OuterRef("pk"))
    rows = every.filter(~Exists(earlier), started_on__range=within)
    asked = Offer.objects.filter(role__in=FIRST_PARTS, sent_on__lte=desk.until)
    rows = rows.filter(case__fact__isnull=False, case__in=asked.values("case"))
    return Population(rows, sources.FACT)


@dataclass(frozen=True)
class OffersEach:
    """K4: the median number of offers until a case had a handler and a decider."""

    key: str = "offers-each"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the protected median."""
        label = "Offers until a case had a handler and a decision maker"
        counted = tally(begun(desk), Value("all"), Value(""))
        table = desk.gate.release(self.key, tabulate(counted, {"all": label}))
        figure = median_of_counts(table, self._sizes(desk), counted.at().persons, "Offers")
        section = Section(
            self.key,
            "How many offers a case takes",
            "Of the concerns whose investigation began in the period, half needed so many offers "
            "or fewer. Two are the least: a handler and a decision maker. The aim is two.",
            (Item(label, figure),),
        )
        return section, ""

    def _sizes(self, desk: ReportContext) -> dict[int, int]:
        """Return a map from a number of offers to how many cases needed it."""
        statement = OFFERS_EACH.format(
            offers=Offer._meta.db_table,
            deadlines=Deadline._meta.db_table,
            facts=CaseFact._meta.db_table,
            handler=FIRST_PARTS[0],
            decider=FIRST_PARTS[1],
        )
        within = {"first": desk.period.first.isoformat(), "until": desk.until.isoformat()}
        with connection.cursor() as cursor:
            cursor.execute(statement, within)
            return {int(number): int(often) for number, often in cursor.fetchall()}


@dataclass(frozen=True)
class Need:
    """K12: the handlers there are, and those the open concerns need, by region."""

    handlers: Source
    by: Dimension
    key: str = "need"

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section made from two protected counts.

        The open concerns are divided by the cases that one handler may have.
        """
        cap = CAP[Role.HANDLER]
        heading = "Are they enough for what is open?"
        there = Crosstab(f"{self.key}-handlers", heading, "", "Region", self.handlers, self.by)
        work = Crosstab(f"{self.key}-open", heading, "", "Region", sources.opened, sources.REGIONS)
        have, open_ = there.table(desk), work.table(desk)
        labels = (*sources.REGIONS.labels.values(), "Everywhere")
        figures = zip(
            labels, (*have.row_totals, have.total), (*open_.row_totals, open_.total), strict=True
        )
        section = Section(
            self.key,
            heading,
            f"A handler may hold {cap} cases. Needed: as many handlers as the concerns open on the "
            "last day would take, each with that many, if all of them were handled formally. "
            "A handler may work in another region than their own; no one is then near who knows "
            "it.",
            tuple(Item(label, ProtectedNeed(h, o, cap)) for label, h, o in figures),
        )
        return section, ""
