"""Measure the reports: a snapshot, each aggregate beside bare SQL, and the growth.

The growth is that of cost with size. Runs on its own private PostgreSQL. SQL makes the concerns:
spread over five years, 30% open, every fifth person with a second concern, nine clocks on each.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator

from bench.table import Line
from tests.private_servers import find_initdb, start_postgres

SIZES = {
    "small": (10_000, 100_000),
    "large": (10_000, 100_000),
    "full": (100_000, 1_000_000),
}
SECONDS = {10_000: 15.0, 100_000: 15.0, 1_000_000: 60.0}
"""The goals of a snapshot of all reports of one year, charts included, in seconds."""
MEGABYTES = 500.0
ROUNDS = 3
OPENED_MS = 25.0

MAKE = """
SET session_replication_role = replica;
INSERT INTO grievances_case (id, reference, state, return_states, turn, identity, route, division,
    region, episode, asked_informal, fast_track, legal_hold, created_at, touched_on, received_at,
    received_on, meeting_declined, returns, remits, outcome, outcome_on, hold_reason, pressure,
    contact_attempts, closed_on, close_reason)
SELECT n, lpad(n::text, 9, '0'), CASE WHEN n % 10 < 3 THEN 'TRIAGE' ELSE 'CLOSED' END, '[]', 0,
    (ARRAY['OPEN', 'CONFIDENTIAL', 'ANONYMOUS'])[1 + n % 3],
    (ARRAY['FORMAL', 'FORMAL', 'INFORMAL', 'MEDIATION'])[1 + n % 4], 'ENG_WLS',
    (ARRAY['NORTH', 'MIDLANDS', 'SOUTH', 'LONDON', 'WALES'])[1 + n % 5], 1, false, false, false,
    now(), d, now(), d, false, 0, 0,
    CASE WHEN n % 10 < 3 THEN '' ELSE (ARRAY['UPHELD', 'PARTLY', 'NOT_UPHELD'])[1 + n % 3] END,
    CASE WHEN n % 10 < 3 THEN NULL ELSE d + (20 + n % 90)::int END, '', '', 0,
    CASE WHEN n % 10 < 3 THEN NULL ELSE d + (40 + n % 90)::int END,
    CASE WHEN n % 10 < 3 THEN '' ELSE 'finding' END
FROM (SELECT n, DATE '2018-04-01' + (n::bigint * 7919 % 1826)::int AS d
      FROM generate_series(1, {size}) AS n) AS made;
INSERT INTO grievances_party (case_id, standing, handle, sealed_person, contact, sealed_address)
SELECT n, 'COMPLAINANT', md5('c' || (CASE WHEN n % 5 = 0 THEN n / 5 ELSE n END)), '', 'PORTAL', ''
FROM generate_series(1, {size}) AS n;
INSERT INTO grievances_party (case_id, standing, handle, sealed_person, contact, sealed_address)
SELECT n, 'RESPONDENT', md5('r' || n / 2), '', 'PORTAL', '' FROM generate_series(1, {size}) AS n;
INSERT INTO grievances_allegation (case_id, number, tag, finding)
SELECT n, 1, (ARRAY['DIRECT', 'HARASSMENT', 'INDIRECT', ''])[1 + n % 4], ''
FROM generate_series(1, {size}) AS n;
INSERT INTO grievances_deadline (case_id, name, detail, episode, anchor_on, started_on,
    original_due, current_due, paused_wd, extended_wd, completed_on, breached, level, last_rung,
    next_rung, clock)
SELECT c.id, k.name, '', 1, c.received_on, c.received_on, c.received_on + k.days,
    c.received_on + k.days, 0, 0,
    CASE WHEN c.closed_on IS NULL AND k.days > 20 THEN NULL
         ELSE c.received_on + k.days + (c.id % 4)::int - 2 END, false, 0, '', '', '{{}}'
FROM grievances_case c, (VALUES ('ACK', 3), ('TRIAGE', 5), ('ALLOCATION', 10), ('MEETING', 20),
    ('INVESTIGATION', 40), ('DECISION', 50), ('OVERALL', 60), ('UPDATE', 14)) AS k (name, days);
SET session_replication_role = origin;
ANALYZE;
"""
"""SQL that makes concerns without the checks of foreign keys.

Those would take longer than all that is measured.
"""
YEAR = "2022-23"


def measure(scale: str) -> Iterable[Line]:
    """Yield lines for two sizes and the growth between them.

    Needs PostgreSQL's programs; without them there are none.
    """
    initdb = find_initdb()
    if initdb is None:
        return
    small, large = SIZES[scale]
    figures = {size: _measure_size(initdb, size) for size in (small, large)}
    for size, found in figures.items():
        yield from _lines(size, found)
    grown = figures[large]["facts_s"] / max(figures[small]["facts_s"], 1e-9)
    yield Line(
        f"Facts and counts, {large:,} concerns against {small:,}",
        grown,
        "as many times as there are more concerns",
        large / small,
        1.3,
        "times",
    )


def _lines(size: int, found: dict[str, float]) -> Iterator[Line]:
    yield Line(
        f"All reports of a year, charts included, {size:,} concerns",
        found["all_s"],
        "the goal",
        SECONDS[size],
        1,
        "s",
    )
    yield Line(
        f"Memory of the process that makes them, {size:,} concerns",
        found["peak_mb"],
        "the goal",
        MEGABYTES,
        1,
        "MB",
    )
    yield Line(f"Open a report, {size:,} concerns", found["open_ms"], "the goal", OPENED_MS, 1)
    # Below this size both sides end before the clock can tell them apart.
    for name in AGGREGATES if size >= 100_000 else ():
        yield Line(
            f"{name}, {size:,} concerns",
            found[f"{name} ours"],
            "bare SQL for the same counts",
            found[f"{name} bare"],
            3,
        )


def _measure_size(initdb: str, size: int) -> dict[str, float]:
    """Make a server with this many concerns, and measure in a separate process.

    Returns:
        The figures, by their names.
    """
    url = start_postgres(initdb)
    environment = {**os.environ, "DATABASE_URL": url, "FAIRHEARING_MODE": "test"}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "BENCH_SIZE": str(size)}
    done = subprocess.run(
        [sys.executable, "-m", "bench.reports_child"],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


AGGREGATES: dict[str, tuple[str, str]] = {
    "Concluded by route and ending": ("route", "ending"),
    "Concluded by region and ending": ("region", "ending"),
}


def median_ms(times: list[float]) -> float:
    """Return the median of times in seconds, in milliseconds."""
    return 1000 * statistics.median(times)


def seconds_of(call: Callable[[], object]) -> float:
    """Return how long a call takes, in seconds."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def peak_mb() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
