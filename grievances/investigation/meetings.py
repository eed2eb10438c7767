"""Effects of meetings: invitations, changes of day, notes and comments on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import Execution, StepExecution, effect
from grievances.cases.guards import meetings
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind, write
from grievances.cases.models.statements import Hearing, take_up_hearings
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import CaseContacts, Directory, as_party
from grievances.cases.step_names import StepName
from grievances.encryption.primitives import DecryptionFailed
from grievances.investigation.models import Meeting
from grievances.participants.redaction import refuse_names
from grievances.people.models import User
from workflow.steps import Refused

COMPLAINANT = "complainant"
"""The value of a choice of people that means the complainant."""

DECLINED = 0
"""The episode of a meeting that was declined.

It is part of no run of the case any more.
"""

RIGHTS = (
    "You may bring a companion: a union official, a certified lay union official or a fellow "
    "worker. They may put and sum up your case, answer for you to what is said, and speak with "
    "you apart. If they cannot come on this day, choose another day within 5 working days after "
    "it, and the meeting is moved. You read the notes afterwards and say whether they are right."
)
"""What every invitation says (Employment Relations Act 1999 s10)."""


@effect(StepName.INVITE_TO_MEETING)
@effect(StepName.INVITE_TO_APPEAL_MEETING)
def invite(execution: Execution[given.Invitation]) -> None:
    """Record the meeting, and seal the invitation to the person who is invited."""
    who = str(execution.answers.get("person") or COMPLAINANT)
    hearing = None if who == COMPLAINANT else hearing_on(execution, who)
    meeting = new_meeting(execution.case, hearing, execution.answers["meets_on"])
    _write_to(execution, meeting, Kind.INVITATION, invitation_words(execution))


def invitation_words(execution: Execution[given.Invitation]) -> str:
    """Return the invitation as the person who is invited reads it."""
    answers = execution.answers
    lines = [
        f"You are invited to a meeting on {answers['meets_on']:%A %-d %B %Y}.",
        str(answers.get("place") or ""),
        RIGHTS,
        f"Adjustments: {answers['adjustments']}",
        f"Interpreter: {answers['interpreter']}" if answers.get("interpreter") else "",
    ]
    return "\n\n".join(line for line in lines if line)


def new_meeting(case: Case, hearing: Hearing | None, day: date) -> Meeting:
    """Return a new meeting on a local date, saved under the next number."""
    return Meeting.objects.create(
        case=case,
        hearing=hearing,
        episode=case.episode,
        number=case.meetings.count() + 1,
        first_on=day,
        meets_on=day,
    )


def planned_meeting(case: Case, today: date) -> Meeting | None:
    """Return the complainant's meeting that is arranged and not held, or None."""
    if case.working_state not in meetings.OF_THE_OFFICER:
        return None
    return next_of(meetings.arranged(case, case.meetings.all()), today)


def next_of(rows: Iterable[Meeting], today: date) -> Meeting | None:
    """Return the first of these meetings from a local date on, or the last before it."""
    by_day = sorted(rows, key=lambda each: each.meets_on)
    ahead = [each for each in by_day if each.meets_on >= today]
    return next(iter(ahead or by_day[-1:]), None)


@effect(StepName.MOVE_MEETING)
def move(execution: Execution[given.MeetingDay]) -> None:
    """Move a meeting, and tell the person who is invited.

    The complainant moves their own meetings and no one else's.

    Raises:
        Refused: NOT_YOUR_MEETING.
    """
    meeting = _chosen(execution)
    if execution.role == COMPLAINANT and meeting.hearing_id is not None:
        raise Refused("NOT_YOUR_MEETING", "Choose one of your own meetings.")
    move_to(meeting, execution.answers["meets_on"])
    if execution.role != COMPLAINANT:
        words = f"The meeting is moved to {meeting.meets_on:%A %-d %B %Y}.\n\n{RIGHTS}"
        _write_to(execution, meeting, Kind.INVITATION, words)


def move_to(meeting: Meeting, day: date) -> None:
    """Move a meeting to a local date, and save it."""
    meeting.meets_on, meeting.moved = day, meeting.moved + 1
    meeting.save(update_fields=["meets_on", "moved"])


@effect(StepName.RECORD_INTERVIEW)
def record_interview(execution: Execution[given.HeldMeeting]) -> None:
    """Seal the notes to the person who was heard, who answers them on their page.

    Raises:
        Refused: NOT_AN_INTERVIEW, for a meeting with the complainant.
    """
    meeting = _chosen(execution)
    if meeting.hearing_id is None:
        raise Refused(
            "NOT_AN_INTERVIEW",
            "The meeting with the person who raised this is recorded with “Record the meeting”.",
        )
    note_held(execution, meeting, execution.answers["held_on"])
    came = execution.answers.get("companion") or ""
    words = f"{execution.answers['notes']}\n\nCompanion: {came or 'no one came along'}"
    _write_to(execution, meeting, Kind.NOTES, words)


def note_held(execution: StepExecution, meeting: Meeting, day: date) -> None:
    """Record that a meeting was held on a local date, and that its notes are there."""
    meeting.held_on, meeting.notes_at, meeting.agreed = day, execution.now, None
    meeting.save(update_fields=["held_on", "notes_at", "agreed"])


