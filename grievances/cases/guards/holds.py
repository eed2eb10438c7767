"""Guards of holding, withdrawing, reopening, keeping and erasing (T27-T38)."""

from django.utils.translation import gettext_noop

from grievances.cases.guards.answers import given, one_of
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.choices import DelayReason, HandlerChange, ReopenReason
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import HOLD_AT_COMPLAINANTS_REQUEST, HoldReason, Pressure
from workflow.steps import Guard

REOPEN_DAYS = 366
"""Calendar days of the 12 months in which a case may be reopened.

366 days favour the complainant in a leap year (domain.md 5.2 T33).
"""

CHECK_INS = (ClockName.CHECKIN_1, ClockName.CHECKIN_3, ClockName.CHECKIN_6)

HOLD_REVIEW_WD = 20

QUESTION_WAIT_WD = 10

HOLD_UNAPPROVED_WD = 10

PAUSING_REASON = Guard(
    "REASON_NOT_PAUSING",
    "This is not a reason that pauses a case. The organisation's own delays never do.",
    "domain.md 5.4",
    one_of("reason", HoldReason.values),
)

EXPLAINED = Guard(
    "EXPLANATION_MISSING",
    "Write to the complainant in plain words why the case is paused.",
    "domain.md 5.2 T27",
    given("explanation"),
)

REVIEW_SOON = Guard(
    "REVIEW_TOO_FAR",
    "Choose a review day after today and within 20 working days (10 for a question you asked).",
    "domain.md 5.2 T27, 5.4",
    lambda case, step_context: _review_in_range(step_context),
)

LONG_HOLD = Guard(
    "COUNTERSIGN_MISSING",
    "A pause beyond 10 working days, or because the other person is unwell, needs the casework "
    "lead's approval first.",
    "domain.md 5.2 T27, 5.4",
    lambda case, step_context: step_context.approved or not _needs_lead(step_context),
)

QUESTION_ASKED = Guard(
    "QUESTIONS_MISSING",
    "Ask the complainant a written question first. Waiting for the answer can then pause the case.",
    "domain.md 5.4 AWAITING_C_INFO",
    lambda case, step_context: (
        step_context.text("reason") != HoldReason.AWAITING_C_INFO.value
        or case.questions.filter(answered_on__isnull=True).exists()
    ),
)

OWN_HOLD = Guard(
    "NOT_YOURS_TO_END",
    gettext_noop("You can end a pause that you asked for. This one has another reason."),
    "domain.md 5.2 T28",
    lambda case, step_context: (
        step_context.role != "complainant" or case.hold_reason in HOLD_AT_COMPLAINANTS_REQUEST
    ),
)

REVIEW_DUE = Guard(
    "REVIEW_NOT_DUE",
    gettext_noop("The review day of this pause has not passed."),
    "domain.md 5.2 T28",
    lambda case, step_context: (
        step_context.role != "system"
        or (case.hold_review_on is not None and case.hold_review_on < step_context.today)
    ),
)

VIEW_RECORDED = Guard(
    "VIEW_MISSING",
    gettext_noop("Record what the complainant thinks of a longer pause."),
    "domain.md 5.2 T29",
    given("complainant_view"),
)

COOLED_OFF = Guard(
    ClockName.COOLING_OFF,
    gettext_noop("The complainant has 5 working days to change their mind. That time is not over."),
    "domain.md 5.2 T32",
    lambda case, step_context: case.has_lapsed(ClockName.COOLING_OFF, step_context.today),
    standing=True,
)

VOLUNTARY = Guard(
    "VOLUNTARINESS_UNCHECKED",
    gettext_noop(
        "Save the check that this is the complainant's own wish, or two attempts to reach them."
    ),
    "domain.md 5.2 T32",
    lambda case, step_context: bool(case.pressure) or case.contact_attempts >= 2,
    standing=True,
)

PRESSURE_CLEAR = Guard(
    "PRESSURE_NOT_CLEARED",
    gettext_noop(
        "The complainant said there was pressure, or wants to talk. Speak with them first."
    ),
    "domain.md 5.6",
    lambda case, step_context: case.pressure in {"", Pressure.NO.value},
    standing=True,
)

REOPEN_ASKED = Guard(
    "REQUEST_MISSING",
    gettext_noop("A closed case is reopened when the complainant or a triage officer asks for it."),
    "domain.md 5.2 T33",
    lambda case, step_context: case.reopen_asked_on is not None,
    standing=True,
)

REOPEN_REASON = Guard(
    "REASON_NOT_LISTED",
    gettext_noop("Choose one of the listed reasons to reopen."),
    "domain.md 5.6",
    one_of("reason", ReopenReason.values),
)

REOPEN_IN_TIME = Guard(
    "TOO_LATE",
    gettext_noop(
        "More than 12 months have passed. Only treatment for speaking up can reopen it now."
    ),
    "domain.md 5.2 T33",
    lambda case, step_context: (
        step_context.text("reason") == ReopenReason.RETALIATION.value
        or _closed_within(case, step_context, REOPEN_DAYS)
    ),
)

CHANGE_REASON = Guard(
    "REASON_NOT_LISTED",
    "Choose one of the listed reasons to change the handler.",
    "domain.md 5.2 T34",
    one_of("reason", HandlerChange.values),
)

