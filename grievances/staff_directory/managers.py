"""Refuse lines whose manager is unknown, and managers who would manage each other in a circle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

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
    names = Counter(row.name.casefold() for row in rows.values())
    by_name = {row.name.casefold(): key for key, row in rows.items()}
    found, refused = {}, {}
    for key, row in rows.items():
        if not row.manager:
            continue
        said = row.manager.casefold()
        if said in rows or said in register.people:
            found[key] = said
            continue
        known = {each for each in register.by_name.get(said, ()) if each not in rows}
        count = names[said] + len(known)
        if count == 1:
            found[key] = by_name[said] if names[said] else known.pop()
        else:
            refused[key] = SEVERAL if count else UNKNOWN
    return found, refused


def _in_turn(
    rows: Mapping[str, StaffRow], found: Mapping[str, str], register: Register
) -> dict[str, str]:
    """Return the lines of the file that are part of a circle, their own manager included."""
    keys = {each.pk: key for key, each in register.people.items()}
    above: dict[str, set[str]] = {key: {manager} for key, manager in found.items()}
    for pk, periods in register.lines.items():
        key = keys[pk]
        if key not in rows or rows[key].manager is None:
            above.setdefault(key, set()).update(keys[int(each.of)] for each in periods)
    inside = _cyclic(above)
    return {key: IN_TURN for key in found if key in inside}


def _cyclic(above: dict[str, set[str]]) -> set[str]:
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
