"""Grant access to announced readers on their day, after checking again.

Weeks may pass between an announcement over a holiday and its day. Meanwhile a person may have
become a line manager of a party, or taken another role. So the rule of the announcement is checked
again: conflict, line, training and office, excluded people, and roles that one person may not hold
together (domain.md 5.3 G_NO_CONFLICT, G_SEPARATION, G_EXCLUDED, G_TRAINED).

A person who may not begin is not told that they might have. The complainant, the triage officer and
the casework lead are told that a reader does not come, and another is announced (peers.md 4 row
34).
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from grievances.cases.access import conflicts, eligibility
from grievances.cases.access.readers_preview import overseers
from grievances.cases.actions import clocks
from grievances.cases.actions.actor import SYSTEM, SYSTEM_ACTOR
from grievances.cases.actions.effects import (
    SHARE_OF,
    StepExecution,
    give_keys,
    keys_of_role,
    share_keys,
)
from grievances.cases.actions.exclusions import take_back
from grievances.cases.actions.fitness import unfit_to_help
from grievances.cases.models.assignments import grant
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import is_excluded
from grievances.cases.models.readers import PendingReader, remember
from grievances.casework.reader_announcements import tell
from grievances.casework.vacancies import fill_vacancies
from grievances.people.models import User
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import ASKED_TO_HELP, LIMITED, Compartment, Role, State
from workflow.calendar import local_date

PAUSED = (State.ON_HOLD, State.WITHDRAWAL_PENDING)
"""States after which a case may be in triage again."""

ONLY_IN = {Role.MEDIATOR: State.MEDIATION, Role.TRIAGE_POOL: State.SUBMITTED}
"""The only state in which a new holder of the role begins.

When one officer acknowledges a concern, the others lose access. So does a person who was announced
to join them.
"""


HELPED_IN = (State.INVESTIGATION, State.DECISION, State.APPEAL)
"""The states in which a person begins a limited part."""


def admit_readers(now: datetime) -> int:
    """Grant access to every reader whose day has come (the sweep).

    Announcements for a joining are deleted once the case has left triage without it.

    Returns:
        How many were let in.
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
    """Return whether an announced person may begin; then they have their role.

    Their keys are sealed with the ring of the complainant who agrees; keys it lacks are pending
    from now on. A person who does not come loses the keys they were given, and the role is
    announced again. One who is to help is asked to sign first (`limited_parts.begin`), and comes
    after a pause: while it lasts they could not sign, and their time would run out.
    """
    case, person, role = execution.case, row.person, Role(row.role)
    if role in LIMITED and case.state in PAUSED:
        row.effective_on = min(row.effective_on, execution.today)
        row.save(update_fields=["effective_on"])
        return False
    row.delete()
    if _is_over(case, role):
        take_back(execution, person)
        return False
    if not _may_begin(execution, person, role):
        take_back(execution, person)
        tell(execution, "case.reader_kept_out", {"role": role.value})
        if role not in LIMITED:
            fill_vacancies(execution)
        return False
    _begin(execution, person, role)
    return True


def _begin(execution: StepExecution, person: User, role: Role) -> None:
    """Give an announced person the role and its keys, and tell of it."""
    grant(execution.case, person, ASKED_TO_HELP.get(role, role))
    if role not in LIMITED:  # A person who helps has a part from the moment they sign.
        remember(execution.case, person, role, execution.today)
    _give(execution, person, role)
    if role in SHARE_OF:
        share_keys(execution)
    if role in LIMITED:
        _expect_answer(execution, role)
    kind = "case.mediator_admitted" if role is Role.MEDIATOR else "case.reader_admitted"
    tell(execution, kind, {"role": role.value}, newcomer=person)


def _expect_answer(execution: StepExecution, role: Role) -> None:
    """Start the clock by which a person who was asked to help signs or is let go.

    Where another person is asked for the same part, both have the time of the one who came last.
    """
    case, today = execution.case, execution.today
    clocks.stop(case, [ClockName.OFFER], today, detail=role.value)
    clocks.start(case, ClockName.OFFER, execution.now, today, detail=role.value)


def _is_over(case: Case, role: Role) -> bool:
    if role in LIMITED:
        return case.working_state not in HELPED_IN
    return case.working_state != ONLY_IN.get(role, case.working_state)


def _may_begin(execution: StepExecution, person: User, role: Role) -> bool:
    """Return whether this person could be announced for this role today."""
    case, today = execution.case, execution.today
    if is_excluded(case, person.pk) or not person.is_active:
        return False
    if role in SHARE_OF:
        # Overseers are chosen by `overseers`, which already considers their other roles. One check
        # in two forms could differ. Then a person who is announced but may not begin would be
        # announced again every night.
        return (role, person) in overseers(case, today)
    if person.pk in conflicts.busy_beside(case, role):
        return False
    if role in LIMITED:
        return not unfit_to_help(case, role, person, today)
    if role is Role.MEDIATOR:
        in_office = eligibility.pool(role, today).filter(pk=person.pk).exists()
        return in_office and not eligibility.Panel(case, role, today).unfit_to_serve(person)
    return person in [*eligibility.readers(case, today), *eligibility.independent(case, today)]


def _give(execution: StepExecution, person: User, role: Role) -> None:
    ring, keys = execution.ring, keys_of_role(execution.case, role)
    if role is Role.MEDIATOR:
        # The key of the mediator's notes is fresh, and sealed to the mediator alone.
        ring.add_new(Compartment.MEDIATION)
        keys.append(Compartment.MEDIATION)
    if keys:
        give_keys(execution, person, keys)
