"""Guards of hearings, companions and interpreters (N80-N92).

They cover what is put to people and when, who accompanies a person and who interprets. Guards read
whole rows, of which a case has few: a page fetches them once for all of its steps.
"""

from django.utils.translation import gettext_noop

from grievances.cases.guards.answers import given, one_of
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.choices import Share
from grievances.vocabulary import Identity, Standing
from workflow.steps import Guard

DAYS_TO_ANSWER = 3
"""Working days that a person has at least to answer.

The Acas Code asks for time to prepare and names no number. This one is ours.
"""

PERSON_NAMED = Guard(
    "ANSWER_MISSING", gettext_noop("Choose the person first."), "domain.md 5.6", given("person")
)

WORDS = Guard("ANSWER_MISSING", "Write it down first.", "domain.md 5.6", given("text"))

IN_TIME = Guard(
    "TOO_LITTLE_TIME",
    f"Give the person at least {DAYS_TO_ANSWER} working days to answer.",
    "Acas Code; domain.md 5.6, fairness to the respondent",
    lambda case, step_context: (
        step_context.day("due_on") is not None
        and step_context.working_days(step_context.today, step_context.day("due_on"))
        >= DAYS_TO_ANSWER
    ),
)

READ_AGAIN = Guard(
    "NAME_NOT_CHECKED",
    "Confirm that nothing in your text says who raised the concern. The software cannot tell.",
    "domain.md 5.7",
    lambda case, step_context: case.identity == Identity.OPEN or step_context.has("checked"),
)

ANSWER_AWAITED = Guard(
    "ANSWER_AWAITED",
    "The person the concern is about still has time to answer. Wait for the answer, or for the "
    "day you gave them.",
    "domain.md 5.2 T19, 5.6",
    lambda case, step_context: (
        not any(
            each.standing == Standing.RESPONDENT
            and each.episode == case.episode
            and each.answered_at is None
            and each.due_on >= step_context.today
            for each in case.hearings.all()
        )
    ),
    standing=True,
)

COMPLAINANT_FIRST = Guard(
    "COMPLAINANT_FIRST",
    "The complainant is told first. The other person is told one working day later at the "
    "earliest.",
    "domain.md 5.9, T21",
    lambda case, step_context: (
        case.outcome_on is not None
        and step_context.working_days(case.outcome_on, step_context.today) >= 1
    ),
    standing=True,
)

WAS_HEARD = Guard(
    "NOBODY_WAS_HEARD",
    "Nothing was put to anyone on this site, so no one has a page here to be told on. Tell the "
    "person yourself.",
    "domain.md 11.1",
    lambda case, step_context: any(
        each.standing == Standing.RESPONDENT for each in case.hearings.all()
    ),
    standing=True,
)

TICKED = Guard(
    "NOTHING_TICKED",
    gettext_noop("Tick at least one thing that your companion may read."),
    "domain.md 11.1",
    lambda case, step_context: bool(
        step_context.codes("shares") and step_context.codes("shares") <= set(Share.values)
    ),
)

ONE_COMPANION = Guard(
    "COMPANION_THERE",
    gettext_noop("You have a companion, or an invitation that can still be used. End that first."),
    "Employment Relations Act 1999 s10: one companion",
    lambda case, step_context: not _with_companion(case, step_context),
    standing=True,
)

SOME_COMPANION = Guard(
    "NO_COMPANION",
    gettext_noop("You have no companion here, and no invitation that can still be used."),
    "domain.md 11.1",
    lambda case, step_context: _with_companion(case, step_context),
    standing=True,
)

INDEPENDENT = Guard(
    "INTERPRETER_NOT_INDEPENDENT",
    gettext_noop(
        "An interpreter is a professional, and not a colleague, a friend or family. Confirm that."
    ),
    "domain.md 11.1",
    given("independent"),
)

DAY = Guard(
    "ANSWER_MISSING",
    gettext_noop("Give the day of the meeting."),
    "domain.md 11.1",
    given("meeting_on"),
)

SIGNED = Guard(
    "INTERPRETER_NOT_SIGNED",
    gettext_noop("Confirm that the interpreter has signed to keep everything confidential."),
    "domain.md 11.1",
    given("signed"),
)

PROPOSED = Guard(
    "NO_INTERPRETER",
    gettext_noop("No interpreter is waiting for this."),
    "domain.md 11.1",
    lambda case, step_context: any(each.agreed is None for each in case.interpreters.all()),
    standing=True,
)

YES_OR_NO = Guard(
    "ANSWER_MISSING",
    gettext_noop("Choose yes or no."),
    "domain.md 11.1",
    one_of("answer", ("yes", "no")),
)

AGREED = Guard(
    "INTERPRETER_NOT_AGREED",
    gettext_noop("The complainant must agree to the interpreter first."),
    "domain.md 11.1",
    lambda case, step_context: any(
        each.agreed and each.declared_on is None for each in case.interpreters.all()
    ),
    standing=True,
)


def _with_companion(case: CaseShape, step_context: StepContext) -> bool:
    """Return whether the complainant has a companion or an invitation still valid."""
    own = (each for each in case.companions.all() if each.hearing_id is None)
    return any(each.is_party(step_context.now) for each in own)
