"""Small predicates that several guards share."""

from collections.abc import Callable, Collection, Iterable
from datetime import date

from django.utils.translation import gettext_noop

from grievances.cases.guards.context import CaseShape, StepContext
from workflow.steps import Guard, Refused

TOO_FAR = gettext_noop(
    "That day is too far away: its bank holidays are not known yet. Choose an earlier day."
)

Question = Callable[[CaseShape, StepContext], bool]


def given(name: str) -> Question:
    """Return a predicate: the person gave an answer under `name`."""
    return lambda case, step_context: step_context.has(name)


def fit(code: str) -> Question:
    """Return a predicate: `eligibility` found nothing of this code against a person."""
    return lambda case, step_context: code not in step_context.unfit


def one_of(name: str, values: Collection[str]) -> Question:
    """Return a predicate: the answer under `name` is one of the listed codes."""
    return lambda case, step_context: step_context.text(name) in values


def both_agree(what: str) -> Question:
    """Return a predicate: complainant and respondent both agree to `what`.

    Each has said yes in their own account and has not taken it back.
    """
    return lambda case, step_context: case.both_agree(what)


def needs(name: str, sentence: str, code: str = "ANSWER_MISSING") -> Guard:
    """Return a guard that holds once the answer `name` is given (domain.md 5)."""
    return Guard(code, sentence, "domain.md 5", lambda case, step_context: step_context.has(name))


def refuse_far_days(answers: Iterable[object], last_day: date) -> None:
    """Refuse a local date after the last day that a calendar knows.

    Raises:
        Refused: DAY_TOO_FAR.
    """
    # An instant is a date to Python, and no answer about a day.
    if any(type(answer) is date and answer > last_day for answer in answers):
        raise Refused("DAY_TOO_FAR", TOO_FAR)
