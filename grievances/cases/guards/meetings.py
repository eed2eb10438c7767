"""Guards of meetings: notice, the companion, another day, the notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TypeVar

from django.utils.translation import gettext_noop

from grievances.cases.guards.answers import fit, given, one_of
from grievances.cases.guards.context import CaseShape, MeetingShape, StepContext
from grievances.choices import MoveReason
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import Identity, Role, State
from workflow.steps import Guard

MeetingT = TypeVar("MeetingT", bound=MeetingShape)

NOTICE_DAYS = 3
"""Working days between an invitation and the meeting.

The Acas Code asks for time to prepare and names no number. This one is ours.
"""

DAYS_TO_MOVE = 5
"""Working days within which a companion can ask for another day.

Source: Employment Relations Act 1999 s10(5): five working days, beginning with the first after the
day that was proposed.
"""

OF_THE_OFFICER = {State.INVESTIGATION: Role.HANDLER, State.APPEAL: Role.APPEAL}
"""Whose meeting with the complainant it is, by the state of the case."""

CHOSEN = Guard(
    "ANSWER_MISSING", gettext_noop("Choose the meeting first."), "Acas Code", given("meeting")
)

NONE_ARRANGED = Guard(
    "MEETING_ARRANGED",
    "This meeting is arranged. Move it to another day, or record it when it was held.",
    "Acas Code",
    lambda case, context: not arranged(case, case.meetings.all()),
    standing=True,
)

OWN_MEETING = Guard(
    "NOT_YOUR_MEETING",
    gettext_noop("Only the person who raised it and the one who meets them can move the meeting."),
    "Acas Code",
    lambda case, context: takes_part(case, context.role),
    standing=True,
)

WITH_WHOM = Guard("ANSWER_MISSING", "Choose whom you meet.", "Acas Code", given("person"))

ENOUGH_NOTICE = Guard(
    "TOO_LITTLE_NOTICE",
    f"Give at least {NOTICE_DAYS} working days between today and the meeting.",
    "Acas Code: time to prepare",
    lambda case, context: (
        context.day("meets_on") is not None
        and context.working_days(context.today, context.day("meets_on")) >= NOTICE_DAYS
    ),
)

ON_A_WORKING_DAY = Guard(
    "NOT_A_WORKING_DAY",
    "Choose a working day: not a weekend, a bank holiday, or a day on which we are closed.",
    "Acas Code: a reasonable time and place",
    lambda case, context: _is_on_a_working_day(context),
)

NO_ONE_AWAY = Guard(
    "AWAY_THEN",
    gettext_noop("You or the person you meet will be away on that day. Choose another day."),
    "Acas Code: a reasonable time and place",
    fit("AWAY_THEN"),
)

RIGHT_TOLD = Guard(
    "COMPANION_NOT_ASKED",
    "Confirm that the invitation tells them that they may bring a companion.",
    "Employment Relations Act 1999 s10",
    given("companion_told"),
)

ADJUSTMENTS = Guard(
    "ADJUSTMENTS_NOT_ASKED",
    "Say which adjustments were agreed. When none are needed, write that you asked.",
    "Equality Act 2010 s20",
    given("adjustments"),
)

MOVE_REASON = Guard(
    "ANSWER_MISSING",
    gettext_noop("Choose why the meeting is moved."),
    "Employment Relations Act 1999 s10",
    one_of("reason", MoveReason.values),
)

MOVES_LATER = Guard(
    "NOT_A_LATER_DAY",
    gettext_noop("The new day must be a working day after the day that was proposed."),
    "Employment Relations Act 1999 s10",
    lambda case, context: _moves_later(case, context),
)

MOVE_IN_TIME = Guard(
    "TOO_FAR_AHEAD",
    gettext_noop(
        "The law gives a right to another day within 5 working days after the first. A later day "
        "is possible when the other side agrees: write to them, and the handler moves it."
    ),
    "Employment Relations Act 1999 s10",
    lambda case, context: _in_time(case, context),
)

HELD_ON = Guard(
    "MEETING_NOT_RECORDED",
    gettext_noop("Give the day of the meeting. It cannot lie ahead."),
    "Acas Code",
    lambda case, context: (
        context.day("held_on") is not None and context.day("held_on") <= context.today
    ),
)

HELD_BY_TODAY = Guard(
    "MEETING_AHEAD",
    gettext_noop("The day of the meeting cannot lie ahead. Record it when it has been held."),
    "Acas Code",
    lambda case, context: context.day("held_on") is None or context.day("held_on") <= context.today,
)

NOTES = Guard("ANSWER_MISSING", gettext_noop("Write the notes first."), "Acas Code", given("notes"))

NOTES_THERE = Guard(
    "NO_NOTES",
    gettext_noop("There are no meeting notes that wait for your answer."),
    "Acas Code",
    lambda case, context: bool(unanswered_notes(case)),
    standing=True,
)

ANSWERED = Guard(
    "ANSWER_MISSING",
    gettext_noop("Say whether the notes are right."),
    "Acas Code",
    one_of("answer", ("yes", "no")),
)

CORRECTED = Guard(
    "CORRECTION_MISSING",
    gettext_noop("Say what is wrong or missing in the notes, so that it is beside them."),
    "Acas Code",
    lambda case, context: context.text("answer") != "no" or context.has("text"),
)


def unanswered_notes(case: CaseShape) -> list[MeetingShape]:
    """Return the meetings with the complainant whose notes have no answer yet."""
    return [
        each
        for each in case.meetings.all()
        if each.hearing_id is None and each.notes_at is not None and each.agreed is None
    ]


def arranged(case: CaseShape, meetings: Iterable[MeetingT]) -> list[MeetingT]:
    """Return the complainant's meetings of this stage that are not held.

    `meetings` are all of the case. The first day comes first. An invitation to the investigation's
    meeting that came to nothing is not one to the appeal's.
    """
    since = case.appealed_on if State.APPEAL in {case.state, *case.return_states} else None
    rows = [
        each
        for each in meetings
        if each.hearing_id is None and each.held_on is None and each.episode == case.episode
    ]
    return sorted(
        (each for each in rows if since is None or each.first_on > since),
        key=lambda each: each.meets_on,
    )


def takes_part(case: CaseShape, role: str) -> bool:
    """Return whether a role is one of the two who meet."""
    return role in {COMPLAINANT, OF_THE_OFFICER.get(State(case.state), "")}


def awaits_appeal_meeting(case: CaseShape) -> bool:
    """Return whether an appeal's meeting is neither arranged, held nor declined."""
    is_met = case.identity == Identity.ANONYMOUS or not case.is_running(ClockName.APPEAL_MEETING)
    return not is_met and not arranged(case, case.meetings.all())


