"""Which database and broker the tests run on. A pytest plugin, and the runner behind `make test`.

As a plugin (`-p tests.services`) it is loaded before Django reads its settings, which a conftest is
not. `TEST_SERVICES=real` asks for PostgreSQL and Redis: the ones DATABASE_URL and REDIS_URL name,
or else private servers where the programs are installed. Without it the tests run on SQLite, unless
DATABASE_URL is set.

As a runner (`python -m tests.services`) it runs the suite on SQLite, browser tests included, and
then once more on PostgreSQL and Redis where there are any (contracts.md, `make test`).
"""

import atexit
import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.private_servers import (
    NotStarted,
    find_initdb,
    find_redis,
    start_postgres,
    start_redis,
)

NO_POSTGRES = "no PostgreSQL: set DATABASE_URL or install the postgresql package"
NO_REDIS = "no Redis: set REDIS_URL or install the redis-server package"
NO_CHROMIUM = "no Chromium: install the chromium package, or set CHROMIUM to the program"
NOT_THIS_PASS = "only on PostgreSQL and Redis: run make test, or set TEST_SERVICES=real"
SECOND_PASS = "TEST_SECOND_PASS"
"""Set in the second pass, which repeats what the database itself has a say in."""
LONGEST = (
    "tests/production/test_kill.py",
    "tests/production/test_load_and_faults.py",
    "tests/demo/",
    "tests/attacks/test_urls.py",
    "tests/architecture/test_add_a_step.py",
    "tests/operations/test_pseudonym_migration.py",
    "tests/reports/",
    "tests/attacks/",
    "tests/browser/",
    "tests/production/",
)
"""What takes or waits for a minute or more: it begins first, so that it is no long end."""
LIGHTEST = "tests/architecture/"
"""Many short tests: they come last, and fill the end of each worker alike."""
AGAIN = (
    "tests/access/test_any_spelling.py::test_the_person_named_never_reads",
    "tests/access/test_names.py::test_the_same_holds",
    "tests/access/test_property.py::test_a_list_holds",
    "tests/access/test_property.py::test_the_four_answers",
    "tests/access/test_property.py::test_the_answers_are_one_for_everyone[INVESTIGATION]",
    "tests/operations/test_backups.py",
    "tests/audit/test_trail_heads.py",
    "tests/deadlines/test_escalation.py",
    "tests/operations/test_restore.py",
    "tests/deadlines/test_sweep.py",
    "tests/audit/test_trail.py",
    "tests/notifications/",
    "tests/production/",
    "tests/attacks/test_no_trace.py",
    "tests/attacks/test_thief.py",
    "tests/encryption/",
    "tests/evidence/test_sealed_files.py",
    "tests/retention/",
    "tests/reports/test_facts.py",
    "tests/reports/test_builders.py",
    "tests/reports/test_fairness.py",
    "tests/reports/test_timeliness.py",
    "tests/reports/test_training_and_satisfaction.py",
    "tests/reports/test_asking.py",
    "tests/reports/test_characteristics.py::test_only_a_copy",
    "tests/monitoring/test_about_you.py",
    "tests/surveys/test_batches.py",
    "tests/cases/test_concurrency.py",
    "tests/stories/test_road.py",
    "tests/surveys/test_survey.py",
    "tests/workflow/test_trail.py",
)
"""Where the database itself has a say: locks, chains, rights in SQL, sealed columns, counting.

The second pass repeats these, and whatever is marked postgres or redis. TEST_ALL=1 repeats all.
"""
PRIVATE_REDIS = "TEST_REDIS_IS_PRIVATE"
"""Set beside REDIS_URL where this run started the server, and no one else has anything on it."""
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Service:
    """How one service was come by (given, private, or none), and why not, where there is none."""

    kind: str
    why: str = ""


def is_worker() -> bool:
    """Whether this is a worker of pytest-xdist: it uses the servers the controller started."""
    return "PYTEST_XDIST_WORKER" in os.environ


