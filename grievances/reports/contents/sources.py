"""The populations that reports count, as of the last day counted."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Case as Choose
from django.db.models import CharField, F, Q, Value, When

from grievances.cases.models.answers import Approval
from grievances.cases.models.deadlines import Action, CheckIn, Deadline
from grievances.cases.models.offers import Offer
from grievances.choices import CameBy
from grievances.people import regions
from grievances.policy.clock_names import ClockName
from grievances.reports.conditions import AS_OF, ENDED, ENDING, OPEN, RECEIVED, merged, months
from grievances.reports.counting import Population
from grievances.reports.fact_models import CaseFact, Ending
from grievances.reports.layout.sections import Dimension, ReportContext, known
from grievances.vocabulary import HoldReason, Identity, Role, Route, Tag

FACT = "case__fact__"
UPHELD = (Ending.UPHELD.value, Ending.PARTLY.value)
DECIDED = (*UPHELD, Ending.NOT_UPHELD.value)
RESOLVED = (*DECIDED, Ending.AGREED.value)
"""Endings that are the event of the curve. The others only end the time followed."""
CONCLUDED = tuple(e.value for e in Ending if e not in (Ending.OPEN, Ending.REDIRECTED))
CLOCKS = (
    ClockName.OVERALL,
    ClockName.ACK,
    ClockName.TRIAGE,
    ClockName.ALLOCATION,
    ClockName.MEETING,
    ClockName.INVESTIGATION,
    ClockName.DECISION,
    ClockName.UPDATE,
    ClockName.APPEAL,
)
"""The promises that reports measure, the overall one first."""

REGIONS = known("region", regions.REGIONS, regions.REGION_NOT_SAID)
ROUTES = Dimension("route", dict(Route.choices))
IDENTITIES = known("identity", dict(Identity.choices), "Not said")
CAME_BY = Dimension("came_by", {each.value: str(each.label) for each in CameBy})
TAGS = known("tag", dict(Tag.choices), "No kind recorded")
ENDINGS = Dimension("ending", {e.value: e.label for e in Ending if e.value in CONCLUDED})
HOLDS = known("hold_reason", dict(HoldReason.choices), "Not on hold")
PARTS = (Role.HANDLER, Role.DECIDER, Role.APPEAL)
ROLES = Dimension("role", {role.value: str(role.label) for role in PARTS})


CONCERNS = "concerns"
"""The name of all concerns, of which every figure of facts counts a part."""


def received(desk: ReportContext) -> Population:
    """Return the concerns received in the period.

    Those passed to another process are left out.
    """
    return _received_since(desk, desk.period.first)


def whole_year(desk: ReportContext) -> Population:
    """Return the concerns received in the twelve months to the last day counted.

    Those passed to another process are left out.
    """
    return _received_since(desk, year_before(desk.until))


def _received_since(desk: ReportContext, first: date) -> Population:
    rows = CaseFact.objects.filter(received_on__range=(first, desk.until))
    within = months(first, desk.until)
    kept = frozenset(Ending.values) - {Ending.REDIRECTED.value}
    held = merged([(RECEIVED, within), (AS_OF, frozenset({max(within)})), (ENDING, kept)])
    rows = rows.exclude(ending=Ending.REDIRECTED)
    return Population(rows, held=held, universe=CONCERNS)


def year_before(until: date) -> date:
    """Return the first day of the twelve months that end with this month."""
    return date(until.year - (until.month != 12), until.month % 12 + 1, 1)


def ended_since(first: date, until: date, endings: Collection[str]) -> Population:
    """Return the concerns that ended in one of these ways between two local dates."""
    rows = CaseFact.objects.filter(ended_on__range=(first, until), ending__in=endings)
    held = merged([(ENDED, months(first, until)), (ENDING, frozenset(endings))])
    return Population(rows, held=held, universe=CONCERNS)


def redirected(desk: ReportContext) -> Population:
    """Return the concerns passed to another process in the period."""
    return ended_since(desk.period.first, desk.until, (Ending.REDIRECTED.value,))


def concluded(desk: ReportContext) -> Population:
    """Return the concerns decided, or closed undecided, in the period."""
    return ended_since(desk.period.first, desk.until, CONCLUDED)


def decided(desk: ReportContext) -> Population:
    """Return the concerns decided in the period."""
    return concluded(desk).only(ending__in=DECIDED)


AGE = "age"
AGES_FROM = (0, 21, 41, 61, 91, 131, 181, 251, 376, 501, 751)
"""The net working days from which a concern is in the next band of ages."""


def opened(desk: ReportContext) -> Population:
    """Return the concerns open at the end of the period.

    Each has its band of `AGES_FROM` as `age`, so that figures of several bands are sets of them.
    """
    as_of = months(desk.period.first, desk.until)
    held = merged([(AS_OF, frozenset({max(as_of)})), (ENDING, frozenset({OPEN}))])
    whens = (When(net_days__gte=low, then=Value(str(low))) for low in reversed(AGES_FROM))
    band = Choose(*whens, default=Value("0"), output_field=CharField(max_length=4))
    rows = CaseFact.objects.filter(ending=Ending.OPEN).annotate(**{AGE: band})
    return Population(rows, held=held, universe=CONCERNS)


def ages(bands: Mapping[str, tuple[int, int | None]]) -> Dimension:
    """Return a column of ages of open concerns, with the words of each as its codes.

    Each band is from a number of net working days of `AGES_FROM` up to one before another, or
    without an end.
    """
    whens = (
        When(
            age__in=[str(low) for low in AGES_FROM if first <= low and (not end or low < end)],
            then=Value(words),
        )
        for words, (first, end) in bands.items()
    )
    column = Choose(*whens, default=Value(""), output_field=CharField(max_length=40))
    return Dimension(column, {words: words for words in bands})


def closed(desk: ReportContext) -> Population:
    """Return the concerns finally closed in the period, appeals included."""
    return closed_since(desk.period.first, desk.until)


def closed_since(first: date, until: date) -> Population:
    """Return the concerns finally closed between two local dates, appeals included."""
    rows = CaseFact.objects.filter(closed_on__range=(first, until))
    held = merged([("closed_on", months(first, until))])
    return Population(rows, held=held, universe=CONCERNS)


def promises(desk: ReportContext, due: str) -> Population:
    """Return the clocks due in the period.

    `due` is the column of the date that counts. A clock that a withdrawal or a redirection ended
    before its date was neither kept nor broken, so it is left out. A clock on hold at the end of
    the period is left out until it runs again (domain.md 9).
    """
    return _promised(CLOCKS, due, desk.period.first, desk.until)


def decisions_due(first: date, until: date) -> Population:
    """Return the promises of a decision that were due between two local dates."""
    return _promised((ClockName.OVERALL,), "current_due", first, until)


def _promised(clocks: Collection[str], due: str, first: date, until: date) -> Population:
    within = {f"{due}__range": (first, until)}
    rows = Deadline.objects.filter(name__in=clocks, case__fact__isnull=False, **within)
    left = Q(case__fact__close_reason__in=("withdrawn", "redirected"))
    rows = rows.exclude(left & Q(completed_on=F("case__fact__closed_on"), completed_on__lte=F(due)))
    open_ = Q(completed_on__isnull=True) | Q(completed_on__gt=until)
    return Population(rows.exclude(open_ & Q(paused_on__lte=until)), FACT)


def offers(desk: ReportContext) -> Population:
    """Return the offers of a part sent in the period."""
    within = (desk.period.first, desk.until)
    rows = Offer.objects.filter(sent_on__range=within, case__fact__isnull=False)
    return Population(rows.filter(role__in=ROLES.labels), FACT)


def approvals(desk: ReportContext) -> Population:
    """Return the second approvals asked for in the period."""
    within = (desk.period.first, desk.until)
    rows = Approval.objects.filter(asked_at__date__range=within, case__fact__isnull=False)
    return Population(rows, FACT)


def actions(desk: ReportContext) -> Population:
    """Return the promised actions of decisions that were due in the period."""
    within = (desk.period.first, desk.until)
    rows = Action.objects.filter(due_on__range=within, case__fact__isnull=False)
    return Population(rows, FACT)


def check_ins(desk: ReportContext) -> Population:
    """Return the check-ins asked in the period."""
    within = (desk.period.first, desk.until)
    rows = CheckIn.objects.filter(asked_on__range=within, case__fact__isnull=False)
    rows = rows.exclude(is_own=True, worse="")
    return Population(rows, FACT)
