"""Reminders of the tribunal date: requested and ended by the complainant alone.

A request leaves no event, because readers of the trail must not learn of it (domain.md 11.1: no one
else sees the tribunal panel). The notice says that something is due and links to one's own
concerns, like any other.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from grievances.cases.access.standing import StandingQuestion
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party, complainant_of
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import as_party
from grievances.deadlines.reminder_models import TribunalReminder, mark_of
from grievances.encryption.primitives import DecryptionFailed
from grievances.policy import profiles
from workflow.calendar import at_local, local_date
from workflow.clocks import MORNING

log = logging.getLogger("fairhearing.clocks")

DAYS_BEFORE = (28, 14, 7, 2)
"""Calendar days before each last day to contact Acas (domain.md 6.5)."""
AS_ONE = timedelta(days=3)
"""Reminders so close together are sent as one, on the first of their days."""


def reminder_days(last_days: Iterable[date], after: date) -> list[date]:
    """Return the reminder days after a day for these last days, in order.

    The last days are the law's and stay as they are. Only their reminders are joined (`AS_ONE`).
    """
    due = {last - timedelta(days=n) for last in last_days for n in DAYS_BEFORE}
    days: list[date] = []
    for day in sorted(day for day in due if day > after):
        if not days or day > days[-1] + AS_ONE:
            days.append(day)
    return days


def renew(case: Case, last_days: Sequence[date], today: date) -> None:
    """Take over changed last days where reminders are on.

    Without a day left, they are turned off.
    """
    if days_chosen(case, today) is not None:
        choose(case, last_days, today)


_STANDING = StandingQuestion(lambda cases: cases)


def find_own(caller: Caller, reference: str) -> Case:
    """Return a case whose tribunal dates this person may read.

    Raises:
        NotAllowed: the caller is not its complainant.
    """
    found = _STANDING.ask(caller.who, reference, caller.ties) if caller.who is not None else None
    if found is None or not found.allows("read_tribunal"):
        raise NotAllowed
    return found.facts.case


def days_chosen(case: Case, today: date) -> list[date] | None:
    """Return the reminder days for the complainant's own page; None when off."""
    row = TribunalReminder.objects.filter(mark=mark_of(case)).first()
    if row is None:
        return None
    # Counted from the next one, as the sweep does: those it joins have no day of their own.
    days = reminder_days(row.wish.last_days, row.next_on - timedelta(days=1))
    return [day for day in days if day > today]


@transaction.atomic
def choose(case: Case, last_days: Sequence[date], today: date) -> bool:
    """Turn on reminders of these last days (the safe one first).

    Returns:
        False when no day is left to remind of.
    """
    forget(case)
    days = reminder_days(last_days, today)
    if not days:
        return False
    row = TribunalReminder(mark=mark_of(case), next_on=days[0])
    row.keep(complainant_of(case), last_days)
    row.save(force_insert=True)
    return True


def forget(case: Case) -> None:
    """Turn reminders off, and leave nothing of them."""
    TribunalReminder.objects.filter(mark=mark_of(case)).delete()


def remind(now: datetime) -> int:
    """Tell every person whose day has come, from nine in the morning.

    Nine is local time. After an outage one is told once. A row that does not open is logged and
    stops no other.

    Returns:
        How many were told.
    """
    today = local_date(now, profiles.zone())
    rows = TribunalReminder.objects.filter(next_on__lte=today).order_by("next_on", "pk")
    told = 0
    for pk, day in list(rows.values_list("pk", "next_on")):
        if at_local(day, MORNING, profiles.zone()) > now:
            continue
        try:
            told += _remind(pk, today, now)
        except DecryptionFailed:
            log.error("a reminder cannot be opened with the server keys in use")
    return told


@transaction.atomic
def _remind(pk: int, today: date, now: datetime) -> int:
    rows = TribunalReminder.objects.select_for_update().filter(pk=pk, next_on__lte=today)
    row = rows.first()
    if row is None:
        return 0
    wish = row.wish
    party = Party.objects.select_related("case").filter(pk=wish.party_id).first()
    if party is None or party.case.erased_on is not None:
        row.delete()
        return 0
    key = f"reminder:{row.mark}:{row.next_on}"
    sending.tell(as_party(party), kind="reminder", link="/cases/", key=key, now=now)
    ahead = reminder_days(wish.last_days, max(today, row.next_on + AS_ONE))
    if not ahead:
        row.delete()
        return 1
    row.next_on = ahead[0]
    row.save(update_fields=["next_on"])
    return 1
