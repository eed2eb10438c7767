"""Carrying what waits in the outbox.

Delivery is at least once: a worker may die between the mail server's yes and our note of it. The
second copy carries the same Message-ID. Rows are claimed by the batch, but each is sent by itself:
one bad row never stops the others (peers.md 4 row 12). Letters that are gone are marked a few at a
time, so of those in hand when a worker dies no more than TOGETHER can go out again.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.template import TemplateDoesNotExist

from notifications.channels import CHANNELS
from notifications.channels.base import Letter, NotDelivered, Refused
from notifications.models import Notice, State
from notifications.rendering import render

logger = logging.getLogger(__name__)

AddressesOf = Callable[[Sequence[Notice]], Sequence[str | Exception | None]]

_FIRST_DAY = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, *[60] * 23))
RETRY_DELAYS = _FIRST_DAY + (timedelta(days=1),) * 6
"""Waits after each failed attempt: 1, 5, 15, 60 minutes, hourly for a day, daily for a week."""
REFUSED_RETRY_DELAYS = _FIRST_DAY
"""A refusal is asked again for a day only: a server pestered for a week may block us all."""
STUCK_AFTER = timedelta(minutes=10)
"""A row claimed longer ago than this was lost with its worker."""
BUDGET = 300.0
"""Seconds after which a drain puts back what it has not begun, so that nothing looks stuck."""
TOGETHER, A_WHILE = 5, 1.0
"""How many letters that are gone may wait for their mark, and for how many seconds at most."""


@dataclass(frozen=True)
class Tally:
    """How many rows a drain sent, gave up on, put off, and found to have no address."""

    sent: int = 0
    failed: int = 0
    later: int = 0
    not_needed: int = 0


def drain(
    *,
    now: datetime,
    addresses_of: AddressesOf,
    batch: int = 100,
    stuck_after: timedelta = STUCK_AFTER,
) -> Tally:
    """Send up to ``batch`` due rows, each by its channel, and say how it went.

    ``addresses_of`` opens the caller's sealed recipients, one answer for each row; None means
    there is no address on that channel, and the row ends as ``not_needed``; an exception in place
    of an answer is that row's own failure. ``stuck_after`` is how old (by ``now``) a claim must be
    to count as lost: more where ``now`` runs faster than time does. Call it outside a transaction.
    Raises only what the database raises.
    """
    _requeue_stuck(now, stuck_after)
    started = time.monotonic()
    notices = _claim(now, batch)
    ends: list[State] = []
    gone = Gone(now)
    try:
        for notice, address in zip(notices, addresses_of(notices), strict=True):
            if time.monotonic() - started > BUDGET:
                break
            ends.append(_carry(notice, now, address))
            if ends[-1] is State.SENT:
                gone.add(notice)
    finally:
        gone.mark()
    _put_back(notices[len(ends) :])
    return Tally(
        sent=ends.count(State.SENT),
        failed=ends.count(State.FAILED),
        later=ends.count(State.QUEUED),
        not_needed=ends.count(State.NOT_NEEDED),
    )


class Gone:
    """Letters of one drain that are gone and not yet marked."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._ids: list[int] = []
        self._since = 0.0

    def add(self, notice: Notice) -> None:
        """Take one more; whenever they are enough, or one has waited a while, mark them."""
        if not self._ids:
            self._since = time.monotonic()
        self._ids.append(notice.pk)
        if len(self._ids) >= TOGETHER or time.monotonic() - self._since > A_WHILE:
            self.mark()

    def mark(self) -> None:
        """Write that they are sent, but for those that another worker has taken over meanwhile.

        A letter that is gone leaves a hashed key alone: it cannot be led back to an inbox.
        """
        ours = Notice.objects.filter(pk__in=self._ids, state=State.SENDING, claimed_at=self._now)
        if self._ids:
            ours.update(
                state=State.SENT,
                sent_at=self._now,
                last_error="",
                sealed_recipient=b"",
                handle="sent",
            )
        self._ids = []


def _requeue_stuck(now: datetime, stuck_after: timedelta) -> None:
    """Put lost rows back; one that has outlived the whole ladder is given up."""
    stuck = Notice.objects.filter(state=State.SENDING, claimed_at__lt=now - stuck_after)
    stuck.filter(attempts__gt=len(RETRY_DELAYS)).update(
        state=State.FAILED, last_error="WORKER_LOST"
    )
    stuck.update(state=State.QUEUED, next_try_at=now, last_error="WORKER_LOST")


def _claim(now: datetime, batch: int) -> list[Notice]:
    """Take the due rows that have waited longest. Two workers never take the same one."""
    with transaction.atomic():
        due = Notice.objects.filter(state=State.QUEUED, next_try_at__lte=now)
        # SQLite has no row locks: there a transaction has the whole database to itself.
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        notices = list(due.order_by("next_try_at", "id")[:batch])
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
            state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1
        )
    for notice in notices:
        notice.claimed_at = now
        notice.attempts += 1
    return notices


def _put_back(notices: Sequence[Notice]) -> None:
    """Give up the claim on rows there was no time for, before they look stuck."""
    for notice in notices:
        _mark(notice, State.QUEUED, attempts=notice.attempts - 1)


def _carry(notice: Notice, now: datetime, address: str | Exception | None) -> State:
    """Render and send one row, and mark it unless it is gone; what goes wrong stays with it."""
    try:
        if isinstance(address, Exception):
            raise address
        if not address:
            return _mark(notice, State.NOT_NEEDED, last_error="NO_ADDRESS", sealed_recipient=b"")
        words = render(notice)
        letter = Letter(address, words.subject, words.body, notice.key)
        CHANNELS[notice.channel].deliver(letter)
    except TemplateDoesNotExist as error:
        # Waiting mends no missing template; the failed row is how somebody comes to know.
        logger.error("Notice %s has a kind without templates", notice.pk)
        return _mark(notice, State.FAILED, last_error=type(error).__name__)
    except NotDelivered as error:
        schedule = REFUSED_RETRY_DELAYS if isinstance(error, Refused) else RETRY_DELAYS
        return _put_off(notice, now, error.code, schedule)
    except Exception as error:
        # The trace without the error's own text, which could quote an address.
        code = type(error).__name__
        trace = (RuntimeError, RuntimeError(code), error.__traceback__)
        logger.error("Notice %s failed: %s", notice.pk, code, exc_info=trace)
        return _put_off(notice, now, code, RETRY_DELAYS)
    return State.SENT


def _put_off(notice: Notice, now: datetime, code: str, schedule: tuple[timedelta, ...]) -> State:
    """Queue the row for its next attempt, or give it up where the ladder ends."""
    if notice.attempts > len(schedule):
        logger.error("Notice %s was given up: %s", notice.pk, code)
        return _mark(notice, State.FAILED, last_error=code[:60])
    next_try_at = now + schedule[notice.attempts - 1]
    return _mark(notice, State.QUEUED, next_try_at=next_try_at, last_error=code[:60])


def _mark(notice: Notice, state: State, **fields: object) -> State:
    """Write where the row now stands, unless another worker has taken it over meanwhile."""
    ours = Notice.objects.filter(pk=notice.pk, state=State.SENDING, claimed_at=notice.claimed_at)
    ours.update(state=state, **fields)
    return state
