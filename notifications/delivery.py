"""Deliver the due rows of the outbox.

Delivery is at least once, because a worker may die after the mail server accepts a letter and
before the row is marked. The second copy has the same Message-ID. Rows are claimed by the batch,
but each is sent separately, so that one bad row never stops the others (peers.md 4 row 12). Sent
letters are marked a few at a time. So when a worker dies, at most TOGETHER of them can be sent
again. A server that is away ends the drain, because it concerns every letter.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.template import TemplateDoesNotExist

from notifications.breaker import Breaker
from notifications.channels import CHANNELS
from notifications.channels.base import Carrier, Letter, NotDelivered, Refused, ServerAway
from notifications.channels.notify import NotifyConnection, reference_of
from notifications.models import Notice, State
from notifications.rendering import Rendering
from notifications.slots import is_quiet, slot_of

logger = logging.getLogger(__name__)

AddressesOf = Callable[[Sequence[Notice]], Sequence[str | Exception | None]]

_FIRST_DAY = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, *[60] * 23))
RETRY_DELAYS = _FIRST_DAY + (timedelta(days=1),) * 6
"""Waits after each failed attempt: 1, 5, 15, 60 minutes, then hourly, then daily.

Hourly for a day, daily for a week.
"""
REFUSED_RETRY_DELAYS = _FIRST_DAY
"""Waits after a refusal, for one day only.

A server that gets the same letter for a week may block all our mail.
"""
STUCK_AFTER = timedelta(minutes=10)
"""A row claimed longer ago than this was lost with its worker."""
BUDGET = 300.0
"""Seconds after which `drain` releases the rows it has not begun.

