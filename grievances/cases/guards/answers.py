"""The few questions that many guards ask."""

from collections.abc import Callable, Collection

from grievances.cases.guards.context import Brief, CaseShape
from workflow.steps import Guard

Question = Callable[[CaseShape, Brief], bool]


def given(name: str) -> Question:
    """Whether the person gave an answer under `name`."""
    return lambda case, brief: bool(brief.get(name))


def fit(code: str) -> Question:
    """Whether `allocation` found nothing of this code against the candidate."""
    return lambda case, brief: code not in brief.unfit


def one_of(name: str, values: Collection[str]) -> Question:
    """Whether the answer under `name` is one of the listed codes."""
    return lambda case, brief: brief.get(name) in values


def both_agree(what: str) -> Question:
    """Whether complainant and respondent have both said yes, themselves, and not taken it back."""
    return lambda case, brief: case.both_agree(what)


def needs(name: str, sentence: str, code: str = "ANSWER_MISSING") -> Guard:
    """Return a guard that holds once the answer `name` is given (domain.md 5)."""
    return Guard(code, sentence, "domain.md 5", lambda case, brief: bool(brief.get(name)))
