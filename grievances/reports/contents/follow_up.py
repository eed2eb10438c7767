"""Appeals, promised actions and check-ins: what followed decisions."""

from django.db.models import Case as Choose
from django.db.models import CharField, F, Q, Value, When

from grievances.cases.models.deadlines import CheckIn
from grievances.people.regions import REGION_NOT_SAID, REGIONS
from grievances.reports.contents import sources
from grievances.reports.contents.outside import Claims
from grievances.reports.contents.repeated import AFTER_UPHELD
from grievances.reports.counting import Population
from grievances.reports.layout.sections import (
    Crosstab,
    Dimension,
    Line,
    Piece,
    ReportContext,
    Shares,
    SharesBy,
    known,
)
from grievances.vocabulary import CloseReason

APPEAL_ENDINGS = (
    CloseReason.APPEAL_UPHELD,
    CloseReason.APPEAL_VARIED,
    CloseReason.APPEAL_DISMISSED,
)


def appealed(desk: ReportContext) -> Population:
    """Return the appeals decided in the period."""
    return sources.closed(desk).only(close_reason__in=APPEAL_ENDINGS)


APPEALS: tuple[Piece, ...] = (
    Shares(
        "appealed",
        "How many decisions are appealed",
        "Of the decisions given in the period, those appealed by its end.",
        (Line("Appealed, of those decided", sources.decided, Q(appealed_on__isnull=False)),),
    ),
    Crosstab(
        "changed",
        "What appeals changed",
        "Appeals decided in the period.",
        "What became of the decision",
        appealed,
        Dimension("close_reason", {reason.value: reason.label for reason in APPEAL_ENDINGS}),
    ),
    Shares(
        "changed-share",
        "How often an appeal changes something",
        "Of the appeals decided in the period, those upheld or varied.",
        (
            Line(
                "Changed by the appeal",
                appealed,
                Q(close_reason__in=APPEAL_ENDINGS[:2]),
            ),
        ),
    ),
)


ACTIONS: tuple[Piece, ...] = (
    Shares(
        "delivered",
        "Are promised actions done?",
        "Of the actions due in the period, those done by their date. An action counts as not "
        "done until it is recorded as done.",
        (
            Line(
                "Done by their date, of those due",
                sources.actions,
                Q(done_on__isnull=False, done_on__lte=F("due_on")),
            ),
        ),
    ),
    SharesBy(
        "delivered-by-region",
        "Done by their date, by region",
        "Of the actions due in the period.",
        sources.actions,
        known("case__region", REGIONS, REGION_NOT_SAID),
        Q(done_on__isnull=False, done_on__lte=F("due_on")),
    ),
    AFTER_UPHELD,
    Claims(),
)


UNANSWERED = ""


DETRIMENT: tuple[Piece, ...] = (
    Crosstab(
        "check-ins",
        "What people say at check-ins",
        "Check-ins asked in the period, 1, 3 and 6 months after closing. No answer is not the same "
        "as no detriment. People who answer on a form that only they can read are left out.",
        "Months after closing",
        sources.check_ins,
        Dimension(
            Choose(
                *(When(month=month, then=Value(str(month))) for month in (1, 3, 6)),
                default=Value("0"),
                output_field=CharField(max_length=2),
            ),
            {"1": "1 month", "3": "3 months", "6": "6 months", "0": "Another time"},
        ),
        Dimension("worse", {**dict(CheckIn.Worse.choices), UNANSWERED: "No answer"}),
        "rows",
    ),
    Shares(
        "detriment",
        "Nothing has changed for the worse",
        "Of the check-ins answered. A report, and never a target: silence must not pay.",
        (
            Line(
                "Report no detriment",
                lambda desk: sources.check_ins(desk).within(worse__in=CheckIn.Worse.values),
                Q(worse=CheckIn.Worse.NO),
            ),
        ),
    ),
)