Mail and text share them, so no row looks stuck. Mail has the first half at most, so that text
messages get their turn.
"""
TOGETHER, A_WHILE = 5, 1.0
"""How many sent letters may wait for their mark, and for how many seconds at most."""


@dataclass(frozen=True)
class Tally:
    """How many rows a drain sent, gave up, put off, and found without an address.

    `is_away` tells that a server, of mail or of text messages, cannot be reached.
    """

    sent: int = 0
    failed: int = 0
    later: int = 0
    not_needed: int = 0
    is_away: bool = False


COUNTS = ("sent", "failed", "later", "not_needed")
TEXTS = Q(channel="text")
BREAKER, TEXT_BREAKER = Breaker(), Breaker()
"""The circuit breakers of this process: of mail, and of text messages."""
BOUNCE_DAYS = 7
"""For how many days Notify says what became of a message."""


def drain(
    *,
    now: datetime,
    addresses_of: AddressesOf,
    batch: int = 100,
    stuck_after: timedelta = STUCK_AFTER,
) -> Tally:
    """Send up to ``batch`` due rows, each by its channel.

    ``addresses_of`` opens the caller's sealed recipients, and gives one answer for each row. None
    means no address on that channel, and the row ends as ``not_needed``. An exception is that row's
    own failure. ``stuck_after`` is the age of a lost claim by ``now``: longer where ``now`` runs
    faster than time. Call it outside a transaction. Raises only what the database raises.

    Returns:
        The counts.
    """
    started = time.monotonic()
    _requeue_stuck(now, stuck_after)
    mail = _drain(BREAKER, ~TEXTS, now, addresses_of, batch, started + BUDGET / 2)
    if is_quiet(now):
        return mail
    texts = _drain(TEXT_BREAKER, TEXTS, now, addresses_of, batch, started + BUDGET)
    sums = {name: getattr(mail, name) + getattr(texts, name) for name in COUNTS}
    return Tally(**sums, is_away=mail.is_away or texts.is_away)


def _drain(
    breaker: Breaker, which: Q, now: datetime, addresses_of: AddressesOf, batch: int, until: float
) -> Tally:
    """Send the due rows of one kind of channel, unless its server is left alone.

    No row is begun after `until`, a reading of the monotonic clock.

    Returns:
        The counts.
    """
    if breaker.is_open(now):
        return Tally(is_away=True)
    notices = _claim(now, batch, which)
    if not notices:
        return Tally()
    ends, is_away = _carry_all(notices, addresses_of, now, breaker, until)
    _put_back(notices[len(ends) :])
    return Tally(
        sent=ends.count(State.SENT),
        failed=ends.count(State.FAILED),
        later=ends.count(State.QUEUED),
        not_needed=ends.count(State.NOT_NEEDED),
        is_away=is_away,
    )


def note_bounces(now: datetime) -> int:
    """Mark the messages that Notify took in the last week and could not deliver.

    Returns:
        How many were marked. 0 without Notify, or when it does not say.
    """
    if not settings.NOTIFY_API_KEY:
        return 0
    notify = NotifyConnection()
    try:
        bounced = notify.bounced()
    except NotDelivered as error:
        logger.error("Notify did not say what became of the messages: %s", error.code)
        return 0
    finally:
        notify.close()
    since = now - timedelta(days=BOUNCE_DAYS)
    sent = Notice.objects.filter(state=State.SENT, sent_at__gte=since).exclude(channel="inbox")
    lost = [pk for pk, key in sent.values_list("pk", "key") if reference_of(key) in bounced]
    return Notice.objects.filter(pk__in=lost).update(state=State.FAILED, last_error="BOUNCED")


def _carry_all(
    notices: Sequence[Notice],
    addresses_of: AddressesOf,
    now: datetime,
    breaker: Breaker,
    until: float,
) -> tuple[list[State], bool]:
    """Send the rows in turn.

    Returns:
        The states of the rows that were begun, in order, and whether the server is away.
    """
    ends: list[State] = []
    gone, carriers = Gone(now), Carriers()
    try:
        for notice, address in zip(notices, addresses_of(notices), strict=True):
            if time.monotonic() > until:
                break
            ends.append(_carry(notice, now, address, carriers))
            if ends[-1] is State.SENT:
                gone.add(notice)
                breaker.reset()
    except ServerAway as away:
        breaker.trip(now)
        logger.error("The server of messages is away (%s): they wait", away.code)
        return ends, True
    finally:
        carriers.close()
        gone.mark()
    return ends, False


class Carriers:
    """What carries the letters of one drain, opened at first use, and their texts."""

    def __init__(self) -> None:
        self.texts = Rendering()
        self._open: dict[str, Carrier] = {}

    def of(self, channel: str) -> Carrier:
        """Return the carrier of a channel."""
        if channel not in self._open:
            self._open[channel] = CHANNELS[channel].open()
        return self._open[channel]

    def close(self) -> None:
        """Close every carrier."""
        for carrier in self._open.values():
            carrier.close()


class Gone:
    """The letters of one drain that are sent and not yet marked."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._ids: list[int] = []
        self._since = 0.0

    def add(self, notice: Notice) -> None:
        """Add one letter; mark all when there are TOGETHER, or one has waited A_WHILE."""
        if not self._ids:
            self._since = time.monotonic()
        self._ids.append(notice.pk)
        if len(self._ids) >= TOGETHER or time.monotonic() - self._since > A_WHILE:
            self.mark()

    def mark(self) -> None:
        """Mark the letters as sent, unless another worker has taken them over meanwhile.

        A sent letter keeps only a hashed key, which does not lead back to an inbox.
        """
        ours = Notice.objects.filter(pk__in=self._ids, state=State.SENDING, claimed_at=self._now)
        if self._ids:
            ours.update(
                state=State.SENT,
                sent_at=slot_of(self._now),
                claimed_at=None,
                last_error="",
                sealed_recipient=b"",
                handle="sent",
            )
        self._ids = []


