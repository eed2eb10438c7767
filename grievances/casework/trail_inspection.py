"""Inspect the trail of cases: whether steps and dates were kept.

An auditor reads no words and no names. Each view is an entry of the same trail, so the complainant
sees it in the list of who opened the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from grievances.audit.models import ChainHead, Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.casework.opening.looks import record_opening
from grievances.casework.reading import record
from grievances.vocabulary import State
from workflow.chain import Verdict, verify_one

LOOK = "trail.opened"


@dataclass(frozen=True)
class Checked:
    """A verified trail: the case, the auditor's role and the result."""

    case: Case
    role: str
    verdict: Verdict


def cases_to_check(caller: Caller, today: date) -> QuerySet[Case]:
    """Return the cases whose trail this person may read, newest first.

    Each has its number of `entries`. Drafts are left out.

    Raises:
        NotAllowed: the person has no office that permits it.
    """
    if caller.who is None or not rules.may(caller.who, "read_all_trails", today):
        raise NotAllowed
    count = Event.objects.filter(chain=OuterRef("reference")).order_by().values("chain")
    entries = Subquery(count.annotate(count=Count("pk")).values("count"))
    cases = rules.cases_for(caller.who, "read_trail").exclude(state=State.DRAFT)
    return cases.annotate(entries=Coalesce(entries, 0)).order_by("-received_on", "reference")


def open_trail(caller: Caller, reference: str, today: date, now: datetime) -> Checked:
    """Verify the trail of one case, and record the view.

    The trail is verified from its first entry.

    Returns:
        The case, the role it was read in, and what was found.

    Raises:
        NotAllowed: this person may not read the trail of this case.
    """
    case = cases_to_check(caller, today).filter(reference=reference).first()
    if case is None or caller.who is None:
        raise NotAllowed
    role = rules.role_of(caller.who, case, "read_trail")
    with transaction.atomic():
        head = ChainHead.objects.select_for_update().filter(chain=reference).first()
        verdict = verify_one(Event, reference)
    if head is not None:
        record_opening(case, caller, role, now, kind=LOOK)
    else:
        # A chain without its head takes no entry, so the view goes to the service chain.
        record(caller, LOOK, now, role=role, of=reference)
    return Checked(case, role, verdict)
