"""End trails seven years after their last entry, once the case itself is erased.

domain.md 2: "audit log 7 years; legal hold suspends all". The trail of a case that is not erased is
kept whole, however old; so nothing that a legal hold protects is let go. Events that belong to no
case (reports opened, refusals) are let go entry by entry, and this waits while any case is held.
Two people have agreed to the erasure. The end of its trail follows by date alone, from a schedule
that the data-protection officer approves (`retention.json`, class "trail").

A chain is verified before it is let go, and its end is signed. `verify_trail` continues from that
end, and reports a gap where there is no signature.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from time import sleep

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from grievances.audit import exported_heads
from grievances.audit.models import SERVICE, ChainHead, Event, TrailEnd
from grievances.cases.actions.actor import SYSTEM_ACTOR
from grievances.cases.models.case import Case
from grievances.casework.reading import record
from grievances.policy import profiles, retention_schedule
from workflow.calendar import add_months, local_date
from workflow.chain import START, is_sound, let_go

TRIES, PAUSE_SECONDS = 20, 0.5
"""How often, and how many seconds apart, to try for a free moment of the trail.

A moment is free when no other transaction adds to the trail.
"""


def due(now: datetime) -> list[str]:
    """Return the chains with entries whose time has ended by `now`."""
    return [chain for chain, _ in _found(now)]


def end_due(now: datetime) -> list[str]:
    """Let go of entries whose time has ended.

    A chain that is not sound stays. The operator investigates that one first: `verify_trail` names
    it.

    Returns:
        The chains that were shortened.
    """
    return [chain for chain, seq in _found(now) if _end_between_others(chain, seq, now)]


def _found(now: datetime) -> list[tuple[str, int]]:
    today = local_date(now, profiles.zone())
    before = _moment(add_months(today, -retention_schedule.months_of("trail", today)))
    found = [(head.chain, head.seq) for head in _over(before)]
    last = _service_until(before)
    return [*found, *([(SERVICE, last)] if last else [])]


def _over(before: datetime) -> QuerySet[ChainHead]:
    """Return chains of erased cases and deleted drafts with no entry since `before`."""
    kept = Case.unguarded.filter(erased_on__isnull=True).values("reference")
    entries = Event.objects.filter(chain=OuterRef("chain"))
    heads_left = ChainHead.objects.exclude(chain=SERVICE).exclude(chain__in=kept)
    old = heads_left.filter(Exists(entries)).exclude(Exists(entries.filter(at__gte=before)))
    return old.order_by("chain")


def _service_until(before: datetime) -> int:
    """Return the last service entry before the first that is kept; 0 for none."""
    if Case.unguarded.filter(legal_hold=True).exists():
        return 0
    rows = Event.objects.filter(chain=SERVICE)
    first = rows.filter(at__gte=before).order_by("seq").first()
    old = rows.filter(seq__lt=first.seq) if first is not None else rows
    last = old.order_by("-seq").first()
    return last.seq if last is not None else 0


def _end_between_others(chain: str, seq: int, now: datetime) -> bool:
    """End a chain when no other transaction uses the trail.

    This command yields, and never the page of a person who writes to the trail. Raises
    OperationalError when no try succeeds.

    Returns:
        Whether it was ended. False for a chain that is not sound.
    """
    for _ in range(TRIES - 1):
        try:
            return _end(chain, seq, now)
        except OperationalError:
            sleep(PAUSE_SECONDS)
    return _end(chain, seq, now)


@transaction.atomic
def _end(chain: str, seq: int, now: datetime) -> bool:
    # The service chain's head is locked too, before the table is closed to others, because the end
    # is recorded in that chain. Every writer to that chain locks the head first and asks for the
    # table then, so the two cannot deadlock.
    both = ChainHead.objects.select_for_update().filter(chain__in={chain, SERVICE})
    list(both.order_by("chain"))
    row = TrailEnd.objects.filter(chain=chain).first()
    if not is_sound(Event, chain, (row.seq, row.digest) if row is not None else START):
        return False
    digest = Event.objects.get(chain=chain, seq=seq).digest
    signed = exported_heads.signed_end(chain, seq, digest, now)
    known = {"seq": seq, "digest": digest, "signed": signed}
    TrailEnd.objects.update_or_create(chain=chain, defaults=known)
    gone = let_go(Event, chain, seq)
    record(SYSTEM_ACTOR, "trail.ended", now, of=chain, entries=str(gone))
    return True


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
