"""Steps of meetings: invite, move, record, agree the notes."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import NoticeKind, Placement, To, case_step
from grievances.cases.guards import meetings
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import APPEAL, COMPLAINANT, HANDLER
from grievances.vocabulary import State as S


class MeetingSteps(CaseShape):
    """Steps of meetings: invite, move, record, agree the notes."""

    @case_step(
        code="N102",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("Invite someone to a meeting"),
        past=gettext_noop("invited someone to a meeting"),
        who=HANDLER,
        guards=[
            meetings.WITH_WHOM,
            meetings.ENOUGH_NOTICE,
            meetings.ON_A_WORKING_DAY,
            meetings.NO_ONE_AWAY,
            meetings.RIGHT_TOLD,
            meetings.ADJUSTMENTS,
        ],
        placement=Placement.ROOM,
    )
    def invite_to_meeting(self, step_context: StepContext) -> None:
        """Invite the complainant or a person who is heard, with the right to a companion."""

    @case_step(
        code="N103",
        source=[S.INVESTIGATION, S.APPEAL],
        target=None,
        label=gettext_noop("Move a meeting to another day"),
        past=gettext_noop("moved a meeting"),
        who=COMPLAINANT | HANDLER | APPEAL,
        guards=[
            meetings.OWN_MEETING,
            meetings.CHOSEN,
            meetings.MOVE_REASON,
            meetings.MOVES_LATER,
            meetings.MOVE_IN_TIME,
            meetings.NO_ONE_AWAY,
        ],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.MEETS, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        applies=lambda at: (
            meetings.takes_part(at.case, at.role)
            and bool(meetings.arranged(at.case, at.case.meetings.all()))
        ),
    )
    def move_meeting(self, step_context: StepContext) -> None:
        """Move a meeting. Within five working days no one may refuse it."""

    @case_step(
        code="N104",
        source=[S.INVESTIGATION],
        target=None,
        label=gettext_noop("Record an interview"),
        past=gettext_noop("recorded an interview"),
        who=HANDLER,
        guards=[meetings.CHOSEN, meetings.HELD_ON, meetings.NOTES],
        placement=Placement.ROOM,
    )
    def record_interview(self, step_context: StepContext) -> None:
        """Record the notes of a meeting with a person who is heard.

        They read and answer them.
        """

    @case_step(
        code="N105",
        source=[S.INVESTIGATION, S.DECISION, S.APPEAL],
        target=None,
        label=gettext_noop("Say whether the meeting notes are right"),
        past=gettext_noop("answered about the meeting notes"),
        who=COMPLAINANT,
        guards=[meetings.NOTES_THERE, meetings.ANSWERED, meetings.CORRECTED],
        notify=[(To.OFFICERS, NoticeKind.UPDATE)],
        applies=lambda at: bool(meetings.unanswered_notes(at.case)),
    )
    def agree_notes(self, step_context: StepContext) -> None:
        """Agree the notes of a meeting, or put a correction beside them."""
