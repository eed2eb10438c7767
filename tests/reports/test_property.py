"""Disclosure control against someone with a linear-programme solver, on many random tables.

A seeded share of them runs with the tests; SDC_TABLES=10000 SDC_SEQUENCES=1000 runs them all.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from scipy.optimize import linprog

from grievances.reports.disclosure.audience import INTERNAL, PUBLISHED, Audience
from grievances.reports.disclosure.differencing import may_ask, may_release
from grievances.reports.disclosure.protection import find_hidden
from grievances.reports.disclosure.suppression import is_dominated, is_small
from grievances.reports.disclosure.tables import Cell, Table
from tests.reports.tables import cross
from tests.reports.test_attackers import attack

TABLES = int(os.environ.get("SDC_TABLES", "120"))
SEQUENCES = int(os.environ.get("SDC_SEQUENCES", "24"))
BATCHES = 8
"""Batches of each kind, so that the work is shared among the processes of a test run."""
SIZES = (0, 0, 1, 2, 3, 4, 5, 6, 8, 11, 17, 35)
AUDIENCES = (INTERNAL, PUBLISHED, INTERNAL.without_zeros())
PEOPLE, QUESTIONS, T = 60, 12, 5
VALUES = ("NMSLW", "FIM", "OCA", "1234")


def some_cell(chance: random.Random) -> Cell:
    """A cell in which some people may have several cases."""
    cases = chance.choice(SIZES)
    if not cases:
        return Cell(0, 0)
    persons = max(1, cases - chance.choice((0, 0, 0, 1, 3)))
    return Cell(cases, persons, cases - persons + 1, chance.randint(1, max(1, cases // 2)))


def some_table(chance: random.Random) -> Table:
    """A two-way table of 2 to 5 rows and columns."""
    width, height = chance.randint(2, 5), chance.randint(2, 5)
    return cross([[some_cell(chance) for _ in range(width)] for _ in range(height)])


def narrowed(table: Table, audience: Audience, classes: bool) -> list[tuple[int, int]]:
    """The cells that had to be hidden and that the attacker knows to within less than t."""
    hidden = find_hidden(table, audience, "rows" if classes else None)
    grid, interior = table.grid(), set(table.interior())
    needed = [
        place
        for place, cell in grid.items()
        if is_small(cell, audience.t) or (place in interior and is_dominated(cell, audience))
    ]
    assert hidden.issuperset(needed)
    return [p for p in needed if attack(table, hidden, p, audience.t) < audience.t - 1e-6]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_random_table_lets_a_hidden_cell_be_narrowed(batch: int) -> None:
    for seed in range(batch, TABLES, BATCHES):
        chance = random.Random(seed)
        table, audience = some_table(chance), chance.choice(AUDIENCES)
        assert not narrowed(table, audience, chance.random() < 0.5), seed


def questions(chance: random.Random) -> list[frozenset[int]]:
    """What someone asks, one after the other, of a few dozen people with four properties."""
    people = [tuple(chance.choice(values) for values in VALUES) for _ in range(PEOPLE)]
    asked = []
    for _ in range(QUESTIONS):
        chosen = [
            set(chance.sample(values, chance.choice((1, 2))))
            if chance.random() < 0.5
            else set(values)
            for values in VALUES
        ]
        fits = (all(p in c for p, c in zip(who, chosen, strict=True)) for who in people)
        asked.append(frozenset(n for n, fit in enumerate(fits) if fit))
    return asked


def derived(shown: list[frozenset[int]]) -> int:
    """How many groups of 1 to 4 people the sizes of these sets, taken together, give away.

    The attacker knows every size exactly, and who might be in which set. Looked at are the finest
    groups that the sets make, and every difference of two of them.
    """
    marks = [tuple(n in people for people in shown) for n in range(PEOPLE)]
    sizes = Counter(marks)
    groups = list(sizes)
    sums = np.array([[float(group[i]) for group in groups] for i in range(len(shown))])
    known = np.array([float(len(people)) for people in shown])
    targets = {frozenset([group]) for group in groups if any(group)}
    targets |= {
        frozenset(g for g in groups if g[a] and not g[b])
        for a, b in permutations(range(len(shown)), 2)
    }
    found = 0
    for target in targets:
        if 0 < sum(sizes[group] for group in target) < T:
            goal = np.array([float(group in target) for group in groups])
            least = linprog(goal, A_eq=sums, b_eq=known).fun
            most = -linprog(-goal, A_eq=sums, b_eq=known).fun
            found += most - least < 1 - 1e-6
    return found


def shown_after(seed: int, rule: Callable[..., bool]) -> list[frozenset[int]]:
    """What a rule lets be shown of the questions of this seed."""
    shown: list[frozenset[int]] = []
    for people in questions(random.Random(seed)):
        if len(people) >= T and people not in shown and rule(people, shown, T):
            shown.append(people)
    return shown


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_sequence_of_answers_gives_a_few_people_away(batch: int) -> None:
    for seed in range(batch, SEQUENCES, BATCHES):
        shown = shown_after(seed, may_ask)
        assert not shown or not derived(shown), seed


def test_pairs_alone_would_not_be_enough() -> None:
    # Every third of these is no more than two of the others put together, and one person over.
    a, b = frozenset(range(20)), frozenset(range(20, 40))
    both = frozenset(range(48))
    nearly = frozenset(range(40)) | {48}
    assert may_ask(both, [a, b], T)
    assert not may_ask(nearly, [a, b], T)
    assert derived([a, b, nearly]) == 1
    assert may_release(nearly, [a, b], T)


def test_the_attacker_would_find_a_difference_of_one() -> None:
    assert derived([frozenset(range(23)), frozenset(range(22))]) == 1


def test_the_attacker_would_find_a_cell_hidden_alone() -> None:
    table = cross([[Cell(12, 12), Cell(3, 3)], [Cell(9, 9), Cell(20, 20)]])
    assert attack(table, {(0, 1)}, (0, 1), 5) < 5
