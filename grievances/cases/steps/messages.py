"""Steps by which the complainant and the officers write to each other."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, To, case_step
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    COMPLAINANT,
    HANDLER,
    OFFICERS,
    TRIAGE,
)
from grievances.cases.states import HOLDING
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import (
    ACTIVE,
)
from grievances.vocabulary import State as S


class MessagesSteps(CaseShape):
    """Steps by which the complainant and the officers write to each other."""

    @case_step(
        code="N01",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Write a message"),
        past=gettext_noop("wrote a message"),
        who=COMPLAINANT | OFFICERS,
        guards=[needs("text", gettext_noop("Write your message first."))],
        meets=[(ClockName.INFORMAL, 2)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.WRITING,
    )
    def message(self, step_context: StepContext) -> None:
        """Send a message.

        The complainant can still write after closing (peers.md 4 row 18).
        """
        if step_context.role == "complainant":
            self.questions.filter(answered_on__isnull=True).update(answered_on=step_context.today)

    @case_step(
        code="N22",
        source=list(ACTIVE),
        target=None,
        label=gettext_noop("Ask the complainant a question"),
        past=gettext_noop("asked a question"),
        who=TRIAGE | HANDLER,
        guards=[needs("text", gettext_noop("Write the question first."))],
        notify=[(To.COMPLAINANT, NoticeKind.ANSWER_NEEDED)],
        placement=Placement.ASIDE,
        group=Group.WRITING,
    )
    def ask_question(self, step_context: StepContext) -> None:
        """Ask a written question.

        Only after one can waiting for the answer pause the case.
        """

    @case_step(
        code="N09",
        source=[S.CLOSED],
        target=None,
        label=gettext_noop("Answer a check-in"),
        past=gettext_noop("answered a check-in"),
        who=COMPLAINANT,
        guards=[needs("worse", gettext_noop("Choose an answer."))],
        stops=[ClockName.CHECKIN_AGAIN],
        notify=[(To.TRIAGE, NoticeKind.UPDATE)],
        urgency=2,
        applies=lambda at: at.case.has_open_check_in(),
    )
    def answer_check_in(self, step_context: StepContext) -> None:
        """Answer a check-in: how things have been since (domain.md 5.6)."""
