"""What every channel promises, and the two ways in which it may fail."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """A rendered message on its way to one address. ``key`` is the same on every attempt."""

    address: str
    subject: str
    body: str
    key: str


class Channel(Protocol):
    """A way to reach somebody."""

    at_once: bool
    """True where writing the row is the delivery, so the courier has nothing to carry."""

    def deliver(self, letter: Letter) -> None:
        """Hand the letter over. Raises Refused or TryLater; anything else is a fault of ours."""


class NotDelivered(Exception):
    """The far side did not take the letter. ``code`` is short and quotes nobody's address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(NotDelivered):
    """The far side said no to this letter. Worth a day of attempts, not a week."""


class TryLater(NotDelivered):
    """The far side could not answer properly. Worth trying again for a week."""
