"""What every channel does, and the two ways in which it may fail."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """A rendered message to one address. ``key`` is the same on every attempt."""

    address: str
    subject: str
    body: str
    key: str


class Channel(Protocol):
    """A way to reach a person."""

    at_once: bool
    """True where writing the row is the delivery, so that nothing is left to send."""

    def deliver(self, letter: Letter) -> None:
        """Send the letter. Raises Refused or TryLater; any other error is a fault of ours."""


class NotDelivered(Exception):
    """The receiving server did not take the letter.

    ``code`` is short and has no address in it.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(NotDelivered):
    """The receiving server refused this letter. Worth a day of attempts, not a week."""


class TryLater(NotDelivered):
    """The receiving server could not answer properly. Worth a week of attempts."""
