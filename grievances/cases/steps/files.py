"""Files are added, cleaned and checked."""

from __future__ import annotations

from grievances.cases.declaration import NoticeKind, Placement, To, case_step
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    COMPLAINANT,
    HANDLER,
    OFFICERS,
)
from grievances.cases.states import HOLDING


class FilesSteps(CaseShape):
    """Files are added, cleaned and checked."""

    @case_step(
        code="N43",
        source=list(HOLDING),
        target=None,
        label="Add evidence",
        past="added a file",
        who=COMPLAINANT | HANDLER,
        guards=[needs("files", "Choose a file first.")],
        notify=[(To.OFFICERS, NoticeKind.UPDATE), (To.COMPLAINANT, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def add_evidence(self, step_context: StepContext) -> None:
        """Files, sealed in chunks, their keys under a key of the case."""

    @case_step(
        code="N61",
        source=list(HOLDING),
        target=None,
        label="Choose which copy others see",
        past="chose which copy of a file others see",
        who=COMPLAINANT | HANDLER,
        guards=[needs("file", "Choose a file."), needs("others", "Choose which copy.")],
        placement=Placement.BESIDE_FILE,
    )
    def choose_copy(self, step_context: StepContext) -> None:
        """Whoever added a file decides whether its hidden details matter (peers.md 3, 10)."""

    @case_step(
        code="N62",
        source=list(HOLDING),
        target=None,
        label="Check a file again",
        past="had a file checked again",
        who=COMPLAINANT | OFFICERS,
        guards=[needs("file", "Choose a file.")],
        placement=Placement.BESIDE_FILE,
    )
    def check_file(self, step_context: StepContext) -> None:
        """The virus scan once more, asked for by somebody who holds a key."""
