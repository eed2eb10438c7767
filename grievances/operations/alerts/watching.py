"""Tell the operator when something is wrong, once, and once when it is over.

The mail has sentences of ours and no number of a case, no name and no word of a person. It goes
straight to the mail server and not through the outbox, whose own fault it may report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from grievances.audit.models import SERVICE, Event
from grievances.operations.alerts import calling
from grievances.operations.alerts.models import Alert, WebhookCall
from grievances.operations.measures import Measure, collect
from notifications.channels import CHANNELS
from notifications.channels.base import Letter

CLAIM = timedelta(minutes=2)
"""After this long (2 minutes) a mail that was begun is taken to have failed."""
MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Rule:
    """When a measure is wrong, and the sentence that says what to do.

    `measure` is the name of the measure and also the code of the alert.
    """

    measure: str
    is_wrong: Callable[[float], bool]
    sentence: str


RULES = (
    Rule("sweep_age", lambda age: age > 10 * MINUTE,
         "Due dates have not been looked at for ten minutes. Start the worker and beat."),
    Rule("mail_age", lambda age: age > 10 * MINUTE,
         "Letters have not been looked at for ten minutes. Start the mail worker and beat."),
    Rule("letter_oldest", lambda age: age > HOUR,
         "A letter has been due for more than an hour. Look at the mail server."),
    Rule("backup_age", lambda age: age > 2 * DAY,
         "No backup was made for two days. Look at the log of the backup."),
    Rule("daily_work_age", lambda age: age > 26 * HOUR,
         "Daily work was not done for more than a day. Look at the log of the worker."),
    Rule("clock_ok", lambda holds: not holds,
         "The clock has jumped, so nothing is done by date. Run manage.py confirm_clock."),
    Rule("keys_ok", lambda holds: not holds,
         "There was an alarm about a key. Tell the casework lead, and read how to rotate keys."),
    Rule("redis_ok", lambda holds: not holds,
         "Redis does not answer. Start it."),
    Rule("virus_scan_ok", lambda holds: not holds,
         "The virus scanner does not answer. Start ClamAV."),
    Rule("disk_free", lambda free: free < settings.ALERT_DISK_GB * 10**9,
         "There is little room left on the disk. Make room, or add some."),
)  # fmt: skip
"""What is wrong, in the order in which a mail says it."""
SENTENCES = {rule.measure: rule.sentence for rule in RULES}
SUBJECT = "Fair Hearing: the state of the service has changed"


def watch(now: datetime, today: date) -> int:
    """Bring the alerts up to date, and send what is new.

    Without ALERT_EMAILS and WEBHOOK_URL nothing is kept and nothing is sent. A mail that fails is
    tried again at the next look.

    Returns:
        How many alerts were sent, by mail or by webhook.
    """
    if not settings.ALERT_EMAILS and not settings.WEBHOOK_URL:
        return 0
    _bring_up_to_date(wrong(collect(now, today)), now)
    waiting = Q(claimed_at=None) | Q(claimed_at__lte=now - CLAIM)
    if not Alert.objects.filter(waiting, told=False).update(claimed_at=now):
        return 0
    rows = list(Alert.objects.filter(told=False, claimed_at=now).order_by("pk"))
    if settings.ALERT_EMAILS:
        _send(rows)
    _settle(rows, now)
    return len(rows)


def wrong(measures: Iterable[Measure]) -> set[str]:
    """Return the codes of what is wrong. What has no value yet is not wrong."""
    values: dict[str, list[float]] = {}
    for each in measures:
        if each.value is not None:
            values.setdefault(each.name, []).append(each.value)
    return {rule.measure for rule in RULES if any(map(rule.is_wrong, values.get(rule.measure, ())))}


@transaction.atomic
def _bring_up_to_date(codes: set[str], now: datetime) -> None:
    known = {row.code: row for row in Alert.objects.select_for_update()}
    for code in sorted(codes - known.keys()):
        Alert.objects.get_or_create(code=code, defaults={"since": now})
    for code, row in known.items():
        if code in codes and row.over_at is not None:
            row.over_at, row.told = None, not row.told
            row.save(update_fields=["over_at", "told"])
        elif code not in codes and row.over_at is None:
            if not row.told:
                row.delete()
                continue
            row.over_at, row.told, row.claimed_at = now, False, None
            row.save(update_fields=["over_at", "told", "claimed_at"])


def _send(rows: list[Alert]) -> None:
    over = [row for row in rows if row.over_at is not None]
    new = [row for row in rows if row.over_at is None]
    lines = [SENTENCES[row.code] for row in new]
    lines += [f"Over: {SENTENCES[row.code].partition('. ')[0]}." for row in over]
    lines.append(f"{settings.SITE_URL.rstrip('/')}/service/ says how the service runs.")
    carrier = CHANNELS["email"].open()
    try:
        for address in settings.ALERT_EMAILS:
            # A second copy after a failure has the key of the first.
            key = " ".join(f"{row.code} {row.since:%s}" for row in rows)
            carrier.deliver(Letter(address, SUBJECT, "\n\n".join(lines) + "\n", key))
    finally:
        carrier.close()


@transaction.atomic
def _settle(rows: list[Alert], now: datetime) -> None:
    """Record what the mail said, and queue the same for the program that is called."""
    raised = sorted(row.code for row in rows if row.over_at is None)
    over = sorted(row.code for row in rows if row.over_at is not None)
    Alert.objects.filter(code__in=raised).update(told=True, claimed_at=None)
    Alert.objects.filter(code__in=over, told=False).delete()
    calling.queue(raised, WebhookCall.State.RAISED, now)
    calling.queue(over, WebhookCall.State.OVER, now)
    Event.append(
        chain=SERVICE,
        at=now,
        actor="system",
        role="",
        kind="service.alerted",
        data={"raised": raised, "over": over},
    )
