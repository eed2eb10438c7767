"""Record that two accounts belong to one person.

What one may not see, the other may not see.

The directory is the organisation's: an operator records the link by `manage.py link_accounts`.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from grievances.cases.actions.actor import SYSTEM, SYSTEM_ACTOR
from grievances.cases.actions.effects import StepExecution
from grievances.cases.actions.exclusions import exclude_person
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import Exclusions, reasons_against
from grievances.casework.reading import record
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import LinkedAccounts, User, with_linked_accounts
from grievances.policy import profiles
from workflow.calendar import local_date


def link(person: User, other: User, *, now: datetime) -> int:
    """Record that two accounts are one person.

    On every case, open or not, from which one account is excluded the other is excluded too. Its
    roles there end. Linking twice has the effect of once.

    Returns:
        How many cases got an exclusion by it.
    """
    first, second = sorted((person, other), key=lambda each: each.pk)
    _, is_new = LinkedAccounts.objects.get_or_create(first=first, second=second)
    if is_new:
        names = {"first": person_pseudonym(first.pk), "second": person_pseudonym(second.pk)}
        record(SYSTEM_ACTOR, "account.linked", now, **names)
    everyone = with_linked_accounts({first.pk})
    ids = Case.unguarded.order_by("pk").values_list("pk", flat=True)
    return sum(_exclude_all(pk, everyone, now) for pk in list(ids))


def unlink(person: User, other: User, *, now: datetime) -> bool:
    """Record that two accounts are two people.

    Exclusions stay: the complainant of each case may have meant either.

    Returns:
        Whether they were linked before.
    """
    both = [person.pk, other.pk]
    gone, _ = LinkedAccounts.objects.filter(first__in=both, second__in=both).delete()
    if gone:
        record(SYSTEM_ACTOR, "account.unlinked", now)
    return bool(gone)


@transaction.atomic
def _exclude_all(case_id: int, everyone: set[int], now: datetime) -> int:
    """Exclude every one of these accounts if one of them is excluded from the case.

    Returns:
        1 when that changed the case, else 0.
    """
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=case_id)
    against = {pk: reasons_against(case, pk) for pk in everyone}
    reasons = {why for whys in against.values() for why in whys}
    lacking = [pk for pk, whys in against.items() if reasons - whys]
    if not lacking:
        return 0
    today = local_date(now, profiles.zone())
    execution = StepExecution(case, SYSTEM_ACTOR, Keyring.of(case, None), {}, SYSTEM, now, today)
    for person in User.objects.filter(pk__in=lacking).order_by("pk"):
        for why in sorted(reasons):
            exclude_person(execution, person, Exclusions.Why(why))
    return 1
