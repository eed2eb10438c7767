"""Sets of states that several steps share, and how a case is closed."""

from django_fsm import GET_STATE

from grievances.cases.guards.context import CaseShape, StepContext
from grievances.vocabulary import ACTIVE, OPEN, CloseReason
from grievances.vocabulary import State as S

HOLDING = (*OPEN, S.CLOSED)
"""A sent concern, open or closed."""
SENT = (*OPEN, S.CLOSED, S.ARCHIVED)
MEETINGS = (S.TRIAGE, S.INVESTIGATION, S.APPEAL)
"""The states in which an officer meets the complainant."""


def _return_state(case: CaseShape, *args: object, **kwargs: object) -> str:
    return case.return_states[-1]


RETURN = GET_STATE(_return_state, states=[S.SUBMITTED, *ACTIVE, S.ON_HOLD])
"""The state that a pause, a request to withdraw or a closing interrupted."""


def close(case: CaseShape, step_context: StepContext, reason: CloseReason) -> None:
    """Set the closing date (a local date) and the reason."""
    case.closed_on, case.close_reason = step_context.today, reason