@effect(StepName.RECORD_MEETING)
@effect(StepName.RECORD_APPEAL_MEETING)
def mark_held(execution: Execution[given.MeetingHeld]) -> None:
    """Record the complainant's meeting as held, also one that was arranged elsewhere.

    A meeting that they declined is arranged no more.
    """
    case, day = execution.case, execution.answers.get("held_on")
    open_rows = meetings.arranged(case, case.meetings.all())
    if day is None:
        case.meetings.filter(pk__in=[each.pk for each in open_rows]).update(episode=DECLINED)
        return
    own = case.meetings.filter(hearing=None, episode=case.episode)
    again = own.filter(held_on=day).order_by("number").first()
    meeting = again or next(iter(open_rows), None) or new_meeting(case, None, day)
    meeting.held_on = day
    if execution.case.records.filter(kind=Kind.MEETING, at=execution.now).exists():
        meeting.notes_at, meeting.agreed = execution.now, None
    meeting.save(update_fields=["held_on", "notes_at", "agreed"])


@effect(StepName.AGREE_NOTES)
def answer_notes(execution: StepExecution) -> None:
    """Record the complainant's answer to the notes, with a correction beside them."""
    rows = execution.case.meetings.filter(hearing=None, notes_at__isnull=False, agreed=None)
    rows.update(agreed=execution.answers["answer"] == "yes")
    text = str(execution.answers.get("text") or "")
    if text:
        write(
            execution.case, execution.ring, Kind.NOTES_ANSWER, text,
            author=execution.role, now=execution.now,
        )  # fmt: skip


def _chosen(execution: StepExecution) -> Meeting:
    """Return the meeting that was chosen, with its conversation.

    Raises:
        Refused: NO_SUCH_MEETING.
    """
    rows = execution.case.meetings.select_related("hearing").filter(episode=execution.case.episode)
    chosen = str(execution.answers.get("meeting") or "")
    meeting = rows.filter(pk=chosen).first() if chosen.isdecimal() else None
    if meeting is None:
        raise Refused("NO_SUCH_MEETING", "Choose one of the meetings on the list.")
    return meeting


def _write_to(execution: StepExecution, meeting: Meeting, kind: Kind, words: str) -> None:
    """Seal words about a meeting to the person it is with, and tell them."""
    key = f"{kind}:{meeting.number}:{execution.now.isoformat()}"
    if meeting.hearing is None:
        write(
            execution.case, execution.ring, kind, words,
            author=execution.role, now=execution.now, about=str(meeting.number),
        )  # fmt: skip
        tell_complainant(execution, key)
        return
    hearing = hearing_on(execution, str(meeting.hearing.number))
    refuse_complainants_name(execution, hearing, words)
    write(
        execution.case, execution.ring, Kind.CALLED if kind == Kind.INVITATION else kind, words,
        author=execution.role, now=execution.now, about=str(hearing.number),
        compartment=hearing.compartment,
    )  # fmt: skip
    tell_heard(execution, hearing, key)


def tell_complainant(execution: StepExecution, key: str) -> None:
    """Tell the complainant that there is something to read on their page."""
    contacts = CaseContacts(execution.case.pk, Directory(execution.today))
    for recipient in contacts.told_as_party:
        sending.tell(
            recipient,
            kind="update",
            link=f"/cases/{execution.case.reference}/",
            key=f"room:{execution.case.pk}:{key}:{execution.now.isoformat()}",
            now=execution.now,
            chain=execution.case.reference,
        )


def tell_heard(execution: StepExecution, hearing: Hearing, key: str) -> None:
    """Tell a person who is heard that something was written to them."""
    party = execution.case.parties.filter(standing=hearing.standing, handle=hearing.handle).first()
    if party is None:
        return
    sending.tell(
        as_party(party),
        kind="heard",
        link=f"/replies/{hearing.token}/",
        key=f"heard:{hearing.pk}:{key}:{execution.now.isoformat()}",
        now=execution.now,
        chain=execution.case.reference,
    )


def hearing_on(execution: StepExecution, who: str) -> Hearing:
    """Return the conversation of a person who is heard in this episode, by its number.

    Raises:
        Refused: NOT_HEARD, when there is none.
        DecryptionFailed: the key of the acting person has not come yet.
    """
    rows = take_up_hearings(execution.case, execution.ring)
    own = [row for row in rows if row.episode == execution.case.episode]
    found = next((row for row in own if str(row.number) == who), None)
    if found is None:
        raise Refused(
            "NOT_HEARD",
            "Put it to this person, or ask them as a witness, first. Then you can write to them.",
        )
    if found.compartment not in execution.ring:
        raise DecryptionFailed
    return found


def refuse_complainants_name(execution: StepExecution, hearing: Hearing, text: str) -> None:
    """Refuse a text to a person who is heard that names the complainant.

    Raises:
        Refused: NAME_WITHHELD.
    """
    person = User.objects.filter(pk__in=party_ids(execution, hearing)).first()
    if person is not None:
        refuse_names(execution, person, text)


def party_ids(execution: StepExecution, hearing: Hearing) -> list[int]:
    """Return the account of the person who is heard, in a list that may be empty."""
    rows = execution.case.parties.filter(standing=hearing.standing, handle=hearing.handle)
    return [row.person_id for row in rows if row.person_id is not None]
