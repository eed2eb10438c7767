"""Measure an import of 66,000 people beside one bulk SQL load.

Source: issue 16, Speed. The load copies the same lines of the file, and writes the same rows and
one event for each change in a few statements. It compares nothing and hashes nothing.
"""

import csv
import io
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from unittest.mock import patch

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from bench.clones import analyse
from bench.table import Line
from grievances.cases.models.case import Case
from grievances.cases.models.parties import add_party
from grievances.casework.appointments import keep_lines_apart
from grievances.demo.many_cases.concerns import make_concerns
from grievances.people.models import LineManagement, Unit, User
from grievances.staff_directory import consequences, imports
from grievances.staff_directory.comparison import Choices
from grievances.staff_directory.consequences import Effects
from grievances.staff_directory.imports import Import, Report
from grievances.staff_directory.plan import Touched
from grievances.staff_directory.staff_file.layout import Layout
from grievances.vocabulary import Standing
from tests.factories.people import assemble

SIZES = {"small": (6_600, 2_000, 30), "full": (66_000, 20_000, 1_000)}
"""People, changes, and open cases."""
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
MOST_MEGABYTES = 300
TEAM = 10

BARE = (
    "CREATE TEMP TABLE loaded (username text, name text, email text, unit text, grade int,"
    " manager text) ON COMMIT DROP",
    "UPDATE grievances_user u SET unit_id = n.id, grade = l.grade FROM loaded l"
    " JOIN grievances_unit n ON n.code = l.unit WHERE u.username = l.username"
    " AND u.unit_id <> n.id",
    "CREATE TEMP TABLE moved ON COMMIT DROP AS SELECT m.id, m.person_id, b.id AS manager_id"
    " FROM loaded l JOIN grievances_user u ON u.username = l.username"
    " JOIN grievances_user b ON b.username = l.manager"
    " JOIN grievances_linemanagement m ON m.person_id = u.id AND m.to_date IS NULL"
    " WHERE m.manager_id <> b.id",
    "UPDATE grievances_linemanagement m SET to_date = '2026-11-29' FROM moved"
    " WHERE m.id = moved.id",
    "INSERT INTO grievances_linemanagement (person_id, manager_id, from_date)"
    " SELECT person_id, manager_id, '2026-11-30' FROM moved",
    "INSERT INTO grievances_event"
    " (chain, seq, at, actor, role, kind, subject, data, key, prev, digest)"
    " SELECT 'bare', row_number() OVER (), now(), 'system', 'directory', 'directory.changed',"
    " md5(username), '{\"what\": [\"unit\"]}'::jsonb, 'bare:' || id, repeat('0', 64), md5(username)"
    " FROM grievances_user ORDER BY id LIMIT %s",
)


def measure(scale: str) -> list[Line]:
    """Return the lines of the benchmark."""
    people, changes, cases = SIZES[scale]
    assemble()
    _fill_directory(people)
    _fill_cases(cases)
    analyse()
    content = _file(people, changes)
    job = Import(content, Layout(), NOW.date(), Choices(keep_missing=True))
    bare = _timed(lambda: _load(content, changes))
    dry, report = _timed_report(lambda: imports.dry_run(job, now=NOW))
    assert report.people == changes, (report.people, changes)
    conflicts = 0.0

    def follow(touched: Touched, now: datetime) -> Effects:
        nonlocal conflicts
        began = perf_counter()
        effects = consequences.follow(touched, now)
        conflicts = (perf_counter() - began) * 1000
        return effects

    with patch.object(imports, "follow", follow):
        done, _ = _timed_report(lambda: imports.apply(job, actor="system", now=NOW))
    tracemalloc.start()
    imports.dry_run(job, now=NOW + timedelta(minutes=1))
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    words = f"{people:,} people with {changes:,} changes"
    return [
        Line(f"Import of {words}", done, "one bulk SQL load of them", bare, 3),
        Line(f"Dry run of {words}", dry, "the import", done, 1.1),
        Line(f"Conflicts of {cases:,} open cases", conflicts, "the rest of the import",
             done - conflicts, 0.5),
        Line(f"Memory of a dry run of {people:,} people", peak, "the limit", MOST_MEGABYTES, 1,
             "MiB"),
    ]  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def _timed_report(work: Callable[[], Report]) -> tuple[float, Report]:
    began = perf_counter()
    report = work()
    return (perf_counter() - began) * 1000, report


def _fill_directory(people: int) -> None:
    units = Unit.objects.bulk_create(
        Unit(code=f"U{n:04}", name=f"Unit {n}", region="NORTH") for n in range(people // 60 + 2)
    )
    password = make_password(None)
    rows = User.objects.bulk_create(
        (
            User(username=f"p{n:06}", name=f"Person {n}", email=f"p{n}@example.org",
                 unit=units[n // 60], grade=n % 9 + 1, password=password)
            for n in range(people)
        ),
        batch_size=2000,
    )  # fmt: skip
    LineManagement.objects.bulk_create(
        (
            LineManagement(person=rows[n], manager=rows[n // TEAM], from_date=date(2024, 1, 1))
            for n in range(1, people)
        ),
        batch_size=2000,
    )


def _fill_cases(cases: int) -> None:
    make_concerns(cases, NOW, 1, lambda share: None)
    people = list(User.objects.filter(username__startswith="p").order_by("pk")[: cases * 6])
    for case, person in zip(Case.unguarded.order_by("pk"), people[::6], strict=False):
        add_party(case, Standing.RESPONDENT, person.pk)
    # What a night does of itself must not count as the work of the import.
    keep_lines_apart(NOW)


def _file(people: int, changes: int) -> bytes:
    """Return the directory as a file in which every third person moves."""
    text, left = io.StringIO(), changes
    out = csv.writer(text)
    out.writerow(["User name", "Name", "Email", "Unit", "Grade", "Line manager"])
    for n in range(people):
        unit, manager = n // 60, n // TEAM if n else None
        if n >= people // 20 and n % 3 == 0 and left:
            left -= 1
            if n % 2:
                unit += 1
            else:
                manager = n // TEAM - 1 if n // TEAM else n // TEAM + 1
        out.writerow([
            f"p{n:06}", f"Person {n}", f"p{n}@example.org", f"U{unit:04}", n % 9 + 1,
            "" if manager is None else f"p{manager:06}",
        ])  # fmt: skip
    assert not left, f"{left} changes do not fit"
    return text.getvalue().encode()


def _load(content: bytes, changes: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BARE[0])
        with cursor.copy("COPY loaded FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(content)
        for statement in BARE[1:-1]:
            cursor.execute(statement)
        cursor.execute(BARE[-1], [changes])
        transaction.set_rollback(True)