BEFORE_DUE = Guard(
    "TOO_LATE_TO_EXTEND",
    "A date can be moved only before it has passed, and the complainant is told first.",
    "domain.md 5.2 T35",
    lambda case, step_context: case.can_extend(step_context.text("clock"), step_context.today),
)

DAYS = Guard(
    "ANSWER_MISSING",
    gettext_noop("Say by how many working days the date moves: at least one."),
    "domain.md 5.2 T35",
    lambda case, step_context: step_context.number("days") >= 1,
)

EXTENSION_EXPLAINED = Guard(
    "EXPLANATION_MISSING",
    "Write to the complainant in plain words why the date is moving.",
    "domain.md 5.2 T35",
    given("explanation"),
)

SOMETHING_LATE = Guard(
    "NOTHING_LATE",
    "Nothing is late here.",
    "domain.md 5.5 L2",
    lambda case, step_context: case.is_late("", step_context.today),
    standing=True,
)

LATE = Guard(
    "ANSWER_MISSING",
    "Choose what is late.",
    "domain.md 5.5 L2",
    lambda case, step_context: (
        step_context.has("clock") and case.is_late(step_context.text("clock"), step_context.today)
    ),
)

DELAY_REASON = Guard(
    "REASON_NOT_LISTED",
    "Choose the reason from the list.",
    "domain.md 5.4",
    one_of("reason", DelayReason.values),
)

EXPECTED = Guard(
    "ANSWER_MISSING",
    "Give the day by which it will be done: today or later.",
    "domain.md 5.5 L2",
    lambda case, step_context: (
        step_context.day("expected_on") is not None
        and step_context.day("expected_on") >= step_context.today
    ),
)

NEWER_POLICY = Guard(
    "NO_NEWER_POLICY",
    "No newer version of the policy of this case is in force.",
    "domain.md 0 rule 2",
    lambda case, step_context: case.has_newer_policy(step_context.today),
    standing=True,
)

VERSION = Guard(
    "ANSWER_MISSING",
    "Choose the version that the case moves to.",
    "domain.md 0 rule 2",
    lambda case, step_context: case.can_move_to(step_context.number("version"), step_context.today),
)

AFTERCARE_DONE = Guard(
    "CHECK_IN_OPEN",
    "The 6-month check-in is not done.",
    "domain.md 5.2 T36",
    lambda case, step_context: (
        not case.deadlines.filter(name__in=CHECK_INS, completed_on__isnull=True).exists()
    ),
    standing=True,
)

YEAR_PASSED = Guard(
    "TOO_EARLY",
    "12 months must have passed since the case was closed.",
    "domain.md 5.2 T36",
    lambda case, step_context: not _closed_within(case, step_context, 364),
    standing=True,
)

NO_LEGAL_HOLD = Guard(
    "LEGAL_HOLD",
    "A legal hold is set, so nothing may be archived or erased.",
    "domain.md 5.2 T36, T37",
    lambda case, step_context: not case.legal_hold,
    standing=True,
)

NOT_HELD = Guard(
    "HOLD_SET",
    "A legal hold is set already.",
    "domain.md 2",
    lambda case, step_context: not case.legal_hold,
    standing=True,
)

HELD = Guard(
    "NO_HOLD",
    "There is no legal hold to lift.",
    "domain.md 2",
    lambda case, step_context: case.legal_hold,
    standing=True,
)

NOT_ERASED = Guard(
    "ERASED",
    "This case has been erased. There is nothing left to keep.",
    "domain.md 5.2 T37",
    lambda case, step_context: case.erased_on is None,
    standing=True,
)

NO_HOLD_ASKED = Guard(
    "HOLD_ASKED",
    "A legal hold has been asked for. The casework lead must answer that first.",
    "domain.md 2",
    lambda case, step_context: not case.waits_for_hold(),
    standing=True,
)

RETENTION_OVER = Guard(
    "RETENTION_RUNNING",
    "The time this case must be kept has not ended.",
    "domain.md 5.2 T37",
    lambda case, step_context: case.has_lapsed(ClockName.RETENTION, step_context.today),
    standing=True,
)

UNTOUCHED = Guard(
    "DRAFT_IN_USE",
    gettext_noop("A draft is deleted for its owner only after 90 days untouched and a warning."),
    "domain.md 5.2 T38",
    lambda case, step_context: (
        step_context.role != "system" or (step_context.today - case.touched_on).days >= 90
    ),
)


def _review_in_range(step_context: StepContext) -> bool:
    review = step_context.day("review_on")
    if review is None or review <= step_context.today:
        return False
    asked = step_context.text("reason") == HoldReason.AWAITING_C_INFO.value
    most = QUESTION_WAIT_WD if asked else HOLD_REVIEW_WD
    return step_context.working_days(step_context.today, review) <= most


def _needs_lead(step_context: StepContext) -> bool:
    review = step_context.day("review_on")
    is_long = review is None or (
        step_context.working_days(step_context.today, review) > HOLD_UNAPPROVED_WD
    )
    return is_long or step_context.text("reason") == HoldReason.RESPONDENT_SICK.value


def _closed_within(case: CaseShape, step_context: StepContext, days: int) -> bool:
    return case.closed_on is not None and (step_context.today - case.closed_on).days <= days
