"""Steps that offer, accept, decline and object to a role (T15, T16, T34)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, Situation, To, case_step
from grievances.cases.guards import holds, people
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.guards.people import PEOPLE
from grievances.cases.roles import (
    ANY_TRIAGE,
    APPEAL,
    ASKED_HELPER,
    CANDIDATE,
    COMPLAINANT,
    DECIDER,
    HANDLER,
    LEAD,
    LIMITED,
    MEDIATOR,
    TRIAGE,
)
from grievances.cases.states import HOLDING
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import (
    Role,
)
from grievances.vocabulary import State as S

LIVE = ("sent", "accepted")
OFFERED_IN = {
    S.ALLOCATION: (Role.HANDLER, Role.DECIDER),
    S.INVESTIGATION: (Role.HANDLER, Role.DECIDER),
    S.DECISION: (Role.HANDLER, Role.DECIDER),
    S.APPEAL_ALLOCATION: (Role.APPEAL,),
    S.APPEAL: (Role.APPEAL,),
}
"""The roles that can be offered in each state (domain.md 5.2 T15, T24)."""


def _can_object(at: Situation) -> bool:
    """Return whether a live offer can be objected to.

    It has no objection yet, and the time to object is not over.
    """
    live = [offer for offer in at.offers if offer.status in LIVE]
    return any(offer.objection == "none" and at.case.is_fresh(offer, at.today) for offer in live)


def _has_objection(at: Situation) -> bool:
    """Return whether an objection to a live offer waits for its answer."""
    return any(offer.status in LIVE and offer.objection == "open" for offer in at.offers)


def _has_vacancy(at: Situation) -> bool:
    """Return whether a role of this state is offered to no one.

    The role of appeal manager can be offered to a second person.
    """
    if at.case.state == S.APPEAL_ALLOCATION:
        return True
    live = {offer.role for offer in at.offers if offer.status in LIVE}
    return not {role.value for role in OFFERED_IN.get(S(at.case.state), ())} <= live


class AllocationSteps(CaseShape):
    """Steps that offer, accept, decline and object to a role (T15, T16, T34)."""

    @case_step(
        code="T15",
        source=[S.ALLOCATION],
        target=None,
        label=gettext_noop("Offer this case to someone"),
        past=gettext_noop("offered a part in the case"),
        who=TRIAGE | LEAD,
        guards=[*PEOPLE, people.G_CAPACITY, people.NO_OPEN_OFFER],
        keeps=["role"],
        meets=[(ClockName.ALLOCATION, 1)],
        notify=[(To.ASKED, NoticeKind.OFFER), (To.COMPLAINANT, NoticeKind.UPDATE)],
    )
    def offer(self, step_context: StepContext) -> None:
        """Offer a role to a candidate.

        The complainant is told the name and may object for 2 working days.
        """

    @case_step(
        code="N32",
        source=[S.APPEAL_ALLOCATION, S.APPEAL, S.INVESTIGATION, S.DECISION],
        target=None,
        label=gettext_noop("Offer this part to someone"),
        past=gettext_noop("offered a part in the case"),
        who=TRIAGE | LEAD,
        guards=[*PEOPLE, people.G_CAPACITY, people.G_SENIORITY, people.NO_OPEN_OFFER],
        keeps=["role"],
        meets=[(ClockName.APPEAL_ALLOC, 1)],
        notify=[(To.ASKED, NoticeKind.OFFER), (To.COMPLAINANT, NoticeKind.UPDATE)],
        applies=_has_vacancy,
    )
    def offer_later(self, step_context: StepContext) -> None:
        """Offer the role of appeal manager, or a role that has become vacant."""

    @case_step(
        code="N30",
        source=[S.ALLOCATION, S.INVESTIGATION, S.DECISION, S.APPEAL_ALLOCATION, S.APPEAL],
        target=None,
        label=gettext_noop("Accept this case"),
        past=gettext_noop("accepted the offer"),
        who=CANDIDATE,
        guards=[people.DECLARED, *PEOPLE],
        meets=[(ClockName.OFFER, 1)],
        notify=[(To.TRIAGE, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        urgency=1,
    )
    def accept(self, step_context: StepContext) -> None:
        """Accept an offer explicitly, in the person's own session (G_ACCEPTED)."""

    @case_step(
        code="T16",
        source=[S.ALLOCATION],
        target=None,
        label=gettext_noop("Decline this case"),
        past=gettext_noop("declined the offer"),
        who=CANDIDATE,
        notify=[(To.TRIAGE, NoticeKind.UPDATE), (To.LEAD, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        by_clock=True,
    )
    def decline(self, step_context: StepContext) -> None:
        """Decline an offer, or let it lapse.

        There is never a mark against declining.
        """

    @case_step(
        code="N31",
        source=[S.APPEAL_ALLOCATION, S.APPEAL, S.INVESTIGATION, S.DECISION],
        target=None,
        label=gettext_noop("Decline this case"),
        past=gettext_noop("declined the offer"),
        who=CANDIDATE,
        notify=[(To.TRIAGE, NoticeKind.UPDATE), (To.LEAD, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        by_clock=True,
    )
    def decline_later(self, step_context: StepContext) -> None:
        """Decline an offer made after the first allocation (as T16)."""

    @case_step(
        code="N05",
        source=[S.ALLOCATION, S.INVESTIGATION, S.DECISION, S.APPEAL_ALLOCATION, S.APPEAL],
        target=None,
        label=gettext_noop("Object to a proposed person"),
        past=gettext_noop("objected to a proposed person"),
        who=COMPLAINANT,
        guards=[
            needs("offer", gettext_noop("Choose the person you object to.")),
            people.OBJECTION_IN_TIME,
        ],
        notify=[(To.LEAD, NoticeKind.UPDATE), (To.TRIAGE, NoticeKind.UPDATE)],
        applies=_can_object,
    )
    def object_to_person(self, step_context: StepContext) -> None:
        """Object to a candidate, within 2 working days.

        The complainant has this time even when the work begins before it is over. Silence is no
        objection (domain.md 5.9).
        """

    @case_step(
        code="N06",
        source=[S.ALLOCATION, S.INVESTIGATION, S.DECISION, S.APPEAL_ALLOCATION, S.APPEAL],
        target=None,
        label=gettext_noop("Answer an objection"),
        past=gettext_noop("answered the objection"),
        who=LEAD,
        guards=[needs("answer", gettext_noop("Choose whether the objection is agreed."))],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.TRIAGE, NoticeKind.UPDATE)],
        urgency=3,
        applies=_has_objection,
    )
    def answer_objection(self, step_context: StepContext) -> None:
        """Agree to an objection, or explain why not.

        The casework lead answers. When they agree, the person steps back.
        """

    @case_step(
        code="N33",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Step back from this case"),
        past=gettext_noop("stepped back from the case"),
        who=ANY_TRIAGE | HANDLER | DECIDER | APPEAL | MEDIATOR | LIMITED | ASKED_HELPER,
        notify=[
            (To.LEAD, NoticeKind.UPDATE),
            (To.TRIAGE, NoticeKind.UPDATE),
            (To.COMPLAINANT, NoticeKind.UPDATE),
        ],
        placement=Placement.ASIDE,
    )
    def recuse(self, step_context: StepContext) -> None:
        """Step back from a case, in whatever state it is.

        The person can no longer see the case, at once and for good.
        """

    @case_step(
        code="T34",
        source=[S.INVESTIGATION],
        target=S.ALLOCATION,
        label=gettext_noop("Change the handler"),
        past=gettext_noop("changed the handler"),
        who=LEAD,
        guards=[holds.CHANGE_REASON],
        starts=[ClockName.ALLOCATION],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.TRIAGE, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.PEOPLE,
    )
    def change_handler(self, step_context: StepContext) -> None:
        """Replace the handler.

        The INVESTIGATION clock runs on: the complainant does not pay for the change.
        """

    @case_step(
        code="N110",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Write a hand-over note"),
        past=gettext_noop("wrote a hand-over note"),
        who=TRIAGE | HANDLER | DECIDER | APPEAL | LEAD,
        guards=[needs("text", gettext_noop("Write the note first."))],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.OFFICERS, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def write_handover(self, step_context: StepContext) -> None:
        """Write down where the work is, before someone else goes on with it."""

    @case_step(
        code="N111",
        source=[S.CLOSED],
        target=None,
        label=gettext_noop("Ask for a debrief"),
        past=gettext_noop("asked for a debrief"),
        who=TRIAGE | HANDLER | DECIDER | APPEAL | MEDIATOR,
        notify=[(To.LEAD, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def ask_debrief(self, step_context: StepContext) -> None:
        """Ask the casework lead for a talk about the case and what it did to oneself."""
