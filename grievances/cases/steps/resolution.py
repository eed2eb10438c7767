"""Steps of informal resolution and mediation (T05, T06, T10-T14)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, To, case_step
from grievances.cases.guards import holds, people, triage
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.guards.people import PEOPLE
from grievances.cases.roles import (
    COMPLAINANT,
    MEDIATOR,
    TRIAGE,
    UNMEDIATED,
)
from grievances.cases.states import close
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import (
    CloseReason,
    Identity,
    Route,
)
from grievances.vocabulary import State as S


class ResolutionSteps(CaseShape):
    """Steps of informal resolution and mediation (T05, T06, T10-T14)."""

    @case_step(
        code="N02",
        source=[S.SUBMITTED, S.TRIAGE],
        target=None,
        label=gettext_noop("Ask for an informal way"),
        past=gettext_noop("asked for an informal way forward"),
        who=COMPLAINANT,
        notify=[(To.TRIAGE, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        applies=lambda at: not at.case.asked_informal and at.case.identity != Identity.ANONYMOUS,
    )
    def ask_informal(self, step_context: StepContext) -> None:
        """Record that the complainant asks for an informal way forward."""
        self.asked_informal = True

    @case_step(
        code="T05",
        source=[S.TRIAGE],
        target=S.INFORMAL,
        label=gettext_noop("Begin the informal way forward"),
        past=gettext_noop("began the informal way forward"),
        who=TRIAGE,
        guards=[people.NAMED, triage.G_INFORMAL, triage.INFORMAL_SAFE],
        stops=[ClockName.TRIAGE],
        starts=[ClockName.INFORMAL],
        meets=[(ClockName.TRIAGE, 3)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
    )
    def agree_informal(self, step_context: StepContext) -> None:
        """Begin the informal way forward; triage ends."""
        self.route, self.triaged_on = Route.INFORMAL, step_context.today

    @case_step(
        code="N07",
        source=[S.INFORMAL],
        target=None,
        label=gettext_noop("Give it more time"),
        past=gettext_noop("gave the informal way more time"),
        who=COMPLAINANT,
        guards=[holds.DAYS],
        keeps=["days"],
        group=Group.DATES,
    )
    def extend_informal(self, step_context: StepContext) -> None:
        """Lengthen the informal period by working days.

        Only the complainant may do so (domain.md 5.2 T11).
        """

    @case_step(
        code="T10",
        source=[S.INFORMAL],
        target=S.CLOSED,
        label=gettext_noop("It is resolved: close it"),
        past=gettext_noop("confirmed that it is resolved"),
        who=COMPLAINANT,
        guards=[people.CONFIRMED],
        stops=[ClockName.INFORMAL, ClockName.OVERALL],
        meets=[(ClockName.INFORMAL, 1)],
        notify=[(To.TRIAGE, NoticeKind.UPDATE)],
    )
    def confirm_resolved(self, step_context: StepContext) -> None:
        """Close the case as resolved informally."""
        close(self, step_context, CloseReason.RESOLVED_INFORMALLY)

    @case_step(
        code="T11",
        source=[S.INFORMAL],
        target=S.ALLOCATION,
        label=gettext_noop("Switch to the formal way forward"),
        past=gettext_noop("switched to the formal way forward"),
        who=COMPLAINANT,
        guards=[triage.INFORMAL_OVER],
        stops=[ClockName.INFORMAL],
        starts=[ClockName.ALLOCATION],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.TRIAGE, NoticeKind.UPDATE)],
        lapse=ClockName.INFORMAL,
    )
    def switch_to_formal(self, step_context: StepContext) -> None:
        """Change to the formal way forward."""
        self.route = Route.FORMAL

    @case_step(
        code="N24",
        source=[S.TRIAGE, S.INFORMAL, S.MEDIATION],
        target=None,
        label=gettext_noop("Ask both people for their agreement"),
        past=gettext_noop("asked both people for their agreement"),
        who=TRIAGE | MEDIATOR,
        guards=[people.NAMED, needs("what", gettext_noop("Choose what you ask them to agree to."))],
        placement=Placement.ASIDE,
        group=Group.PEOPLE,
        meets=[(ClockName.MEDIATION, 2)],
    )
    def ask_consent(self, step_context: StepContext) -> None:
        """Ask both people for their agreement.

        Each answers in their own account (G_CONSENT). No one answers for another.
        """

    @case_step(
        code="T06",
        source=[S.TRIAGE],
        target=S.MEDIATION,
        label=gettext_noop("Begin mediation"),
        past=gettext_noop("began mediation"),
        who=TRIAGE,
        guards=[people.NAMED, people.G_CONSENT, *PEOPLE],
        stops=[ClockName.TRIAGE],
        starts=[ClockName.MEDIATION],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
    )
    def begin_mediation(self, step_context: StepContext) -> None:
        """Begin mediation; triage ends."""
        self.route, self.triaged_on = Route.MEDIATION, step_context.today

    @case_step(
        code="T12",
        source=[S.INFORMAL],
        target=S.MEDIATION,
        label=gettext_noop("Begin mediation"),
        past=gettext_noop("began mediation"),
        who=TRIAGE,
        guards=[people.NAMED, people.G_CONSENT, *PEOPLE],
        stops=[ClockName.INFORMAL],
        starts=[ClockName.MEDIATION],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
    )
    def mediate_instead(self, step_context: StepContext) -> None:
        """Change from the informal way forward to mediation."""
        self.route = Route.MEDIATION

    @case_step(
        code="N44",
        source=[S.MEDIATION],
        target=None,
        label=gettext_noop("Write a mediation note"),
        past=gettext_noop("wrote a mediation note"),
        who=MEDIATOR,
        guards=[needs("text", gettext_noop("Write the note first."))],
        placement=Placement.ASIDE,
        group=Group.CONCERN,
    )
    def write_mediation_note(self, step_context: StepContext) -> None:
        """Write a note sealed to the mediator alone (domain.md 11.1)."""

    @case_step(
        code="T13",
        source=[S.MEDIATION],
        target=S.CLOSED,
        label=gettext_noop("Record the agreement and close"),
        past=gettext_noop("recorded the agreement"),
        who=MEDIATOR,
        guards=[triage.BOTH_SETTLE, triage.TERMS],
        stops=[ClockName.MEDIATION, ClockName.OVERALL],
        meets=[(ClockName.MEDIATION, 1)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.TRIAGE, NoticeKind.UPDATE)],
    )
    def settle(self, step_context: StepContext) -> None:
        """Record the agreement, and close the case as resolved by mediation."""
        close(self, step_context, CloseReason.RESOLVED_MEDIATION)

    @case_step(
        code="T14",
        source=[S.MEDIATION],
        target=S.ALLOCATION,
        label=gettext_noop("End mediation and go on formally"),
        past=gettext_noop("ended mediation"),
        who=COMPLAINANT | MEDIATOR | TRIAGE & UNMEDIATED,
        stops=[ClockName.MEDIATION],
        starts=[ClockName.ALLOCATION],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.TRIAGE, NoticeKind.UPDATE)],
    )
    def end_mediation(self, step_context: StepContext) -> None:
        """End mediation and change to the formal way forward."""
        self.route = Route.FORMAL
