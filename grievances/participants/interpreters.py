"""Interpreters: proposed, agreed to by the complainant, bound to confidentiality."""

from __future__ import annotations

from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import Execution, StepExecution, effect
from grievances.cases.models.answers import Interpreter
from grievances.cases.models.records import Kind, write
from grievances.cases.step_names import StepName


@effect(StepName.PROPOSE_INTERPRETER)
def propose_interpreter(execution: Execution[given.InterpreterOffer]) -> None:
    """Record a proposed interpreter; the name is sealed, the day and number are not."""
    number = execution.case.interpreters.count() + 1
    day = execution.answers["meeting_on"]
    Interpreter.objects.create(case=execution.case, number=number, meeting_on=day)
    write(
        execution.case, execution.ring, Kind.INTERPRETER, execution.answers["text"],
        author=execution.role, now=execution.now, about=str(number),
    )  # fmt: skip


@effect(StepName.ANSWER_INTERPRETER)
def answer_interpreter(execution: Execution[given.YesOrNo]) -> None:
    """Record the complainant's answer on the proposed interpreter."""
    waiting = execution.case.interpreters.filter(agreed__isnull=True)
    waiting.update(agreed=execution.answers["answer"] == "yes")


@effect(StepName.CONFIRM_INTERPRETER)
def confirm_interpreter(execution: StepExecution) -> None:
    """Record that the interpreter declared confidentiality today (local date)."""
    waiting = execution.case.interpreters.filter(agreed=True, declared_on__isnull=True)
    waiting.update(declared_on=execution.today)