def _requeue_stuck(now: datetime, stuck_after: timedelta) -> None:
    """Queue lost rows again; give up a row that has used all its attempts."""
    stuck = Notice.objects.filter(state=State.SENDING, claimed_at__lt=now - stuck_after)
    stuck.filter(attempts__gt=len(RETRY_DELAYS)).update(
        state=State.FAILED, last_error="WORKER_LOST"
    )
    stuck.update(state=State.QUEUED, next_try_at=now, last_error="WORKER_LOST")


def _claim(now: datetime, batch: int, which: Q) -> list[Notice]:
    """Claim the due rows that have waited longest.

    Two workers never claim the same row.

    Returns:
        The rows in that order; those of one slot in the order of their random ids.
    """
    with transaction.atomic():
        due = Notice.objects.filter(which, state=State.QUEUED, next_try_at__lte=now)
        # SQLite has no row locks: there a transaction locks the whole database.
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
    """Release the claim on rows that were not tried, before they look stuck."""
    for claimed_at in {notice.claimed_at for notice in notices}:
        ours = Notice.objects.filter(state=State.SENDING, claimed_at=claimed_at)
        ours.filter(pk__in=[notice.pk for notice in notices]).update(
            state=State.QUEUED, attempts=F("attempts") - 1
        )


def _schedule_after(error: NotDelivered) -> tuple[timedelta, ...]:
    return REFUSED_RETRY_DELAYS if isinstance(error, Refused) else RETRY_DELAYS


def _carry(
    notice: Notice, now: datetime, address: str | Exception | None, carriers: Carriers
) -> State:
    """Render and send one row; an error concerns this row alone.

    Returns:
        Its state. The row is marked here, except a sent one.

    Raises:
        ServerAway: The server cannot be reached, which concerns every row.
    """
    try:
        if not address:
            return _mark(notice, State.NOT_NEEDED, last_error="NO_ADDRESS", sealed_recipient=b"")
        _send(notice, address, carriers)
    except TemplateDoesNotExist as error:
        # Waiting repairs no missing template. The failed row shows the operator which one.
        logger.error("Notice %s has a kind without templates", notice.pk)
        return _mark(notice, State.FAILED, last_error=type(error).__name__)
    except ServerAway:
        raise
    except NotDelivered as error:
        return _put_off(notice, now, error.code, _schedule_after(error))
    except Exception as error:
        # The trace without the error's own text, which could quote an address.
        code = type(error).__name__
        trace = (RuntimeError, RuntimeError(code), error.__traceback__)
        logger.error("Notice %s failed: %s", notice.pk, code, exc_info=trace)
        return _put_off(notice, now, code, RETRY_DELAYS)
    return State.SENT


def _send(notice: Notice, address: str | Exception, carriers: Carriers) -> None:
    """Render one row and hand it to its channel.

    Raises:
        Exception: `address` itself, where looking it up failed; or what rendering and sending
            raise.
    """
    if isinstance(address, Exception):
        raise address
    words = carriers.texts.of(notice, getattr(address, "language", ""))
    letter = Letter(address, words.subject, words.body, notice.key, notice.link)
    carriers.of(notice.channel).deliver(letter)


def _put_off(notice: Notice, now: datetime, code: str, schedule: tuple[timedelta, ...]) -> State:
    """Queue the row for its next attempt, or give it up.

    Returns:
        Its new state.
    """
    if notice.attempts > len(schedule):
        logger.error("Notice %s was given up: %s", notice.pk, code)
        return _mark(notice, State.FAILED, last_error=code[:60])
    next_try_at = now + schedule[notice.attempts - 1]
    return _mark(notice, State.QUEUED, next_try_at=next_try_at, last_error=code[:60])


def _mark(notice: Notice, state: State, **fields: object) -> State:
    """Write the row's new state, unless another worker has taken it over.

    Returns:
        The same state.
    """
    ours = Notice.objects.filter(pk=notice.pk, state=State.SENDING, claimed_at=notice.claimed_at)
    ours.update(state=state, **fields)
    return state
