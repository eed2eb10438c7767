"""Steps by which two officers open a case for 24 hours (N70-N73).

Source: domain.md 11.1, break-glass.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import NoticeKind, Placement, To, case_step
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    BREAK_GLASS,
    DPO,
    LEAD,
)
from grievances.cases.states import SENT
from workflow.steps import Guard

REASONED = Guard(
    "ANSWER_MISSING",
    gettext_noop("Choose a reason, and write what the casework lead needs to know."),
    "domain.md 11.1 (break-glass)",
    lambda case, step_context: step_context.has("why") and step_context.has("text"),
)


class EmergencySteps(CaseShape):
    """Steps by which two officers open a case for 24 hours (N70-N73).

    Source: domain.md 11.1, break-glass.
    """

    @case_step(
        code="N70",
        source=list(SENT),
        target=None,
        label=gettext_noop("Ask to open this case in an emergency"),
        past=gettext_noop("asked to open the case in an emergency"),
        who=DPO,
        guards=[REASONED],
        notify=[(To.LEAD, NoticeKind.ANSWER_NEEDED)],
        placement=Placement.ASIDE,
        applies=lambda at: not at.case.emergency_state(),
    )
    def ask_break_glass(self, step_context: StepContext) -> None:
        """Ask to open the case, with a reason.

        The data-protection officer asks.
        """

    @case_step(
        code="N71",
        source=list(SENT),
        target=None,
        label=gettext_noop("Agree to open this case in an emergency"),
        past=gettext_noop("agreed that the data-protection officer reads the case for 24 hours"),
        who=LEAD,
        notify=[(To.COMPLAINANT, NoticeKind.EMERGENCY), (To.DPO, NoticeKind.UPDATE)],
        urgency=6,
        applies=lambda at: at.case.emergency_state() == "waiting",
    )
    def agree_break_glass(self, step_context: StepContext) -> None:
        """Grant the casework lead's share, in the lead's own session.

        24 hours begin.
        """

    @case_step(
        code="N72",
        source=list(SENT),
        target=None,
        label=gettext_noop("Refuse to open this case in an emergency"),
        past=gettext_noop("refused to open the case in an emergency"),
        who=LEAD,
        notify=[(To.DPO, NoticeKind.UPDATE)],
        applies=lambda at: at.case.emergency_state() == "waiting",
    )
    def refuse_break_glass(self, step_context: StepContext) -> None:
        """Refuse the request.

        The casework lead says no, and the case stays closed to the officer.
        """

    @case_step(
        code="N73",
        source=list(SENT),
        target=None,
        label=gettext_noop("End the emergency opening"),
        past=gettext_noop("ended the emergency opening"),
        who=BREAK_GLASS,
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        by_clock=True,
    )
    def end_break_glass(self, step_context: StepContext) -> None:
        """End the opening: the officer has finished, or the time is over."""
