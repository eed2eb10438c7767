"""Steps that pause and resume a case (T27-T29)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, Situation, To, case_step
from grievances.cases.guards import holds
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    APPEAL,
    COMPLAINANT,
    DECIDER,
    HANDLER,
    LEAD,
    TRIAGE,
)
from grievances.cases.states import RETURN
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import (
    ACTIVE,
    HOLD_AT_COMPLAINANTS_REQUEST,
)
from grievances.vocabulary import State as S


def _may_resume(at: Situation) -> bool:
    """Return whether this role may end the pause.

    A complainant ends a pause that they asked for. Officers end any.
    """
    if at.role != "complainant":
        return True
    return at.case.hold_reason in HOLD_AT_COMPLAINANTS_REQUEST


class HoldsSteps(CaseShape):
    """Steps that pause and resume a case (T27-T29)."""

    @case_step(
        code="T27",
        source=list(ACTIVE),
        target=S.ON_HOLD,
        label=gettext_noop("Pause"),
        past=gettext_noop("paused the case"),
        who=TRIAGE | HANDLER | DECIDER | APPEAL,
        guards=[
            holds.PAUSING_REASON,
            holds.EXPLAINED,
            holds.REVIEW_SOON,
            holds.QUESTION_ASKED,
            holds.LONG_HOLD,
        ],
        starts=[ClockName.HOLD_REVIEW],
        pauses=True,
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.DATES,
    )
    def hold(self, step_context: StepContext) -> None:
        """Pause the case until a review date, and keep the state it had."""
        self.return_states = [*self.return_states, self.state]
        self.hold_reason = step_context.text("reason")
        self.hold_review_on = step_context.day("review_on")

    @case_step(
        code="T28",
        source=[S.ON_HOLD],
        target=RETURN,
        label=gettext_noop("Go on again"),
        past=gettext_noop("ended the pause"),
        who=TRIAGE | HANDLER | DECIDER | APPEAL | COMPLAINANT,
        guards=[holds.OWN_HOLD, holds.REVIEW_DUE],
        stops=[ClockName.HOLD_REVIEW],
        resumes=True,
        meets=[(ClockName.HOLD_REVIEW, 1)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        lapse=ClockName.HOLD_REVIEW,
        applies=_may_resume,
        group=Group.DATES,
    )
    def resume(self, step_context: StepContext) -> None:
        """End the pause and return to the state before it."""
        self.hold_reason, self.hold_review_on = "", None

    @case_step(
        code="T29",
        source=[S.ON_HOLD],
        target=None,
        label=gettext_noop("Renew the pause"),
        past=gettext_noop("renewed the pause"),
        who=LEAD,
        guards=[holds.EXPLAINED, holds.VIEW_RECORDED, holds.REVIEW_SOON],
        stops=[ClockName.HOLD_REVIEW],
        starts=[ClockName.HOLD_REVIEW],
        meets=[(ClockName.HOLD_REVIEW, 2)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        group=Group.DATES,
    )
    def renew_hold(self, step_context: StepContext) -> None:
        """Renew the pause until a new review date."""
        self.hold_review_on = step_context.day("review_on")
