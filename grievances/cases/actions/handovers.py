"""Hand-overs that are owed by those who leave work that has begun.

How they are settled is here as well.
"""

from __future__ import annotations

from grievances.cases.actions.effects import StepExecution, effect
from grievances.cases.models.readers import BEGUN, owe_handover
from grievances.cases.step_names import StepName
from grievances.vocabulary import Role


def leave_work(execution: StepExecution, role: str, *, has_begun: bool = False) -> None:
    """Record that a hand-over is owed, unless it comes with the step itself.

    The casework lead then states what is missing, before anyone goes on with the work.
    """
    begun = has_begun or execution.case.working_state in BEGUN
    if begun and not execution.answers.get("handover"):
        owe_handover(execution.case, role, execution.today, has_left=True)


@effect(StepName.WRITE_HANDOVER)
def settle_handover(execution: StepExecution) -> None:
    """Settle what is owed for one's own role; the casework lead does it for everyone."""
    rows = execution.case.handovers.filter(settled_on=None)
    if execution.role != Role.LEAD:
        rows = rows.filter(role=execution.role, has_left=False)
    rows.update(settled_on=execution.today)
