"""Steps of the appeal, by people who have not dealt with the case (T22, T24-T26)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import NoticeKind, Placement, To, case_step
from grievances.cases.guards import delivery, investigation, meetings, people
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    APPEAL,
    COMPLAINANT,
)
from grievances.cases.states import close
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import (
    CloseReason,
)
from grievances.vocabulary import State as S


class AppealSteps(CaseShape):
    """Steps of the appeal, by people who have not dealt with the case (T22, T24-T26)."""

    @case_step(
        code="T22",
        source=[S.OUTCOME],
        target=S.APPEAL_ALLOCATION,
        label=gettext_noop("Appeal"),
        past=gettext_noop("appealed"),
        who=COMPLAINANT,
        guards=[investigation.GROUNDS, investigation.IN_WINDOW],
        stops=[ClockName.APPEAL_WINDOW],
        starts=[ClockName.APPEAL, ClockName.APPEAL_ALLOC],
        meets=[(ClockName.APPEAL_WINDOW, 1)],
        notify=[
            (To.TRIAGE, NoticeKind.ALLOCATION),
            (To.LEAD, NoticeKind.UPDATE),
            (To.COMPLAINANT, NoticeKind.RECEIPT),
        ],
    )
    def appeal(self, step_context: StepContext) -> None:
        """Record that the complainant appeals."""
        self.appealed_on = step_context.today

    @case_step(
        code="T24",
        source=[S.APPEAL_ALLOCATION],
        target=S.APPEAL,
        label=gettext_noop("Begin the appeal"),
        past=gettext_noop("began the appeal"),
        who=APPEAL,
        guards=[
            people.G_APPEAL_ACCEPTED,
            people.NO_OBJECTION,
            people.G_TRAINED,
            people.G_NO_CONFLICT,
            people.G_SEPARATION,
            people.G_SENIORITY,
            people.DECLARED,
        ],
        stops=[ClockName.APPEAL_ALLOC],
        starts=[ClockName.APPEAL_MEETING],
        meets=[(ClockName.APPEAL_ALLOC, 2)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        urgency=8,
    )
    def begin_appeal(self, step_context: StepContext) -> None:
        """Begin the appeal.

        No one who dealt with the case before may be the appeal manager.
        """

    @case_step(
        code="N132",
        source=[S.APPEAL],
        target=None,
        label=gettext_noop("Invite to the appeal meeting"),
        past=gettext_noop("invited the person who raised it to the appeal meeting"),
        who=APPEAL,
        guards=[
            meetings.NONE_ARRANGED,
            meetings.ENOUGH_NOTICE,
            meetings.ON_A_WORKING_DAY,
            meetings.NO_ONE_AWAY,
            meetings.RIGHT_TOLD,
            meetings.ADJUSTMENTS,
        ],
        meets=[(ClockName.APPEAL_MEETING, 1), (ClockName.APPEAL, 1)],
        applies=lambda at: meetings.awaits_appeal_meeting(at.case),
    )
    def invite_to_appeal_meeting(self, step_context: StepContext) -> None:
        """Invite the complainant to the appeal meeting, with a companion."""

    @case_step(
        code="N98",
        source=[S.APPEAL],
        target=None,
        label=gettext_noop("Record the appeal meeting"),
        past=gettext_noop("recorded the appeal meeting"),
        who=APPEAL,
        guards=[
            investigation.MEETING_TOLD,
            investigation.MEETING_IS_ONE,
            meetings.HELD_BY_TODAY,
            investigation.COMPANION_ASKED,
        ],
        stops=[ClockName.APPEAL_MEETING],
        meets=[(ClockName.APPEAL_MEETING, 2), (ClockName.APPEAL, 2)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
    )
    def record_appeal_meeting(self, step_context: StepContext) -> None:
        """Record the meeting of the appeal and who came along, or that it was declined."""

    @case_step(
        code="T25",
        source=[S.APPEAL],
        target=S.CLOSED,
        label=gettext_noop("Give the appeal decision"),
        past=gettext_noop("gave the appeal decision"),
        who=APPEAL,
        guards=[
            people.HANDED_OVER,
            delivery.SOMEONE_THERE,
            people.STILL_FREE,
            people.NO_OBJECTION,
            investigation.APPEAL_MET,
            investigation.REASONS,
            investigation.APPEAL_OUTCOME,
            investigation.APPEAL_FINDINGS,
            investigation.APPEAL_ACTIONS,
        ],
        stops=[ClockName.APPEAL, ClockName.APPEAL_MEETING],
        meets=[(ClockName.APPEAL, 3)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
    )
    def decide_appeal(self, step_context: StepContext) -> None:
        """Give the appeal decision, and close the case with its outcome.

        The meeting was held or declined before, and its record says that a companion could come.
        """
        close(self, step_context, CloseReason(step_context.text("outcome")))

    @case_step(
        code="T26",
        source=[S.APPEAL],
        target=S.ALLOCATION,
        label=gettext_noop("Send back for a fresh investigation"),
        past=gettext_noop("sent the case back for a fresh investigation"),
        who=APPEAL,
        guards=[delivery.SOMEONE_THERE, investigation.APPEAL_MET, investigation.REASONS],
        stops=[ClockName.APPEAL, ClockName.APPEAL_MEETING],
        starts=[ClockName.ALLOCATION],
        notify=[
            (To.COMPLAINANT, NoticeKind.UPDATE),
            (To.TRIAGE, NoticeKind.UPDATE),
            (To.LEAD, NoticeKind.UPDATE),
        ],
        placement=Placement.ASIDE,
    )
    def remit(self, step_context: StepContext) -> None:
        """Send the case back for a fresh investigation."""
        self.remits += 1
        self.outcome, self.outcome_on, self.returns = "", None, 0
        self.respondent_asked_on, self.reported_on = None, None
