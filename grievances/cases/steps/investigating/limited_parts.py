"""Steps of those who help: co-investigator, note-taker and legal adviser."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, Situation, To, case_step
from grievances.cases.guards.answers import needs, one_of
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.guards.people import DECLARED, DECLARED_TO_HELP, PEOPLE
from grievances.cases.roles import (
    ADVISER,
    APPEAL,
    ASKED_HELPER,
    CO_HANDLER,
    DECIDER,
    HANDLER,
    LEAD,
    NOTE_TAKER,
)
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import ASKED_TO_HELP, LIMITED, OPEN, Role
from grievances.vocabulary import State as S
from workflow.steps import Guard

BETWEEN = ":"
"""What separates the part and the account in the value of a choice."""

HELPED_IN = [S.INVESTIGATION, S.DECISION, S.APPEAL]

PART = Guard(
    "ANSWER_MISSING",
    "Choose the part first.",
    "domain.md 11.1",
    one_of("part", [role.value for role in LIMITED]),
)


def _has_help(at: Situation) -> bool:
    """Return whether someone has a limited part, or was let in and has not begun."""
    return not at.parts.isdisjoint({*LIMITED, *ASKED_TO_HELP.values()})


def _has_adviser(at: Situation) -> bool:
    """Return whether a legal adviser has begun."""
    return Role.ADVISER in at.parts


class LimitedPartSteps(CaseShape):
    """Steps of those who help: co-investigator, note-taker and legal adviser."""

    @case_step(
        code="N120",
        source=HELPED_IN,
        target=None,
        label=gettext_noop("Add a co-investigator, note-taker or legal adviser"),
        past=gettext_noop("added a person who helps"),
        who=HANDLER | LEAD,
        guards=[needs("person", "Give the name or user name of the person."), PART, *PEOPLE],
        keeps=["part"],
        placement=Placement.ASIDE,
        group=Group.PEOPLE,
    )
    def appoint_part(self, step_context: StepContext) -> None:
        """Announce a person who helps. The complainant is told first and can say no.

        The part ends when the case closes or goes back to new people.
        """

    @case_step(
        code="N127",
        source=HELPED_IN,
        target=None,
        label=gettext_noop("Begin to help"),
        past=gettext_noop("began to help"),
        who=ASKED_HELPER,
        guards=[DECLARED, *PEOPLE],
        meets=[(ClockName.OFFER, 1)],
        notify=[(To.HANDLER, NoticeKind.UPDATE)],
        urgency=1,
    )
    def begin_to_help(self, step_context: StepContext) -> None:
        """Sign the declaration, and begin. Before it the person reads no word of the case."""

    @case_step(
        code="N121",
        source=list(OPEN),
        target=None,
        label=gettext_noop("Take off someone who helps"),
        past=gettext_noop("took off a person who helped"),
        who=HANDLER | LEAD,
        guards=[needs("helper", "Choose the person.")],
        notify=[
            (To.COMPLAINANT, NoticeKind.UPDATE),
            (To.HANDLER, NoticeKind.UPDATE),
            (To.LEAD, NoticeKind.UPDATE),
        ],
        placement=Placement.ASIDE,
        group=Group.PEOPLE,
        by_clock=True,
        applies=_has_help,
    )
    def end_part(self, step_context: StepContext) -> None:
        """End a limited part, and take its keys.

        The system does so for a person who was asked and has not signed in the time of an offer.
        """

    @case_step(
        code="N122",
        source=HELPED_IN,
        target=None,
        label=gettext_noop("Write down what was said at a meeting"),
        past=gettext_noop("wrote notes of a meeting"),
        who=NOTE_TAKER | CO_HANDLER,
        guards=[
            needs("meeting", "Say which meeting it was."),
            needs("text", "Write the notes first."),
            DECLARED_TO_HELP,
        ],
        notify=[(To.HANDLER, NoticeKind.UPDATE)],
    )
    def take_notes(self, step_context: StepContext) -> None:
        """Write the notes of a meeting, for those who look into it and decide."""

    @case_step(
        code="N123",
        source=HELPED_IN,
        target=None,
        label=gettext_noop("Ask the legal adviser"),
        past=gettext_noop("asked the legal adviser"),
        who=HANDLER | DECIDER | APPEAL,
        guards=[needs("text", "Write the question first.")],
        notify=[(To.ADVISER, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.WRITING,
        applies=_has_adviser,
    )
    def ask_advice(self, step_context: StepContext) -> None:
        """Ask the legal adviser. They read the question, the letters, and no account."""

    @case_step(
        code="N124",
        source=HELPED_IN,
        target=None,
        label=gettext_noop("Give legal advice"),
        past=gettext_noop("gave legal advice"),
        who=ADVISER,
        guards=[needs("text", "Write the advice first."), DECLARED_TO_HELP],
        notify=[(To.HANDLER, NoticeKind.UPDATE), (To.DECIDER, NoticeKind.UPDATE)],
    )
    def give_advice(self, step_context: StepContext) -> None:
        """Advise those who look into it and decide. The advice decides nothing."""
