"""The casework lead countersigns, moves dates and hears what has stalled (T35, N25, N26)."""

from __future__ import annotations

from grievances.cases.declaration import NoticeKind, Placement, Situation, To, case_step
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
"""Who may ask for which approval, and in which states: those who may take the step itself."""


def _has_request(at: Situation) -> bool:
    """A request for approval waits for its answer; those about erasing have a page of their own."""
    return any(row.answered_at is None for row in at.approvals if row.step not in Keep)


def _can_ask(at: Situation) -> bool:
    """There is an approval to ask for; a complainant asks once the time to appeal has ended."""
    found = any(at.role in roles and at.case.state in states for roles, states in ASKED_BY.values())
    if at.role == "complainant":
        return found and at.case.has_lapsed(ClockName.APPEAL_WINDOW, at.today)
    return found


class OversightSteps(CaseShape):
    """The casework lead countersigns, moves dates and hears what has stalled (T35, N25, N26)."""

    @case_step(
        code="N25",
        source=list(OPEN),
        target=None,
        label="Ask the casework lead for approval",
        past="asked the casework lead for approval",
        who=TRIAGE | HANDLER | DECIDER | APPEAL | COMPLAINANT,
        guards=[needs("step", "Choose what you need approval for."), needs("text", "Say why.")],
        notify=[(To.LEAD, NoticeKind.ANSWER_NEEDED)],
        placement=Placement.ASIDE,
        applies=_can_ask,
    )
    def ask_approval(self, step_context: StepContext) -> None:
        """A second person's yes, with a reason (domain.md 0 rule 4)."""

    @case_step(
        code="N26",
        source=list(OPEN),
        target=None,
        label="Answer a request for approval",
        past="answered the request for approval",
        who=LEAD,
        guards=[
            needs("approval", "Choose the request."),
            needs("answer", "Choose yes or no."),
            needs("text", "Give your reason."),
        ],
        notify=[(To.OFFICERS, NoticeKind.UPDATE)],
        urgency=5,
        applies=_has_request,
    )
    def answer_approval(self, step_context: StepContext) -> None:
        """The casework lead answers; the answer serves once."""

    @case_step(
        code="T35",
        source=list(OPEN),
        target=None,
        label="Move a date",
        past="moved a date",
        who=LEAD,
        guards=[holds.BEFORE_DUE, holds.DAYS, holds.EXTENSION_EXPLAINED],
        keeps=["clock", "days"],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def extend(self, step_context: StepContext) -> None:
        """The current date moves; the original stays for the statistics."""

    @case_step(
        code="N64",
        source=list(OPEN),
        target=None,
        label="Explain a delay",
        past="explained a delay",
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
    )
    def explain_delay(self, step_context: StepContext) -> None:
        """The complainant is told the date and the reason; what is late stays late (5.5)."""

    @case_step(
        code="N63",
        source=list(OPEN),
        target=None,
        label="Move to a newer policy",
        past="moved the case to a newer policy",
        who=LEAD,
        guards=[holds.NEWER_POLICY, holds.VERSION, holds.EXTENSION_EXPLAINED],
        keeps=["version"],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def move_policy(self, step_context: StepContext) -> None:
        """A case keeps the policy it began under until the casework lead moves it (domain.md 0)."""

    @case_step(
        code="N08",
        source=list(OPEN),
        target=None,
        label="Say that this has stalled",
        past="said that this has stalled",
        who=COMPLAINANT,
        notify=[(To.LEAD, NoticeKind.ESCALATED)],
        placement=Placement.ASIDE,
    )
    def say_stalled(self, step_context: StepContext) -> None:
        """domain.md 5.5: the casework lead is told."""
