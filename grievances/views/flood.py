"""A brake on anonymous sending that tracks nobody: a small puzzle, a short wait, and a quota.

A page gives a signed puzzle. A browser with script solves it while its reader checks the words
(proof of work, after Hashcash); one without script waits a few seconds instead. Both have a quota
for everybody together. No address, cookie or account is looked at or kept: of a puzzle that has
been used, a hash stands in the cache for some hours.
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

from workflow.steps import Refused

SALT = "anonymous sending"
LASTS_SECONDS = 4 * 60 * 60
"""As long as the answers themselves are kept."""
MINUTE, HOUR = 60, 60 * 60

OLD = Refused(
    "PAGE_TOO_OLD",
    "This page has been open for too long, or was sent before. Nothing is lost. Read it once more, "
    "then send it.",
)
BUSY = Refused(
    "TOO_MANY_NOW",
    "Too many concerns are being sent at this moment. Nothing is lost. Wait a minute, then press "
    "the button again.",
)


@dataclass(frozen=True)
class Brake:
    """What sending costs: zero bits of a solved puzzle, seconds without one, and the quotas.

    `per_minute` and `per_hour` count everybody; `unsolved_per_minute` those without a solution.
    """

    bits: int
    wait_seconds: int
    per_minute: int
    per_hour: int
    unsolved_per_minute: int

    @classmethod
    def in_force(cls) -> Brake:
        return cls(**settings.ANONYMOUS_BRAKE)


def new_puzzle() -> str:
    """A fresh puzzle: random, dated and signed."""
    return signing.TimestampSigner(salt=SALT).sign(secrets.token_urlsafe(12))


def is_solved(puzzle: str, answer: str, bits: int) -> bool:
    """Whether SHA-256 of "puzzle.answer" begins with so many zero bits."""
    if not answer.isdecimal() or len(answer) > 12:
        return False
    digest = hashlib.sha256(f"{puzzle}.{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


@contextmanager
def braked(puzzle: str, answer: str) -> Iterator[None]:
    """Send within the brake; when the sending itself is refused, the puzzle is not used up."""
    pass_brake(puzzle, answer)
    try:
        yield
    except Refused:
        cache.delete(f"flood:used:{_mark(puzzle)}")
        raise


def pass_brake(puzzle: str, answer: str) -> None:
    """Count one sending. Raises Refused: too old, too soon, or too many at this moment."""
    brake = Brake.in_force()
    solved = is_solved(puzzle, answer, brake.bits)
    _require_fresh(puzzle)
    if not solved:
        _require_patience(puzzle, brake.wait_seconds)
    quotas = [("minute", MINUTE, brake.per_minute), ("hour", HOUR, brake.per_hour)]
    if not solved:
        quotas.append(("unsolved", MINUTE, brake.unsolved_per_minute))
    for name, seconds, most in quotas:
        if _count(f"flood:{name}", seconds) > most:
            raise Refused(BUSY.code, BUSY.sentence)
    if not cache.add(f"flood:used:{_mark(puzzle)}", 1, LASTS_SECONDS):
        raise Refused(OLD.code, OLD.sentence)


def _require_fresh(puzzle: str) -> None:
    try:
        signing.TimestampSigner(salt=SALT).unsign(puzzle, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        raise Refused(OLD.code, OLD.sentence) from None


def _require_patience(puzzle: str, seconds: int) -> None:
    if seconds <= 0:
        return
    try:
        signing.TimestampSigner(salt=SALT).unsign(puzzle, max_age=seconds)
    except signing.SignatureExpired:
        return
    raise Refused(
        "WAIT_A_MOMENT",
        f"Please wait {seconds} seconds, then press the button again. Nothing is lost. We ask for "
        "this so that no machine can flood the service, because we do not look at who you are.",
    )


def brake(name: str, most: int) -> None:
    """Count something that costs, for everybody together; Refused TOO_MANY_NOW in a full minute."""
    if _count(f"flood:{name}", MINUTE) > most:
        raise Refused("TOO_MANY_NOW", "Too many at this moment. Wait a minute, then try again.")


def _mark(puzzle: str) -> str:
    return hashlib.sha256(puzzle.encode()).hexdigest()


def _count(name: str, seconds: int) -> int:
    if cache.add(name, 1, seconds):
        return 1
    try:
        return int(cache.incr(name))
    except ValueError:
        return 1