def has_database() -> bool:
    """Whether the environment names a PostgreSQL database."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def has_redis() -> bool:
    """Whether the environment names a Redis server."""
    return bool(os.environ.get("REDIS_URL"))


def find_chromium() -> str | None:
    """The Chromium the browser tests drive: CHROMIUM, or the one on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("google-chrome")


def find_headless() -> str | None:
    """The same Chromium without its windows, which needs a quarter less time; else the whole one.

    It keeps no page in memory for "Back", and follows no press of "Exit this page": those tests
    ask for the whole browser.
    """
    return os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or find_chromium()


def start_private(variable: str, start: Callable[[str], str], program: str) -> Service:
    """Start a private server and name it in the environment, where workers and Django find it."""
    try:
        os.environ[variable] = start(program)
    except NotStarted as reason:
        return Service("none", f"{Path(program).name} did not start: {reason}")
    return Service("private")


def settle_database() -> Service:
    """The PostgreSQL of this run."""
    program = find_initdb()
    if has_database():
        return Service("given")
    if program is None:
        return Service("none", NO_POSTGRES)
    if is_worker() or os.environ.get("TEST_SERVICES") != "real":
        return Service("none", NOT_THIS_PASS)
    return start_private("DATABASE_URL", start_postgres, program)


def settle_redis() -> Service:
    """The Redis of this run."""
    program = find_redis()
    if has_redis():
        return Service("given")
    if program is None:
        return Service("none", NO_REDIS)
    if is_worker() or os.environ.get("TEST_SERVICES") != "real":
        return Service("none", NOT_THIS_PASS)
    os.environ[PRIVATE_REDIS] = "yes"
    return start_private("REDIS_URL", start_redis, program)


def take_own_redis() -> None:
    """Each worker has a database of the private server to itself: emptying a cache empties all."""
    url, number = os.environ.get("REDIS_URL", ""), os.environ["PYTEST_XDIST_WORKER"]
    if os.environ.get(PRIVATE_REDIS) and number[2:].isdecimal():
        os.environ["REDIS_URL"] = f"{url.rpartition('/')[0]}/{int(number[2:]) % 15 + 1}"


