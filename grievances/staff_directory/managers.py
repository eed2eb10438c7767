"""Refuse lines whose manager is unknown, and managers who would form a cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from grievances.staff_directory.register import Register
from grievances.staff_directory.staff_file.rows import Refusal, StaffRow

UNKNOWN = "an unknown line manager"
SEVERAL = "a line manager whose name several people have: give the user name"
IN_TURN = "line managers who would manage each other in turn"


def settle_managers(
    rows: dict[str, StaffRow], register: Register
) -> tuple[dict[str, str], list[Refusal]]:
    """Return the manager of each line by key, and the lines that are refused.

    Refused lines are taken out of `rows`. Each refusal can make another line's manager unknown, so
    this is repeated until none is left.
    """
    refused: list[Refusal] = []
    while True:
        found, fresh = _look_up(rows, register)
        fresh = fresh or _in_turn(rows, found, register)
        if not fresh:
            return found, refused
        for key, reason in fresh.items():
            refused.append(Refusal(rows.pop(key).line, reason))


def _look_up(
    rows: Mapping[str, StaffRow], register: Register
) -> tuple[dict[str, str], dict[str, str]]:
    found, refused = {}, {}
    named: dict[str, list[str]] | None = None
    for key, row in rows.items():
        if not row.manager:
            continue
        said = row.manager.casefold()
        if said in rows or said in register.people:
            found[key] = said
            continue
        named = _by_name(rows) if named is None else named
        others = (each for each in register.by_name.get(said, ()) if each not in rows)
        known = [*named.get(said, ()), *others]
        if len(known) == 1:
            found[key] = known[0]
        else:
            refused[key] = SEVERAL if known else UNKNOWN
    return found, refused


def _by_name(rows: Mapping[str, StaffRow]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, row in rows.items():
        found[row.name.casefold()].append(key)
    return found


def _in_turn(
    rows: Mapping[str, StaffRow], found: Mapping[str, str], register: Register
) -> dict[str, str]:
    """Return the lines of the file that are part of a cycle, their own manager included."""
    keys = {each.pk: key for key, each in register.people.items()}
    besides: dict[str, set[str]] = {}
    for pk, periods in register.lines.items():
        key = keys[pk]
        if key not in rows or rows[key].manager is None:
            besides[key] = {keys[int(each.of)] for each in periods}
    if not _has_cycle(found, besides):
        return {}
    above = {key: {manager} for key, manager in found.items()}
    for key, managers in besides.items():
        above.setdefault(key, set()).update(managers)
    inside = _cyclic(above)
    return {key: IN_TURN for key in found if key in inside}


def _has_cycle(found: Mapping[str, str], besides: Mapping[str, set[str]]) -> bool:
    """Return whether any line leads back to where it began: each person is looked at once.

    `found` has one manager of each person, `besides` those of people whom the file leaves alone.
    """
    settled: set[str] = set()
    for start in [*found, *besides]:
        line: dict[str, Iterator[str]] = {}
        key: str | None = start if start not in settled else None
        while key is not None or line:
            if key is not None:
                own = (found[key],) if key in found else ()
                line[key] = iter((*own, *besides.get(key, ())))
            last = next(reversed(line))
            key = next((each for each in line[last] if each not in settled), None)
            if key in line:
                return True
            if key is None:
                del line[last]
                settled.add(last)
    return False


def _cyclic(above: Mapping[str, set[str]]) -> set[str]:
    """Return who is left when those without a manager, and those who manage no one, are removed."""
    left = {key: set(managers) for key, managers in above.items()}
    while True:
        managing = {manager for managers in left.values() for manager in managers}
        kept = {
            key: managers & left.keys()
            for key, managers in left.items()
            if key in managing and managers & left.keys()
        }
        if len(kept) == len(left) and kept == left:
            return set(kept)
        left = kept
