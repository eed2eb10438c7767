"""`make bench`: run every part on a private PostgreSQL and print the ratios.

A part is a module with `measure(scale)`, which finds an empty, migrated database. Each runs in its
own process, so that what one keeps in memory does not count against another.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from io import StringIO

import django
from django.core.management import call_command

from bench.performance_page import write_page
from bench.table import Line, draw
from tests.private_servers import NotStarted, find_initdb, start_postgres

PARTS = (
    "over_http",
    "steps",
    "staff_file",
    "sweep",
    "outbox",
    "reports",
    "pictures",
    "sign_in",
    "crowd",
    "nine_o_clock",
)


def run_part(name: str, scale: str) -> list[Line]:
    """Return the lines of one part, measured in its own process.

    Raises CalledProcessError when it fails.
    """
    command = [sys.executable, "-m", "bench", name]
    environment = {**os.environ, "BENCH_SCALE": scale}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [Line(**fields) for fields in json.loads(done.stdout.splitlines()[-1])]


def measure_here(name: str, scale: str) -> int:
    """Run one part in this process: start a private server, make the tables, measure.

    Returns:
        The exit code: 1 without PostgreSQL. The figures are printed as JSON.
    """
    program = find_initdb()
    if program is None:
        print("The benchmark needs PostgreSQL: install the postgresql package.", file=sys.stderr)
        return 1
    try:
        url = start_postgres(program, durable=True)
    except NotStarted as reason:
        print(f"PostgreSQL did not start: {reason}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="fair-hearing-bench-") as folder:
        os.environ.update(DATABASE_URL=url, FAIRHEARING_MODE="test", DATA_DIR=folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        django.setup()
        for command in ("migrate", "load_policy", "load_holidays"):
            call_command(command, verbosity=0, stdout=StringIO())
        part = importlib.import_module(f"bench.{name}")
        print(json.dumps([asdict(line) for line in part.measure(scale)]))
    return 0


def main() -> int:
    """Run the part that is named, or all of them.

    All of them are written to their page, which names the parts that failed.

    Returns:
        The exit code.
    """
    scale = os.environ.get("BENCH_SCALE", "small")
    if len(sys.argv) > 1:
        return measure_here(sys.argv[1], scale)
    lines, failed = [], []
    for name in PARTS:
        print(f"Measuring: {name} ({scale}) ...", file=sys.stderr, flush=True)
        try:
            lines += run_part(name, scale)
        except subprocess.CalledProcessError:
            failed.append(name)
    write_page(lines, failed, scale, datetime.now(UTC).astimezone().date())
    print(draw(lines))
    return 1 if failed else 0


sys.exit(main())
