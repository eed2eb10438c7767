"""Steps of the casework lead: approvals, dates and delays (T35, N25, N26)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, Situation, To, case_step
from grievances.cases.guards import holds
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    APPEAL,
    COMPLAINANT,
    DECIDER,
    HANDLER,
    LEAD,
    OFFICERS,
    TRIAGE,
)
from grievances.cases.states import HOLDING
from grievances.cases.step_names import StepName
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import (
    ACTIVE,
    OPEN,
    Keep,
    Role,
)
from grievances.vocabulary import State as S

ASKED_BY = {
    StepName.REDIRECT: ((Role.TRIAGE,), (S.TRIAGE,)),
    StepName.CLOSE_INSUFFICIENT: ((Role.TRIAGE,), (S.TRIAGE,)),
    StepName.RETURN_FOR_ENQUIRIES: ((Role.DECIDER,), (S.DECISION,)),
    StepName.HOLD: ((Role.TRIAGE, Role.HANDLER, Role.DECIDER, Role.APPEAL), ACTIVE),
    StepName.APPEAL: (("complainant",), (S.OUTCOME,)),
}
"""Step -> who may ask for its approval, and in which states.

They are those who may take the step itself.
"""


def _has_request(at: Situation) -> bool:
    """Return whether a request for approval waits for its answer.

    Requests about erasing have a page of their own and do not count.
    """
    return any(row.answered_at is None for row in at.approvals if row.step not in Keep)


def _can_ask(at: Situation) -> bool:
    """Return whether there is an approval that this role can ask for.

    A complainant can ask once the time to appeal has ended.
    """
    found = any(at.role in roles and at.case.state in states for roles, states in ASKED_BY.values())
    if at.role == "complainant":
        return found and at.case.has_lapsed(ClockName.APPEAL_WINDOW, at.today)
    return found


class OversightSteps(CaseShape):
    """Steps of the casework lead: approvals, dates and delays (T35, N25, N26)."""

    @case_step(
        code="N25",
        source=list(OPEN),
        target=None,
        label=gettext_noop("Ask the casework lead for approval"),
        past=gettext_noop("asked the casework lead for approval"),
        who=TRIAGE | HANDLER | DECIDER | APPEAL | COMPLAINANT,
        guards=[
            needs("step", gettext_noop("Choose what you need approval for.")),
            needs("text", gettext_noop("Say why.")),
        ],
        notify=[(To.LEAD, NoticeKind.ANSWER_NEEDED)],
        placement=Placement.ASIDE,
        applies=_can_ask,
    )
    def ask_approval(self, step_context: StepContext) -> None:
        """Ask for a second person's approval, with a reason (domain.md 0 rule 4)."""

    @case_step(
        code="N26",
        source=list(OPEN),
        target=None,
        label=gettext_noop("Answer a request for approval"),
        past=gettext_noop("answered the request for approval"),
        who=LEAD,
        guards=[
            needs("approval", gettext_noop("Choose the request.")),
            needs("answer", gettext_noop("Choose yes or no.")),
            needs("text", gettext_noop("Give your reason.")),
        ],
        notify=[(To.OFFICERS, NoticeKind.UPDATE)],
        urgency=5,
        applies=_has_request,
    )
    def answer_approval(self, step_context: StepContext) -> None:
        """Answer a request for approval.

        The casework lead answers. An approval can be used once.
        """

    @case_step(
        code="T35",
        source=list(OPEN),
        target=None,
        label=gettext_noop("Move a date"),
        past=gettext_noop("moved a date"),
        who=LEAD,
        guards=[holds.BEFORE_DUE, holds.DAYS, holds.EXTENSION_EXPLAINED],
        keeps=["clock", "days"],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.DATES,
    )
    def extend(self, step_context: StepContext) -> None:
        """Move a current date.

        The original date does not change, for the statistics.
        """

    @case_step(
        code="N64",
        source=list(OPEN),
        target=None,
        label=gettext_noop("Explain a delay"),
        past=gettext_noop("explained a delay"),
        who=LEAD | OFFICERS,
        guards=[
            holds.SOMETHING_LATE,
            holds.LATE,
            holds.DELAY_REASON,
            holds.EXPECTED,
            holds.EXTENSION_EXPLAINED,
        ],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.LEAD, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.DATES,
    )
    def explain_delay(self, step_context: StepContext) -> None:
        """Tell the complainant the expected date and the reason of a delay.

        What is late is still late (5.5).
        """

    @case_step(
        code="N63",
        source=list(OPEN),
        target=None,
        label=gettext_noop("Move to a newer policy"),
        past=gettext_noop("moved the case to a newer policy"),
        who=LEAD,
        guards=[holds.NEWER_POLICY, holds.VERSION, holds.EXTENSION_EXPLAINED],
        keeps=["version"],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def move_policy(self, step_context: StepContext) -> None:
        """Move the case to a newer policy version.

        A case keeps the policy it began under until the casework lead moves it (domain.md 0).
        """

    @case_step(
        code="N08",
        source=list(OPEN),
        target=None,
        label=gettext_noop("Say that this has stalled"),
        past=gettext_noop("said that this has stalled"),
        who=COMPLAINANT,
        notify=[(To.LEAD, NoticeKind.ESCALATED)],
        placement=Placement.ASIDE,
    )
    def say_stalled(self, step_context: StepContext) -> None:
        """Tell the casework lead that the case has stalled (domain.md 5.5)."""

    @case_step(
        code="N96",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("See which earlier concerns name the same person or unit"),
        past=gettext_noop("saw which earlier concerns name the same person or unit"),
        who=LEAD | TRIAGE,
        guards=[needs("text", gettext_noop("Give your reason first."), "REASON_MISSING")],
        placement=Placement.PATTERN,
    )
    def open_pattern(self, step_context: StepContext) -> None:
        """See for a day which concerns they are. Each time is counted for those who check."""

    @case_step(
        code="N97",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Link this to another case"),
        past=gettext_noop("linked this to another case"),
        who=LEAD | TRIAGE,
        guards=[
            needs("into", gettext_noop("Give the reference of the other case."), "NO_SUCH_CASE"),
            needs("kind", gettext_noop("Choose how they belong together.")),
        ],
        placement=Placement.PATTERN,
        group=Group.CONCERN,
    )
    def link_cases(self, step_context: StepContext) -> None:
        """Link two cases. No one can read more than before."""
