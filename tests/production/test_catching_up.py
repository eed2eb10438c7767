"""A machine that was off for a week does its daily work within minutes, however it is run."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grievances import tasks
from grievances.operations.daily_work import BEGUN, DONE
from tests.private_servers import choose_port
from tests.processes import await_true, make_environment, start, stop
from tests.production.test_compose import list_commands
from tests.production.test_operator_walk import Machine

pytestmark = pytest.mark.slow

WEEK = timedelta(days=8)
SECONDS = 240
"""The most that catching up may take here, on two busy cores."""


def organisation(folder: Path, more: dict[str, str]) -> Machine:
    """An organisation whose machine was last on a week ago."""
    machine = Machine(folder, {"SWEEP_SECONDS": "2", "BACKUP_DIR": "", **more})
    machine.run(("migrate", "--verbosity=0"), ("load_policy",), ("load_holidays",))
    rows = [prefix + job.name for job in tasks.DAILY for prefix in (BEGUN, DONE)] + ["clocks"]
    with closing(sqlite3.connect(folder / "fair-hearing.sqlite3")) as session:
        then = (datetime.now(UTC) - WEEK).replace(tzinfo=None).isoformat(" ")
        session.executemany(
            "INSERT OR REPLACE INTO grievances_heartbeat (name, at) VALUES (?, ?)",
            [(name, then) for name in rows],
        )
        session.commit()
    return machine


@contextmanager
def running(machine: Machine, commands: list[list[str]], log: Path) -> Iterator[None]:
    with ExitStack() as own:
        for command in commands:
            one: subprocess.Popen[bytes] = start(command, make_environment(machine.values), log)
            own.callback(stop, one)
        yield


def owed(machine: Machine, since: datetime) -> set[str]:
    """The daily work, and the sweep of dates, not done since then."""
    rows = machine.ask("SELECT name, at FROM grievances_heartbeat")
    done = {str(name) for name, at in rows if str(at) >= since.replace(tzinfo=None).isoformat(" ")}
    return {f"{DONE}{job.name}" for job in tasks.DAILY}.union({"clocks"}) - done


def embedded(port: int) -> list[list[str]]:
    return [["python", "manage.py", "serve", "--bind", f"127.0.0.1:{port}"]]


def apart(port: int) -> list[list[str]]:
    """The services that do the work, with one beat too many."""
    commands = list_commands(port)
    return [commands[name] for name in ("worker", "mail-worker", "beat", "beat")]


@pytest.mark.parametrize(
    ("commands", "more"),
    [
        pytest.param(
            embedded,
            {"FAIRHEARING_MODE": "demonstration", "DEMO": "0",
             "CELERY_BROKER_URL": "memory://localhost/"},
            id="serve",
        ),
        pytest.param(apart, {}, id="processes", marks=pytest.mark.redis),
    ],
)  # fmt: skip
def test_a_week_off_is_caught_up_within_minutes(
    commands: Callable[[int], list[list[str]]],
    more: dict[str, str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    if commands is apart:
        more = {"REDIS_URL": request.getfixturevalue("redis_url")}
    machine, log = organisation(tmp_path, more), tmp_path / "log"
    since = datetime.now(UTC)
    assert len(owed(machine, since)) == len(tasks.DAILY) + 1
    with running(machine, commands(choose_port()), log):
        await_true(lambda: not owed(machine, since), SECONDS, log)
    assert "failed and is tried again" not in log.read_text()
