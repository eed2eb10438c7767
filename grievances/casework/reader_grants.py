"""The day an announced reader comes: they are judged again, and let in or not.

Weeks may lie between a holiday's announcement and its day, and a person may have become somebody's
line manager meanwhile, or taken up another part. So the rule of the announcement is asked once
more: conflict, line, training and office, those left out, and the parts that one person may not
hold together (domain.md 5.3 G_NO_CONFLICT, G_SEPARATION, G_EXCLUDED, G_TRAINED). Whoever may not
begin is not told that they might have; the complainant, the triage officer and the casework lead
are told that somebody does not come, and somebody else is announced (peers.md 4 row 34).
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from grievances.cases.access import eligibility
from grievances.cases.access.readers_preview import overseers
from grievances.cases.actions.actor import SYSTEM, SYSTEM_ACTOR
from grievances.cases.actions.effects import SHARE_OF, StepExecution, keys_of_role, share_keys
from grievances.cases.actions.exclusions import take_back
from grievances.cases.models.assignments import grant
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.parties import exclusion_pseudonym
from grievances.cases.models.readers import PendingReader, remember
from grievances.casework.reader_announcements import tell
from grievances.casework.vacancies import fill_vacancies
from grievances.encryption.key_pairs import holder_name
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import Compartment, Role, State
from workflow.calendar import local_date

PAUSED = (State.ON_HOLD, State.WITHDRAWAL_PENDING)
"""States after which a case may be in triage again."""

ONLY_IN = {Role.MEDIATOR: State.MEDIATION, Role.TRIAGE_POOL: State.SUBMITTED}
"""Parts that nobody begins in another stage: once one officer has taken a concern on, the others
have lost sight of it, and so has whoever was on their way to them."""


def admit_readers(now: datetime) -> int:
    """Let in everybody whose day has come (the sweep); returns how many were.

    Those who were announced for a joining are forgotten once the case has left triage without it.
    """
    joining = PendingReader.objects.filter(into__isnull=False)
    joining.exclude(case__state__in=[State.TRIAGE, *PAUSED]).delete()
    today = local_date(now, profiles.zone())
    due = PendingReader.objects.filter(effective_on__lte=today, into__isnull=True)
    return sum(_admit_due(pk, now, today) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _admit_due(pk: int, now: datetime, today: date) -> int:
    row = PendingReader.objects.filter(pk=pk).first()
    if row is None:
        return 0
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=row.case_id)
    row = PendingReader.objects.filter(pk=pk).first()
    execution = StepExecution(case, SYSTEM_ACTOR, Keyring.of(case, None), {}, SYSTEM, now, today)
    return int(row is not None and admit(execution, row))


def admit(execution: StepExecution, row: PendingReader) -> bool:
    """Give an announced person their role, unless something has come to stand against it.

    Their keys are sealed with the ring of whoever says that it is fine; what it lacks is owed from
    now on. Whoever does not come loses what they were handed, and the part is announced anew.
    """
    case, person, role = execution.case, row.person, Role(row.role)
    row.delete()
    if _is_over(case, role):
        take_back(execution, person)
        return False
    if not _may_begin(execution, person, role):
        take_back(execution, person)
        tell(execution, "case.reader_kept_out", {"role": role.value})
        fill_vacancies(execution)
        return False
    grant(case, person, role)
    remember(case, person, role, execution.today)
    _give(execution.ring, person, role)
    if role in SHARE_OF:
        share_keys(case, execution.ring)
    kind = "case.mediator_admitted" if role is Role.MEDIATOR else "case.reader_admitted"
    tell(execution, kind, {"role": role.value})
    return True


def _is_over(case: Case, role: Role) -> bool:
    return case.working_state != ONLY_IN.get(role, case.working_state)


def _may_begin(execution: StepExecution, person: User, role: Role) -> bool:
    """Whether this person could be announced for this role today, were they not already."""
    case, today = execution.case, execution.today
    barred = case.bars.filter(handle=exclusion_pseudonym(person.pk)).exists()
    if barred or not person.is_active:
        return False
    if role in SHARE_OF:
        # Whoever watches over it is chosen there, with what else they do: asked twice in two ways,
        # one who is announced and may not begin would be announced again every night.
        return (role, person) in overseers(case, today)
    if person.pk in eligibility.busy_beside(case, role):
        return False
    if role is Role.MEDIATOR:
        in_office = eligibility.pool(role, today).filter(pk=person.pk).exists()
        return in_office and not eligibility.Panel(case, role, today).unfit_to_serve(person)
    return person in [*eligibility.readers(case, today), *eligibility.independent(case, today)]


def _give(ring: Keyring, person: User, role: Role) -> None:
    keys = keys_of_role(ring.case, role)
    if role is Role.MEDIATOR:
        # The key of their notes is fresh, and sealed to them alone.
        ring.add_new(Compartment.MEDIATION)
        keys.append(Compartment.MEDIATION)
    if keys and hasattr(person, "key_pair"):
        ring.give(holder_name(person.pk), bytes(person.key_pair.public_key), keys)