def moved_by_right(first: date, new: date, working_days: Callable[[date, date], int]) -> bool:
    """Return whether a new day is in the time in which a companion can ask for it.

    Days are local dates. The new day must itself be a working day. `working_days` counts those of
    the case in (start, end].
    """
    return is_working(new, working_days) and 1 <= working_days(first, new) <= DAYS_TO_MOVE


def is_working(day: date, working_days: Callable[[date, date], int]) -> bool:
    """Return whether a local date is a working day, as `working_days` counts."""
    return working_days(day - timedelta(days=1), day) == 1


def _meeting(case: CaseShape, context: StepContext) -> MeetingShape | None:
    chosen = context.text("meeting")
    rows = [each for each in case.meetings.all() if str(each.pk) == chosen]
    return rows[0] if rows else None


def _is_on_a_working_day(context: StepContext) -> bool:
    """Return whether there is a day, and it is a working day of the case."""
    day = context.day("meets_on")
    return day is not None and is_working(day, context.working_days)


def _moves_later(case: CaseShape, context: StepContext) -> bool:
    meeting, new = _meeting(case, context), context.day("meets_on")
    if meeting is None or meeting.held_on is not None or new is None:
        return False
    return bool(
        new > meeting.meets_on and new >= context.today and is_working(new, context.working_days)
    )


def _in_time(case: CaseShape, context: StepContext) -> bool:
    meeting, new = _meeting(case, context), context.day("meets_on")
    if meeting is None or new is None:
        return False
    if moved_by_right(meeting.first_on, new, context.working_days):
        return True
    return context.role != COMPLAINANT and context.has("agreed")