def prepare_environment() -> None:
    """Give the run its own folder, and put Django's settings into test mode."""
    os.environ["FAIRHEARING_MODE"] = "test"
    # The browser tests use Django's ORM beside Playwright, which keeps an event loop running.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    if is_worker():
        take_own_redis()
        return
    folder = tempfile.mkdtemp(prefix="fair-hearing-test-")
    os.environ["DATA_DIR"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # Without this a SIGTERM would end the process before the private servers are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def name_services(database: Service, redis: Service) -> str:
    """One line that says which services the run uses, and why one is missing."""
    store = f"PostgreSQL ({database.kind})" if has_database() else "SQLite"
    broker = f"Redis ({redis.kind})" if has_redis() else "no Redis"
    reasons = sorted({service.why for service in (database, redis) if service.why})
    return f"{store}, {broker}" + (f" [{'; '.join(reasons)}]" if reasons else "")


class Plugin:
    """What pytest asks of this run: its fixtures, its skips and its last lines."""

    def __init__(self) -> None:
        prepare_environment()
        self.database = settle_database()
        self.redis = settle_redis()

    def pytest_report_header(self) -> str:
        return f"services: {name_services(self.database, self.redis)}"

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        if os.environ.get(SECOND_PASS):
            apart = [item for item in items if not meets_services(item)]
            items[:] = [item for item in items if meets_services(item)]
            config.hook.pytest_deselected(items=apart)
        items.sort(key=turn_of)
        missing: dict[str, str] = {}
        if not has_database():
            missing["postgres"] = self.database.why
        if not has_redis():
            missing["redis"] = self.redis.why
        if find_chromium() is None:
            missing["browser"] = NO_CHROMIUM
        for item in items:
            # The marks, not the keywords: a parameter called "redis" is a keyword as well.
            for mark in missing.keys() & {own.name for own in item.iter_markers()}:
                item.add_marker(pytest.mark.skip(reason=missing[mark]))

    def pytest_collection_finish(self) -> None:
        # What was collected lives to the end. Looking through it again and again took an eighth of
        # the processor time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(200_000, 50, 100)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("services")
        terminalreporter.write_line("Ran on " + name_services(self.database, self.redis))
        browser = find_headless() or NO_CHROMIUM
        terminalreporter.write_line(f"Browser: {browser}")
        skipped = len(terminalreporter.stats.get("skipped", []))
        terminalreporter.write_line(f"Skipped: {skipped}")
        for report in terminalreporter.stats.get("passed", []):
            for name, value in report.user_properties:
                if name == "counts":
                    terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")


def turn_of(item: pytest.Item) -> int:
    """Where a test stands in the order of the run: what takes long first."""
    for turn, place in enumerate(LONGEST):
        if item.nodeid.startswith(place):
            return turn
    return len(LONGEST) + item.nodeid.startswith(LIGHTEST)


def meets_services(item: pytest.Item) -> bool:
    """Whether PostgreSQL or Redis could tell this test something that SQLite did not."""
    asked = any(map(item.get_closest_marker, ("postgres", "redis")))
    fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    again = os.environ.get("TEST_ALL") or item.nodeid.startswith(AGAIN)
    return asked or bool(again and (fixtures or item.get_closest_marker("django_db")))


def chromium_launch_args(program: str | None) -> dict[str, Any]:
    """What playwright needs to start this Chromium."""
    return {"executable_path": program, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A PostgreSQL server's URL. Ask for it in tests marked `postgres`: the others have none."""
    return os.environ["DATABASE_URL"]


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis server's URL. Ask for it in tests marked `redis`: the others have none."""
    return os.environ["REDIS_URL"]


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Settle the services, outside of pytest-django's own hook: it reads Django's settings."""
    early_config.pluginmanager.register(Plugin(), "fair-hearing-services")
    return (yield)


def has_services() -> bool:
    """Whether a second pass, on PostgreSQL or Redis, can be made."""
    database, redis = has_database() or find_initdb(), has_redis() or find_redis()
    return bool(database or redis)


def run_pass(title: str, marks: str, environment: dict[str, str], arguments: list[str]) -> int:
    """Run the suite once; the exit code is pytest's."""
    # In the second pass many tests wait for servers they kill, so that three workers have room.
    usual = "3" if SECOND_PASS in environment else "2"
    workers = os.environ.get("TEST_WORKERS", usual)
    # A file stays with one worker: what it builds for its tests, a demonstration above all, is
    # built once. In the second pass single tests are long: what one has not begun, another takes.
    whole_files = ["loadfile", "--no-loadscope-reorder"]
    share = ["worksteal"] if SECOND_PASS in environment else whole_files
    spread = ["-n", workers, "--dist", *share]
    command = [sys.executable, "-m", "pytest", "-q", *spread, "-m", marks, *arguments]
    sys.stdout.write(f"\n{title}\n")
    sys.stdout.flush()
    with subprocess.Popen(command, env=environment) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to pytest as well
        return process.wait()


def run_suite(arguments: list[str]) -> int:
    """Run the suite on SQLite, then on PostgreSQL and Redis where there are any."""
    given = dict(os.environ)
    plain = {k: v for k, v in given.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    if not has_services():
        return run_pass("Tests on SQLite, the only pass here", "", plain, arguments)
    code = run_pass("Tests, pass 1 of 2: SQLite", "not postgres and not redis", plain, arguments)
    if code:
        return code
    real = {**given, "TEST_SERVICES": "real", SECOND_PASS: "yes"}
    marks = "not browser or postgres or redis"
    # The habits read source files and templates: a second database tells them nothing new.
    again = [*arguments, "--ignore=tests/architecture"]
    return run_pass("Tests, pass 2 of 2: PostgreSQL and Redis", marks, real, again)


if __name__ == "__main__":
    sys.exit(run_suite(sys.argv[1:]))
