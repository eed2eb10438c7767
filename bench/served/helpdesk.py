"""Serve django-helpdesk, the peer, as we are served.

It has the same gunicorn, on the same PostgreSQL server. It lives in an environment of its own that
is made at the first use, in `build/`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench.served.browser import Browser
from bench.served.product import MEMORY, SECRET_KEY, THREADS, Served, await_answer
from tests.private_servers import choose_port

PEER = Path(__file__).resolve().parent / "peer"
ENVIRONMENT = PEER.parents[2] / "build" / "helpdesk"
AGENT, PASSWORD = "agent0", "for the benchmark alone"  # noqa: S105 - it opens nothing
NAME = "helpdesk"
LIST = (
    "/datatables_ticket_list/eyJmaWx0ZXJpbmciOiB7InN0YXR1c19faW4iOiBbMSwgMl19LCAic29ydGluZyI6ICJj"
    "cmVhdGVkIiwgInNlYXJjaF9zdHJpbmciOiAiIiwgInNvcnRyZXZlcnNlIjogZmFsc2V9?draw=1&start=0&length=25"
)
"""The rows of its list as its own page asks for them.

They are open ones, newest first, 25 to a page.
"""


def install() -> None:
    """Make the peer's environment, if it is not there.

    Raises:
        CalledProcessError: The packages could not be fetched.
    """
    if not (ENVIRONMENT / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        wanted = ["install", "--quiet", "-r", str(PEER / "requirements.txt")]
        subprocess.run([_python(), "-m", "pip", *wanted], check=True)
        (ENVIRONMENT / "done").touch()


def fill(tickets: int) -> None:
    """Make tickets until there are so many.

    Raises:
        CalledProcessError: The peer could not be filled.
    """
    subprocess.run(
        [_python(), str(PEER / "tickets.py"), str(tickets)], env=_environment(), check=True
    )


@contextmanager
def serve() -> Iterator[Served]:
    """Serve the peer until the end of the block."""
    port = choose_port()
    command = [_python(), "-m", "gunicorn", "peer_site:application", "--chdir", str(PEER)]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--worker-class", "gthread"]
    command += ["--threads", str(THREADS), "--no-control-socket", "--log-level", "critical"]
    with subprocess.Popen(command, env=_environment()) as server:
        try:
            await_answer(port, "/login/")
            yield Served(port, server.pid)
        finally:
            server.terminate()


def agent(site: Served) -> Browser:
    """Return the browser of an agent who sees every ticket.

    Raises:
        RuntimeError: The sign-in was refused.
    """
    browser = Browser(site.port)
    if browser.post("/login/", {"username": AGENT, "password": PASSWORD}) != 302:
        raise RuntimeError("the agent of the peer could not sign in")
    return browser


def check() -> None:
    """Run the peer's `check` command, to see how long a command takes to start."""
    code = "import peer_site; from django.core.management import call_command as c; c('check')"
    subprocess.run(
        [_python(), "-c", code], env=_environment(), check=True, cwd=PEER, stdout=sys.stderr
    )


def _python() -> str:
    return str(ENVIRONMENT / "bin" / "python")


def _environment() -> dict[str, str]:
    address = urlsplit(os.environ["DATABASE_URL"])
    return {
        **MEMORY,
        "PATH": os.environ["PATH"],
        "DATABASE_URL": urlunsplit(address._replace(path=f"/{NAME}")),
        "PYTHONPATH": str(PEER),
        "SECRET_KEY": SECRET_KEY,
    }
