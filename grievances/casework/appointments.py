"""End grants and keys when a person's office has ended.

The nightly sweep takes roles from people who have left the office they held them by. It keeps a
reader on every case, and gives the process of open cases to those who now oversee it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from grievances.audit.models import record_by_service
from grievances.cases.actions import clocks
from grievances.cases.actions.actor import SYSTEM, SYSTEM_ACTOR
from grievances.cases.actions.effects import StepExecution, remove, share_keys
from grievances.cases.actions.exclusions import (
    cases_with_a_part,
    complainant_id,
    exclude_person,
    forget_readers,
)
from grievances.cases.actions.handovers import leave_work
from grievances.cases.models.assignments import CaseUserObjectPermission, holders
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import (
    Exclusions,
    bar_strangers,
    barred_people_of,
    excluded_from,
)
from grievances.cases.models.parties import Party
from grievances.cases.models.readers import PendingReader
from grievances.cases.models.stored_keys.held import held_on
from grievances.cases.models.stored_keys.rows import SHARES
from grievances.cases.notices import sending
from grievances.casework.new_officers import let_in_new_officers
from grievances.casework.reader_announcements import is_announced
from grievances.casework.vacancies import READING, fill_vacancies, keep_a_reader, renew_overseers
from grievances.people.lines import lines_ever_of, lines_of
from grievances.people.models import User, account_links, join_linked, line_chain
from grievances.policy import profiles
from grievances.vocabulary import ASKED, ASKED_TO_HELP, OPEN, Office, Role, Standing, State
from workflow.calendar import local_date

OFFICE_BEHIND: dict[str, tuple[Office, ...]] = {
    Role.TRIAGE_POOL: (Office.TRIAGE, Office.INDEPENDENT),
    Role.TRIAGE: (Office.TRIAGE, Office.INDEPENDENT),
    Role.HANDLER: (Office.HANDLER,),
    Role.DECIDER: (Office.DECIDER,),
    Role.APPEAL: (Office.APPEAL,),
    Role.MEDIATOR: (Office.MEDIATOR,),
    Role.LEAD: (Office.LEAD, Office.INDEPENDENT),
    Role.DPO: (Office.DPO,),
    Role.BREAK_GLASS: (Office.DPO,),
    Role.AUDITOR: (Office.AUDITOR,),
    Role.CO_HANDLER: (Office.HANDLER,),
}
"""Role -> the offices by which it is held."""

ANY_OFFICE = frozenset({Role.NOTE_TAKER.value, Role.ADVISER.value})
"""Roles that need no office: an account in use is enough."""

CASES_AT_ONCE = 500
SIDES = (Standing.COMPLAINANT, Standing.RESPONDENT)
PLAIN_ROLE = {asked.value: role.value for role, asked in {**ASKED, **ASKED_TO_HELP}.items()}
"""The role that a person is asked to take; its office is asked of them already."""


def end_lapsed_parts(now: datetime, *, only: Collection[int] | None = None) -> int:
    """Take roles from those whose office has ended by `now`.

    `only` are the ids of the people to look at, where it is known whose office can have ended.

    Returns:
        How many roles were taken.
    """
    today = local_date(now, profiles.zone())
    grants = CaseUserObjectPermission.objects.select_related("permission", "user")
    if only is not None:
        grants = grants.filter(user__in=only)
    ended = [
        (grant.content_object_id, grant.user_id, grant.permission.codename)
        for grant in grants.prefetch_related("user__appointments").iterator(chunk_size=500)
        if not _still_holds(grant.user, grant.permission.codename, today)
    ]
    for case_id, person_id, codename in sorted(ended):
        _end(case_id, person_id, Role(codename), now, today)
    _drop_announced(now, today, only)
    return len(ended)


@transaction.atomic
def close_account(person: User, now: datetime) -> int:
    """End the sessions, grants, keys and offers of an account, and the account itself.

    What the person raised themselves stays theirs, should the account be opened again.

    Returns:
        How many roles were taken.
    """
    person.is_active = False
    person.save(update_fields=["is_active"])
    _lock_cases_of(person)
    return end_lapsed_parts(now, only=[person.pk])


def _lock_cases_of(person: User) -> None:
    """Lock all cases of a person in one order, so that two closings cannot deadlock."""
    own = Q(grants__user=person) | Q(pending_readers__person=person)
    found = Case.unguarded.filter(own).values("pk")
    list(Case.unguarded.select_for_update(of=("self",)).filter(pk__in=found).order_by("pk"))


def begin_parts(now: datetime) -> int:
    """Give new officers and overseers the cases they watch over.

    Returns:
        How many officers were announced and overseers added, over all cases.
    """
    today = local_date(now, profiles.zone())
    begun = 0
    for pk in Case.unguarded.filter(state__in=[*OPEN, State.CLOSED]).values_list("pk", flat=True):
        begun += _begin(pk, now, today)
    return begun


@transaction.atomic
def _begin(case_id: int, now: datetime, today: date) -> int:
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=case_id)
    execution = StepExecution(case, SYSTEM_ACTOR, Keyring.of(case, None), {}, SYSTEM, now, today)
    if case.state in OPEN:
        keep_a_reader(execution)
    begun = let_in_new_officers(execution)
    begun += renew_overseers(execution)
    # A case from before the keys were shared gets its shares as well.
    if not any(one.part in SHARES for one in held_on(case)):
        share_keys(execution)
    return begun


def _drop_announced(now: datetime, today: date, only: Collection[int] | None) -> None:
    """Drop announced readers who have left the office; others are announced instead."""
    rows = PendingReader.objects.select_related("person")
    if only is not None:
        rows = rows.filter(person__in=only)
    for row in rows.prefetch_related("person__appointments"):
        if not _still_holds(row.person, row.role, today):
            with transaction.atomic():
                case = Case.unguarded.select_for_update(of=("self",)).get(pk=row.case_id)
                execution = StepExecution(
                    case, SYSTEM_ACTOR, Keyring.of(case, None), {}, SYSTEM, now, today
                )
                forget_readers(execution, row.person)
                if row.into_id is None:
                    _fill(execution, Role(row.role))


def keep_lines_apart(now: datetime, *, only: Collection[int] | None = None) -> int:
    """Exclude new line managers of parties in open cases.

    Management changes after a concern is sent, and the new manager may hold an office (domain.md
    5.3: "line manager, any level, now or in the last 24 months"). `only` are the ids of the cases
    to look at, where it is known which can have changed.

    Returns:
        How many exclusions are new.
    """
    today = local_date(now, profiles.zone())
    cases = Case.unguarded.filter(state__in=OPEN).order_by("pk")
    if only is not None:
        cases = cases.filter(pk__in=only)
    ids = list(cases.values_list("pk", flat=True))
    found = 0
    for start in range(0, len(ids), CASES_AT_ONCE):
        fresh = _new_managers(ids[start : start + CASES_AT_ONCE], today)
        excluded, others = _exclude_at_once(sorted(fresh), today)
        found += excluded + sum(_keep_line_apart(pk, now, today) for pk in others)
    return found


def _new_managers(case_ids: Collection[int], today: date) -> dict[int, set[int] | None]:
    """Return the line managers of each case who are not excluded from it yet.

    Only cases that have some are there. It is None where the list of exclusions was tampered with.
    It takes a few queries for all of the cases.
    """
    sides: dict[int, set[int]] = defaultdict(set)
    own: dict[int, int | None] = {}
    for party in Party.objects.filter(case__in=case_ids, standing__in=SIDES):
        person = party.person_id
        if person is not None:
            sides[party.case_id].add(person)
            if party.standing == Standing.COMPLAINANT:
                own[party.case_id] = person
    lines = lines_of(set().union(*sides.values()), today, account_links())
    barred = barred_people_of(case_ids)
    found: dict[int, set[int] | None] = {}
    for pk in case_ids:
        above, known = set[int]().union(*(lines[each] for each in sides[pk])), barred.get(pk, set())
        fresh = None if known is None else above - known - {own.get(pk)}
        if fresh is None or fresh:
            found[pk] = fresh
    return found


@transaction.atomic
def _exclude_at_once(case_ids: list[int], today: date) -> tuple[int, list[int]]:
    """Exclude new line managers who have no part in these cases.

    It takes a few queries for all cases. Everything is read again once the cases are locked.

    Returns:
        How many were excluded, and the cases in which one of them has a part: there keys and roles
        are taken as well, one case at a time.
    """
    locked = Case.unguarded.select_for_update(of=("self",)).filter(pk__in=case_ids, state__in=OPEN)
    fresh = _new_managers(list(locked.order_by("pk").values_list("pk", flat=True)), today)
    plain = {pk: people for pk, people in fresh.items() if people}
    taking_part = cases_with_a_part(plain)
    alone = {pk: people for pk, people in plain.items() if pk not in taking_part}
    bar_strangers(alone, Exclusions.Why.LINE)
    return sum(map(len, alone.values())), [pk for pk in fresh if pk not in alone]


def open_cases_under(managed: Iterable[int]) -> set[int]:
    """Return the ids of open cases with a party among or anywhere below these people.

    Every line that ever was counts, so that no case is left out.
    """
    links = account_links()
    people = join_linked(managed, links)
    sides: dict[int, set[int]] = defaultdict(set)
    for party in Party.objects.filter(case__state__in=OPEN, standing__in=SIDES):
        if (person := party.person_id) is not None:
            sides[person].add(party.case_id)
    lines = lines_ever_of(sides, links)
    moved = (pk for pk, line in lines.items() if not people.isdisjoint({pk, *line}))
    return set[int]().union(*(sides[pk] for pk in moved))


@transaction.atomic
def _keep_line_apart(case_id: int, now: datetime, today: date) -> int:
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=case_id)
    sides = case.parties.filter(standing__in=SIDES)
    known = {party.person_id for party in sides} - {None}
    barred = excluded_from(case)
    chain = line_chain([pk for pk in known if pk is not None], today)
    own = complainant_id(case)
    fresh = [person for person in chain if person != own and person not in barred]
    people = User.objects.filter(pk__in=fresh)
    execution = StepExecution(case, SYSTEM_ACTOR, Keyring.of(case, None), {}, SYSTEM, now, today)
    # The loss of the last reader is told when it happens, and not for a case without a reader
    # before.
    had_a_reader = bool(fresh) and _has_a_reader(case)
    for person in people:
        exclude_person(execution, person, Exclusions.Why.LINE)
    if people:
        _fill(execution, Role.TRIAGE if had_a_reader else Role.LEAD)
    return len(people)


def _has_a_reader(case: Case) -> bool:
    return holders(case, *READING).exists() or is_announced(case, *READING)


def _fill(execution: StepExecution, role: Role) -> None:
    """Look for a replacement in this role; tell if the case has no reader now."""
    if role in READING:
        fill_vacancies(execution)
    elif execution.case.state in OPEN:
        keep_a_reader(execution)
        renew_overseers(execution)


def _still_holds(person: User, codename: str, today: date) -> bool:
    role = PLAIN_ROLE.get(codename, codename)
    if role in ANY_OFFICE:
        return person.is_active
    offices = OFFICE_BEHIND[role]
    return person.is_active and any(person.holds(office, today) for office in offices)


@transaction.atomic
def _end(case_id: int, person_id: int, role: Role, now: datetime, today: date) -> None:
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=case_id)
    person = User.objects.get(pk=person_id)
    execution = StepExecution(case, SYSTEM_ACTOR, Keyring.of(case, None), {}, SYSTEM, now, today)
    leave_work(execution, role)
    remove(case, person, role, execution.ring)
    case.offers.filter(candidate=person, status__in=["sent", "accepted"]).update(
        status="revoked", answered_on=today
    )
    clocks.stop_unasked(case, today)
    _fill(execution, role)
    event = record_by_service(
        case.reference, now, kind="case.tenure_ended", data={"role": role.value}
    )
    sending.announce(case, event, now=now, today=today)
