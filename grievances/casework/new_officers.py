"""Announce new officers to cases, and have colleagues seal their keys.

From the day they may begin, their keys are pending until a colleague who has them opens a page.
`pay_for_colleagues` seals them in the background of that open session.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from grievances.cases.access import eligibility, rules
from grievances.cases.actions.actor import Caller
from grievances.cases.actions.effects import StepExecution
from grievances.cases.models.assignments import holders
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.key_distribution import seal_pending_keys
from grievances.cases.models.stored_keys.held import owed_rows
from grievances.casework.reader_announcements import announce_readers
from grievances.vocabulary import Office, Role, State

PAID_AT_ONCE = 10
"""The number of cases whose pending keys one page view seals.

The limit keeps a page quick; the next view continues.
"""


def let_in_new_officers(execution: StepExecution) -> int:
    """Announce triage officers appointed since an unacknowledged concern came in.

    Once one officer acknowledges it, the others lose access, so no newcomer is announced. Nor are
    people who are excluded, not certified, in a conflict, or who were removed from it before.

    Returns:
        How many were announced.
    """
    case, today = execution.case, execution.today
    if case.state != State.SUBMITTED or case.received_on is None:
        return 0
    waiting = case.pending_readers.filter(into__isnull=True).select_related("person")
    there = {*holders(case, Role.TRIAGE_POOL), *(row.person for row in waiting)}
    fit = [person for person in eligibility.readers(case, today) if person not in there]
    new = [
        person
        for person in fit
        if person.appointments.filter(
            office=Office.TRIAGE, from_date__gt=case.received_on, from_date__lte=today
        ).exists()
    ]
    announce_readers(execution, new, Role.TRIAGE_POOL)
    return len(new)


def pay_for_colleagues(caller: Caller, *, limit: int = PAID_AT_ONCE) -> int:
    """Seal pending keys on this person's cases, with the keys of an open session.

    There is one query when none is pending. No one reads anything by this, so it leaves no event.

    Returns:
        How many keys were sealed.
    """
    if caller.who is None or caller.holder is None:
        return 0
    owed = owed_rows().filter(case=OuterRef("pk"))
    cases = rules.cases_for(caller.who, "read_process").filter(Exists(owed)).order_by("?")
    return sum(seal_pending_keys(Keyring.of(case, caller.holder)) for case in cases[:limit])
