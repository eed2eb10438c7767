"""The product as in production.

Its demonstration is in PostgreSQL, and gunicorn has two workers.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.served import parts
from bench.served.browser import HOST, Browser
from tests.private_servers import choose_port, find_redis, start_redis

SERVER_KEYS = f"1:{secrets.token_hex(32)}"
SECRET_KEY = secrets.token_urlsafe(48)
PASSWORD = "fair-hearing-demo"  # noqa: S105 - the demonstration's own, which the README names
THREADS = 8
MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "65536"}
"""What the image sets (`Dockerfile`); the peer gets it too."""


@dataclass(frozen=True)
class Served:
    """A site that answers: its port, and the process that started its workers."""

    port: int
    process: int

    def signed_in(self, name: str, password: str = PASSWORD) -> Browser:
        """Return the browser of a person who has just signed in.

        Raises:
            RuntimeError: The sign-in was refused.
        """
        browser = Browser(self.port)
        status = browser.post("/accounts/login/", {"login": name, "password": password})
        if status != 302:
            raise RuntimeError(f"{name} could not sign in")
        return browser


def manage(*words: str, mode: str = "demonstration") -> None:
    """Run one of the product's commands on the database of this part.

    Raises:
        CalledProcessError: The command failed.
    """
    environment = {
        **parts.environment(),
        "FAIRHEARING_MODE": mode,
        "SERVER_KEYS": SERVER_KEYS,
        "SECRET_KEY": SECRET_KEY,
    }
    command = parts.run_file("manage.py", *words)
    subprocess.run(command, env=environment, check=True, stdout=sys.stderr)


@contextmanager
def serve() -> Iterator[Served]:
    """Serve the database of this part in production mode until the end of the block.

    Raises:
        RuntimeError: There is no Redis.
    """
    redis = find_redis()
    if redis is None:
        raise RuntimeError("The benchmark needs Redis: install the redis-server package.")
    port = choose_port()
    environment = {
        **parts.environment(),
        **MEMORY,
        "FAIRHEARING_MODE": "production",
        "SECRET_KEY": SECRET_KEY,
        "SERVER_KEYS": SERVER_KEYS,
        "REDIS_URL": start_redis(redis),
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"https://{HOST}",
        "EMAIL_URL": "smtp://localhost:25",
        "TRUSTED_PROXIES": "1",
        # The people of the benchmark sign in with their password alone.
        "MFA_OFFICES": "auditor",
        "LOG_LEVEL": "CRITICAL",
    }
    prepare = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(prepare, env=environment, check=True)
    command = parts.run_module("gunicorn", "config.wsgi:application", "--no-control-socket")
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--worker-class", "gthread"]
    command += ["--log-level", "critical"]
    with subprocess.Popen([*command, "--threads", str(THREADS)], env=environment) as server:
        try:
            await_answer(port, "/health/live")
            yield Served(port, server.pid)
        finally:
            server.terminate()


def await_answer(port: int, path: str) -> None:
    """Wait until a site answers.

    Raises:
        OSError: It did not within a minute.
    """
    until = time.monotonic() + 60
    while True:
        try:
            Browser(port).ask(path)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return
