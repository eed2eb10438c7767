"""Compare the stored lists of staff with the rule of access, and correct them.

The triggers keep the lists true. This finds what happened without them: a table that was restored
by hand, a trigger that was lost. The comparison is made here from grants, clocks and the rule, and
not by the SQL of the triggers.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from django.db import connection, transaction

from grievances.cases.access import list_triggers
from grievances.cases.access.facts import AccessFacts
from grievances.cases.access.listed_cases import NO_DATE, PLACES, STAGE_NUMBERS, ListedCase, Place
from grievances.cases.access.rules import CaseAccess, cases_to_list
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.exclusions import barred_people_of
from grievances.cases.roles import ASKED_FOR
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import ANSWERS_FOR
from grievances.vocabulary import State

log = logging.getLogger("fairhearing.lists")

Values = tuple[object, ...]
"""Place, stage, due, own due, received on, region, way and vacancy of one row."""
Rows = dict[tuple[int, int], Values]
"""Values by (case id, person id)."""


def check_all() -> int:
    """Write anew the lists that differ from their cases, in batches.

    Returns:
        How many cases differed.
    """
    install_missing()
    found = 0
    for batch in _batches():
        with transaction.atomic():
            wrong = different(batch)
            write_lists(wrong)
        found += len(wrong)
    if found:
        log.error("the lists of %d cases were not true and were written anew", found)
    return found


def rebuild_all() -> int:
    """Write the lists of every case anew, in batches.

    Returns:
        How many cases there are.
    """
    install_missing()
    count = 0
    for batch in _batches():
        with transaction.atomic():
            write_lists(batch)
        count += len(batch)
    return count


def different(case_ids: Sequence[int]) -> list[int]:
    """Return those of these cases whose stored rows are not what the rule says."""
    stored, true = _stored(case_ids), _true(case_ids)
    pairs = {pair for pair in stored.keys() | true.keys() if stored.get(pair) != true.get(pair)}
    return sorted({case_id for case_id, _ in pairs})


def write_lists(case_ids: Sequence[int]) -> None:
    """Write the rows of these cases anew; who is excluded from one of them gets none."""
    list_triggers.write_anew(connection, case_ids)
    for case_id, barred in barred_people_of(case_ids).items():
        if barred is not None and not barred:
            continue
        rows = ListedCase.objects.filter(case=case_id)
        (rows if barred is None else rows.filter(person__in=barred)).delete()


def install_missing() -> None:
    """Put on again the triggers that were lost, are off or are not as they should be."""
    lost = list_triggers.missing(connection)
    if lost:
        log.error("%d triggers of the lists were missing and are installed again", len(lost))
        with transaction.atomic():
            list_triggers.install(connection)


def _batches() -> Iterator[list[int]]:
    last = 0
    while ids := list(
        cases_to_list().filter(pk__gt=last).values_list("pk", flat=True)[: list_triggers.BATCH]
    ):
        yield ids
        last = ids[-1]


def _stored(case_ids: Sequence[int]) -> Rows:
    rows = ListedCase.objects.filter(case__in=case_ids).values_list(
        "case", "person", "place", "stage", "due", "own_due", "received_on", "region", "route",
        "vacant",
    )  # fmt: skip
    return {(case_id, person): (*values,) for case_id, person, *values in rows}


def _clocks_of(case_ids: Sequence[int]) -> dict[int, list[tuple[str, str, date]]]:
    """Return (name, detail, due local date) of the running clocks of each case."""
    clocks: dict[int, list[tuple[str, str, date]]] = defaultdict(list)
    rows = Deadline.objects.filter(
        case__in=case_ids, completed_on=None, paused_on=None, name__in=profiles.SHOWN
    )
    for row in rows.only("case_id", "name", "detail", "current_due"):
        clocks[row.case_id].append((row.name, row.detail, row.current_due))
    return clocks


def _true(case_ids: Sequence[int]) -> Rows:
    """Return the rows of these cases as the rule says.

    They are worked out from grants, clocks and exclusions.
    """
    roles: dict[tuple[int, int], set[str]] = defaultdict(set)
    held: dict[int, set[str]] = defaultdict(set)
    grants = CaseUserObjectPermission.objects.filter(content_object__in=case_ids)
    for case_id, person, role in grants.values_list(
        "content_object", "user", "permission__codename"
    ):
        roles[case_id, person].add(role)
        held[case_id].add(role)
    clocks = _clocks_of(case_ids)
    cases = {case.pk: case for case in cases_to_list().filter(pk__in=case_ids)}
    barred = barred_people_of(case_ids)
    found: Rows = {}
    for (case_id, person), own in roles.items():
        people = barred.get(case_id, ())
        is_barred = people is None or person in people
        facts = AccessFacts(cases[case_id], frozenset(own), frozenset(), is_barred)
        if facts.case.state != State.ARCHIVED and CaseAccess(facts).allows("read"):
            found[case_id, person] = _values(facts.case, own, held[case_id], clocks[case_id])
    return found


def _values(
    case: Case, own: set[str], held: set[str], clocks: Sequence[tuple[str, str, date]]
) -> Values:
    mine = [due for name, detail, due in clocks if not own.isdisjoint(_keepers(name, detail))]
    return (
        PLACES.get(case.state, Place.WORK).value,
        STAGE_NUMBERS[case.state],
        min((due for _, _, due in clocks), default=NO_DATE),
        min(mine, default=NO_DATE),
        case.received_on or NO_DATE,
        case.region,
        case.route,
        any(
            case.state in states and role not in held
            for role, states in list_triggers.NEEDED_IN.items()
        ),
    )


def _keepers(name: str, detail: str) -> set[str]:
    """Return the roles that must keep a clock."""
    if name == ClockName.OFFER:
        return {asked.value for role, asked in ASKED_FOR.items() if role == detail}
    return set(ANSWERS_FOR[name])
