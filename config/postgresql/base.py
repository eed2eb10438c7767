"""The database backend of the settings; Django needs a module of this name."""

from __future__ import annotations

from django.db.backends.postgresql import base

from grievances.operations import database_sessions


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is prepared as `grievances.operations.database_sessions` says."""

    def init_connection_state(self) -> None:
        """Prepare a new connection."""
        super().init_connection_state()
        database_sessions.prepare(self)
