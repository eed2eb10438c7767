"""A circuit breaker: after a server was away, no letter is tried for a while.

A server that accepts a connection and never answers costs the whole time limit at each try. The
breaker is in the memory of the process that delivers. Nothing is lost with it, because the rows of
the outbox say what is owed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300))
"""How long no letter is tried after failure one, two, three and each further."""


@dataclass
class Breaker:
    """How often in a row the server was away, and until when (UTC) it is left alone."""

    failures: int = 0
    until: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Return whether the server is left alone at this moment.

        A moment before the pause began, which a corrected clock may give, ends it.
        """
        return self.until is not None and self.until - self._pause() <= now < self.until

    def trip(self, now: datetime) -> None:
        """Record that the server was away at this moment."""
        self.failures += 1
        self.until = now + self._pause()

    def reset(self) -> None:
        """Record that the server answered."""
        self.failures, self.until = 0, None

    def _pause(self) -> timedelta:
        return PAUSES[min(max(self.failures, 1), len(PAUSES)) - 1]
