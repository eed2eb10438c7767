"""Build every report that is due and store it, in a short-lived process.

The web process reads snapshots only: nothing that it loads may import this module.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Min

from grievances.audit.models import SERVICE, Event
from grievances.reports import catalogue, facts, snapshots
from grievances.reports.catalogue import REPORTS, Report
from grievances.reports.cautions import PACKS, warning_of
from grievances.reports.certificates.certificate import Certificate, worst_of
from grievances.reports.certificates.knowledge import Key
from grievances.reports.certificates.ledger import MOST_ATTEMPTS, Ledger, hidden_keys, refuse
from grievances.reports.contents.index import PIECES, pieces_of
from grievances.reports.disclosure.audience import INTERNAL, PUBLISHED, Audience
from grievances.reports.disclosure.registry import Registry
from grievances.reports.disclosure.release import ReleaseGate
from grievances.reports.layout.document import Document, Section
from grievances.reports.layout.html import write_page
from grievances.reports.layout.sections import ReportContext
from grievances.reports.layout.workbook import write_workbook
from grievances.reports.periods import Length, Period, ended, read_period
from grievances.reports.readers.first_sentence import first_sentence_of
from grievances.reports.snapshot_models import Release
from grievances.surveys.models import Invitation
from workflow.calendar import add_months

AUDIENCES: Mapping[str, Audience] = {
    snapshots.INTERNAL: INTERNAL,
    snapshots.PUBLISHED: PUBLISHED,
}
THRESHOLDS = {name: audience.t for name, audience in AUDIENCES.items()}
WITHHELD = (
    "Not given for this period: beside what other reports show, it would tell of a few people. "
    "Nothing is wrong with the service."
)
"""What a report says that could still be narrowed when it hid all it could."""
MOST_EDITIONS = 3
"""The first publication, and a revision one and two years later."""


@dataclass(frozen=True)
class Due:
    """One report to make: its audience, its period, and its edition."""

    report: Report
    period: Period
    edition: int = 1
    audience: str = snapshots.INTERNAL

    @property
    def as_of(self) -> date:
        """The local date as of which it is counted.

        A revision counts as of one year later, or two.
        """
        return add_months(self.period.last, Length.YEAR * (self.edition - 1))


@dataclass
class Run:
    """One run that makes the due reports.

    `tell` is called with (done, total) after each report.
    """

    now: datetime
    tell: Callable[[int, int], None] = lambda done, total: None
    made: dict[tuple[str, str], dict[str, Document]] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=lambda: Ledger(THRESHOLDS))
    counted_to: date | None = None

    def make(self, due: Sequence[Due]) -> list[tuple[str, str]]:
        """Return (report, period) of each report made, in the given order.

        Each report is stored as soon as it is made.
        """
        new: list[tuple[str, str]] = []
        try:
            for number, one in enumerate(due, 1):
                self._make_as_of(one)
                new.append((one.report.name, one.period.name))
                self.tell(number, len(due))
        finally:
            facts.forget_people()
        return new

    def _make_as_of(self, one: Due) -> None:
        if self.counted_to != one.as_of:
            facts.rebuild(one.as_of)
            self.counted_to = one.as_of
        by_group = facts.characteristics() if one.report is catalogue.FAIRNESS else nullcontext()
        with transaction.atomic(), by_group:
            facts.take_room()
            self._make_one(one)

    def _make_one(self, due: Due) -> None:
        audience = AUDIENCES[due.audience]
        if due.report.least > audience.t:
            audience = PUBLISHED
        gate, built, certificate = self._protect(due, audience)
        registry = gate.registry
        sections = tuple(section for section, _ in built)
        document = replace(
            _document(due, audience, sections),
            lead=first_sentence_of(due.report, sections),
            certificate=certificate,
            whole=_is_whole(due.period),
        )
        document = document.warned(warning_of(document, self._made(due)))
        self._tell_of_stars(due, gate)
        charts = {section.key: svg for section, svg in built if svg}
        edition = snapshots.Edition(due.audience, due.edition, self.now)
        forms = snapshots.Forms(write_page(document, charts), write_workbook(document, self.now))
        snapshots.keep(document, charts, edition, forms)
        new = registry.added
        registry.save()
        self.ledger.keep(due.period, due.edition, new)
        self.made.setdefault((due.audience, due.period.name), {})[due.report.name] = document

    def _protect(
        self, due: Due, audience: Audience
    ) -> tuple[ReleaseGate, list[tuple[Section, str]], Certificate]:
        """Return the sections of a report after an attack on them found nothing.

        Where it finds something the report is made again and hides more. What is still found when
        all is hidden follows from other reports; then this one names none of it.
        """
        refused: frozenset[str] = frozenset()
        for attempt in range(MOST_ATTEMPTS):
            gate = _gate(due, audience, refused)
            built = self._build(due, gate)
            new = gate.registry.added
            certificate, narrowed = self._attack(due, new)
            if not narrowed:
                return gate, built, certificate
            refused |= refuse(new, narrowed, attempt)
        gate = _gate(due, audience, refused)
        gate.withheld.extend(section.key for section, _ in built)
        empty = [(replace(section, items=(), note=WITHHELD), "") for section, _ in built]
        certificate, _ = self._attack(due, ())
        return gate, empty, certificate

    def _tell_of_stars(self, due: Due, gate: ReleaseGate) -> None:
        """Record the totals that are hidden although they are not small.

        One concern that was entered late, or one person who was joined with another, is enough.
        The page gives the analyst every possible reason, because the true one tells of a few
        people; the auditor and the data-protection officer read it here.
        """
        if gate.withheld:
            data = {"name": due.report.name, "period": due.period.name}
            data |= {"number": str(len(set(gate.withheld)))}
            kind, at = "report.withheld", self.now
            Event.append(chain=SERVICE, at=at, actor="system", role="", kind=kind, data=data)

    def _build(self, due: Due, gate: ReleaseGate) -> list[tuple[Section, str]]:
        """Return the sections of a report; each may use those before it."""
        made = {**self._made(due)}
        desk = ReportContext(gate, due.period, due.period.last, self._published(due), made)
        built: list[tuple[Section, str]] = []
        for piece in pieces_of(due.report.name, due.period.length):
            built.append(piece(desk))
            sections = tuple(section for section, _ in built)
            made[due.report.name] = _document(due, gate.audience, sections)
        return built

    def _attack(self, due: Due, new: Sequence[Release]) -> tuple[Certificate, list[Key]]:
        """Return the certificate, and what a reader of all reports could narrow.

        The published file is attacked by its own readers as well.
        """
        readers: tuple[tuple[str, ...], ...] = (tuple(AUDIENCES),)
        if due.audience == snapshots.PUBLISHED:
            readers += ((snapshots.PUBLISHED,),)
        found: list[Key] = []
        certificates: list[Certificate] = []
        hidden = hidden_keys(new)
        for audiences in readers:
            attack = self.ledger.attack(due.period, due.edition, audiences, new, due.report.least)
            found += attack.narrowed()
            certificates.append(attack.certificate(hidden))
        return worst_of(certificates), found

    def _published(self, due: Due) -> Callable[[str, int], Sequence[Document]]:
        """Return a function that gives the organisation's documents of earlier periods.

        It never gives those of the same or a later period.
        """

        def read(name: str, length: int) -> Sequence[Document]:
            found = snapshots.documents(name, length, due.audience)
            own = [document for document in found if not document.mark]
            return [d for d in own if _ended_before(read_period(d.period), due.period, length)]

        return read

    def _made(self, due: Due) -> Mapping[str, Document]:
        """Return the documents of this period, of this run or published before it."""
        found = dict(self.made.get((due.audience, due.period.name), {}))
        if due.report is not catalogue.VOLUMES:
            for name in REPORTS if due.report in PACKS else (catalogue.VOLUMES.name,):
                built = snapshots.published(name, due.period.name, due.audience)
                if name not in found and built is not None:
                    found[name] = built.document
        return found


def _gate(due: Due, audience: Audience, refused: frozenset[str]) -> ReleaseGate:
    """Return a gate that has released nothing yet, and hides the refused figures."""
    inner = due.audience == snapshots.INTERNAL
    return ReleaseGate(
        Registry(due.audience),
        audience,
        due.report.name,
        due.period,
        due.edition,
        due.as_of,
        Registry(snapshots.PUBLISHED if inner else snapshots.INTERNAL),
        inner,
        refused,
    )


def _document(due: Due, audience: Audience, sections: tuple[Section, ...]) -> Document:
    """Return a report with these sections, without its answer."""
    name, period = due.report.name, due.period
    return Document(name, period.name, period.last, audience.t, "", sections=sections)


def _is_whole(period: Period) -> bool:
    """Return whether a concern or survey was there by the end of its first month."""
    first = first_day()
    return first is None or period.length is Length.MONTH or first < add_months(period.first, 1)


def _ended_before(period: Period, now: Period, length: int) -> bool:
    """Return whether a period is earlier than another.

    Months of a quarter are earlier than the quarter; a quarter is not earlier than itself.
    """
    return period.last <= now.last if length < now.length else period.last < now.first


def find_due_for_publication(today: date) -> list[Due]:
    """Return the reports of the yearly file that are due.

    They are those of every year that has ended and has no file yet. A year waits until its surveys
    have closed, so that its file is complete.
    """
    first = first_day()
    there = snapshots.editions(snapshots.PUBLISHED)
    last = catalogue.SATISFACTION.lag_days
    years = [p for p in ended(first, today) if p.length is Length.YEAR] if first else []
    return [
        Due(REPORTS[name], year, audience=snapshots.PUBLISHED)
        for year in years
        for name in catalogue.DATASET
        if year.last + timedelta(days=last) < today and (name, year.name) not in there
    ]


def find_due(today: date, only: str = "") -> list[Due]:
    """Return the reports that have ended and are not published yet.

    The oldest period is first, and packs come after the rest. `today` is the local date. `only` is
    the name of one period. Nothing is due in an organisation without a concern. Raises ValueError
    for an `only` that is no period.
    """
    if only:
        read_period(only)
    first = first_day()
    if first is None:
        return []
    there = snapshots.editions(snapshots.INTERNAL)
    wanted = [
        Due(report, period, 1)
        for period in ended(first, today)
        for report in _in_order()
        if only in ("", period.name)
        and period.length in report.lengths
        and pieces_of(report.name, period.length)
        and period.last + timedelta(days=report.lag_days) < today
        and (report.name, period.name) not in there
    ]
    return [*wanted, *(_revisions(first, today, there) if not only else ())]


def first_day() -> date | None:
    """Return the local date of the first concern or of the first survey.

    It is the earlier of the two, or None.
    """
    received = facts.first_received()
    invited = Invitation.objects.aggregate(day=Min("opens_on"))["day"]
    return min((day for day in (received, invited) if day is not None), default=None)


def _revisions(first: date, today: date, there: Mapping[tuple[str, str], int]) -> Iterator[Due]:
    """Yield the published years to count again.

    A year is counted again one year after its end, because a rate once changed (domain.md 1). A
    year before `first`, the day of the first concern, has nothing to count again.
    """
    for (name, period_name), edition in sorted(there.items()):
        period = read_period(period_name)
        if period.last < first:
            continue
        again = Due(REPORTS[name], period, edition + 1) if name in REVISED else None
        if again is None or period.length is not Length.YEAR or edition >= MOST_EDITIONS:
            continue
        if again.as_of < today:
            yield again


REVISED = (catalogue.VOLUMES.name, catalogue.OUTCOMES.name, catalogue.WITHDRAWALS.name)
"""The reports whose figures change as concerns that were open then are concluded."""


def _in_order() -> list[Report]:
    """Return the reports in the order they are made.

    Packs are last, because they use the figures of the others.
    """
    return sorted((REPORTS[name] for name in PIECES), key=lambda report: report in PACKS)


def build_all(
    now: datetime,
    today: date,
    only: str = "",
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[tuple[str, str]]:
    """Return (report, period) of each new snapshot, after building what is due.

    `now` is an aware instant, `today` its local date. Raises ValueError for an `only` that is no
    period.
    """
    publication = [] if only else find_due_for_publication(today)
    return Run(now, tell).make([*find_due(today, only), *publication])
