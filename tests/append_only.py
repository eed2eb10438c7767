"""Help for tests of append-only tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.backends.base.base import BaseDatabaseWrapper

from workflow.sql import triggers


@contextmanager
def flushable(connection: BaseDatabaseWrapper, *tables: str) -> Iterator[None]:
    """Let Django empty append-only tables between tests that commit.

    The triggers are removed for the flush alone and are installed again with it, so a test still
    meets them. Meant for one session-wide fixture around every test that may commit.
    """
    flush = connection.ops.execute_sql_flush

    def flush_without_triggers(sql_list: Any) -> None:
        for table in tables:
            triggers.remove(connection, table)
        flush(sql_list)
        for table in tables:
            triggers.install(connection, table)

    with patch.object(connection.ops, "execute_sql_flush", flush_without_triggers):
        yield
