"""Interpreters: proposed, agreed to by the complainant, and bound to confidentiality."""

from __future__ import annotations

from grievances.cases.actions.effects import Scene, effect
from grievances.cases.models.interpreters import Interpreter
from grievances.cases.models.records import Kind, write
from grievances.cases.step_names import StepName


@effect(StepName.PROPOSE_INTERPRETER)
def propose_interpreter(scene: Scene) -> None:
    """The name is sealed; the day and the number are what is left outside."""
    number = scene.case.interpreters.count() + 1
    day = scene.answers["meeting_on"]
    Interpreter.objects.create(case=scene.case, number=number, meeting_on=day)
    write(
        scene.case, scene.ring, Kind.INTERPRETER, scene.answers["text"],
        author=scene.role, now=scene.now, about=str(number),
    )  # fmt: skip


@effect(StepName.ANSWER_INTERPRETER)
def answer_interpreter(scene: Scene) -> None:
    waiting = scene.case.interpreters.filter(agreed__isnull=True)
    waiting.update(agreed=scene.answers["answer"] == "yes")


@effect(StepName.CONFIRM_INTERPRETER)
def confirm_interpreter(scene: Scene) -> None:
    waiting = scene.case.interpreters.filter(agreed=True, declared_on__isnull=True)
    waiting.update(declared_on=scene.today)
