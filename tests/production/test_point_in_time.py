"""Back to any point in time, by the settings and commands of docs/how-to/back-up-and-restore.md.

The database of the product archives its write-ahead log, encrypted, on a server of its own. What
was written after a moment is gone on the second server, what was written before it is there, and
the trail is sound. `age` is a stand-in with the same options where the program is not installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pyrage import x25519

from tests.private_servers import (
    Account,
    await_port,
    choose_account,
    choose_port,
    find_initdb,
    find_program,
    make_cluster,
)
from tests.processes import ROOT, make_environment

PAGE = ROOT / "docs" / "how-to" / "back-up-and-restore.md"
AGE = """#!/bin/sh
mode=-e
while [ $# -gt 0 ]; do
    case $1 in
        -d) mode=-d ;;
        -R | -i) key=$2; shift ;;
        -o) out=$2; shift ;;
        *) in=$1 ;;
    esac
    shift
done
exec openssl enc $mode -aes-256-ctr -pbkdf2 -pass "file:$key" ${in:+-in "$in"} ${out:+-out "$out"}
"""
"""A program with the options of age: one secret in both files takes the place of a pair of keys."""
WRITE = """
import sys
import django
django.setup()
from datetime import UTC, datetime
from grievances.audit.models import SERVICE, Event
for kind in sys.argv[1:]:
    Event.append(chain=SERVICE, at=datetime.now(UTC), actor="system", role="", kind=kind)
