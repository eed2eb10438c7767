"""Steps of the investigation: meeting, both sides heard, report (T17-T20)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, To, case_step
from grievances.cases.guards import hearings, investigation, meetings, people
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.guards.people import PEOPLE
from grievances.cases.roles import (
    DECIDER,
    HANDLER,
)
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import State as S


class InvestigationSteps(CaseShape):
    """Steps of the investigation: meeting, both sides heard, report (T17-T20)."""

    @case_step(
        code="T17",
        source=[S.ALLOCATION],
        target=S.INVESTIGATION,
        label=gettext_noop("Begin the investigation"),
        past=gettext_noop("began the investigation"),
        who=HANDLER,
        guards=[
            people.HANDED_OVER,
            people.G_ACCEPTED,
            people.NO_OBJECTION,
            *PEOPLE,
            people.DECLARED,
        ],
        stops=[ClockName.ALLOCATION],
        starts=[ClockName.MEETING, ClockName.INVESTIGATION, ClockName.UPDATE],
        meets=[(ClockName.ALLOCATION, 2)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        urgency=7,
    )
    def begin_investigation(self, step_context: StepContext) -> None:
        """Begin the investigation; no meeting has been held yet."""
        self.meeting_held_on, self.meeting_declined = None, False

    @case_step(
        code="T18",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("Record the meeting"),
        past=gettext_noop("recorded the meeting"),
        who=HANDLER,
        guards=[
            investigation.MEETING_TOLD,
            investigation.MEETING_IS_ONE,
            meetings.HELD_BY_TODAY,
            investigation.COMPANION_ASKED,
        ],
        stops=[ClockName.MEETING],
        meets=[(ClockName.MEETING, 1), (ClockName.INVESTIGATION, 1)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
    )
    def record_meeting(self, step_context: StepContext) -> None:
        """Record the day of the meeting, or that it was declined."""
        self.meeting_held_on = step_context.day("held_on")
        self.meeting_declined = step_context.has("declined")

    @case_step(
        code="N80",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("Put it to the person it is about"),
        past=gettext_noop("put it to the person the concern is about"),
        who=HANDLER,
        guards=[hearings.PERSON_NAMED, hearings.WORDS, hearings.IN_TIME, hearings.READ_AGAIN],
        meets=[(ClockName.INVESTIGATION, 2)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
    )
    def put_to_respondent(self, step_context: StepContext) -> None:
        """Put to the respondent what they need to answer.

        They read it in their own account, and nothing else of the case.
        """

    @case_step(
        code="N81",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("Ask a witness"),
        past=gettext_noop("asked a witness"),
        who=HANDLER,
        guards=[hearings.PERSON_NAMED, hearings.WORDS, hearings.IN_TIME, hearings.READ_AGAIN],
        placement=Placement.ASIDE,
        group=Group.WRITING,
    )
    def ask_witness(self, step_context: StepContext) -> None:
        """Ask a witness a question.

        A witness reads the question put to them, and is excluded from the case.
        """

    @case_step(
        code="N41",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("Record the chance to answer"),
        past=gettext_noop("recorded the chance to answer"),
        who=HANDLER,
        guards=[needs("asked_on", gettext_noop("Give the day the person was asked."))],
        meets=[(ClockName.INVESTIGATION, 3)],
    )
    def record_respondent(self, step_context: StepContext) -> None:
        """Record the day on which the respondent was asked to answer."""
        self.respondent_asked_on = step_context.day("asked_on")

    @case_step(
        code="N40",
        source=[S.INVESTIGATION, S.DECISION],
        target=None,
        label=gettext_noop("Send the complainant an update"),
        past=gettext_noop("sent an update"),
        who=HANDLER | DECIDER,
        guards=[needs("text", gettext_noop("Write the update first."))],
        stops=[ClockName.UPDATE],
        starts=[ClockName.UPDATE],
        meets=[(ClockName.UPDATE, 1)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.WRITING,
    )
    def send_update(self, step_context: StepContext) -> None:
        """Keep the complainant informed, even when there is no news (K8)."""

    @case_step(
        code="T19",
        source=[S.INVESTIGATION],
        target=S.DECISION,
        label=gettext_noop("Send the report to the decision maker"),
        past=gettext_noop("sent the report"),
        who=HANDLER,
        guards=[
            people.HANDED_OVER,
            people.STILL_FREE,
            investigation.MET,
            hearings.ANSWER_AWAITED,
            investigation.RESPONDENT_HEARD,
            investigation.ALL_COVERED,
            investigation.EVIDENCE_COMPLETE,
            investigation.REPORT,
        ],
        stops=[ClockName.INVESTIGATION, ClockName.SUPPLEMENTARY, ClockName.MEETING],
        starts=[ClockName.DECISION],
        meets=[(ClockName.INVESTIGATION, 4), (ClockName.SUPPLEMENTARY, 1)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.DECIDER, NoticeKind.ALLOCATION)],
    )
    def submit_report(self, step_context: StepContext) -> None:
        """Send the report to the decision maker."""
        self.reported_on = step_context.today

    @case_step(
        code="T20",
        source=[S.DECISION],
        target=S.INVESTIGATION,
        label=gettext_noop("Send back for further enquiries"),
        past=gettext_noop("asked for further enquiries"),
        who=DECIDER,
        guards=[investigation.ENQUIRIES, investigation.SECOND_RETURN],
        stops=[ClockName.DECISION],
        starts=[ClockName.SUPPLEMENTARY],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.HANDLER, NoticeKind.ALLOCATION)],
        placement=Placement.ASIDE,
    )
    def return_for_enquiries(self, step_context: StepContext) -> None:
        """Send the report back for further enquiries, and count the return."""
        self.returns += 1
