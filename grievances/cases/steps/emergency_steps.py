"""Break-glass: two officers open a case to the data-protection officer for a day (domain.md 11.1).

The acts pass the same door as every other. Neither officer can do it alone, because each holds one
share of the keys (`models.key_holders`).
"""

from grievances.cases.guards.context import Brief, CaseShape
from grievances.cases.steps.transitions import case_step
from grievances.vocabulary import OPEN
from grievances.vocabulary import State as S
from workflow.steps import Guard

SENT = (*OPEN, S.CLOSED, S.ARCHIVED)

REASONED = Guard(
    "ANSWER_MISSING",
    "Choose a reason, and write what the casework lead needs to know.",
    "domain.md 11.1 (break-glass)",
    lambda case, brief: bool(brief.get("why") and brief.get("text")),
)


class Emergencies(CaseShape):
    """The acts of break-glass as a mixin of `Case`; every one keeps the state."""

    @case_step(
        code="N70",
        source=list(SENT),
        target=None,
        label="Ask to open this case in an emergency",
        guards=[REASONED],
    )
    def ask_break_glass(self, brief: Brief) -> None:
        """The data-protection officer asks, with a reason."""

    @case_step(
        code="N71", source=list(SENT), target=None, label="Agree to open this case in an emergency"
    )
    def agree_break_glass(self, brief: Brief) -> None:
        """The casework lead lends their share, in their own session; 24 hours begin."""

    @case_step(
        code="N72", source=list(SENT), target=None, label="Refuse to open this case in an emergency"
    )
    def refuse_break_glass(self, brief: Brief) -> None:
        """The casework lead says no; the case stays shut."""

    @case_step(code="N73", source=list(SENT), target=None, label="End the emergency opening")
    def end_break_glass(self, brief: Brief) -> None:
        """The officer is done, or the time is over."""
