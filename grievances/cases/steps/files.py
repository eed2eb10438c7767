"""Steps that add, clean and check files."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, To, case_step
from grievances.cases.guards import triage
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    COMPLAINANT,
    HANDLER,
    OFFICERS,
)
from grievances.cases.states import HOLDING


class FilesSteps(CaseShape):
    """Steps that add, clean and check files."""

    @case_step(
        code="N43",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Add evidence"),
        past=gettext_noop("added a file"),
        who=COMPLAINANT | HANDLER,
        guards=[triage.HEARD, needs("files", gettext_noop("Choose a file first."))],
        notify=[(To.OFFICERS, NoticeKind.UPDATE), (To.COMPLAINANT, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.CONCERN,
    )
    def add_evidence(self, step_context: StepContext) -> None:
        """Add files to the case.

        They are sealed in chunks, and their keys are sealed under a key of the case.
        """

    @case_step(
        code="N61",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Choose which copy others see"),
        past=gettext_noop("chose which copy of a file others see"),
        who=COMPLAINANT | HANDLER,
        guards=[
            triage.HEARD,
            needs("file", gettext_noop("Choose a file.")),
            needs("others", gettext_noop("Choose which copy.")),
        ],
        placement=Placement.BESIDE_FILE,
    )
    def choose_copy(self, step_context: StepContext) -> None:
        """Choose which copy of a file others may see.

        The person who added it decides whether its hidden details matter (peers.md 3, 10).
        """

    @case_step(
        code="N62",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Check a file again"),
        past=gettext_noop("had a file checked again"),
        who=COMPLAINANT | OFFICERS,
        guards=[needs("file", gettext_noop("Choose a file."))],
        placement=Placement.BESIDE_FILE,
    )
    def check_file(self, step_context: StepContext) -> None:
        """Run the virus scan again, for a person who holds a key."""
