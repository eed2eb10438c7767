"""Compare the concerns that are kept back, and ask their writers again.

This is done once a day, and all rows are written anew each time. So two copies of the database do
not tell which of them changed, and no one learns by trying at which moment another one came.
"""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from grievances.cases.notices import sending
from grievances.cases.notices.recipients import as_writer
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake.escrow import emptied
from grievances.intake.escrow_models import Kept, KeptConcern, People, Target, largest_group
from grievances.people.models import User, account_links
from grievances.policy import profiles
from workflow.calendar import local_date

log = logging.getLogger("fairhearing.clocks")

WARNED_BEFORE = timedelta(days=28)
"""How long before its end the writer of a kept concern is reminded."""
KEPT_PAGE = "/raise/kept/"


class Entry(NamedTuple):
    """A kept concern in the comparison: its row, its writer and its targets."""

    label: str
    person: int
    targets: frozenset[Target]
    threshold: int


def entries_of(known: Mapping[str, Kept], active: Iterable[int], people: People) -> list[Entry]:
    """Return the concerns that take part: of active accounts, and about someone else.

    Every account of one person is that person, as writer and as target.
    """
    writers = frozenset(active)
    found = []
    for label, kept in known.items():
        writer = people.one(kept.person_id)
        oneself = Target("person", writer)
        targets = frozenset(people.target(each) for each in kept.targets) - {oneself}
        if kept.person_id in writers and targets:
            found.append(Entry(label, writer, targets, kept.threshold))
    return found


def matched(entries: Iterable[Entry]) -> dict[str, int]:
    """Return {label: how many people} for every concern whose number is reached.

    The writer is one of those people.
    """
    by_target = defaultdict(list)
    for entry in entries:
        for target in entry.targets:
            by_target[target].append(entry)
    sizes: dict[str, int] = {}
    for found in by_target.values():
        group = largest_group((each.person, each.threshold) for each in found)
        for each in found:
            if each.person in group and each.threshold <= len(group):
                sizes[each.label] = max(sizes.get(each.label, 0), len(group))
    return sizes


@transaction.atomic
def compare_kept(now: datetime) -> int:
    """End what is over, ask the writers whose number is reached, write all rows anew.

    Returns:
        How many people were told something.
    """
    today = local_date(now, profiles.zone())
    rows = {row.label: row for row in _locked_rows()}
    known = {label: kept for label, row in rows.items() if (kept := _known(row)) is not None}
    running = {label: _ended(kept, today) for label, kept in known.items()}
    sizes = _sizes({label: kept for label, kept in running.items() if kept.is_open})
    told = 0
    for label in sorted(running):
        kept = _told(running[label], sizes.get(label, 0), today)
        if kept != running[label]:
            told += 1
            _tell(kept, now)
        _write(rows[label], kept, today)
    return told


def _sizes(known: Mapping[str, Kept]) -> dict[str, int]:
    writers = {kept.person_id for kept in known.values()}
    active = User.objects.filter(pk__in=writers, is_active=True).values_list("pk", flat=True)
    return matched(entries_of(known, active, People(account_links())))


def _locked_rows() -> list[KeptConcern]:
    return list(KeptConcern.objects.select_for_update().order_by("label"))


def _known(row: KeptConcern) -> Kept | None:
    try:
        return row.kept
    except DecryptionFailed:
        log.error("a kept concern cannot be opened with the server keys in use")
        return None


def _ended(kept: Kept, today: date) -> Kept:
    is_over = kept.is_open and (kept.until is None or kept.until < today)
    return emptied(kept) if is_over else kept


def _told(kept: Kept, size: int, today: date) -> Kept:
    """Return a concern after what its writer is told today."""
    if not kept.is_open or kept.until is None:
        return kept
    if size > kept.told_of:
        return replace(kept, told_on=today, told_of=size, is_asked=True)
    if not kept.is_warned and today >= kept.until - WARNED_BEFORE:
        return replace(kept, is_warned=True)
    return kept


def _tell(kept: Kept, now: datetime) -> None:
    # A random key: it is written once, together with the row that says so.
    key = f"own:{secrets.token_hex(16)}"
    recipient = as_writer(kept.person_id, kept.address)
    sending.tell(recipient, kind="update", link=KEPT_PAGE, key=key, now=now)


def _write(row: KeptConcern, kept: Kept, today: date) -> None:
    if not kept.is_open and kept.counts_until < today:
        row.delete()
        return
    row.seal(kept)
    row.sealed_words = bytes(row.sealed_words) if kept.is_open else b""
    row.save()
