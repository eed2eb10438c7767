"""Steps that archive, keep or erase a case (T36, T37).

A case is kept for a legal reason, or erased, by two officers.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import NoticeKind, Placement, To, case_step
from grievances.cases.guards import holds, people
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    DPO,
    LEAD,
    NO_ONE,
)
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import (
    OPEN,
)
from grievances.vocabulary import State as S


class RetentionSteps(CaseShape):
    """Steps that archive, keep or erase a case (T36, T37).

    A case is kept for a legal reason, or erased, by two officers.
    """

    @case_step(
        code="T36",
        source=[S.CLOSED],
        target=S.ARCHIVED,
        label=gettext_noop("Archive"),
        past=gettext_noop("archived the case"),
        who=NO_ONE,
        guards=[holds.AFTERCARE_DONE, holds.YEAR_PASSED, holds.NO_LEGAL_HOLD],
        starts=[ClockName.RETENTION],
        lapse=ClockName.ARCHIVE,
    )
    def archive(self, step_context: StepContext) -> None:
        """Archive the case; only the system does so."""
        self.archived_on = step_context.today

    @case_step(
        code="T37",
        source=[S.ARCHIVED],
        target=None,
        label=gettext_noop("Erase"),
        past=gettext_noop("erased the case"),
        who=DPO,
        guards=[
            holds.NOT_ERASED,
            holds.RETENTION_OVER,
            holds.NO_LEGAL_HOLD,
            holds.NO_HOLD_ASKED,
            people.COUNTERSIGNED,
        ],
        stops=[ClockName.RETENTION],
        placement=Placement.OWN_PAGE,
    )
    def erase(self, step_context: StepContext) -> None:
        """Erase the case, with a second person's approval."""
        self.erased_on = step_context.today

    @case_step(
        code="N75",
        source=[*OPEN, S.CLOSED, S.ARCHIVED],
        target=None,
        label=gettext_noop("Ask for a second yes about keeping this"),
        past=gettext_noop("asked for a second yes about keeping or erasing the case"),
        who=DPO,
        guards=[
            needs("step", gettext_noop("Choose what you ask for.")),
            needs("reason", gettext_noop("Choose a reason.")),
            holds.NOT_ERASED,
        ],
        notify=[(To.LEAD, NoticeKind.ERASURE_ASKED)],
        placement=Placement.OWN_PAGE,
    )
    def ask_keeping(self, step_context: StepContext) -> None:
        """Ask for a second person's approval to keep or erase the case.

        The request has codes and no words: the officer holds no key, and the words would be erased
        as well.
        """

    @case_step(
        code="N76",
        source=[*OPEN, S.CLOSED, S.ARCHIVED],
        target=None,
        label=gettext_noop("Answer a request about keeping this"),
        past=gettext_noop("answered the request about keeping or erasing the case"),
        who=LEAD,
        guards=[
            needs("approval", gettext_noop("Choose the request.")),
            needs("answer", gettext_noop("Choose yes or no.")),
            holds.NOT_ERASED,
        ],
        notify=[(To.DPO, NoticeKind.ERASURE_ASKED)],
        placement=Placement.OWN_PAGE,
    )
    def answer_keeping(self, step_context: StepContext) -> None:
        """Answer a request as the second person.

        An approval can be used once.
        """

    @case_step(
        code="N77",
        source=[*OPEN, S.CLOSED, S.ARCHIVED],
        target=None,
        label=gettext_noop("Set a legal hold"),
        past=gettext_noop("set a legal hold"),
        who=DPO,
        guards=[holds.NOT_ERASED, holds.NOT_HELD, people.COUNTERSIGNED],
        placement=Placement.OWN_PAGE,
    )
    def set_legal_hold(self, step_context: StepContext) -> None:
        """Set a legal hold.

        Nothing is archived or erased until two people lift it (domain.md 2).
        """
        self.legal_hold = True

    @case_step(
        code="N78",
        source=[*OPEN, S.CLOSED, S.ARCHIVED],
        target=None,
        label=gettext_noop("Lift the legal hold"),
        past=gettext_noop("lifted the legal hold"),
        who=DPO,
        guards=[holds.HELD, people.COUNTERSIGNED],
        placement=Placement.OWN_PAGE,
    )
    def lift_legal_hold(self, step_context: StepContext) -> None:
        """Lift the legal hold."""
        self.legal_hold = False
