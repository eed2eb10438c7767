"""Database sessions that do not show the minute in which a person was here.

A session row names an account, and the trail says when a case was opened. An exact expiry time
would join the two in a copy of the database, so it is rounded up to a full two hours.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

COARSE_SECONDS = 2 * 60 * 60
ENDS = "ends"


class SessionStore(DatabaseStore):
    """The database session store with coarse expiry times."""

    def get_expiry_date(self, **options: Any) -> datetime:
        """Return when the session ends (UTC), rounded up to a full two hours.

        It is at least as late as asked.
        """
        exact: datetime = super().get_expiry_date(**options)
        over = exact.timestamp() % COARSE_SECONDS
        return exact + timedelta(seconds=COARSE_SECONDS - over)


def stay(session: SessionBase) -> None:
    """Extend a session because its person is here.

    The row is written once in two hours.
    """
    ends = session.get_expiry_date().isoformat()
    if not session.is_empty() and session.get(ENDS) != ends:
        session[ENDS] = ends
