"""Backup and restore as an operator runs them: processes, a database of their own."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from pyrage import x25519

from tests.processes import ROOT
from tests.production.backup_places import (
    BACKUPS,
    STORES,
    Build,
    build,
    head_of,
    late,
    manifest_of,
    server,
    serving_process,
    writing,
)

__all__ = ["build", "server"]


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
