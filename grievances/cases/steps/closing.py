"""Steps that withdraw or reopen a concern (T30-T33)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import NoticeKind, Placement, To, case_step
from grievances.cases.guards import holds, triage
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    COMPLAINANT,
    LEAD,
    TRIAGE,
)
from grievances.cases.states import RETURN, close
from grievances.policy.clock_names import EVERY_CLOCK, ClockName
from grievances.vocabulary import (
    ACTIVE,
    CloseReason,
)
from grievances.vocabulary import State as S


class ClosingSteps(CaseShape):
    """Steps that withdraw or reopen a concern (T30-T33)."""

    @case_step(
        code="T30",
        source=[S.SUBMITTED, *ACTIVE, S.ON_HOLD],
        target=S.WITHDRAWAL_PENDING,
        label=gettext_noop("Withdraw this concern"),
        past=gettext_noop("asked to withdraw"),
        who=COMPLAINANT,
        guards=[triage.HEARD],
        starts=[ClockName.WELFARE, ClockName.COOLING_OFF],
        pauses=True,
        notify=[(To.TRIAGE, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def ask_to_withdraw(self, step_context: StepContext) -> None:
        """Ask to withdraw, without giving a reason.

        The complainant then has 5 working days to change their mind.
        """
        self.return_states = [*self.return_states, self.state]
        self.withdrawal_asked_on = step_context.today
        self.pressure, self.contact_attempts = step_context.text("pressure"), 0

    @case_step(
        code="N27",
        source=[S.WITHDRAWAL_PENDING],
        target=None,
        label=gettext_noop("Record the talk about withdrawing"),
        past=gettext_noop("recorded the talk about withdrawing"),
        who=TRIAGE,
        guards=[needs("reached", gettext_noop("Say whether you reached the complainant."))],
        meets=[(ClockName.WELFARE, 1)],
    )
    def check_voluntary(self, step_context: StepContext) -> None:
        """Record an attempt to talk with the complainant about withdrawing.

        Each attempt is counted. Whether there was pressure is recorded when they were reached.
        """
        self.contact_attempts += 1
        if step_context.text("reached") == "yes":
            self.pressure = step_context.text("pressure")

    @case_step(
        code="T31",
        source=[S.WITHDRAWAL_PENDING],
        target=RETURN,
        label=gettext_noop("Keep my concern going"),
        past=gettext_noop("decided to go on"),
        who=COMPLAINANT,
        stops=[ClockName.WELFARE, ClockName.COOLING_OFF],
        resumes=True,
        meets=[(ClockName.COOLING_OFF, 1)],
        notify=[(To.TRIAGE, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
    )
    def stay(self, step_context: StepContext) -> None:
        """Keep the concern going after a request to withdraw."""
        self.withdrawal_asked_on, self.pressure, self.contact_attempts = None, "", 0

    @case_step(
        code="T32",
        source=[S.WITHDRAWAL_PENDING],
        target=S.CLOSED,
        label=gettext_noop("Close as withdrawn"),
        past=gettext_noop("closed the case as withdrawn"),
        who=TRIAGE,
        guards=[holds.COOLED_OFF, holds.VOLUNTARY, holds.PRESSURE_CLEAR],
        stops=[ClockName.WELFARE, ClockName.COOLING_OFF, ClockName.HOLD_REVIEW, EVERY_CLOCK],
        meets=[(ClockName.WELFARE, 2)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        urgency=9,
    )
    def close_withdrawn(self, step_context: StepContext) -> None:
        """Close the case as withdrawn."""
        self.return_states = []
        close(self, step_context, CloseReason.WITHDRAWN)

    @case_step(
        code="N10",
        source=[S.CLOSED],
        target=None,
        label=gettext_noop("Ask for this to be reopened"),
        past=gettext_noop("asked for the case to be reopened"),
        who=COMPLAINANT | TRIAGE,
        guards=[needs("reason", gettext_noop("Choose a reason."))],
        notify=[(To.LEAD, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def ask_to_reopen(self, step_context: StepContext) -> None:
        """Ask for a closed case to be reopened."""
        self.reopen_asked_on = step_context.today

    @case_step(
        code="T33",
        source=[S.CLOSED],
        target=S.TRIAGE,
        label=gettext_noop("Reopen"),
        past=gettext_noop("reopened the case"),
        who=LEAD,
        guards=[holds.REOPEN_ASKED, holds.REOPEN_REASON, holds.REOPEN_IN_TIME],
        stops=[EVERY_CLOCK],
        starts=[ClockName.OVERALL, ClockName.TRIAGE],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.TRIAGE, NoticeKind.ALLOCATION)],
    )
    def reopen(self, step_context: StepContext) -> None:
        """Begin a new episode, with new officers.

        The earlier episode does not change.
        """
        self.episode += 1
        self.received_on, self.reopen_asked_on = step_context.today, None
        self.outcome, self.outcome_on, self.closed_on, self.close_reason = "", None, None, ""
        self.safety_checked_on, self.exclusions_asked_on = None, None
        self.sharing_asked_on = None
        self.meeting_held_on, self.meeting_declined, self.returns = None, False, 0
        self.respondent_asked_on, self.reported_on = None, None
