"""Exact counts by the database: one statement for a table with its margins.

The results go to `disclosure` and nowhere else. Builders only.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Model, Q, QuerySet
from django.db.models.expressions import Combinable

from grievances.monitoring.codes import (
    PREFER_NOT,
    SELF_DESCRIBED,
    known_codes,
    other_questions,
)
from grievances.reports.conditions import describe, describe_column, merged
from grievances.reports.disclosure.tables import Box, Cell, Exact, People, Table
from grievances.reports.facts import APART, ASKED, CHARACTERISTIC_OF

EXACT_PEOPLE = 5_000
"""The most people of a table whose sets of people are kept (domain.md 10.4).

Above it, differences are judged by the numbers of people alone.
"""
COUNTED = """
WITH per AS ({inner}),
by_row AS (SELECT r, who, SUM(n) AS n FROM per GROUP BY r, who),
by_column AS (SELECT c, who, SUM(n) AS n FROM per GROUP BY c, who),
by_all AS (SELECT who, SUM(n) AS n FROM per GROUP BY who)
SELECT 0, r, c, COUNT(*), SUM(n), MAX(n) FROM per GROUP BY r, c
UNION ALL SELECT 1, r, '', COUNT(*), SUM(n), MAX(n) FROM by_row GROUP BY r
UNION ALL SELECT 2, '', c, COUNT(*), SUM(n), MAX(n) FROM by_column GROUP BY c
UNION ALL SELECT 3, '', '', COUNT(*), SUM(n), MAX(n) FROM by_all HAVING COUNT(*) > 0
"""
"""`per` has one row for each person in each cell. The sums all come from it."""

Code = str | None
CellKey = tuple[Code, Code]
Column = str | Combinable
YES, NO = "yes", "no"
"""The columns of a table that says whether a condition holds."""
ALL: Code = None
"""The margin: every row, or every column."""


@dataclass(frozen=True)
class Population:
    """The rows to count, and the path from a row to the fact of its case.

    `apart` says that every row is another person's, as with answers that are linked to no one.
    `around` are all the rows of which these are a part, and `held` says which part. So tables of
    the whole and of the part are known to count the same people. `universe` names rows that are
    described by `held` alone, in every period: figures of all its populations are compared by the
    attack that each edition passes. It is empty for others.
    """

    rows: QuerySet[Model]
    fact: str = ""
    apart: bool = False
    around: QuerySet[Model] | None = None
    held: Box = frozenset()
    universe: str = ""

    def only(self, **conditions: object) -> "Population":
        """Return the rows that meet these conditions on the fact."""
        return self.within(**{f"{self.fact}{name}": given for name, given in conditions.items()})

    def within(self, *asked: Q, **conditions: object) -> "Population":
        """Return the rows that meet these conditions on their own columns.

        Raises:
            UndescribedError: A condition cannot be described as a set of values.
        """
        question = Q(*asked, **conditions)
        found = describe(question, VALUES, self.rows.model)
        around = self.rows if self.around is None else self.around
        held = merged([*self.held, *found])
        part = self.rows.filter(question)
        return Population(part, self.fact, self.apart, around, held, self.universe)

    @cached_property
    def name(self) -> str:
        """The name of the whole population: a digest of its query.

        The same question has the same name. It is empty where the query can have no rows.
        """
        rows = self.rows if self.around is None else self.around
        try:
            statement, parameters = rows.order_by().query.sql_with_params()
        except EmptyResultSet:
            return ""
        digest = digest_of(statement, parameters)
        return f"{self.universe}:{digest}"[:64] if self.universe else digest


def digest_of(statement: str, parameters: object) -> str:
    """Return the name of the people that a statement counts.

    The same question, with the same parameters, has the same name.
    """
    return sha256(f"{statement}|{parameters}".encode()).hexdigest()


FOLLOWED = "followed"
"""The column of what followed a finding, which is worked out and not stored."""
VALUES = {
    FOLLOWED: frozenset({"none", "open", "done"}),
    "ethnic_group": frozenset({"", ASKED, APART, PREFER_NOT, SELF_DESCRIBED, *known_codes()}),
    **{
        column: frozenset({"", PREFER_NOT, *(choice.code for choice in each.choices)})
        for each in other_questions()
        for column, question in CHARACTERISTIC_OF.items()
        if question == each.name
    },
}
"""The values of columns whose field does not list them."""


@dataclass
class Tally:
    """Exact figures by (row, column), margins included.

    `named` are the rows behind them.
    """

    cells: dict[CellKey, Cell] = field(default_factory=dict)
    named: QuerySet[Model] | None = None
    population: str = ""
    held: Box = frozenset()
    axes: tuple[Column, Column] = ("", "")
    model: type[Model] | None = None

    def box(self, row: Code, column: Code) -> Box:
        """Return the box of conditions on the people that a place counts.

        Raises:
            UndescribedError: A column is no list of values.
        """
        found = [*self.held]
        for axis, code in zip(self.axes, (row, column), strict=True):
            if code is not None and self.model is not None:
                found += describe_column(axis, code, VALUES, self.model)
        return merged(found)

    @cached_property
    def people(self) -> dict[CellKey, People] | None:
        """The numbers of the people of each place; None where too many to keep."""
        if self.named is None or self.at().persons > EXACT_PEOPLE:
            return None
        return _gather(self.named.values_list("r", "c", "who").distinct().iterator())

    def at(self, row: Code = ALL, column: Code = ALL) -> Cell:
        """Return the figure of a place; 0 where nothing was counted."""
        return self.cells.get((row, column), Cell(0, 0))

    def who(self, row: Code = ALL, column: Code = ALL) -> People | None:
        """Return the numbers of the people of a place; None where too many to keep."""
        return None if self.people is None else self.people.get((row, column), frozenset())


def tally(population: Population, row: Column, column: Column) -> Tally:
    """Return the rows and distinct people by two columns, with the margins.

    Each cell also has the largest number of cases of one person.
    """
    named = _name(population.rows, row, column)
    if population.apart:
        return _of(population, _count_apart(named), row, column)
    inner = named.annotate(who=F(f"{population.fact}person"))
    groups = inner.values("r", "c", "who").annotate(n=Count("pk"))
    counted = _count(groups.values_list("r", "c", "who", "n"))
    most = _most_about(named, f"{population.fact}about__respondent")
    cells = {
        spot: Cell(cases, people, largest, most.get(spot, 0))
        for spot, (people, cases, largest) in counted.items()
    }
    return _of(population, Tally(cells, inner), row, column)


def _of(population: Population, counted: Tally, row: Column, column: Column) -> Tally:
    """Return the figures with their population and their boxes.

    Other tables of the same people can then be recognised.
    """
    counted.population, counted.held = population.name, population.held
    counted.axes, counted.model = (row, column), population.rows.model
    return counted


def tabulate(
    counted: Tally, rows: Mapping[str, str], columns: Mapping[str, str] | None = None
) -> Exact:
    """Return a table of these rows and columns, each a code with its label.

    Without columns the table is one-way. Raises ValueError where something was counted under a code
    that has no label: no figure may be found by subtraction from a total.
    """
    across = list(columns or ())
    table = Table(
        rows=tuple(rows.values()),
        columns=tuple((columns or {}).values()),
        cells=tuple(tuple(counted.at(r, c) for c in across) for r in rows),
        row_totals=tuple(counted.at(r) for r in rows),
        column_totals=tuple(counted.at(ALL, c) for c in across),
        total=counted.at(),
    )
    down: list[Code] = [*rows, ALL]
    over: list[Code] = [*across, ALL]
    places = {(i, j): (r, c) for i, r in enumerate(down) for j, c in enumerate(over)}
    return Exact(
        table,
        {place: counted.who(*spot) for place, spot in places.items()},
        counted.population,
        {place: counted.box(*spot) for place, spot in places.items()},
    )


def _name(rows: QuerySet[Model], row: Column, column: Column) -> QuerySet[Model]:
    """Return the rows with their place as `r` and `c`."""
    r, c = (F(what) if isinstance(what, str) else what for what in (row, column))
    named: QuerySet[Model] = rows.order_by().annotate(r=r, c=c)
    return named


def _count(groups: QuerySet[Model, object]) -> dict[CellKey, tuple[int, int, int]]:
    """Return (people, cases, most cases of one person) of each place and margin."""
    try:
        statement, parameters = groups.query.sql_with_params()
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(inner=statement), parameters)
        rows = cursor.fetchall()
    return {
        (r if level in (0, 1) else ALL, c if level in (0, 2) else ALL): (
            int(people),
            int(cases),
            int(most),
        )
        for level, r, c, people, cases, most in rows
    }


def _count_apart(rows: QuerySet[Model]) -> Tally:
    """Return the figures where every row is another person's.

    The margins are sums.
    """
    sums: Counter[CellKey] = Counter()
    for r, c, n in rows.values("r", "c").annotate(n=Count("pk")).values_list("r", "c", "n"):
        sums.update(dict.fromkeys(((r, c), (r, ALL), (ALL, c), (ALL, ALL)), n))
    return Tally({spot: Cell(n, n, min(n, 1)) for spot, n in sums.items()})


def _most_about(rows: QuerySet[Model], about: str) -> dict[CellKey, int]:
    """Return the most rows about one respondent, for each place.

    Only few respondents have to be compared.
    """
    each: Counter[tuple[Code, Code, int]] = Counter()
    known = rows.filter(**{f"{about}__isnull": False}).values("r", "c", about)
    for r, c, whom, n in known.annotate(n=Count("pk")).values_list("r", "c", about, "n"):
        for spot in ((r, c), (r, ALL), (ALL, c), (ALL, ALL)):
            each[*spot, whom] += n
    most: dict[CellKey, int] = defaultdict(int)
    for (r, c, _), n in each.items():
        most[r, c] = max(most[r, c], n)
    return most


def _gather(rows: Iterable[tuple[str, str, int]]) -> dict[CellKey, People]:
    found: dict[CellKey, set[int]] = defaultdict(set)
    for r, c, who in rows:
        for spot in ((r, c), (r, ALL), (ALL, c), (ALL, ALL)):
            found[spot].add(who)
    return {spot: frozenset(people) for spot, people in found.items()}
