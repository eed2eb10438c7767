"""Tell the complainant about each new reader before that person can read a case.

The people who may read were shown before sending (peers.md 3 row 2). Another reader is announced
because an officer left, stepped back or was excluded, because mediation begins, or because a case
is reopened. The new reader can read from the next working day, or as soon as the complainant
agrees. They never can when the complainant says no.

Their keys wait as well. From that day the keys are pending, and a colleague who has them seals them
in the background of an open session. There is one exception. The last worker to leave seals the
keys at once, because otherwise no one could. Without a grant these keys open nothing, as with an
offer (architecture.md 5). On the day itself `reader_grants` checks again whether the person may
still read.

Some readers are not announced in this way, because the complainant decides or is told beforehand by
other means. They are a handler, decision maker or appeal manager, because an offer names them and
opens nothing, and those who learn the name when the complainant shares it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from grievances.audit.models import record_by_service
from grievances.cases.actions.effects import StepExecution, give_keys, keys_of_role
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import held_compartments
from grievances.cases.models.readers import PendingReader
from grievances.cases.models.stored_keys.held import held_on
from grievances.cases.notices import sending
from grievances.encryption.key_pairs import holder_name
from grievances.people.models import User
from grievances.vocabulary import Compartment, Role


def announce_readers(
    execution: StepExecution, people: Iterable[User], role: Role, into: Case | None = None
) -> int:
    """Announce people for a role; until their day they have neither grant nor key.

    With `into` they hold the role in that earlier case, to which this one is to be joined.

    Returns:
        How many had not been announced before.
    """
    effective = execution.case.calendar.add(execution.today, 1)
    fresh = [person for person in people if _announce(execution, person, role, effective, into)]
    if fresh:
        if into is None:
            hand_over(execution, role)
        facts = {"role": role.value, "from_day": str(effective), "people": str(len(fresh))}
        tell(execution, "case.reader_announced", facts)
    return len(fresh)


def hand_over(execution: StepExecution, role: Role) -> None:
    """Seal, to those announced for a role, the keys that no active reader holds.

    The acting person is the last who has them: when they leave, the keys would be lost.
    """
    keys = _kept_by_no_one(execution.case, keys_of_role(execution.case, role))
    rows = execution.case.pending_readers.filter(role=role.value, into__isnull=True)
    for row in rows.select_related("person"):
        if keys and hasattr(row.person, "key_pair"):
            give_keys(execution, row.person, keys)


def is_announced(case: Case, *roles: Role) -> bool:
    """Return whether a person has been announced for one of these roles."""
    rows = case.pending_readers.filter(into__isnull=True)
    return rows.filter(role__in=[role.value for role in roles]).exists()


def tell(
    execution: StepExecution, kind: str, facts: dict[str, str], *, newcomer: User | None = None
) -> None:
    """Record an event of the system (codes, never names) and send its notices.

    `newcomer` is the person who was let in, where the event is about one.
    """
    case, now, today = execution.case, execution.now, execution.today
    event = record_by_service(case.reference, now, kind=kind, data=facts)
    sending.announce(case, event, now=now, today=today, newcomer=newcomer)


def _kept_by_no_one(case: Case, keys: Iterable[Compartment]) -> list[Compartment]:
    """Return those of these keys that no one who works on the case holds."""
    workers = CaseUserObjectPermission.objects.filter(content_object=case)
    people = workers.values_list("user_id", flat=True).distinct()
    names = [holder_name(person_id) for person_id in people]
    kept = held_compartments(held_on(case, *names)) if names else set()
    return [key for key in keys if key not in kept]


def _announce(
    execution: StepExecution, person: User, role: Role, effective: date, into: Case | None
) -> bool:
    rows = PendingReader.objects.filter(case=execution.case, person=person, into=into)
    # Joining is asked about once for each person, in whichever role they work there.
    if (rows if into else rows.filter(role=role.value)).exists():
        return False
    PendingReader.objects.create(
        case=execution.case,
        person=person,
        role=role.value,
        into=into,
        announced_at=execution.now,
        effective_on=effective,
    )
    return True
