"""A command that the database stops ends with one sentence that says what to do."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
)

from config.start import AWAY, ending_plainly, sentence_of, sentence_of_disk
from tests.private_servers import choose_port
from tests.processes import ROOT, make_environment

SAID = [
    (OperationalError('connection failed: FATAL:  database "fh" does not exist'), "make both"),
    (OperationalError('FATAL:  password authentication failed for user "fh"'), "make both"),
    (ProgrammingError('relation "grievances_user" does not exist\nLINE 1: SELECT'), "migrate"),
    (OperationalError("no such column: grievances_user.grade"), "manage.py migrate"),
    (OperationalError("attempt to write a readonly database"), "read-only"),
    (DatabaseError("cannot execute INSERT in a read-only transaction"), "read-only"),
    (OperationalError("database or disk is full"), "make room"),
    (OperationalError('could not extend file "base/1": No space left on device'), "make room"),
    (OperationalError("database is locked"), "too busy"),
    (OperationalError("FATAL:  sorry, too many clients already"), "too busy"),
    (OperationalError("canceling statement due to statement timeout"), "less to do"),
    (OperationalError("unable to open database file"), AWAY),
    (InterfaceError("connection already closed"), AWAY),
    (IntegrityError("UNIQUE constraint failed"), ""),
    (ProgrammingError("syntax error at or near"), ""),
]


@pytest.mark.parametrize(("fault", "sentence"), SAID)
def test_each_fault_has_its_sentence(fault: DatabaseError | InterfaceError, sentence: str) -> None:
    assert sentence in sentence_of(fault)
    assert bool(sentence_of(fault)) is bool(sentence)


def test_a_table_that_is_not_there_ends_a_command(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end, ending_plainly(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM not_there")
    assert end.value.code == 1
    assert "run manage.py migrate" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "database.invalid"])
def test_with_the_database_away_a_command_says_so_in_one_line(tmp_path: object, host: str) -> None:
    url = f"postgresql://test:secret-words@{host}:{choose_port()}/fh"
    values = {"DATABASE_URL": url, "FAIRHEARING_MODE": "test", "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_trail"],
        cwd=ROOT,
        env=make_environment(values),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, f"{AWAY}\n")


@pytest.mark.parametrize(
    ("number", "path", "sentence"),
    [
        (errno.EROFS, "/srv/heads", "/srv/heads is on a disk that is read-only"),
        (errno.ENOSPC, "/srv/heads", "/srv/heads is on a disk that is full: make room"),
        (errno.ENOSPC, None, "A file is on a disk that is full"),
        (errno.EDQUOT, "/srv/x", "has used its share"),
        (errno.EACCES, "/srv/x", "run this as the account of the service"),
        (errno.EACCES, None, ""),
        (errno.ECONNREFUSED, None, ""),
        (errno.ENOENT, "/srv/x", ""),
    ],
)
def test_each_fault_of_a_disk_has_its_sentence(
    number: int, path: str | None, sentence: str
) -> None:
    said = sentence_of_disk(OSError(number, os.strerror(number), path))
    assert sentence in said
    assert bool(said) is bool(sentence)


def test_a_file_on_a_full_disk_ends_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end, ending_plainly():
        Path("/dev/full").write_text("words", encoding="utf-8")
    assert end.value.code == 1
    assert "a disk that is full: make room, and begin again." in capsys.readouterr().err


def test_a_data_folder_that_cannot_be_made_is_a_sentence() -> None:
    """No account can make a folder there, nor on a disk that is mounted read-only."""
    values = {"FAIRHEARING_MODE": "test", "DATA_DIR": "/sys/fair-hearing"}
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_trail"],
        cwd=ROOT,
        env=make_environment(values),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.startswith("DATA_DIR names /sys/fair-hearing, which cannot be made")
    assert "start again" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_full_disk_of_the_log_stops_no_work(tmp_path: object) -> None:
    work = "import django, logging; django.setup(); logging.error('a line'); print('done')"
    values = {
        "DJANGO_SETTINGS_MODULE": "config.settings", "FAIRHEARING_MODE": "test",
        "DATA_DIR": str(tmp_path), "LOG_FORMAT": "json",
    }  # fmt: skip
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", work], cwd=ROOT, env=make_environment(values),
            stdout=subprocess.PIPE, stderr=full, check=False,
        )  # fmt: skip
    assert done.stdout == b"done\n"
