"""A query that is built and compiled once, and then run with other values.

Building a query of the ORM and compiling it costs more than running it. A hot path that asks the
same question at each request builds it once, with a `Bound` where a value belongs.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.expressions import BaseExpression
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)

ValueField: TypeAlias = "Field[Any, Any]"
"""A field that knows how its values are stored."""


class Parameter(NamedTuple):
    """The place of a value in a statement, and the field that knows its form."""

    name: str
    field: ValueField


class Bound(Expression):
    """A value that is given when the query runs."""

    def __init__(self, name: str, output_field: ValueField) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """Return a placeholder; the statement is complete once it is bound."""
        return "%s", [Parameter(self.name, self.output_field)]


LEAST, GROWTH = 4, 4
"""A statement has room for 4 values of a list; a longer list for 16, 64 and so on."""


def room_for(count: int) -> int:
    """Return the length of the list in the statement that has room for so many values."""
    room = LEAST
    while room < count:
        room *= GROWTH
    return room


def listed(name: str, values: Sequence[object], nothing: object) -> dict[str, object]:
    """Return values by name for `bound_list`; `nothing` fills the rest."""
    rest = [nothing] * (room_for(len(values)) - len(values))
    return {f"{name}{at}": value for at, value in enumerate([*values, *rest])}


def bound_list(name: str, room: int, output_field: ValueField) -> list[Bound]:
    """Return a list of values that are given when the query runs."""
    return [Bound(f"{name}{at}", output_field) for at in range(room)]


Converter = Callable[[object, BaseExpression, BaseDatabaseWrapper], object]
"""What makes the value of a field from what the database returns."""


class Related(Protocol):
    """What fills a row of another table that was read with a row."""

    def populate(self, row: list[object], from_obj: Model) -> None:
        """Give the row its related row."""


class Statement(NamedTuple):
    """What is kept of a compiled query: its SQL, and how to read a row of it."""

    sql: str
    params: tuple[Any, ...]
    names: list[str]
    first: int
    converters: list[tuple[int, list[Converter], BaseExpression]]
    annotations: dict[str, int]
    related: Sequence[Related]


class CompiledQuery(Generic[M]):
    """A query of one model, to be run with values bound by name."""

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build
        self._statement: Statement | None = None

    def rows(self, **values: object) -> list[M]:
        """Return the rows that the query finds with these values."""
        return list(self._found(values))

    def first(self, **values: object) -> M | None:
        """Return the first row that the query finds with these values, or None."""
        return next(self._found(values), None)

    def _found(self, values: dict[str, object]) -> Iterator[M]:
        # Two threads may compile it at the same moment; both get the same.
        statement = self._statement or self._compiled()
        given = [
            p.field.get_db_prep_value(values[p.name], connection) if isinstance(p, Parameter) else p
            for p in statement.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, given)
            found = cursor.fetchall()
        for row in found:
            yield self._read(list(row), statement)

    def _compiled(self) -> Statement:
        query = self._build()
        self._model = query.model
        compiler = query.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        info = compiler.klass_info or {}
        related_of: Callable[..., Sequence[Related]] = get_related_populators
        own = info["select_fields"]
        columns = [select[0] for select in compiler.select or ()]
        converters = compiler.get_converters(columns)
        self._statement = Statement(
            sql,
            tuple(params),
            [columns[at].target.attname for at in own],
            own[0],
            [(at, found, expression) for at, (found, expression) in converters.items()],
            dict(compiler.annotation_col_map or {}),
            related_of(info, compiler.select, connection.alias),
        )
        return self._statement

    def _read(self, row: list[object], statement: Statement) -> M:
        for at, converters, expression in statement.converters:
            for convert in converters:
                row[at] = convert(row[at], expression, connection)
        end = statement.first + len(statement.names)
        found = self._model.from_db(connection.alias, statement.names, row[statement.first : end])
        for related in statement.related:
            related.populate(row, found)
        for name, at in statement.annotations.items():
            setattr(found, name, row[at])
        return found
