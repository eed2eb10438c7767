"""What follows from a change of the directory: conflicts of open cases, and the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from grievances.audit.models import SERVICE, Event
from grievances.casework.appointments import end_lapsed_parts, keep_lines_apart, open_cases_under
from grievances.encryption.server_keys import handle
from grievances.staff_directory.plan import Change, Touched

EVENTS_AT_ONCE = 5000


@dataclass(frozen=True)
class Effects:
    """What becomes of open cases: parts that end, and people newly kept out. Counts only."""

    parts_ended: int = 0
    newly_conflicted: int = 0


def follow(touched: Touched, now: datetime) -> Effects:
    """End the parts of those whose office has ended, and keep new managers out, as every night.

    Only those whom a change can have touched are looked at. Complainants are told by the notices
    of each step.

    Returns:
        How many parts ended, and how many new managers are kept out.
    """
    ended = end_lapsed_parts(now, only=touched.offices) if touched.offices else 0
    cases = open_cases_under(touched.lines) if touched.lines else ()
    return Effects(ended, keep_lines_apart(now, only=cases) if cases else 0)


def record(
    changes: Mapping[str, Collection[Change]], ids: Mapping[str, int], actor: str, now: datetime
) -> None:
    """Record one event for each person who was changed: who did it and what kind, no names."""
    alike: dict[tuple[Change, ...], list[str]] = defaultdict(list)
    for key, what in changes.items():
        alike[tuple(sorted(what))].append(entry_pseudonym(ids[key]))
    for kinds, subjects in alike.items():
        for start in range(0, len(subjects), EVENTS_AT_ONCE):
            Event.append_to(
                SERVICE,
                subjects[start : start + EVENTS_AT_ONCE],
                at=now,
                actor=actor,
                role="directory",
                kind="directory.changed",
                data={"what": list(map(str, kinds))},
            )


def entry_pseudonym(person_id: int) -> str:
    """Return the pseudonym under which changes of an account in the directory are recorded."""
    return handle("directory entry", person_id)
