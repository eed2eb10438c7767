"""Insert and update many rows by one SQL statement, for sweeps.

An ORM's own way costs more there than the rows. PostgreSQL receives the rows as one JSON parameter,
because the driver parses a statement with a placeholder for each value character by character. On
other databases Django's own statements are fast enough.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection
from django.db.models import Field, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from workflow.sql.sent_together import write


def add_rows(rows: Sequence[Model]) -> None:
    """Insert rows. Their ids are not read back. Raises IntegrityError."""
    if not rows:
        return
    if connection.vendor != "postgresql":
        _all(rows).bulk_create(rows)
        return
    fields = [field.attname for field in rows[0]._meta.concrete_fields if not field.primary_key]
    add_values(type(rows[0]), _values(rows, fields))


def add_values(model: type[Model], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, given as values by column. Their ids are not read back.

    Each row has the same columns, and all that need a value.
    """
    if not rows:
        return
    if connection.vendor != "postgresql":
        plain: QuerySet[Model] = QuerySet(model)
        plain.bulk_create([model(**row) for row in rows])
        return
    names = ", ".join(map(_quoted, rows[0]))
    _run(f"INSERT INTO {{table}} ({names}) SELECT {names} FROM {{given}}", model, rows)  # noqa: S608


def insert_rows(rows: Sequence[Model], *, ignores_conflicts: bool = False) -> None:
    """Insert rows with the ids that they have. Ids of the database are not read back.

    With `ignores_conflicts` a row that breaks a constraint is left out. Otherwise raises
    IntegrityError.
    """
    if not rows:
        return
    model = type(rows[0])
    ignore = OnConflict.IGNORE if ignores_conflicts else None
    query = InsertQuery(model, on_conflict=ignore)
    has_ids = rows[0].pk is not None
    fields = [field for field in model._meta.concrete_fields if has_ids or not field.primary_key]
    query.insert_values(fields, list(rows))
    for sql, params in query.get_compiler(connection=connection).as_sql():
        write(sql, params)


def change_row(row: Model, names: Sequence[str]) -> None:
    """Write these fields of one existing row."""
    if not names:
        return
    known = _fields(type(row))
    fields = [known[name] for name in names]
    sets = ", ".join(f"{_quoted(str(field.column))} = %s" for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    table = _quoted(row._meta.db_table)
    write(f"UPDATE {table} SET {sets} WHERE id = %s", [*values, row.pk])  # noqa: S608


def change_rows(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write these fields of existing rows. Lock them first, in one order everywhere."""
    if rows:
        change_values(type(rows[0]), _values(rows, ("id", *names)))


def change_values(model: type[Model], rows: Sequence[Mapping[str, object]]) -> None:
    """Write values of existing rows, given by column, the id among them.

    Each row has the same columns. Lock the rows first, in one order everywhere.
    """
    if not rows:
        return
    names = [name for name in rows[0] if name != "id"]
    if connection.vendor != "postgresql":
        _change_one_by_one(model, rows, names)
        return
    sets = ", ".join(f"{_quoted(name)} = given.{_quoted(name)}" for name in names)
    _run(
        f"UPDATE {{table}} SET {sets} FROM {{given}} WHERE {{table}}.id = given.id",  # noqa: S608
        model,
        rows,
    )


def remove_rows(model: type[Model], **wanted: Sequence[object]) -> None:
    """Delete the rows whose columns have one of these values each.

    Rows of other tables that lead to them are not looked for: there may be none, or the database
    refuses.
    """
    known = _fields(model)
    asked = [(known[name], values) for name, values in wanted.items()]
    if not all(values for _, values in asked):
        return
    where = " AND ".join(
        f"{_quoted(str(field.column))} IN ({', '.join(['%s'] * len(values))})"
        for field, values in asked
    )
    given = [
        field.get_db_prep_value(value, connection) for field, values in asked for value in values
    ]
    write(f"DELETE FROM {_quoted(model._meta.db_table)} WHERE {where}", given)  # noqa: S608


def lock_rows(model: type[Model], ids: Iterable[int]) -> None:
    """Lock rows in the order of their ids until the transaction ends (SQLite: all)."""
    if connection.vendor != "postgresql":
        return
    table = _quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM "  # noqa: S608 - a name of ours
            f"{table} WHERE id = ANY(%s) ORDER BY id FOR UPDATE) AS locked",
            [list(ids)],
        )


def add_if_new(row: Model) -> bool:
    """Insert a row.

    A row that breaks a constraint is left out. Its id is not read back. It waits for another
    transaction that inserts the same row.

    Returns:
        Whether it is new.
    """
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    names = ", ".join(_quoted(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_quoted(row._meta.db_table)} ({names}) "  # noqa: S608 - names of ours
            f"VALUES ({marks}) ON CONFLICT DO NOTHING",
            values,
        )
        return bool(cursor.rowcount == 1)


def _all(rows: Sequence[Model]) -> QuerySet[Model]:
    """Return the plain query set: the one of an append-only model refuses to write."""
    return QuerySet(type(rows[0]))


def _change_one_by_one(
    model: type[Model], rows: Sequence[Mapping[str, object]], names: Sequence[str]
) -> None:
    table, known = _quoted(model._meta.db_table), _fields(model)
    fields = [known[name] for name in names]
    sets = ", ".join(f"{_quoted(name)} = %s" for name in names)
    values = [
        [*(field.get_db_prep_save(row[field.attname], connection) for field in fields), row["id"]]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", values)  # noqa: S608


def _values(rows: Sequence[Model], names: Sequence[str]) -> list[dict[str, object]]:
    return [{name: getattr(row, name) for name in names} for row in rows]


def _run(statement: str, model: type[Model], rows: Sequence[Mapping[str, object]]) -> None:
    meta, known = model._meta, _fields(model)
    # Only the columns that are written: the row type of the whole table doubles the cost.
    columns = ", ".join(f"{_quoted(name)} {_type(known[name])}" for name in rows[0])
    given = f"json_to_recordset(%s::json) AS given({columns})"
    document = json.dumps(rows, default=_as_text)
    write(statement.format(table=_quoted(meta.db_table), given=given), [document])


def _fields(model: type[Model]) -> dict[str, "Field[object, object]"]:
    """Return the fields of a table, by their names and by those of their columns."""
    fields = model._meta.concrete_fields
    return {name: field for field in fields for name in (field.name, field.attname)}


def _type(field: "Field[object, object]") -> str:
    kind = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return str(kind)


def _as_text(value: date) -> str:
    """Return a date, or an aware instant with its microseconds, which a digest covers."""
    return value.isoformat()


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
