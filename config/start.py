"""Start a process, and end it with one sentence where it cannot go on."""

from __future__ import annotations

import errno
import gc
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError

REFUSED = 4
"""The exit code of a refused start.

Gunicorn learns by it that a new worker would end as well.
"""


@contextmanager
def refusing_plainly() -> Iterator[None]:
    """Name the settings module; end the process plainly where a setting is refused.

    Raises:
        SystemExit: A setting was refused. The code is REFUSED.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        yield
    except ImproperlyConfigured as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(REFUSED)


@contextmanager
def loading() -> Iterator[None]:
    """Load modules without looking for garbage meanwhile.

    Looking takes a sixth of the start, because each look goes through all that was loaded. What is
    loaded stays as long as the process, so that later looks leave it out.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def on_starting(server: object) -> None:
    """Load the application once before gunicorn opens its port; gunicorn calls this.

    `gunicorn -c python:config.start` does so. Where two workers are refused at once, gunicorn ends
    in a traceback of its own and without our code. Another process loads it, so that the settings
    are read anew when the workers are reloaded.

    Raises:
        SystemExit: A setting was refused. The code is REFUSED.
    """
    done = subprocess.run([sys.executable, "-c", "import config.wsgi"], check=False)
    if done.returncode == REFUSED:
        sys.exit(REFUSED)


FAULTS = (
    (
        r"(database|role) \S+ does not exist|authentication failed|no pg_hba.conf entry",
        "The database server does not know this database or this name: make both, or set "
        "DATABASE_URL right, and begin again.",
    ),
    (
        r"no such (table|column)|(relation|column) \S+ does not exist",
        "The database has not the tables of this version: run manage.py migrate, and begin again.",
    ),
    (
        r"read-?only",
        "The database takes no changes: it is read-only. Begin again when it can be written.",
    ),
    (
        r"disk (is )?full|no space left|disk i/o error",
        "The disk of the database is full or does not work: make room, and begin again.",
    ),
    (
        r"database is locked|lock timeout|too many (clients|connections)",
        "The database is too busy: wait a minute, and begin again.",
    ),
    (
        r"statement timeout",
        "The database took too long and was stopped: begin again when there is less to do.",
    ),
)
"""How a database says what is wrong, and what to do: the first that fits."""
DISKS = {
    errno.EROFS: "is on a disk that is read-only: name another place, or make it one to write to",
    errno.ENOSPC: "is on a disk that is full: make room",
    errno.EDQUOT: "is on a disk of which this account has used its share: make room",
    errno.EACCES: "may not be used by this account: run this as the account of the service",
    errno.EPERM: "may not be used by this account: run this as the account of the service",
}
"""What is wrong with a file or folder, and what to do."""
AWAY = "The database does not answer: start it, or set DATABASE_URL right, and begin again."


def sentence_of(fault: DatabaseError | InterfaceError) -> str:
    """Return what to do about a fault of the database, or nothing for our own fault."""
    said = str(fault).casefold()
    for pattern, sentence in FAULTS:
        if re.search(pattern, said):
            return sentence
    return AWAY if isinstance(fault, OperationalError | InterfaceError) else ""


def sentence_of_disk(fault: OSError) -> str:
    """Return what to do about a fault of a disk, or nothing for another one."""
    said = DISKS.get(fault.errno or 0, "")
    if not said or (fault.filename is None and fault.errno in {errno.EACCES, errno.EPERM}):
        return ""  # a connection may be refused in these words as well
    place = "A file" if fault.filename is None else str(fault.filename)
    return f"{place} {said}, and begin again."


@contextmanager
def ending_plainly() -> Iterator[None]:
    """End a command with one sentence where the database or a disk is at fault.

    The option --traceback shows all.

    Raises:
        SystemExit: The database or a disk is at fault. The code is 1.
        DatabaseError: The program is at fault, or all is to be shown.
        InterfaceError: All is to be shown.
        OSError: It is no fault of a disk, or all is to be shown.
    """
    try:
        yield
    except (DatabaseError, InterfaceError, OSError) as fault:
        sentence = sentence_of_disk(fault) if isinstance(fault, OSError) else sentence_of(fault)
        if not sentence or "--traceback" in sys.argv:
            raise
        sys.stderr.write(f"{sentence}\n")
        sys.exit(1)
