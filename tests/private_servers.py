"""Private PostgreSQL and Redis servers for a test run: on a free port, in a temporary folder.

They are started from the programs of the machine, listen on the loopback address alone, keep
nothing on disk after the run, and are stopped when the process that started them ends
(architecture 7).
"""

import atexit
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 20.0


class NotStarted(Exception):
    """The server's program is here but did not come up; the message says why."""


@dataclass(frozen=True)
class Account:
    """The account a server runs under. PostgreSQL refuses to run as root."""

    user: int | None = None
    group: int | None = None
    extra_groups: list[int] | None = None


def find_program(name: str, *patterns: str) -> str | None:
    """The program on the PATH, or the newest one that a pattern finds, or None."""
    found = [path for pattern in patterns for path in sorted(glob.glob(pattern), reverse=True)]
    return shutil.which(name) or next(iter(found), None)


def find_initdb() -> str | None:
    """PostgreSQL's initdb; Debian keeps it outside the PATH, in a folder per version."""
    return find_program("initdb", "/usr/lib/postgresql/*/bin/initdb")


def find_redis() -> str | None:
    """redis-server, or its fork valkey-server."""
    return find_program("redis-server") or find_program("valkey-server")


def choose_port() -> int:
    """A TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the port answers; raise NotStarted if it does not within START_SECONDS."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise NotStarted(log.read_text(errors="replace").strip()[-300:] or "it did not answer")


def stop_at_exit(process: subprocess.Popen[bytes], folder: Path, how: signal.Signals) -> None:
    """Stop the server and remove its folder when this process ends."""
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() != owner:  # a forked child of the test run must not stop its parent's server
            return
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)


def choose_account(folder: Path) -> Account:
    """As root, give the folder to `postgres` or `no_one` and run under that account."""
    if os.geteuid() != 0:
        return Account()
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return Account(entry.pw_uid, entry.pw_gid, [])


def make_cluster(initdb: str, folder: Path, account: Account) -> Path:
    """Make an empty PostgreSQL cluster in the folder and return its path."""
    data = folder / "data"
    options = ["-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(
        [initdb, "-D", str(data), *options],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise NotStarted(made.stderr.strip()[-300:])
    return data


def start_postgres(initdb: str, *, durable: bool = False) -> str:
    """Start a PostgreSQL server; return its URL.

    Without `durable` it does not wait for the disk: the data dies with the run anyway.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a short path: socket names have a limit
    account = choose_account(folder)
    data, port, log = make_cluster(initdb, folder, account), choose_port(), folder / "log"
    program = str(Path(initdb).resolve().parent / "postgres")
    place = ["-D", str(data), "-k", str(folder), "-h", "127.0.0.1", "-p", str(port)]
    hurried = ["-F", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, *place, *([] if durable else hurried)],
            cwd=folder,
            stdout=output,
            stderr=output,
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
        )
    stop_at_exit(process, folder, signal.SIGINT)  # SIGINT is PostgreSQL's fast shutdown
    await_port(port, process, log)
    return f"postgresql://test@127.0.0.1:{port}/postgres"


def start_redis(program: str) -> str:
    """Start a Redis server that writes nothing to disk; return its URL."""
    folder = Path(tempfile.mkdtemp(prefix="redis-"))
    port, log = choose_port(), folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "--bind", "127.0.0.1", "--port", str(port)]
            + ["--save", "", "--appendonly", "no", "--dir", str(folder)],
            stdout=output,
            stderr=output,
        )
    stop_at_exit(process, folder, signal.SIGTERM)
    await_port(port, process, log)
    return f"redis://127.0.0.1:{port}/0"
