"""The room of an investigation as its page shows it."""

from __future__ import annotations

from grievances.cases.guards.examination import NAMES_OF_EXCUSES
from grievances.cases.models.records import Kind, Words
from grievances.cases.step_names import StepName
from grievances.choices import SeenBy
from grievances.investigation.chronology import chronology
from grievances.investigation.entries import LABELS
from grievances.investigation.models import Meeting
from grievances.investigation.report import compose, gaps, unexamined
from grievances.investigation.room import Room, day_of
from grievances.vocabulary import State

STEPS = (
    StepName.PLAN_INVESTIGATION,
    StepName.LIST_PERSON,
    StepName.ASK_WITNESS,
    StepName.PUT_TO_RESPONDENT,
    StepName.INVITE_TO_MEETING,
    StepName.MOVE_MEETING,
    StepName.RECORD_MEETING,
    StepName.RECORD_INTERVIEW,
    StepName.LIST_EVIDENCE,
    StepName.SHOW_EVIDENCE,
    StepName.EXAMINE_PART,
    StepName.WRITE_WORKING_NOTE,
    StepName.SUBMIT_REPORT,
)
"""The steps that the page offers, in the order of the work."""

AGREED = {
    True: ("Agreed by both", "green"),
    False: ("Corrected by the other side", "orange"),
    None: ("No answer yet", "grey"),
}
"""What the other side has said of the notes, as a tag."""


def room_context(room: Room) -> dict[str, object]:
    """Return the context of the page of the room."""
    plan = room.of(Kind.PLAN)
    return {
        "case": room.case,
        "back": f"/cases/{room.case.reference}/",
        "can_work": room.case.state == State.INVESTIGATION,
        "steps": {step.value: _href(room, step) for step in STEPS if step in room.may},
        "plan": _rows(plan[-1]) if plan else [],
        "people": [
            {"name": each.fields["name"], "rows": _rows(each, without=("name",))}
            for each in room.newest(Kind.TO_HEAR).values()
        ],
        "meetings": [_meeting(room, each) for each in room.meetings],
        "exhibits": [_exhibit(each) for each in room.newest(Kind.EXHIBIT).values()],
        "exhibit_headings": ["Number", "What it is", "From", "Day", "Who may see it", "File"],
        "day_headings": ["Day", "What happened", "From"],
        "chronology": _days(room),
        "parts": _parts(room),
        "excuses": [NAMES_OF_EXCUSES[code] for code in unexamined(room)],
        "notes": [
            {"title": "Working note", "at": each.at, "body": each.text}
            for each in reversed(room.of(Kind.WORKING_NOTE))
        ],
        "reads_notes": "read_working_notes" in room.may,
        "gaps": gaps(room),
    }


def _days(room: Room) -> list[list[str]]:
    """Return the chronology as rows of day, what happened and its evidence."""
    return [
        [
            f"{each.on:%-d %B %Y}",
            each.what,
            f"Evidence {each.evidence}" if each.evidence else "",
        ]
        for each in chronology(room)
    ]


def _parts(room: Room) -> list[dict[str, object]]:
    """Return each part of the concern, with what was examined of it."""
    examined = room.newest(Kind.EXAMINED)
    return [
        {
            "title": f"Part {number}: {words}",
            "rows": _rows(examined[number]) if number in examined else [],
        }
        for number, words in room.parts().items()
    ]


def report_context(room: Room) -> dict[str, object]:
    """Return the context of the page that shows the report as it would be composed."""
    return {
        "case": room.case,
        "back": f"/cases/{room.case.reference}/investigation/",
        "gaps": gaps(room),
        "report": compose(room),
        "send": _href(room, StepName.SUBMIT_REPORT)
        if StepName.SUBMIT_REPORT in room.may and room.case.state == State.INVESTIGATION
        else "",
    }


def _href(room: Room, step: StepName) -> str:
    return f"/cases/{room.case.reference}/{step.value}/"


def _rows(words: Words, without: tuple[str, ...] = ()) -> list[dict[str, str]]:
    labels = LABELS[words.kind]
    return [
        {"key": label, "value": words.fields[name]}
        for name, label in labels.items()
        if name in words.fields and name not in without
    ]


def _exhibit(words: Words) -> list[str]:
    day = day_of(words.fields.get("happened_on", ""))
    return [
        words.about,
        words.fields["what"],
        words.fields["provenance"],
        f"{day:%-d %B %Y}" if day is not None else "",
        SeenBy(words.fields["seen_by"]).label,
        words.fields.get("file", ""),
    ]


def _meeting(room: Room, meeting: Meeting) -> dict[str, str]:
    hearing = meeting.hearing
    whom = room.name_of(hearing) if hearing is not None else "The person who raised it"
    held = meeting.held_on
    status, colour = AGREED[meeting.agreed] if meeting.notes_at else ("", "")
    if held is None:
        status, colour = "Planned", "blue"
    elif not meeting.notes_at:
        status, colour = "No notes yet", "orange"
    return {
        "title": f"Meeting {meeting.number}: {whom}",
        "hint": f"{held or meeting.meets_on:%A %-d %B %Y}"
        + (
            f". Moved {meeting.moved} time{'s' if meeting.moved > 1 else ''}"
            if meeting.moved
            else ""
        ),
        "status": status,
        "colour": colour,
        "href": "",
    }
