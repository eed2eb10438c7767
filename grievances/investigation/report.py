"""The report of an investigation: its gaps, and a text composed of the entries.

A report is read by the complainant once it is decided. So it names no witness and shows no evidence
that is for the officers alone: it has their numbers.
"""

from __future__ import annotations

from grievances.cases.guards.examination import (
    NAMES_OF_EXCUSES,
    SHORTEST_TEST,
    excuses_in,
)
from grievances.cases.models.records import Kind, Words
from grievances.choices import SeenBy
from grievances.investigation.chronology import STANDING, chronology
from grievances.investigation.entries import LABELS, PLAN_TEMPLATE
from grievances.investigation.models import Meeting
from grievances.investigation.room import Room
from grievances.vocabulary import Standing

OPEN_TO_THE_COMPLAINANT = (SeenBy.COMPLAINANT.value, SeenBy.BOTH.value)


def gaps(room: Room) -> list[str]:
    """Return what the report lacks, as plain sentences, in the order of the room."""
    found = [] if room.of(Kind.PLAN) else ["There is no plan."]
    if room.of(Kind.PLAN) and not _scope(room):
        found.append("The plan does not say what is looked into: it is as it was begun.")
    found += _people_not_heard(room)
    found += _meetings_open(room)
    found += _parts_open(room)
    found += [f"{NAMES_OF_EXCUSES[code].capitalize()}: said, and not examined in any part."
              for code in unexamined(room)]  # fmt: skip
    return found


def unexamined(room: Room) -> list[str]:
    """Return the codes of excuses in statements that no examination has tested."""
    said = excuses_in(*(each.text for each in _answers(room)))
    tested = " ".join(
        f"{each.fields.get('explanation', '')} {each.fields.get('tested', '')}"
        for each in room.newest(Kind.EXAMINED).values()
        if len(each.fields.get("tested", "")) >= SHORTEST_TEST
    )
    return [code for code in said if code not in excuses_in(tested)]


def _answers(room: Room) -> list[Words]:
    return [*room.of(Kind.STATEMENT), *room.of(Kind.HEARD)]


def _people_not_heard(room: Room) -> list[str]:
    heard = [room.name_of(each).casefold() for each in room.hearings]
    found = []
    for number, words in room.newest(Kind.TO_HEAR).items():
        name = words.fields.get("name", "").casefold()
        if words.fields.get("not_heard") or any(name in each for each in heard):
            continue
        found.append(f"Person {number} on the list was not heard, and it is not said why.")
    return found


def _meetings_open(room: Room) -> list[str]:
    found = []
    for each in room.meetings:
        if each.episode != room.case.episode:
            continue
        if each.held_on is None:
            found.append(f"Meeting {each.number} was arranged and is not recorded.")
        elif each.notes_at is None:
            found.append(f"Meeting {each.number} was held and has no notes.")
        elif each.agreed is None:
            found.append(f"The notes of meeting {each.number} have no answer from the other side.")
    return found


def _parts_open(room: Room) -> list[str]:
    examined, found = room.newest(Kind.EXAMINED), []
    for number in room.parts():
        if number not in examined:
            found.append(f"Part {number} was not examined, and has no reasons.")
        elif not examined[number].fields.get("evidence"):
            found.append(f"Part {number} names no evidence.")
    return found


def compose(room: Room) -> str:
    """Return the text of the report, in plain text with headings of one line."""
    pieces = [
        ("What I was asked to look into", _scope(room) or _list_of(room.parts())),
        ("Whom I met", "\n".join(_met(each) for each in room.meetings if each.held_on)),
        ("What happened when", _days(room)),
        ("The evidence", "\n".join(_exhibits(room))),
        *((f"Part {n}: {_line(words)}", _part(room, n)) for n, words in room.parts().items()),
    ]
    return "\n\n".join(f"{heading}\n{text}" for heading, text in pieces if text)


def _scope(room: Room) -> str:
    """Return what the newest plan looks into; nothing while no one changed it."""
    plan = room.of(Kind.PLAN)
    scope = plan[-1].fields.get("scope", "") if plan else ""
    return "" if scope.split() == PLAN_TEMPLATE["scope"].split() else scope


def _list_of(parts: dict[str, str]) -> str:
    return "\n".join(f"Part {number}: {_line(words)}" for number, words in parts.items())


def _met(meeting: Meeting) -> str:
    standing = meeting.hearing.standing if meeting.hearing is not None else Standing.COMPLAINANT
    answer = {True: "they agreed the notes", False: "they corrected the notes", None: ""}
    said = answer[meeting.agreed]
    whom = STANDING[Standing(standing)]
    return f"{meeting.held_on:%-d %B %Y}: {whom}{f'; {said}' if said else ''}."


def _days(room: Room) -> str:
    hidden = {number for number, each in room.newest(Kind.EXHIBIT).items() if not _is_open(each)}
    return "\n".join(
        f"{each.on:%-d %B %Y}: "
        + (f"see evidence {each.evidence}" if each.evidence in hidden else each.what)
        + (f" (evidence {each.evidence})" if each.evidence and each.evidence not in hidden else "")
        for each in chronology(room)
    )


def _exhibits(room: Room) -> list[str]:
    return [
        f"Evidence {number}: {each.fields['what']}. {each.fields['provenance']}"
        if _is_open(each)
        else f"Evidence {number}: open only to the people who look into it and decide."
        for number, each in room.newest(Kind.EXHIBIT).items()
    ]


def _is_open(exhibit: Words) -> bool:
    return exhibit.fields.get("seen_by") in OPEN_TO_THE_COMPLAINANT


def _part(room: Room, number: str) -> str:
    examined = room.newest(Kind.EXAMINED).get(number)
    if examined is None:
        return "Not examined."
    labels = LABELS[Kind.EXAMINED]
    return "\n\n".join(
        f"{labels[name]}: {examined.fields[name]}" for name in labels if name in examined.fields
    )


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:117]}..."
