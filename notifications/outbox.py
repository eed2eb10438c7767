"""Write to the outbox and read an inbox. Nothing is sent from here.

Callers write notices in the transaction that makes them true. So a step that is rolled back
notifies no one, and a crash after the commit loses nothing (peers.md 4 row 11).
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from notifications.channels import CHANNELS
from notifications.models import ChannelName, Notice, State
from notifications.slots import next_slot, random_id, slot_of

Value = str | int | float | bool | date | None
Context = Mapping[str, Value]
Run = Callable[[str, list[Any]], None]
"""What runs a statement, given its SQL and its values."""

ALIKE = ("attempts", "next_try_at", "created_at", "last_error")
"""Columns that are alike in all rows written at one moment: they are sent once."""

_KIND = re.compile(r"[a-z_]{1,40}")
_CODE = re.compile(r"[\w.:+-]{0,60}", re.ASCII)
_LINK = re.compile(r"/(?!/)[\x21-\x7e]{0,199}")


@dataclass(frozen=True)
class Message:
    """What one recipient is notified of.

    ``key`` is the idempotency key: it names the occasion and the recipient. A second message with
    the same key and channel is the same message, and is dropped. ``handle`` is the pseudonym of the
    inbox. ``link`` is a path on this site. ``context`` values are codes, dates and numbers (no
    spaces), so that no words about a case can be sent in them. A ``held`` letter leaves with all
    others of its slot (`notifications.slots`).
    """

    handle: str
    kind: str
    link: str
    key: str
    sealed_recipient: bytes = b""
    reference: str = ""
    context: Context = field(default_factory=dict)
    channels: tuple[str, ...] = (ChannelName.INBOX.value, ChannelName.EMAIL.value)
    held: bool = False


class NotAMessage(ValueError):
    """A message that must not be stored; the sentence says which field is wrong."""


def put(messages: Iterable[Message], *, now: datetime, run: Run | None = None) -> None:
    """Write one row per message and channel, inside the caller's transaction.

    Inbox rows are ``sent`` at once, because the row is the message; others wait for
    `delivery.drain`. Raises NotAMessage for a malformed message. Outside a transaction a notice
    could outlive the change that it reports. `run` runs a statement with its values, where the
    caller has a way of its own.

    Raises:
        TransactionManagementError: The caller is in no transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "Notices are written in the transaction that makes them true."
        )
    lines: list[dict[str, object]] = []
    letters: dict[bool, list[dict[str, object]]] = {True: [], False: []}
    for message in messages:
        check(message)
        for channel in message.channels:
            if CHANNELS[channel].at_once:
                lines.append(_row(message, channel, now))
            else:
                letters[message.held].append(_letter(message, channel, now))
    for rows in (lines, *letters.values()):
        if rows:
            _write(rows, run or _run)


def check(message: Message) -> None:
    """Check that every field fits its column and holds no free text.

    The database cannot do this. With conflicts ignored, SQLite drops a row that breaks any
    constraint, and reports nothing.

    Raises:
        NotAMessage: A field does not fit, or holds free text.
    """
    if not 1 <= len(message.handle) <= 64:
        raise NotAMessage("The handle must have 1 to 64 characters.")
    if not 1 <= len(message.key) <= 160:
        raise NotAMessage("The key must have 1 to 160 characters.")
    if not _KIND.fullmatch(message.kind):
        raise NotAMessage("The kind must be lower-case letters and underscores.")
    if not _LINK.fullmatch(message.link):
        raise NotAMessage("The link must be a path on this site.")
    if len(message.reference) > 20 or not _CODE.fullmatch(message.reference):
        raise NotAMessage("The reference must be a code of at most 20 characters.")
    if not message.channels or not set(message.channels) <= set(CHANNELS):
        raise NotAMessage("The channels must be known ones, and at least one.")
    for name, value in message.context.items():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise NotAMessage(f"The context field {name} holds text; codes and dates only.")


def inbox(*handles: object) -> QuerySet[Notice]:
    """Return the inbox rows of these pseudonyms, newest first."""
    rows = Notice.objects.filter(handle__in=handles, channel=ChannelName.INBOX)
    return rows.order_by("-id")


def references_told(references: Iterable[str], handles: Iterable[str]) -> set[str]:
    """Return the references about which a recipient has a notice, sent or not."""
    rows = Notice.objects.filter(reference__in=references, handle__in=handles)
    return set(rows.values_list("reference", flat=True))


def unread(*handles: object) -> QuerySet[Notice]:
    """Return the unopened inbox rows of these pseudonyms, newest first."""
    return inbox(*handles).filter(read_at__isnull=True)


def unread_of(reference: object) -> QuerySet[Notice]:
    """Return the unopened inbox rows about a reference, or a column of an outer query."""
    return Notice.objects.filter(
        reference=reference, channel=ChannelName.INBOX, read_at__isnull=True
    )


def unread_about(reference: str, *handles: str) -> QuerySet[Notice]:
    """Return the unopened inbox rows about one reference.

    They are those of these pseudonyms, or of everyone.
    """
    rows = unread_of(reference)
    return rows.filter(handle__in=handles) if handles else rows


def unread_count(*handles: str) -> int:
    """Return how many inbox rows of these pseudonyms have not been opened."""
    return unread(*handles).count()


def failures() -> QuerySet[Notice]:
    """Return the rows that delivery has given up, oldest first.

    They are for the health page and the operator.
    """
    return Notice.objects.filter(state=State.FAILED).order_by("created_at")


def _run(sql: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _write(rows: list[dict[str, Any]], run: Run) -> None:
    """Insert the rows that are not there yet.

    A sweep writes thousands. PostgreSQL receives them as one JSON parameter, because the driver
    looks at every placeholder of a statement with one for each value.
    """
    if connection.vendor != "postgresql":
        Notice.objects.bulk_create([Notice(**row) for row in rows], ignore_conflicts=True)
        return
    own = [name for name in rows[0] if name not in ALIKE]
    given = [{name: row[name] for name in own} for row in rows]
    for row in given:
        row["sealed_recipient"] = f"\\x{row['sealed_recipient'].hex()}"
    names, alike = ", ".join(own), ", ".join(ALIKE)
    places = ", ".join(["%s"] * len(ALIKE))
    run(
        f"INSERT INTO notifications_notice ({names}, {alike}) "  # noqa: S608 - names of ours
        f"SELECT {names}, {places} FROM "
        "json_populate_recordset(NULL::notifications_notice, %s) ON CONFLICT DO NOTHING",
        [*(rows[0][name] for name in ALIKE), json.dumps(given, default=_as_text)],
    )


def _as_text(value: date) -> str:
    """Return a date or an instant in full: `date.isoformat` would drop the time."""
    return value.isoformat()


def _letter(message: Message, channel: str, now: datetime) -> dict[str, object]:
    """Return the row of a letter: its id and its times tell the slot alone."""
    return {
        **_row(message, channel, slot_of(now)),
        "id": random_id(),
        "sealed_recipient": message.sealed_recipient,
        "state": State.QUEUED,
        "next_try_at": next_slot(now) if message.held else slot_of(now),
        "sent_at": None,
    }


def _row(message: Message, channel: str, now: datetime) -> dict[str, object]:
    return {
        "handle": message.handle,
        "sealed_recipient": b"",
        "kind": message.kind,
        "channel": channel,
        "reference": message.reference,
        "link": message.link,
        "context": dict(message.context),
        "key": message.key,
        "state": State.SENT,
        "attempts": 0,
        "next_try_at": now,
        "created_at": now,
        "sent_at": now,
        "last_error": "",
    }
