"""Officers who are new in their office: announced to cases, their keys paid by colleagues.

From the day they may begin their keys are owed, until somebody who has them looks in;
`pay_for_colleagues` does it in the background of their open session.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from grievances.cases.access import eligibility, rules
from grievances.cases.actions.actor import Caller
from grievances.cases.actions.effects import StepExecution
from grievances.cases.models.assignments import holders
from grievances.cases.models.case_keys import Keyring, SealedKey
from grievances.cases.models.key_distribution import seal_pending_keys
from grievances.casework.reader_announcements import announce_readers
from grievances.vocabulary import Office, Role, State

PAID_AT_ONCE = 10
"""Cases whose owed keys one page view pays: a page stays quick, and the next view goes on."""


def let_in_new_officers(execution: StepExecution) -> int:
    """Announce triage officers appointed since a concern came in that nobody has taken on yet.

    The others lost sight of it when one took it on, and so a newcomer is not let in either. Who is
    barred, not certified or in a conflict is not, and who was taken off it before does not return.
    """
    case, today = execution.case, execution.today
    if case.state != State.SUBMITTED or case.received_on is None:
        return 0
    there = set(holders(case, Role.TRIAGE_POOL)) | {
        row.person
        for row in case.pending_readers.filter(into__isnull=True).select_related("person")
    }
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
    """Seal, with the keys of an open session, what is owed on its person's cases.

    Returns how many keys were sealed; one query when nothing is owed. Nobody's reading it is, so
    it leaves no event.
    """
    if caller.who is None or caller.holder is None:
        return 0
    owed = SealedKey.objects.filter(case=OuterRef("pk"), sealed=b"").exclude(sealed_public=b"")
    cases = rules.cases_for(caller.who, "read_process").filter(Exists(owed)).order_by("?")
    return sum(seal_pending_keys(Keyring.of(case, caller.holder)) for case in cases[:limit])
