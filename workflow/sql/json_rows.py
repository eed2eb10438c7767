"""Rows of a sub-query as one column of JSON: one statement brings several tables."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, JSONField, Subquery
from django.db.models.sql.compiler import SQLCompiler

AsSql = tuple[str, tuple[str | int, ...]]
"""A piece of SQL and its parameters."""


class JsonArray(Func):
    """A JSON array of several values of a row."""

    function = "jsonb_build_array"
    output_field = JSONField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: str
    ) -> AsSql:
        """Return the SQL of SQLite."""
        return self.as_sql(compiler, connection, function="json_array", **more)


class JsonRows(Subquery):
    """The rows of a sub-query with one column named `tie`, as one JSON array."""

    template = "(SELECT jsonb_agg(tied.tie) FROM (%(subquery)s) tied)"
    output_field = JSONField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: str
    ) -> AsSql:
        """Return the SQL of SQLite."""
        template = "(SELECT json_group_array(json(tied.tie)) FROM (%(subquery)s) tied)"
        return self.as_sql(compiler, connection, template=template, **more)
