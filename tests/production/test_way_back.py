"""Backup and restore as an operator runs them: processes, a database of their own."""

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
from pyrage import x25519

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


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
def test_a_backup_made_while_others_write_comes_back(build: Build, tmp_path: Path) -> None:
    place = build.with_tables("busy")
    path = late(tmp_path / "bin", "pg_dump", 1) if place.url else os.environ["PATH"]
    with writing(place):
        if place.url:
            place.manage("backup", str(tmp_path / "backups"), PATH=path)
        else:
            done = place.run("-c", BACKUPS, str(tmp_path / "backups"))
            assert done.returncode == 0, done.stderr[-3000:]
    made = sorted((tmp_path / "backups").iterdir())
    for folder in made:
        if not place.url:
            assert head_of(folder / "database.sqlite3") == manifest_of(folder)["head"]
    said = place.manage("restore", str(made[-1]), "--replace")
    entries = place.ask("SELECT count(*) FROM grievances_event")[0][0]
    assert said.startswith(f"{entries} entries of the trail and 0 files are back")
    place.manage("verify_trail")


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
def test_it_comes_back_encrypted_into_a_database_without_a_table(
    build: Build, tmp_path: Path
) -> None:
    place, other = build.with_tables("first"), build("second")
    place.manage("load_policy")
    key, kept = x25519.Identity.generate(), tmp_path / "key.txt"
    kept.write_text(str(key))
    place.manage("backup", str(tmp_path / "backups"), BACKUP_RECIPIENTS=str(key.to_public()))
    (made,) = (tmp_path / "backups").iterdir()
    assert "files are back" in other.manage("restore", str(made), "--identity", str(kept))
    rules = "SELECT code, digest FROM workflow_policyprofile ORDER BY code, version"
    assert other.ask(rules) == place.ask(rules) != []
    other.manage("migrate", "--check")


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
def test_a_backup_of_an_older_version_is_brought_up_to_date_beside(
    build: Build, tmp_path: Path
) -> None:
    place = build("older")
    place.manage("migrate", "grievances", "0017", "--verbosity", "0")
    place.manage("backup", str(tmp_path / "backups"))
    (made,) = (tmp_path / "backups").iterdir()
    place.manage("migrate", "--verbosity", "0")
    place.manage("restore", str(made), "--replace")
    place.manage("migrate", "--check")
    place.manage("verify_trail")


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
def test_it_is_refused_while_the_service_is_there(build: Build, tmp_path: Path) -> None:
    place = build.with_tables("served")
    place.manage("backup", str(tmp_path / "backups"))
    (made,) = (tmp_path / "backups").iterdir()
    refused = "Stop web, workers and beat"
    if place.url:
        with psycopg.connect(place.url):
            assert refused in place.refused("restore", str(made), "--replace")
    else:
        with closing(sqlite3.connect(place.file)) as session:
            session.execute("SELECT count(*) FROM grievances_event").fetchall()
            assert refused in place.refused("restore", str(made), "--replace")
        with serving_process(place):
            assert refused in place.refused("restore", str(made), "--replace")
    assert "files are back" in place.manage("restore", str(made), "--replace")


@pytest.mark.postgres
@pytest.mark.parametrize("store", STORES[1:])
def test_who_connects_while_the_dump_is_loaded_keeps_the_live_database(
    build: Build, tmp_path: Path
) -> None:
    place = build.with_tables("entered")
    name = place.url.rpartition("/")[2]
    place.manage("backup", str(tmp_path / "backups"))
    (made,) = (tmp_path / "backups").iterdir()
    place.manage("load_policy")
    path = late(tmp_path / "bin", "pg_restore", 3)
    command = [sys.executable, "manage.py", "restore", str(made), "--replace"]
    with subprocess.Popen(
        command, cwd=ROOT, env=place.environment(PATH=path), stderr=subprocess.PIPE, text=True
    ) as restore:
        elsewhere = place.url.rpartition("/")[0] + "/postgres"
        with psycopg.connect(elsewhere, autocommit=True) as session:
            look = f"SELECT 1 FROM pg_database WHERE datname = '{name}_staging'"  # noqa: S608
            while not session.execute(look.encode()).fetchall():
                assert restore.poll() is None
                time.sleep(0.05)
        with psycopg.connect(place.url) as session:
            said = restore.communicate(timeout=120)[1]
            assert "Stop web, workers and beat" in said
            assert "Traceback" not in said
            assert session.execute("SELECT 1 FROM workflow_policyprofile").fetchone()
    names = {str(row[0]) for row in place.ask("SELECT datname FROM pg_database")}
    assert {each for each in names if each.startswith(name)} == {name}


@pytest.mark.postgres
@pytest.mark.parametrize("store", STORES[1:])
def test_a_dump_that_was_cut_off_is_no_backup(build: Build, tmp_path: Path) -> None:
    place = build.with_tables("short")
    cut = 'for a; do case $a in --file=*) truncate -s -4000 "${a#--file=}";; esac; done'
    path = late(tmp_path / "bin", "pg_dump", 0, after=cut)
    assert "Begin again" in place.refused("backup", str(tmp_path / "backups"), PATH=path)
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.postgres
@pytest.mark.parametrize("store", STORES[1:])
def test_what_the_database_itself_was_told_stays(build: Build, tmp_path: Path) -> None:
    place = build.with_tables("told")
    name = place.url.rpartition("/")[2]
    with psycopg.connect(place.url, autocommit=True) as session:
        session.execute(f"CREATE ROLE owner_of_{name} NOLOGIN".encode())
        session.execute(f"ALTER DATABASE {name} OWNER TO owner_of_{name}".encode())
        session.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC".encode())
        session.execute(f"GRANT CONNECT ON DATABASE {name} TO test".encode())
        session.execute(f"ALTER DATABASE {name} SET statement_timeout = '90s'".encode())
        session.execute(f"ALTER DATABASE {name} SET search_path = public, monitoring".encode())
    told = (
        "SELECT datdba, datacl::text, datcollate, setconfig FROM pg_database d "  # noqa: S608
        f"LEFT JOIN pg_db_role_setting ON setdatabase = d.oid WHERE datname = '{name}'"
    )
    before = place.ask(told)
    place.manage("backup", str(tmp_path / "backups"))
    (made,) = (tmp_path / "backups").iterdir()
    place.manage("restore", str(made), "--replace")
    assert place.ask(told) == before
    names = {row[0] for row in place.ask("SELECT datname FROM pg_database")}
    assert {each for each in names if str(each).startswith(name)} == {name}


@pytest.mark.postgres
@pytest.mark.parametrize("store", STORES[1:])
def test_a_role_that_may_make_no_database_reads_a_sentence(build: Build, tmp_path: Path) -> None:
    place = build("small")
    name = place.url.rpartition("/")[2]
    with psycopg.connect(place.url, autocommit=True) as session:
        session.execute(f"CREATE ROLE owner_of_{name} LOGIN".encode())
        session.execute(f"ALTER DATABASE {name} OWNER TO owner_of_{name}".encode())
    place.url = place.url.replace("//test@", f"//owner_of_{name}@")
    place.manage("migrate", "--verbosity", "0")
    place.manage("backup", str(tmp_path / "backups"))
    (made,) = (tmp_path / "backups").iterdir()
    assert "may make databases" in place.refused("restore", str(made), "--replace")


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
