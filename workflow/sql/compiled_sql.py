"""A query that is built and compiled once, and then run with other values.

Building a query of the ORM and compiling it costs more than running it. A hot path that asks the
same question at each request builds it once, with a `Bound` where a value belongs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.expressions import BaseExpression
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

from workflow.sql.sent_together import write

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


PLACE = re.compile("(%s|%%)")
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


AnnotatedRow: TypeAlias = Any
"""A row with the columns that its query adds, of which no model knows."""
ValueLater: TypeAlias = Any
"""A `Bound` where a lookup asks for the value itself."""


def bound_list(name: str, room: int, output_field: ValueField) -> list[ValueLater]:
    """Return a list of `Bound` values: no type of a lookup knows them."""
    return [Bound(f"{name}{at}", output_field) for at in range(room)]


Converter = Callable[[object, BaseExpression, BaseDatabaseWrapper], object]
"""What makes the value of a field from what the database returns."""


class Related(Protocol):
    """What fills a row of another table that was read with a row."""

    def populate(self, row: list[object], from_obj: Model) -> None:
        """Give the row its related row."""


class Statement(NamedTuple):
    """What is kept of a compiled query: its SQL, and how to read a row of it.

    `parts` is the SQL in pieces, a parameter between two of them, for a database whose connection
    writes values as SQL (`quoting`).
    """

    sql: str
    parts: tuple[str | Parameter, ...]
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

    def asked(self, **values: object) -> Question[M]:
        """Return the query with these values, to be run with others (`rows_of_all`)."""
        return Question(self, values)

    def first(self, **values: object) -> M | None:
        """Return the first row that the query finds with these values, or None."""
        return next(self._found(values), None)

    def _found(self, values: dict[str, object]) -> Iterator[M]:
        # Two threads may compile it at the same moment; both get the same.
        statement = self._statement or self._compiled()
        with connection.cursor() as cursor:
            if statement.parts:
                cursor.execute(_whole(statement.parts, values))
            else:
                cursor.execute(statement.sql, [_given(p, values) for p in statement.params])
            found = cursor.fetchall()
        for row in found:
            yield self._read(list(row), statement)

    def text(self, values: Mapping[str, object]) -> str:
        """Return the SQL with these values in it; empty where the connection writes none."""
        parts = (self._statement or self._compiled()).parts
        return _whole(parts, values) if parts else ""

    def read(self, found: Iterable[Sequence[object]]) -> list[M]:
        """Return the rows of the model that the database gave for this query."""
        statement = self._statement or self._compiled()
        return [self._read(list(row), statement) for row in found]

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
            _parts(sql, params),
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


class Question(NamedTuple, Generic[M]):
    """A query with its values."""

    query: CompiledQuery[M]
    values: Mapping[str, object]


def rows_of_all(*questions: Question[AnnotatedRow]) -> list[list[AnnotatedRow]]:
    """Return the rows of several queries, which PostgreSQL receives as one message.

    They run in their order. Each sees what was committed when it begins: one that locks a row comes
    first.
    """
    texts = [one.query.text(one.values) for one in questions]
    if not all(texts):
        return [one.query.rows(**one.values) for one in questions]
    found = []
    with connection.cursor() as cursor:
        cursor.execute("; ".join(texts))
        for one in questions:
            found.append(one.query.read(cursor.fetchall()))
            cursor.nextset()
    return found


class Update(NamedTuple):
    """What is kept of a compiled UPDATE, as of a compiled query (`Statement`)."""

    sql: str
    parts: tuple[str | Parameter, ...]
    params: Sequence[object]


class CompiledUpdate:
    """An UPDATE that is built once, and then run with values bound by name.

    `build` returns the rows that are changed. Each of `values` is a `Bound`, or the same each time.
    """

    def __init__(self, build: Callable[[], QuerySet[AnnotatedRow]], **values: object) -> None:
        self._build, self._values = build, values
        self._statement: Update | None = None

    def run(self, **values: object) -> None:
        """Change the rows, at once or with the next statement (`sent_together`)."""
        sql, parts, params = self._statement or self._compiled()
        if parts:
            write(_whole(parts, values))
        else:
            write(sql, [_given(each, values) for each in params])

    def _compiled(self) -> Update:
        query: AnnotatedRow = self._build().query.chain(UpdateQuery)
        query.add_update_values(self._values)
        sql, params = query.get_compiler(connection=connection).as_sql()
        self._statement = Update(sql, _parts(sql, params), params)
        return self._statement


def _given(parameter: object, values: Mapping[str, object]) -> Any:
    """Return the value of a parameter, in the form that the database takes."""
    if not isinstance(parameter, Parameter):
        return parameter
    return parameter.field.get_db_prep_value(values[parameter.name], connection)


def _parts(sql: str, params: Sequence[object]) -> tuple[str | Parameter, ...]:
    """Return a statement in pieces: text with the fixed values in it, and parameters.

    A driver that writes values into the text would look for their places at each run. There are no
    pieces where the connection does not write values.
    """
    if not hasattr(connection, "quoting"):
        return ()
    quote, given = _quoting(), iter(params)
    parts: list[str | Parameter] = [""]
    for text in PLACE.split(sql):
        piece = next(given) if text == "%s" else "%" if text == "%%" else text
        if isinstance(piece, Parameter):
            parts += [piece, ""]
        else:
            parts[-1] = f"{parts[-1]}{quote(piece) if text == '%s' else piece}"
    return tuple(parts)


def _whole(parts: Iterable[str | Parameter], values: Mapping[str, object]) -> str:
    quote = _quoting()
    with connection.wrap_database_errors:
        return "".join(
            quote(_given(part, values)) if isinstance(part, Parameter) else part for part in parts
        )


def _quoting() -> Callable[[object], str]:
    quoting: Callable[[], Callable[[object], str]] = getattr(connection, "quoting")  # noqa: B009
    return quoting()
