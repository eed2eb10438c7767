"""The fact table that reports count, filled by the database as of one local date.

No case is loaded: the database selects what it inserts. Reports read the rows through `counting`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import F, Min

from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import HoldPeriod
from grievances.cases.models.parties import people_by_case
from grievances.monitoring.codes import NOT_ANSWERED
from grievances.monitoring.statistics import State, read_declared, read_states
from grievances.people.models import User
from grievances.policy import profiles
from grievances.reports.fact_models import (
    CaseFact,
    FrequentRespondent,
    FrequentUnit,
    WorkingDay,
)
from grievances.vocabulary import Standing
from workflow.calendar import Calendar

CASES = Case._meta.db_table
FACTS = CaseFact._meta.db_table
DAYS = WorkingDay._meta.db_table
BATCH = 2_000
ROOM = "64MB"
"""The memory that PostgreSQL may use for each sort and each table of sums.

A million rows stay in memory.
"""
ASKED, APART = "ASKED", "APART"
"""Codes in place of an ethnic group.

ASKED: the person was asked and gave no answer. APART: the answer is kept with no link to the case.
"""
CHARACTERISTIC_OF = {
    "ethnic_group": "ethnic_group",
    "sex": "sex",
    "age_band": "age",
    "religion": "religion",
    "disability": "disability",
}
"""The columns for what people said of themselves, and the question of each."""
FREQUENT = 3
"""Concerns about one person from which that person may dominate a shown figure."""

FILL = f"""
INSERT INTO {FACTS} (case_id, person, received_on, ended_on, closed_on, appealed_on, ending,
    close_reason, route, region, division, identity, came_by, tag, hold_reason, pressure,
    fast_track, gross_days, net_days, ethnic_group, sex, age_band, religion, disability)
WITH known AS (
    SELECT c.id, c.received_on, c.closed_on, c.appealed_on, c.outcome, c.outcome_on, c.route,
        c.region, c.division, c.identity, c.came_by, c.pressure, c.fast_track,
        CASE WHEN c.outcome_on <= %(until)s THEN c.outcome_on
             WHEN c.outcome_on IS NULL AND c.closed_on <= %(until)s THEN c.closed_on END AS over_on,
        CASE WHEN c.closed_on <= %(until)s THEN c.close_reason ELSE '' END AS reason
    FROM {CASES} c
    WHERE c.received_on <= %(until)s AND c.state <> 'DRAFT'
        AND c.close_reason <> 'duplicate_merged'
), pauses AS (
    SELECT h.case_id, h.reason, h.from_on,
        CASE WHEN h.until_on < COALESCE(k.over_on, %(until)s) THEN h.until_on
             ELSE COALESCE(k.over_on, %(until)s) END AS to_on,
        CASE WHEN h.from_on <= %(until)s AND k.over_on IS NULL
             AND (h.until_on IS NULL OR h.until_on > %(until)s) THEN 1 ELSE 0 END AS running
    FROM {HoldPeriod._meta.db_table} h JOIN known k ON k.id = h.case_id
), paused AS (
    SELECT p.case_id,
        SUM(CASE WHEN e.number > b.number THEN e.number - b.number ELSE 0 END) AS days,
        MAX(CASE WHEN p.running = 1 THEN p.reason ELSE '' END) AS reason
    FROM pauses p JOIN known k ON k.id = p.case_id
    JOIN {DAYS} b ON b.division = k.division AND b.day = p.from_on
    JOIN {DAYS} e ON e.division = k.division AND e.day = p.to_on
    GROUP BY p.case_id
), tags AS (
    SELECT a.case_id, a.tag FROM grievances_allegation a
    JOIN (SELECT case_id, MIN(number) AS number FROM grievances_allegation
          WHERE tag <> '' GROUP BY case_id) b ON b.case_id = a.case_id AND b.number = a.number
)
SELECT k.id, k.id, k.received_on, k.over_on,
    CASE WHEN k.closed_on <= %(until)s THEN k.closed_on END,
    CASE WHEN k.appealed_on <= %(until)s THEN k.appealed_on END,
    CASE WHEN k.over_on IS NULL THEN 'OPEN'
         WHEN k.over_on = k.outcome_on THEN k.outcome
         WHEN k.reason IN ('resolved_informally', 'resolved_mediation') THEN 'AGREED'
         WHEN k.reason = 'withdrawn' THEN 'WITHDRAWN'
         WHEN k.reason = 'redirected' THEN 'REDIRECTED'
         ELSE 'OTHER' END,
    k.reason, k.route, k.region, k.division, k.identity, k.came_by, COALESCE(t.tag, ''),
    COALESCE(p.reason, ''), CASE WHEN k.reason = 'withdrawn' THEN k.pressure ELSE '' END,
    k.fast_track, e.number - b.number,
    CASE WHEN e.number - b.number > COALESCE(p.days, 0)
         THEN e.number - b.number - COALESCE(p.days, 0) ELSE 0 END, '', '', '', '', ''