"""


def documented(name: str) -> str:
    """The value that the page gives a setting of PostgreSQL, on however many lines."""
    found = re.search(rf"^\s+{name} = '(.*?)'$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert found is not None, f"the page says nothing of {name}"
    return " ".join(found[1].split())


@dataclass
class Machine:
    """A machine with a PostgreSQL of its own, in one folder."""

    folder: Path
    account: Account
    port: int = field(default_factory=choose_port)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, name: str) -> str:
        return f"postgresql://test@127.0.0.1:{self.port}/{name}"

    def command(self, *words: str) -> None:
        """Run a command of the operator as the account of the database."""
        subprocess.run(
            words, check=True, capture_output=True, cwd=self.folder, env=self.environment(),
            user=self.account.user, group=self.account.group,
            extra_groups=self.account.extra_groups,
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        programs = Path(str(find_initdb())).resolve().parent
        return os.environ | {
            "PATH": f"{self.folder.parent / 'bin'}:{programs}:{os.environ['PATH']}"
        }

    @contextmanager
    def running(self) -> Iterator[None]:
        log = self.folder / "log"
        with log.open("ab") as output:
            server = subprocess.Popen(
                ["postgres", "-D", str(self.data), "-k", str(self.folder), "-h", "127.0.0.1",
                 "-p", str(self.port)],
                cwd=self.folder, env=self.environment(), stdout=output, stderr=output,
                user=self.account.user, group=self.account.group,
                extra_groups=self.account.extra_groups,
            )  # fmt: skip
        try:
            await_port(self.port, server, log)
            yield
        finally:
            server.terminate()
            server.wait(20)

    def ask(self, query: str, name: str = "postgres") -> object:
        give_up = time.monotonic() + 30
        while True:
            try:
                with psycopg.connect(self.url(name), autocommit=True) as session:
                    done = session.execute(query.encode())
                    row = done.fetchone() if done.description else None
                    return row[0] if row else None
            except psycopg.OperationalError:  # it starts, or recovers still
                assert time.monotonic() < give_up, (self.folder / "log").read_text()[-3000:]
                time.sleep(0.1)

    def set(self, **settings: str) -> None:
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            for name, value in settings.items():
                file.write(f"{name} = '{value}'\n")

    def manage(self, name: str, *words: str) -> str:
        values = {"DATABASE_URL": self.url(name), "FAIRHEARING_MODE": "test",
                  "DATA_DIR": str(self.folder / "files"),
                  "DJANGO_SETTINGS_MODULE": "config.settings"}  # fmt: skip
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=make_environment(values), check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr[-3000:]
        return done.stdout


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Two machines that see one archive, and the age program where there is none."""
    top = Path(tempfile.mkdtemp(prefix="pitr-"))
    for name in ("archive", "first", "second", "bin"):
        (top / name).mkdir(parents=True)
    account = choose_account(top)
    for name in ("archive", "first", "second"):
        choose_account(top / name)
    key = x25519.Identity.generate()
    to, own = str(key.to_public()), f"# ours\n{key}"
    if find_program("age") is None:
        path, to = top / "bin" / "age", own
        path.write_text(AGE, encoding="utf-8")
        path.chmod(0o755)
    (top / "recipients").write_text(f"{to}\n", encoding="utf-8")
    (top / "key.txt").write_text(f"{own}\n", encoding="utf-8")
    yield Machine(top / "first", account), Machine(top / "second", account)
    shutil.rmtree(top, ignore_errors=True)


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_database_comes_back_as_it_was_at_a_moment(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    first, second = machines
    top = first.folder.parent
    places = {
        "/archive": "archive",
        "/etc/postgresql/recipients": "recipients",
        "key.txt": "key.txt",
    }

    def here(text: str) -> str:
        for written, real in places.items():
            text = text.replace(written, f"{top}/{real}")
        return text

    make_cluster(str(find_initdb()), first.folder, first.account)
    first.set(wal_level="replica", archive_mode="on", archive_timeout="300",
              archive_command=here(documented("archive_command")))  # fmt: skip
    with first.running():
        first.ask("CREATE DATABASE fairhearing")
        _copy_tables(first)
        base = f"pg_basebackup -h 127.0.0.1 -p {first.port} -U test -D - -Ft -X none -c fast"
        first.command("sh", "-c", f"{base} | age -R {top}/recipients -o {top}/archive/base.tar.age")
        first.manage("fairhearing", "-c", WRITE, "test.before")
        moment = first.ask("SELECT clock_timestamp()::text")
        first.manage("fairhearing", "-c", WRITE, "test.after")
        first.ask("SELECT pg_switch_wal()")
        _await_archive(first)
    assert not [each for each in (top / "archive").iterdir() if b"test.before" in each.read_bytes()]
    second.data.mkdir(mode=0o700)
    choose_account(second.data)
    opened = f"age -d -i {top}/key.txt {top}/archive/base.tar.age"
    second.command("sh", "-c", f"{opened} | tar x -C {second.data}")
    second.set(restore_command=here(documented("restore_command")), archive_mode="off",
               recovery_target_time=str(moment), recovery_target_action="promote")  # fmt: skip
    second.command("touch", str(second.data / "recovery.signal"))
    with second.running():
        give_up = time.monotonic() + 30
        while second.ask("SELECT pg_is_in_recovery()"):
            assert time.monotonic() < give_up
            time.sleep(0.1)
        kinds = second.ask("SELECT string_agg(kind, ' ' ORDER BY seq) FROM grievances_event",
                           "fairhearing")  # fmt: skip
        assert kinds == "test.before"
        assert "sound" in second.manage("fairhearing", "manage.py", "verify_trail")
        second.ask("CREATE TABLE it_takes_changes ()")


def _copy_tables(machine: Machine) -> None:
    """Bring the tables of the tests over: making them anew takes half a minute."""
    given = connection.settings_dict
    source = f"postgresql://{given['USER']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    connection.close()
    dump = f"pg_dump -Fc '{source}'"
    machine.command("sh", "-c", f"{dump} | pg_restore -O -d '{machine.url('fairhearing')}'")


def _await_archive(machine: Machine) -> None:
    give_up = time.monotonic() + 30
    before = machine.ask("SELECT pg_walfile_name(pg_current_wal_lsn() - 1)")
    while str(machine.ask("SELECT last_archived_wal FROM pg_stat_archiver")) < str(before):
        assert time.monotonic() < give_up, machine.ask(
            "SELECT last_failed_wal FROM pg_stat_archiver"
        )
        time.sleep(0.1)
