"""The people of a large demonstration: pools of officers, and staff."""

from __future__ import annotations

import random
from collections.abc import Iterator

from grievances.demo.accounts import UNITS, Entry
from grievances.demo.organisation import invent_name
from grievances.vocabulary import Office

HEADED = [code for code, _, _ in UNITS if code not in {"HQ", "LEEDS"}]
"""Units with a manager of their own; in Leeds linemanager1 manages complainant1."""

POOLS: dict[Office, tuple[str, int, int]] = {
    Office.TRIAGE: ("triage", 18, 6),
    Office.HANDLER: ("handler", 90, 6),
    Office.DECIDER: ("decider", 60, 7),
    Office.APPEAL: ("appeal", 30, 8),
    Office.MEDIATOR: ("mediator", 8, 6),
}
"""Office -> (prefix of its user names, how many there are in all, their grade)."""

FIRST_OF_POOL = {
    Office.TRIAGE: 3,
    Office.HANDLER: 5,
    Office.DECIDER: 3,
    Office.APPEAL: 2,
    Office.MEDIATOR: 2,
}
"""The first number that is not already an account of contracts.md."""


def officers(chance: random.Random, share: float) -> Iterator[Entry]:
    """Yield the officers besides the accounts of contracts.md.

    `share` (0 to 1] makes the pools smaller.
    """
    for office, (name, size, grade) in POOLS.items():
        first = FIRST_OF_POOL[office]
        for number in range(first, max(first + 2, round(size * share)) + 1):
            unit = chance.choice(HEADED)
            yield Entry(f"{name}{number}", invent_name(chance), unit, grade, (office,))


def staff(chance: random.Random, name: str, size: int) -> Iterator[Entry]:
    """Yield this many members of staff, each in a unit under its manager."""
    for number in range(1, size + 1):
        unit = chance.choice(HEADED)
        head = f"head.{unit.lower()}"
        yield Entry(f"{name}{number}", invent_name(chance), unit, chance.randint(2, 4), (), head)
