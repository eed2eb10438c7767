"""A command that the database stops ends with one sentence that says what to do."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
)

from config.start import AWAY, ending_plainly, sentence_of
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


def test_with_the_database_away_a_command_says_so_in_one_line(tmp_path: object) -> None:
    url = f"postgresql://test:secret-words@127.0.0.1:{choose_port()}/fh"
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
