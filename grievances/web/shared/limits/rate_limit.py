"""A throttle for anonymous sending that tracks no one.

A page gives a signed puzzle. A browser with script solves it while its reader checks the words
(proof of work, after Hashcash). The more is sent, the more a new puzzle costs. A browser without
script waits some seconds instead, and longer while many others wait. Neither is ever refused
because of how many others send. No address, cookie or account is looked at or kept. The cache keeps
a hash of each used puzzle for some hours.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from grievances.web.shared.limits.sign_in_limits import count_up
from workflow.steps import Refused

SALT = "anonymous sending"
LASTS_SECONDS = 4 * 60 * 60
"""How long a puzzle is valid, in seconds: as long as the answers are kept."""
MINUTE, HOUR = 60, 60 * 60
MOST_EXTRA_BITS = 5
"""Most extra bits of a puzzle: 32 times the work of a quiet hour."""
SLACK_BITS = 2
"""How many bits the price may have risen since the page was opened."""
MOST_DOUBLINGS = 4
"""How often the wait doubles at most: to four minutes from 15 seconds."""

OLD = Refused(
    "PAGE_TOO_OLD",
    gettext_noop(
        "This page has been open for too long, or was sent before. Nothing is lost. Read it once "
        "more, then send it."
    ),
)
DEARER = Refused(
    "PUZZLE_TOO_CHEAP",
    gettext_noop(
        "Many concerns are being sent at this moment. Nothing is lost. Stay on this page for a "
        "minute, then press the button again."
    ),
)
NEEDS_A_NEW_PUZZLE = frozenset({OLD.code, DEARER.code})


@dataclass(frozen=True)
class Submission:
    """One press of the send button: what the page showed, and its puzzle."""

    shown: str
    once: str
    puzzle: str
    answer: str

    @classmethod
    def of(cls, request: HttpRequest) -> Submission:
        """Return the press that this request posts."""
        posted = request.POST
        return cls(
            posted.get("shown", ""),
            posted.get("once", "")[:64],
            posted.get("puzzle", "")[:200],
            posted.get("answer", ""),
        )


@dataclass(frozen=True)
class Throttle:
    """The cost of sending: zero bits of a solved puzzle, or seconds, and the quota.

    From `per_minute` or `per_hour` sendings on, the price rises by a bit, and by one more with each
    doubling. From `unsolved_per_minute` sendings without a solution on, the wait rises likewise.
    """

    bits: int
    wait_seconds: int
    per_minute: int
    per_hour: int
    unsolved_per_minute: int

    @classmethod
    def in_force(cls) -> Throttle:
        """Return the throttle of the settings."""
        return cls(**settings.ANONYMOUS_BRAKE)

    def price(self) -> int:
        """Return how many zero bits a puzzle costs at the load of this minute and hour."""
        minute, hour = int(cache.get("flood:minute", 0)), int(cache.get("flood:hour", 0))
        load = max(minute // self.per_minute, hour // self.per_hour)
        return self.bits + min(MOST_EXTRA_BITS, load.bit_length())

    def wait(self) -> int:
        """Return how many seconds a sending without a solution waits now."""
        load = int(cache.get("flood:unsolved", 0)) // self.unsolved_per_minute
        return int(self.wait_seconds * 2 ** min(MOST_DOUBLINGS, load.bit_length()))


def new_puzzle() -> str:
    """Return a new puzzle: random, with its price in bits, dated and signed."""
    words = f"{secrets.token_urlsafe(12)}.{Throttle.in_force().price()}"
    return signing.TimestampSigner(salt=SALT).sign(words)


def bits_of(puzzle: str) -> int:
    """Return how many zero bits this puzzle asks for.

    `check_throttle` checks its signature.
    """
    digits = puzzle.partition(":")[0].rpartition(".")[2]
    return int(digits) if digits.isdecimal() and len(digits) < 3 else Throttle.in_force().bits


def is_solved(puzzle: str, answer: str, bits: int) -> bool:
    """Return whether SHA-256 of "puzzle.answer" begins with so many zero bits."""
    if not answer.isdecimal() or len(answer) > 12:
        return False
    digest = hashlib.sha256(f"{puzzle}.{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


@contextmanager
def braked(puzzle: str, answer: str) -> Iterator[None]:
    """Send within the throttle; a sending that is refused keeps its puzzle.

    Raises:
        Refused: As `check_throttle` does, and when the sending itself is refused.
    """
    check_throttle(puzzle, answer)
    try:
        yield
    except Refused:
        cache.delete(f"flood:used:{_mark(puzzle)}")
        raise


def check_throttle(puzzle: str, answer: str) -> None:
    """Count one sending.

    Raises:
        Refused: For a puzzle that is too old or too cheap, or a press that is too soon.
    """
    throttle = Throttle.in_force()
    _require_fresh(puzzle)
    if is_solved(puzzle, answer, bits_of(puzzle)):
        _require_price(puzzle, throttle)
    else:
        _require_patience(puzzle, throttle.wait())
        count_up("flood:unsolved", MINUTE)
    count_up("flood:minute", MINUTE)
    count_up("flood:hour", HOUR)
    if not cache.add(f"flood:used:{_mark(puzzle)}", 1, LASTS_SECONDS):
        raise Refused(OLD.code, OLD.sentence)


def _require_fresh(puzzle: str) -> None:
    try:
        signing.TimestampSigner(salt=SALT).unsign(puzzle, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        raise Refused(OLD.code, OLD.sentence) from None


def _require_price(puzzle: str, throttle: Throttle) -> None:
    """Reject a puzzle that is too cheap for the present load.

    So a store of puzzles from a quiet hour is worth little in a busy one.

    Raises:
        Refused: For a puzzle that is more than `SLACK_BITS` below the price.
    """
    if bits_of(puzzle) + SLACK_BITS < throttle.price():
        raise Refused(DEARER.code, DEARER.sentence)


def _require_patience(puzzle: str, seconds: int) -> None:
    if seconds <= 0:
        return
    try:
        signing.TimestampSigner(salt=SALT).unsign(puzzle, max_age=seconds)
    except signing.SignatureExpired:
        return
    raise Refused(
        "WAIT_A_MOMENT",
        gettext(
            "Please wait {seconds} seconds, then press the button again. Nothing is lost. We ask "
            "for this so that no machine can flood the service, because we do not look at who you "
            "are."
        ).format(seconds=seconds),
    )


def throttle(name: str, most: int) -> None:
    """Count one costly action under a name that tells where it comes from.

    Raises:
        Refused: TOO_MANY_NOW, when this minute is full.
    """
    if count_up(f"flood:{name}", MINUTE) > most:
        raise Refused(
            "TOO_MANY_NOW", gettext("Too many at this moment. Wait a minute, then try again.")
        )


def _mark(puzzle: str) -> str:
    return hashlib.sha256(puzzle.encode()).hexdigest()
