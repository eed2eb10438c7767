"""An installation to back up: its database, its programs and who writes to it."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest

from tests.private_servers import find_initdb, find_program, start_postgres
from tests.processes import ROOT, await_true, make_environment
from workflow.hashing import digest_of

STORES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
WRITER = """
import sys, time
import django
django.setup()
from django.utils import timezone
from grievances.models import Event
number = 0
while True:
    chain, kind = f"chain {number % 7}", "test.written"
    Event.append(chain=chain, at=timezone.now(), actor="system", role="system", kind=kind)
    number += 1
    print(number, flush=True)
    time.sleep(0.002)
"""
BACKUPS = """
import sys
from datetime import timedelta
from pathlib import Path
import django
django.setup()
from django.utils import timezone
from grievances.operations import backups
for number in range(12):
    print(backups.make(Path(sys.argv[1]), timezone.now() + timedelta(days=number)))
"""
SERVES = "import sys, config.wsgi; print('ready', flush=True); sys.stdin.read()"


@dataclass
class Place:
    """One installation: a data folder and a database of its own."""

    folder: Path
    url: str

    @property
    def file(self) -> Path:
        return self.folder / "fair-hearing.sqlite3"

    def environment(self, **more: str) -> dict[str, str]:
        values = {"FAIRHEARING_MODE": "test", "DATA_DIR": str(self.folder)}
        values |= {"DJANGO_SETTINGS_MODULE": "config.settings", **more}
        return make_environment({**values, "DATABASE_URL": self.url} if self.url else values)

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
        )

    def manage(self, *arguments: str, **more: str) -> str:
        """What a command prints; the test fails with what it said if it failed."""
        done = self.run("manage.py", *arguments, **more)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def refused(self, *arguments: str, **more: str) -> str:
        """The one sentence of a command that refuses."""
        done = self.run("manage.py", *arguments, **more)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr, done.stderr[-3000:]
        return done.stderr.strip()

    def ask(self, query: str) -> list[tuple[object, ...]]:
        if self.url:
            with psycopg.connect(self.url, autocommit=True) as session:
                return session.execute(query.encode()).fetchall()
        with closing(sqlite3.connect(self.file)) as session:
            return session.execute(query).fetchall()


class Build:
    """Makes installations, without a table or with all of them."""

    migrated: ClassVar[dict[str, Place]] = {}
    """Store -> an installation that was migrated once: migrating takes a while."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.server = folder, server

    def __call__(self, name: str, template: str = "template1") -> Place:
        """Make one without a table."""
        (self.folder / name).mkdir()
        if not self.server:
            return Place(self.folder / name, "")
        database = f"{name}_{os.urandom(4).hex()}"
        with psycopg.connect(self.server, autocommit=True) as session:
            session.execute(f"CREATE DATABASE {database} TEMPLATE {template}".encode())
        return Place(self.folder / name, self.server.rpartition("/")[0] + f"/{database}")

    def with_tables(self, name: str) -> Place:
        """Make one with the tables of today and nothing in them."""
        first = self.migrated.get(self.server)
        if first is None:
            first = self.migrated[self.server] = self("migrated")
            first.manage("migrate", "--verbosity", "0")
        place = self(name, first.url.rpartition("/")[2])
        if not place.url:
            shutil.copyfile(first.file, place.file)
        return place


@pytest.fixture(scope="module")
def server() -> str:
    """A PostgreSQL server in which the tests make and rename databases as they like."""
    program = find_initdb()
    if program is None:
        pytest.skip("needs PostgreSQL's initdb")
    url = start_postgres(program)
    give_up = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:  # its port answers before it does
            assert time.monotonic() < give_up
            time.sleep(0.1)
        else:
            return url


@pytest.fixture
def build(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Build:
    return Build(tmp_path, "" if store == "sqlite" else request.getfixturevalue("server"))


@contextmanager
def writing(place: Place) -> Iterator[None]:
    """While it lasts a process adds to the trail, as fast as it can."""
    log = place.folder / "writer"
    with log.open("wb") as output:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER],
            cwd=ROOT,
            env=place.environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        await_true(lambda: log.read_text().count("\n") > 20, 60, log)
        yield
        assert writer.poll() is None, log.read_text()[-3000:]
    finally:
        writer.kill()
        writer.wait()


def late(folder: Path, program: str, seconds: float, after: str = "") -> str:
    """A PATH on which a program begins late; `after` is a shell command that follows it."""
    real = find_program(program, f"/usr/lib/postgresql/*/bin/{program}")
    assert real is not None
    folder.mkdir()
    script = f'#!/bin/sh\nsleep {seconds}\n"{real}" "$@" || exit 1\n{after}\n'
    (folder / program).write_text(script, encoding="utf-8")
    (folder / program).chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@contextmanager
def serving_process(place: Place) -> Iterator[None]:
    """While it lasts a process has loaded the web application, and has no connection open."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVES],
        cwd=ROOT,
        env=place.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield
        process.communicate(b"")


def manifest_of(folder: Path) -> dict[str, str]:
    read: dict[str, str] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return read


def head_of(file: Path) -> str:
    """The head of the trail in a copy of an SQLite database."""
    with closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as copy:
        rows = copy.execute("SELECT chain, seq, digest FROM grievances_chainhead ORDER BY chain")
        return digest_of([list(row) for row in rows])
