"""The chronology of an investigation, built from its events and its evidence.

No one types it: a date is told once, where it belongs, and appears here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from grievances.cases.models.records import Kind
from grievances.investigation.room import Room, day_of
from grievances.policy import profiles
from grievances.vocabulary import Standing
from workflow.calendar import local_date

STANDING = {
    Standing.COMPLAINANT: "the person who raised it",
    Standing.RESPONDENT: "the person it is about",
    Standing.WITNESS: "a witness",
}
"""How a party is called in the chronology, which names no one."""


@dataclass(frozen=True)
class Happening:
    """One line of the chronology: a local date and what happened.

    `evidence` is the number of the evidence it comes from; empty for an event of the case.
    """

    on: date
    what: str
    evidence: str = ""


def chronology(room: Room) -> list[Happening]:
    """Return what happened, oldest first.

    On one day evidence comes first, and then the events of the case in the order of the work.
    """
    evidence = sorted(_from_evidence(room), key=lambda each: each.what)
    begun, ended = _from_case(room)
    found = [*evidence, *begun, *_from_hearings(room), *_from_meetings(room), *ended]
    return sorted(found, key=lambda each: each.on)


def _from_evidence(room: Room) -> list[Happening]:
    found = []
    for number, words in room.newest(Kind.EXHIBIT).items():
        day = day_of(words.fields.get("happened_on", ""))
        if day is not None:
            found.append(Happening(day, words.fields["what"], number))
    return found


def _from_case(room: Room) -> tuple[list[Happening], list[Happening]]:
    """Return what comes before the talks with people, and what comes after them."""
    case = room.case
    begun = {
        "The concern was received": case.received_on,
        "The formal way was agreed": case.triaged_on,
        "The person it is about was asked to answer": case.respondent_asked_on,
    }
    ended = {"The report was sent": case.reported_on}
    return _on_days(begun), _on_days(ended)


def _on_days(days: dict[str, date | None]) -> list[Happening]:
    return [Happening(day, what) for what, day in days.items() if day is not None]


def _from_meetings(room: Room) -> list[Happening]:
    found = []
    for each in room.meetings:
        standing = each.hearing.standing if each.hearing is not None else Standing.COMPLAINANT
        whom = STANDING[Standing(standing)]
        if each.held_on is not None:
            found.append(Happening(each.held_on, f"Meeting {each.number}, with {whom}"))
        else:
            found.append(Happening(each.meets_on, f"Meeting {each.number} planned, with {whom}"))
    return found


def _from_hearings(room: Room) -> list[Happening]:
    found = []
    for each in room.hearings:
        whom = f"{STANDING[Standing(each.standing)]} (conversation {each.number})"
        found.append(Happening(_local(each.asked_at), f"A question was put to {whom}"))
        if each.answered_at is not None:
            found.append(Happening(_local(each.answered_at), f"An answer came from {whom}"))
    return found


def _local(at: datetime) -> date:
    return local_date(at, profiles.zone())
