"""The database backend of the settings; Django needs a module of this name."""

from __future__ import annotations

from collections.abc import Callable

from django.db.backends.postgresql import base
from psycopg.adapt import Transformer

from grievances.operations import database_sessions


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is prepared as `grievances.operations.database_sessions` says."""

    def init_connection_state(self) -> None:
        """Prepare a new connection."""
        super().init_connection_state()
        database_sessions.prepare(self)

    def quoting(self) -> Callable[[object], str]:
        """Return what writes a value as SQL for this connection (`compiled_sql`)."""
        self.ensure_connection()
        literal = Transformer(self.connection).as_literal

        def write(value: object) -> str:
            # Most are numbers and hexadecimal pseudonyms; the driver takes longer for each of them.
            if type(value) is str and value.isalnum() and value.isascii():
                return f"'{value}'"
            return bytes(literal(value)).decode()

        return write
