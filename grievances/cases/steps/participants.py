"""Steps about companions and interpreters (N85-N92)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, To, case_step
from grievances.cases.guards import hearings, triage
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    APPEAL,
    COMPLAINANT,
    HANDLER,
    TRIAGE,
)
from grievances.cases.states import MEETINGS
from grievances.vocabulary import (
    OPEN,
)
from grievances.vocabulary import State as S


class ParticipantsSteps(CaseShape):
    """Steps about companions and interpreters (N85-N92)."""

    @case_step(
        code="N85",
        source=list(OPEN),
        target=None,
        label=gettext_noop("Invite a companion"),
        past=gettext_noop("invited a companion"),
        who=COMPLAINANT,
        guards=[triage.HEARD, hearings.ONE_COMPANION, hearings.PERSON_NAMED, hearings.TICKED],
        placement=Placement.ASIDE,
    )
    def invite_companion(self, step_context: StepContext) -> None:
        """Invite a companion: the statutory right to be accompanied.

        What they may read is ticked one by one.
        """

    @case_step(
        code="N87",
        source=list(OPEN),
        target=None,
        label=gettext_noop("Choose the files your companion may open"),
        past=gettext_noop("chose the files that the companion may open"),
        who=COMPLAINANT,
        guards=[hearings.SOME_COMPANION],
        placement=Placement.ASIDE,
    )
    def share_files(self, step_context: StepContext) -> None:
        """Choose the files that the companion may open.

        Each file is ticked separately, and a tick that is removed takes effect at once.
        """

    @case_step(
        code="N86",
        source=[*OPEN, S.CLOSED],
        target=None,
        label=gettext_noop("End your companion's access"),
        past=gettext_noop("ended the companion's access"),
        who=COMPLAINANT,
        guards=[hearings.SOME_COMPANION],
        placement=Placement.ASIDE,
    )
    def end_companion(self, step_context: StepContext) -> None:
        """End the companionship at once, without a reason."""

    @case_step(
        code="N90",
        source=list(MEETINGS),
        target=None,
        label=gettext_noop("Propose an interpreter"),
        past=gettext_noop("proposed an interpreter"),
        who=TRIAGE | HANDLER | APPEAL,
        guards=[hearings.WORDS, hearings.DAY, hearings.INDEPENDENT],
        notify=[(To.COMPLAINANT, NoticeKind.ANSWER_NEEDED)],
        placement=Placement.ASIDE,
        group=Group.PEOPLE,
    )
    def propose_interpreter(self, step_context: StepContext) -> None:
        """Propose an interpreter for one meeting.

        The complainant says yes or no to the person first.
        """

    @case_step(
        code="N91",
        source=list(MEETINGS),
        target=None,
        label=gettext_noop("Answer about the interpreter"),
        past=gettext_noop("answered about the interpreter"),
        who=COMPLAINANT,
        guards=[hearings.PROPOSED, hearings.YES_OR_NO],
        notify=[(To.OFFICERS, NoticeKind.UPDATE)],
    )
    def answer_interpreter(self, step_context: StepContext) -> None:
        """Answer about an interpreter.

        An objection needs no reason. Another interpreter is then found.
        """

    @case_step(
        code="N92",
        source=list(MEETINGS),
        target=None,
        label=gettext_noop("Record that the interpreter has signed"),
        past=gettext_noop("recorded that the interpreter has signed"),
        who=TRIAGE | HANDLER | APPEAL,
        guards=[hearings.AGREED, hearings.SIGNED],
        group=Group.PEOPLE,
    )
    def confirm_interpreter(self, step_context: StepContext) -> None:
        """Record the declaration of confidentiality, before the meeting."""