FROM known k
JOIN {DAYS} b ON b.division = k.division AND b.day = k.received_on
JOIN {DAYS} e ON e.division = k.division AND e.day = COALESCE(k.over_on, %(until)s)
LEFT JOIN paused p ON p.case_id = k.id
LEFT JOIN tags t ON t.case_id = k.id
"""  # noqa: S608 - names of our own tables
"""A decision before the closing ends a concern. An erased case still counts."""


@transaction.atomic
def rebuild(until: date) -> None:
    """Rebuild the table as of the end of the local date `until`.

    Later events are not in it. Until `forget_people` the table holds which concerns are of one
    person. Raises NoPolicy when no bank holidays are loaded, and CalendarEnds when they do not
    reach `until`.
    """
    take_room()
    number_days(until)
    with connection.cursor() as cursor:
        for table in (FrequentRespondent, FrequentUnit):
            cursor.execute(f"DELETE FROM {table._meta.db_table}")  # noqa: S608 - our own
        cursor.execute(f"DELETE FROM {FACTS}")  # noqa: S608 - our own
        cursor.execute(FILL, {"until": until.isoformat()})
    _number_people()
    _count_respondents()
    _analyse(FACTS)


def forget_people() -> None:
    """Take out of the table which concerns have the same complainant or respondent.

    Between reports a copy of the database does not show it.
    """
    FrequentRespondent.objects.all().delete()
    FrequentUnit.objects.all().delete()
    CaseFact.objects.exclude(person=F("case_id")).update(person=F("case_id"))


@contextmanager
def people_together() -> Iterator[None]:
    """Number the people while one question is counted.

    It is in the caller's transaction, and is rolled back at the end.
    """
    mark = transaction.savepoint()
    try:
        _number_people()
        yield
    finally:
        transaction.savepoint_rollback(mark)


def _number_people() -> None:
    """Give the concerns of one complainant one number: the lowest id of their cases."""
    cases_of: dict[int, list[int]] = defaultdict(list)
    for case_id, _, person_id in people_by_case(Standing.COMPLAINANT):
        cases_of[person_id].append(case_id)
    pairs = [
        (min(cases), case_id)
        for cases in cases_of.values()
        if len(cases) > 1
        for case_id in cases
        if case_id != min(cases)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {FACTS} SET person = %s WHERE case_id = %s", pairs)  # noqa: S608


def _count_respondents() -> None:
    """Store the respondents of so many concerns that one may dominate a figure.

    Units whose people are named in as many concerns are stored as well.
    """
    about: dict[int, list[tuple[int, int]]] = defaultdict(list)
    in_unit: dict[int, set[int]] = defaultdict(set)
    counted = set(CaseFact.objects.values_list("case_id", flat=True))
    unit_of = dict(User.objects.filter(unit__isnull=False).values_list("pk", "unit_id"))
    for case_id, party_id, person_id in people_by_case(Standing.RESPONDENT):
        if case_id in counted:
            about[person_id].append((party_id, case_id))
            in_unit[unit_of.get(person_id, 0)].add(case_id)
    FrequentRespondent.objects.bulk_create(
        (
            FrequentRespondent(fact_id=case_id, respondent=min(rows)[0])
            for rows in about.values()
            if len(rows) >= FREQUENT
            for _, case_id in rows
        ),
        batch_size=BATCH,
    )
    _store_units(in_unit)


def _store_units(in_unit: Mapping[int, set[int]]) -> None:
    """Store the units whose people are named in so many concerns; 0 is no unit."""
    FrequentUnit.objects.bulk_create(
        (
            FrequentUnit(fact_id=case_id, unit=unit)
            for unit, cases in in_unit.items()
            if unit and len(cases) >= FREQUENT
            for case_id in sorted(cases)
        ),
        batch_size=BATCH,
    )


def take_room() -> None:
    """Let the database sort and add in memory until the caller's transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL work_mem = '{ROOM}'")


