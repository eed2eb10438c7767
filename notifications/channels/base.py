"""What every channel does, and the three ways in which it may fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Mailbox(str):
    """A mail address, and the code of the language its owner reads.

    The language is empty where it is not known: then it is that of the service.
    """

    __slots__ = ("language",)
    language: str

    def __new__(cls, address: str, language: str = "") -> Mailbox:
        """Return the address with its language."""
        box = super().__new__(cls, address)
        box.language = language
        return box


@dataclass(frozen=True)
class Letter:
    """A rendered message to one address. ``key`` is the same on every attempt.

    ``link`` is the path of this site to which a text message leads.
    """

    address: str
    subject: str
    body: str
    key: str
    link: str = "/inbox/"


class Channel(Protocol):
    """A way to reach a person."""

    at_once: bool
    """True where writing the row is the delivery, so that nothing is left to send."""

    def open(self) -> Carrier:
        """Return what carries the letters of one batch."""


class Carrier(Protocol):
    """What carries the letters of one batch: for mail, one connection."""

    def deliver(self, letter: Letter) -> None:
        """Send the letter.

        Raises Refused, TryLater or ServerAway; any other error is a fault of ours.
        """

    def close(self) -> None:
        """Let go of the connection, if there is one; raises nothing."""


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


class ServerAway(NotDelivered):
    """The server cannot be reached: this concerns every letter and is no attempt."""
