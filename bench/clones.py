"""Make many rows by SQL from one that the product wrote itself."""

from django.db import connection
from django.db.models import Model


def clone(row: Model, count: int, **different: str) -> None:
    """Insert `count` copies of a row.

    `different` gives SQL for columns, with `n` from 1 on.
    """
    table = row._meta.db_table
    columns = [str(field.column) for field in row._meta.concrete_fields]
    if "id" not in different:
        columns.remove("id")
    values = ", ".join(different.get(name, f'source."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} source "  # noqa: S608
            "CROSS JOIN generate_series(1, %s) n WHERE source.id = %s",
            [count, row.pk],
        )


def analyse() -> None:
    """Update the planner's statistics, as they would be on a system in use."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
