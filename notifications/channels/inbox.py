"""The inbox inside the product: the stored row is the message."""

from __future__ import annotations

from notifications.channels.base import Letter


class Inbox:
    """A channel that delivers by writing the row; `delivery.drain` never sends one."""

    at_once = True

    def open(self) -> Inbox:
        """Return itself: there is nothing to open."""
        return self

    def deliver(self, letter: Letter) -> None:
        """Do nothing: the row of this letter is already in the inbox."""

    def close(self) -> None:
        """Do nothing: there is nothing to close."""
