"""Open the room of an investigation: everything in it that a person may read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.key_distribution import seal_pending_keys
from grievances.cases.models.records import Kind, Words, in_order, read
from grievances.cases.models.statements import Hearing, take_up_hearings
from grievances.casework import reading
from grievances.casework.opening.looks import record_opening
from grievances.encryption.primitives import DecryptionFailed
from grievances.investigation.models import Meeting

ROOM = (
    Kind.PLAN,
    Kind.TO_HEAR,
    Kind.EXHIBIT,
    Kind.EXAMINED,
    Kind.WORKING_NOTE,
    Kind.ALLEGATION,
    Kind.WHEN,
    Kind.PERSON,
    Kind.STATEMENT,
    Kind.HEARD,
    Kind.INTERPRETER,
)
"""The kinds of records that the room is made of."""


@dataclass(frozen=True)
class Room:
    """What one person sees of an investigation.

    `words` are the records they can read, oldest first. `may` are the steps and rules they have.
    """

    case: Case
    role: str
    may: frozenset[str]
    words: tuple[Words, ...]
    meetings: tuple[Meeting, ...]
    hearings: tuple[Hearing, ...]

    def of(self, kind: Kind) -> list[Words]:
        """Return the records of one kind, oldest first."""
        return [each for each in self.words if each.kind == kind]

    def newest(self, kind: Kind) -> dict[str, Words]:
        """Return the newest record of a kind for each thing it is about, by number."""
        found = {each.about: each for each in self.of(kind)}
        return dict(sorted(found.items(), key=lambda item: int(item[0] or 0)))

    def parts(self) -> dict[str, str]:
        """Return the parts of the concern as {number: words}. The account is the first."""
        words = self.newest(Kind.ALLEGATION)
        numbers = self.case.allegations.order_by("number").values_list("number", flat=True)
        first = "The concern as it was raised"
        return {
            str(number): words[str(number)].text if str(number) in words else first
            for number in numbers
        }

    def name_of(self, hearing: Hearing) -> str:
        """Return who is heard, as the officers read it; the standing where it is not open."""
        names = {each.about: each.text for each in self.of(Kind.PERSON)}
        return names.get(str(hearing.number)) or hearing.get_standing_display()

    def has_begun(self) -> bool:
        """Return whether anything was written in the room."""
        return any(self.of(kind) for kind in (Kind.PLAN, Kind.TO_HEAR, Kind.EXHIBIT, Kind.EXAMINED))


def open_room(caller: Caller, reference: str, *, now: datetime) -> Room:
    """Open the room for a person who may read it; the view is an event.

    Raises NotAllowed.

    Returns:
        The room, decrypted as far as this person's keys open it.
    """
    access = reading.find_access(caller, reference, "read_room")
    case, role, allowed = access.facts.case, access.role("read_room"), access.allowed
    ring = Keyring.of(case, caller.holder)
    seal_pending_keys(ring)
    room = room_of(case, ring, role, allowed)
    saw = ",".join(sorted({rules.READ_RULE[each.kind] for each in room.words} | {"read_room"}))
    record_opening(case, caller, role, now, saw=saw)
    return room


def room_of(case: Case, ring: Keyring, role: str, allowed: frozenset[str]) -> Room:
    """Return the room as these keys and rules open it. It records nothing."""
    hearings = take_up_hearings(case, ring)
    kinds = [kind for kind in ROOM if rules.READ_RULE[kind] in allowed]
    return Room(
        case=case,
        role=role,
        may=allowed,
        words=tuple(_opened(case, ring, kinds)),
        meetings=tuple(case.meetings.select_related("hearing").order_by("number")),
        hearings=tuple(each for each in hearings if each.episode == case.episode),
    )


def _opened(case: Case, ring: Keyring, kinds: Iterable[Kind]) -> Iterable[Words]:
    """Yield what the keys open. What earlier officers wrote stays closed to new ones."""
    for row in in_order(case).filter(kind__in=list(kinds)):
        try:
            yield read(row, ring)
        except DecryptionFailed:
            continue


def day_of(text: str) -> date | None:
    """Return a stored day; None where there is none or it is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
