"""What a respondent or a witness does about their own meetings, on their own page."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller
from grievances.cases.guards.answers import refuse_far_days
from grievances.cases.guards.meetings import CORRECTED, MOVE_IN_TIME, MOVES_LATER, moved_by_right
from grievances.cases.models.records import Kind, write
from grievances.cases.models.statements import Hearing
from grievances.cases.notices import sending
from grievances.investigation.meetings import move_to, next_of
from grievances.investigation.models import Meeting
from grievances.participants import statements
from grievances.policy import profiles
from workflow.calendar import local_date
from workflow.steps import Refused


def meetings_of(hearing: Hearing) -> QuerySet[Meeting]:
    """Return the meetings of this episode with a person who is heard, by number."""
    rows = Meeting.objects.filter(hearing=hearing, episode=hearing.case.episode)
    return rows.order_by("number")


@transaction.atomic
def answer_notes(
    caller: Caller, token: str, *, agrees: bool, text: str, once: str, now: datetime
) -> Event:
    """Return the event of an answer to the notes of one's own meetings.

    They are right, or the text says what is wrong. Raises NotAllowed for another person's page,
    AlreadyRecorded for a second press, and DecryptionFailed without a key.

    Raises:
        Refused: there are no such notes, the time to answer is over, or the correction is missing.
    """
    hearing = statements.lock_open(statements.find_hearing(caller, token), once)
    rows = meetings_of(hearing).filter(notes_at__isnull=False, agreed=None)
    if not rows:
        raise Refused("NO_NOTES", "There are no meeting notes that wait for your answer.")
    if not agrees and not text:
        raise Refused(CORRECTED.code, CORRECTED.sentence)
    rows.update(agreed=agrees)
    if text:
        ring, role = statements.own_ring(hearing.case, caller), hearing.standing.lower()
        write(
            hearing.case, ring, Kind.STATEMENT, text,
            author=role, now=now, about=str(hearing.number), compartment=hearing.compartment,
        )  # fmt: skip
    return _note(hearing, caller, "answered_notes", once, now)


@transaction.atomic
def move(caller: Caller, token: str, day: date, *, once: str, now: datetime) -> Event:
    """Move one's own next meeting to another local date, as a companion may ask.

    Raises NotAllowed for another person's page and AlreadyRecorded for a second press.

    Returns:
        The event, which tells the officers.

    Raises:
        Refused: there is no meeting to move, or the day is not within five working days.
    """
    hearing = statements.lock_open(statements.find_hearing(caller, token), once)
    today, between = local_date(now, profiles.zone()), hearing.case.calendar.between
    meeting = next_of(meetings_of(hearing).filter(held_on=None), today)
    if meeting is None or day <= meeting.meets_on or day < today:
        raise Refused(MOVES_LATER.code, MOVES_LATER.sentence)
    refuse_far_days([day], hearing.case.calendar.last_day)
    if not moved_by_right(meeting.first_on, day, between):
        raise Refused(MOVE_IN_TIME.code, MOVE_IN_TIME.sentence)
    move_to(meeting, day)
    return _note(hearing, caller, "moved_meeting", once, now)


def _note(hearing: Hearing, caller: Caller, what: str, once: str, now: datetime) -> Event:
    actor = caller.handle_as(hearing.standing.lower())
    event = statements.note(hearing, what, actor, now, statements.once_key(hearing, once))
    sending.announce(hearing.case, event, now=now, today=local_date(now, profiles.zone()))
    return event
