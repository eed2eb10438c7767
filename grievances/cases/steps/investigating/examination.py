"""Steps of the plan, the evidence and the examination of each part of a concern."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Placement, case_step
from grievances.cases.guards import examination
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.guards.people import DECLARED_TO_HELP
from grievances.cases.roles import CO_HANDLER, HANDLER
from grievances.vocabulary import State as S


class ExaminationSteps(CaseShape):
    """Steps of the plan, the evidence and the examination of each part of a concern."""

    @case_step(
        code="N100",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("Plan the investigation"),
        past=gettext_noop("planned the investigation"),
        who=HANDLER,
        guards=[examination.SCOPE, examination.PLAN_STEPS],
        placement=Placement.ROOM,
    )
    def plan_investigation(self, step_context: StepContext) -> None:
        """Write the plan, or a new version of it."""

    @case_step(
        code="N101",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("List a person to hear"),
        past=gettext_noop("listed a person to hear"),
        who=HANDLER | CO_HANDLER,
        guards=[examination.NAMED, examination.QUESTIONS, DECLARED_TO_HELP],
        placement=Placement.ROOM,
    )
    def list_person(self, step_context: StepContext) -> None:
        """List a person to hear, and the questions for them. It tells them nothing."""

    @case_step(
        code="N106",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("List a piece of evidence"),
        past=gettext_noop("listed a piece of evidence"),
        who=HANDLER | CO_HANDLER,
        guards=[
            examination.WHAT,
            examination.PROVENANCE,
            examination.SEEN_BY,
            DECLARED_TO_HELP,
        ],
        placement=Placement.ROOM,
    )
    def list_evidence(self, step_context: StepContext) -> None:
        """Give a piece of evidence a number, and say where it is from and who may see it."""

    @case_step(
        code="N109",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("Show evidence to someone"),
        past=gettext_noop("showed evidence to someone"),
        who=HANDLER,
        guards=[examination.TO_SHOW, examination.SHOWN_TO, examination.SHOWN_WORDS],
        placement=Placement.ROOM,
    )
    def show_evidence(self, step_context: StepContext) -> None:
        """Show evidence to a party who may see it, with passages masked."""

    @case_step(
        code="N107",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("Examine a part of the concern"),
        past=gettext_noop("examined a part of the concern"),
        who=HANDLER,
        guards=[
            examination.PART,
            examination.ASKED_OF_ALL,
            examination.EXCUSE_EXAMINED,
            examination.REASONS,
        ],
        placement=Placement.ROOM,
    )
    def examine_part(self, step_context: StepContext) -> None:
        """Answer the questions that every part of a concern is asked, and give reasons."""

    @case_step(
        code="N108",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("Write a working note"),
        past=gettext_noop("wrote a working note"),
        who=HANDLER,
        guards=[examination.NOTE],
        placement=Placement.ROOM,
    )
    def write_working_note(self, step_context: StepContext) -> None:
        """Write a note that only the handler can read."""