@contextmanager
def characteristics() -> Iterator[None]:
    """Fill in what people said of themselves while a report is counted.

    It is stored sealed and separate from the cases (domain.md 7). Only a copy of the table has it
    unsealed: a temporary one, which no other session can see, and which is in no log and no backup
    of the database. It takes the place of the table until the block ends, within a transaction.
    """
    with _copy_of_facts():
        for column, said in _said().items():
            for code, case_ids in said.items():
                for start in range(0, len(case_ids), BATCH):
                    facts = CaseFact.objects.filter(case_id__in=case_ids[start : start + BATCH])
                    facts.update(**{column: code})
        yield


@contextmanager
def _copy_of_facts() -> Iterator[None]:
    """Put a temporary copy in the place of the table.

    A transaction that fails takes it away.
    """
    table, own = ("main.", "temp.") if connection.vendor == "sqlite" else ("", "pg_temp.")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {FACTS} AS SELECT * FROM {table}{FACTS}")  # noqa: S608
        # The index is made in the place of its table: SQLite wants it named, PostgreSQL does not.
        place = own if connection.vendor == "sqlite" else ""
        cursor.execute(f"CREATE UNIQUE INDEX {place}copy_of_facts ON {FACTS} (case_id)")
    _analyse(FACTS)
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {own}{FACTS}")


def _said() -> dict[str, dict[str, list[int]]]:
    """Return the cases of each code of each column of `CHARACTERISTIC_OF`."""
    found: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in CHARACTERISTIC_OF}
    for case_id, codes in read_declared().items():
        for column, question in CHARACTERISTIC_OF.items():
            code = codes.get(question, NOT_ANSWERED)
            if code != NOT_ANSWERED:
                found[column][code].append(case_id)
            elif column == "ethnic_group":
                found[column][ASKED].append(case_id)
    apart = [case_id for case_id, state in read_states().items() if state == State.APART]
    found["ethnic_group"][APART] = apart
    return found


def first_received() -> date | None:
    """Return the local date on which the first concern was received, or None."""
    first: date | None = Case.unguarded.aggregate(day=Min("received_on"))["day"]
    return first


def number_days(until: date) -> None:
    """Number the working days from the first concern to the local date `until`.

    Each division in use has its own numbers.
    """
    first = first_received()
    if first is None:
        return
    WorkingDay.objects.all().delete()
    for division in (
        Case.unguarded.order_by("division").values_list("division", flat=True).distinct()
    ):
        rows = _numbered(profiles.calendar(division), division, first, until)
        WorkingDay.objects.bulk_create(rows, batch_size=2_000)
    _analyse(DAYS)


def _analyse(table: str) -> None:
    """Let PostgreSQL analyse a table that was just filled.

    Its estimates are bad until it does.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {table}")


def _numbered(calendar: Calendar, division: str, first: date, last: date) -> Iterable[WorkingDay]:
    start = first - timedelta(days=1)
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        yield WorkingDay(division=division, day=day, number=calendar.between(start, day))
