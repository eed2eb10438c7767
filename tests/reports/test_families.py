"""All tables of the same people in one edition, taken together by an attacker with a solver."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from datetime import date
from itertools import product

import numpy as np
import pytest
from django.db.models import Q, Value
from scipy.optimize import linprog

from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.conditions import FALSE, describe_column
from grievances.reports.contents.index import PIECES
from grievances.reports.counting import VALUES, Population, tabulate, tally
from grievances.reports.disclosure.audience import INTERNAL
from grievances.reports.disclosure.linked_suppression import find_leaks, find_leaks_with
from grievances.reports.disclosure.linked_tables import (
    KinCell,
    KinTable,
    find_contradictions,
    read_box,
    write_box,
)
from grievances.reports.disclosure.protected import ProtectedTable
from grievances.reports.disclosure.registry import Registry
from grievances.reports.disclosure.release import ReleaseGate
from grievances.reports.disclosure.tables import Box, Cell, Exact, Table
from grievances.reports.fact_models import CaseFact, Ending
from grievances.reports.layout.sections import yes
from grievances.reports.periods import Period
from grievances.reports.snapshot_models import Release
from tests.reports.built_reports import NOW
from tests.reports.report_factory import YEAR, Concern, store

CODES = {"a": ("0", "1", "2"), "b": ("0", "1", "2"), "c": ("0", "1", "2", "3")}
EDITIONS = int(os.environ.get("SDC_EDITIONS", "24"))
BATCHES = 4
QUARTERS = slice(None) if EDITIONS > 24 else slice(2, None)
"""All quarters of the year with SDC_EDITIONS; the last two with the tests."""
T = 5
Person = Mapping[str, str]


def some_people(chance: random.Random) -> list[Person]:
    """A population in which some codes are rare."""
    weights = {name: [chance.choice((1, 1, 4, 9)) for _ in codes] for name, codes in CODES.items()}
    return [
        {name: chance.choices(codes, weights[name])[0] for name, codes in CODES.items()}
        for _ in range(chance.randint(12, 70))
    ]


def exact_of(people: list[Person], row: str, column: str, held: Box = frozenset()) -> Exact:
    """The table of two properties, or of one, of the people in a box."""
    within = [p for p in people if all(p[name] in codes for name, codes in held)]
    rows, columns = CODES[row], CODES[column] if column else ()

    def cell(r: str | None, c: str | None) -> Cell:
        n = sum(1 for p in within if r in (None, p[row]) and c in (None, p.get(column)))
        return Cell(n, n, min(n, 1))

    table = Table(
        rows, columns,
        tuple(tuple(cell(r, c) for c in columns) for r in rows),
        tuple(cell(r, None) for r in rows),
        tuple(cell(None, c) for c in columns),
        cell(None, None),
    )  # fmt: skip
    boxes: dict[tuple[int, int], Box] = {}
    for (i, r), (j, c) in product(enumerate((*rows, None)), enumerate((*columns, None))):
        found = dict(held)
        for name, code in ((row, r), (column, c)):
            if code is not None:
                found[name] = found.get(name, frozenset({code})) & {code}
        boxes[i, j] = frozenset(found.items())
    return Exact(table, dict.fromkeys(boxes), "everybody", boxes)


PARTS = ("0", "01", "012")
"""The parts of a population that tables are made of: the upheld are some of the decided, and those
are some of the concluded."""


def questions(chance: random.Random) -> list[tuple[str, str, Box]]:
    """The tables of an edition, as the reports have them: by how concerns ended, or of a part."""
    found = []
    for _ in range(chance.randint(3, 6)):
        row, column, held = chance.choice(("a", "b")), "", frozenset[tuple[str, frozenset[str]]]()
        if chance.random() < 0.4:
            held = frozenset({("c", frozenset(chance.choice(PARTS)))})
        elif chance.random() < 0.7:
            column = "c"
        found.append((row, column, held))
    return list(dict.fromkeys(found))


def release(people: list[Person], asked: list[tuple[str, str, Box]]) -> list[KinTable]:
    """What an edition shows of these tables, released one after the other, and what it hides."""
    registry, shown = Registry("internal"), []
    for number, (row, column, held) in enumerate(asked):
        exact = exact_of(people, row, column, held)
        gate = ReleaseGate(registry, INTERNAL, f"report{number % 2}", YEAR, 1, YEAR.last)
        table = gate.release(f"section{number}", exact)
        if number % 2:
            registry.save()
        shown.append(as_shown(exact, table))
    return shown


def as_shown(exact: Exact, table: ProtectedTable) -> KinTable:
    grid = table.grid()
    return KinTable(
        {
            place: KinCell(exact.boxes[place], cell.cases, grid[place[0]][place[1]] != "*")
            for place, cell in exact.table.grid().items()
        }
    )


def attack(tables: list[KinTable]) -> list[tuple[Box, float]]:
    """How far apart each hidden figure can be, for someone who puts together all that is shown.

    The unknowns are the numbers of people with each combination of the three properties: it is
    another way of reckoning than that of the product, and knows nothing of margins.
    """
    predicates = [dict(zip(CODES, codes, strict=True)) for codes in product(*CODES.values())]

    def counts(box: Box) -> list[float]:
        return [float(all(atom[name] in codes for name, codes in box)) for atom in predicates]

    cells = [cell for table in tables for cell in table.cells.values()]
    known = {cell.box: cell.cases for cell in cells if cell.shown}
    # Where no one is, there is no one to find.
    hidden = {cell.box for cell in cells if cell.cases} - set(known)
    sums = np.array([counts(box) for box in known]) if known else None
    amounts = np.array([float(n) for n in known.values()]) if known else None
    found = []
    for box in hidden:
        goal = np.array(counts(box))
        bounds = (0.0, 200.0)
        least = linprog(goal, A_eq=sums, b_eq=amounts, bounds=bounds).fun
        most = -linprog(-goal, A_eq=sums, b_eq=amounts, bounds=bounds).fun
        found.append((box, most - least))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_edition_gives_a_hidden_figure_away(batch: int) -> None:
    for seed in range(batch, EDITIONS, BATCHES):
        Release.objects.all().delete()
        chance = random.Random(seed)
        people = some_people(chance)
        tables = release(people, questions(chance))
        assert not find_contradictions(tables), seed
        assert not find_leaks(tables, T), seed
        narrow = [(set(box), width) for box, width in attack(tables) if width < T - 1e-6]
        assert not narrow, seed


@pytest.mark.django_db
def test_what_follows_from_a_nought_that_follows_is_known_too() -> None:
    """Found by the attacker among a thousand editions: 15 less 6 less a nought no one printed."""
    chance = random.Random(707)
    people = some_people(chance)
    tables = release(people, questions(chance))
    assert not find_leaks(tables, T)


def alone(seed: int) -> list[KinTable]:
    """The same tables, each protected as if there were no other."""
    Release.objects.all().delete()
    chance = random.Random(seed)
    people, found = some_people(chance), []
    for row, column, held in questions(chance):
        exact = exact_of(people, row, column, held)
        gate = ReleaseGate(Registry("internal"), INTERNAL, "report", YEAR, 1, YEAR.last)
        found.append(as_shown(exact, gate.release("section", exact)))
    return found


@pytest.mark.django_db
def test_the_attacker_would_find_what_tables_give_away_that_do_not_know_each_other() -> None:
    found = [
        seed
        for seed in range(EDITIONS)
        if any(width < T - 1e-6 for _, width in attack(alone(seed)))
    ]
    assert found, "the attacker is no good"


@pytest.mark.django_db
def test_the_audit_finds_what_the_attacker_finds_in_two_tables() -> None:
    shown, hidden = KinCell(frozenset(), 30, True), KinCell(frozenset(), 30, False)
    assert find_contradictions([KinTable({(0, 0): shown}), KinTable({(0, 0): hidden})])

    def box(code: str, *more: str) -> Box:
        return frozenset({("a", frozenset({code, *more}))})

    split = KinTable(
        {
            (0, 0): KinCell(box("0"), 3, False),
            (1, 0): KinCell(box("1"), 9, False),
            (2, 0): KinCell(box("2"), 20, True),
            (3, 0): KinCell(frozenset(), 32, True),
        }
    )
    both = KinTable(
        {(0, 0): KinCell(box("0", "2"), 23, True), (1, 0): KinCell(box("0", "2"), 23, True)}
    )
    assert not find_leaks([split], T)
    assert set(find_leaks([split, both], T)) == {box("0"), box("1")}
    assert set(find_leaks_with(both, [split], T)) == {box("0"), box("1")}


@pytest.mark.django_db
class TestARealEdition:
    @pytest.fixture(params=[1, 3])
    def edition(self, policies: None, request: pytest.FixtureRequest) -> None:
        chance = random.Random(request.param)
        endings: list[Ending] = [e for e in Ending if e != Ending.OPEN]
        store(some_concern(chance, endings) for _ in range(90 * request.param))
        due = [
            Due(catalogue.REPORTS[name], period)
            for period in (*YEAR.quarters()[QUARTERS], YEAR)
            for name in PIECES
        ]
        Run(NOW).make(due)

    def test_a_figure_has_one_fate_and_all_tables_together_give_nothing_away(
        self, edition: None
    ) -> None:
        families = kept()
        assert len(families) > 20
        assert max(len(tables) for tables in families.values()) > 5
        for name, tables in families.items():
            assert not find_contradictions(tables), name
            assert not find_leaks(tables, T), name


def some_concern(chance: random.Random, endings: list[Ending]) -> Concern:
    received = date(2022, chance.randint(4, 12), chance.randint(1, 28))
    rest = {
        "region": chance.choice(("NORTH", "NORTH", "NORTH", "SOUTH", "WALES", "LONDON")),
        "route": chance.choice(("FORMAL", "FORMAL", "FORMAL", "INFORMAL", "MEDIATION")),
        "identity": chance.choice(("OPEN", "OPEN", "CONFIDENTIAL", "ANONYMOUS")),
    }
    if chance.random() < 0.2:
        return Concern(received, rest=rest)
    ended = date(2023, chance.randint(1, 3), chance.randint(1, 28))
    return Concern(received, ended, chance.choice(endings), rest=rest)


def kept() -> dict[tuple[str, str, int, str], list[KinTable]]:
    """The tables of each population in each edition, as they were kept with the releases."""
    registry = Registry(snapshots.INTERNAL)
    names = Release.objects.exclude(population="")
    found = {}
    for name in names.values_list("population", "period", "edition").distinct():
        population, period, edition = name
        tables = registry.kin(population, period_of(period), edition)
        found[(snapshots.INTERNAL, period, edition, population)] = tables
    return found


def period_of(name: str) -> Period:
    return next(p for p in (*YEAR.quarters(), YEAR) if p.name == name)


class TestWhoIsCounted:
    def test_the_same_question_has_the_same_name(self, db: None) -> None:
        one, two = (CaseFact.objects.filter(region="NORTH") for _ in range(2))
        other = CaseFact.objects.filter(region="SOUTH")
        assert Population(one).name == Population(two.order_by("-pk")).name
        assert Population(one).name != Population(other).name

    def test_a_part_is_known_as_a_part_of_the_whole(self, db: None) -> None:
        whole = Population(CaseFact.objects.filter(region="NORTH"))
        part = whole.only(ending__in=("UPHELD", "PARTLY")).only(route="FORMAL")
        assert part.name == whole.name
        assert part.held == {
            ("ending", frozenset({"UPHELD", "PARTLY"})),
            ("route", frozenset({"FORMAL"})),
        }

    def test_what_is_no_list_of_codes_makes_a_population_of_its_own(self, db: None) -> None:
        whole = Population(CaseFact.objects.all())
        part = whole.only(ended_on__isnull=False)
        assert part.name == whole.name
        assert part.held == {("ended_on is empty", frozenset({FALSE}))}

    def test_a_share_and_a_column_of_the_same_code_are_one_figure(self, db: None) -> None:
        upheld = describe_column(yes(Q(ending="UPHELD")), "yes", VALUES, CaseFact)
        assert upheld == describe_column("ending", "UPHELD", VALUES, CaseFact)
        assert upheld == [("ending", frozenset({"UPHELD"}))]
        assert describe_column(Value("all"), "all", VALUES, CaseFact) == []
        odd = yes(~Q(ending="UPHELD"))
        assert describe_column(odd, "no", VALUES, CaseFact) == upheld

    def test_a_box_reads_back_as_it_was_written(self) -> None:
        box: Box = frozenset({("a", frozenset({"1", "0"})), ("b", frozenset({""}))})
        assert read_box(write_box(box)) == box

    def test_every_place_of_a_table_has_a_box(self, policies: None) -> None:
        counted = tally(Population(CaseFact.objects.all()), "region", yes(Q(ending="UPHELD")))
        exact = tabulate(counted, {"NORTH": "North"}, {"yes": "Yes", "no": "No"})
        assert set(exact.boxes) == set(exact.table.grid())
        assert exact.boxes[1, 2] == frozenset()
        assert exact.boxes[0, 0] == {
            ("region", frozenset({"NORTH"})), ("ending", frozenset({"UPHELD"})),
        }  # fmt: skip
