"""Steps of the decision, and what follows from it (T21, T23)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, To, case_step
from grievances.cases.guards import delivery, hearings, investigation, people, referrals
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    APPEAL,
    COMPLAINANT,
    DECIDER,
    LEAD,
    TRIAGE,
)
from grievances.cases.states import close
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import (
    CloseReason,
)
from grievances.vocabulary import State as S


class DecisionSteps(CaseShape):
    """Steps of the decision, and what follows from it (T21, T23)."""

    @case_step(
        code="T21",
        source=[S.DECISION],
        target=S.OUTCOME,
        label=gettext_noop("Give the decision"),
        past=gettext_noop("gave the decision"),
        who=DECIDER,
        guards=[
            people.HANDED_OVER,
            delivery.SOMEONE_THERE,
            people.G_SEPARATION,
            people.STILL_FREE,
            people.NO_OBJECTION,
            investigation.ALL_FOUND,
            investigation.ACTIONS_OWNED,
            investigation.APPEAL_RIGHTS,
        ],
        stops=[ClockName.DECISION, ClockName.OVERALL, ClockName.UPDATE],
        starts=[ClockName.APPEAL_WINDOW, ClockName.SURVEY_A],
        meets=[(ClockName.DECISION, 1)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
    )
    def decide(self, step_context: StepContext) -> None:
        """Give the decision: a finding on each part, and an outcome of the case."""
        self.outcome = self.outcome_of(step_context.findings())
        self.outcome_on = step_context.today

    @case_step(
        code="T23",
        source=[S.OUTCOME],
        target=S.CLOSED,
        label=gettext_noop("I do not want to appeal: close it"),
        past=gettext_noop("closed the case after the decision"),
        who=COMPLAINANT,
        guards=[investigation.WINDOW_OVER],
        stops=[ClockName.APPEAL_WINDOW],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        lapse=ClockName.APPEAL_WINDOW,
    )
    def accept_outcome(self, step_context: StepContext) -> None:
        """Close the case without an appeal.

        The complainant does so, or the system when the time to appeal has ended.
        """
        close(self, step_context, CloseReason.FINDING)

    @case_step(
        code="N82",
        source=[S.OUTCOME, S.APPEAL_ALLOCATION, S.APPEAL, S.CLOSED],
        target=None,
        label=gettext_noop("Tell the person it is about what was decided"),
        past=gettext_noop("told the person the concern is about what was decided"),
        who=DECIDER | APPEAL,
        guards=[
            delivery.SOMEONE_THERE,
            hearings.COMPLAINANT_FIRST,
            hearings.WAS_HEARD,
            hearings.PERSON_NAMED,
            hearings.WORDS,
            hearings.READ_AGAIN,
        ],
        group=Group.WRITING,
    )
    def tell_respondent(self, step_context: StepContext) -> None:
        """Tell the respondent what was decided about them.

        They learn their own outcome and no one else's, and only after the complainant has it.
        """

    @case_step(
        code="N45",
        source=[S.OUTCOME, S.CLOSED],
        target=None,
        label=gettext_noop("Record that an action is done"),
        past=gettext_noop("recorded that an action is done"),
        who=DECIDER | TRIAGE | LEAD,
        guards=[needs("action", gettext_noop("Choose the action."))],
        applies=lambda at: at.case.has_open_action(),
    )
    def finish_action(self, step_context: StepContext) -> None:
        """Record that a promised action is done (K13: actions delivered)."""

    @case_step(
        code="N112",
        source=[S.OUTCOME, S.APPEAL_ALLOCATION, S.APPEAL, S.CLOSED],
        target=None,
        label=gettext_noop("Refer something to another body"),
        past=gettext_noop("referred something to another body"),
        who=DECIDER | LEAD,
        guards=[delivery.SOMEONE_THERE, *referrals.GUARDS],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.WRITING,
    )
    def refer(self, step_context: StepContext) -> None:
        """Refer something to another body, with a letter to it and one to the complainant."""

    @case_step(
        code="N113",
        source=[S.OUTCOME, S.APPEAL_ALLOCATION, S.APPEAL, S.CLOSED],
        target=None,
        label=gettext_noop("Record what came of a referral"),
        past=gettext_noop("recorded what came of a referral"),
        who=DECIDER | LEAD,
        guards=[delivery.SOMEONE_THERE, referrals.REFERRED, referrals.CHOSEN, referrals.RESULT],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.WRITING,
        applies=lambda at: referrals.has_open(at.case),
    )
    def record_referral(self, step_context: StepContext) -> None:
        """Record what the other body did."""
