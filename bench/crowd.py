"""Measure two hundred people behind one proxy beside a stranger at full speed.

They sit in two offices. The web process is the one of production: gunicorn, two workers with eight
threads, the production settings. Each person asks for a page every twenty seconds, and some sign in
with their password.
The stranger asks from a third address as fast as twelve connections can: wrong passwords, lost
passwords, wrong case keys and pages that are not there.
"""

from __future__ import annotations

import http.client
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread
from urllib.parse import urlencode

from django.contrib.auth.hashers import make_password
from django.test import override_settings

from bench.table import Line
from grievances.encryption.key_pairs import KeyPair, sealed_pair
from grievances.people.models import User
from tests.private_servers import find_redis, start_redis

SIZES = {"small": (60, 30.0), "full": (200, 60.0)}
"""People, and seconds of each half."""
EVERY_SECONDS = 20
OFFICES, STRANGER = ("203.0.113.7", "192.0.2.44"), "198.51.100.66"
PASSWORD = secrets.token_urlsafe(16)
PAGES = ("/", "/cases/", "/account/", "/support/", "/inbox/")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SERVER_KEYS = f"1:{secrets.token_hex(32)}"
HASHERS = ["grievances.encryption.password_hasher.CountedArgon2"]


class Browser:
    """One person's browser: its cookies, and the address that the proxy saw."""

    def __init__(self, port: int, address: str) -> None:
        self.port, self.address = port, address
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Return (status, page); with fields it is a POST."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Host": "concerns.example",
            "Referer": "https://concerns.example/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = urlencode(fields) if fields is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if body is None else "POST", path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
        return answer.status, page

    def post(self, path: str, fields: dict[str, str]) -> int:
        """Open the form of a page and send it; return the status."""
        _, page = self.ask(path)
        found = TOKEN.search(page)
        token = {"csrfmiddlewaretoken": found.group(1)} if found else {}
        return self.ask(path, {**token, **fields})[0]

    def sign_in(self, name: str) -> int:
        """Sign in with the right password; return the status."""
        return self.post("/accounts/login/", {"login": name, "password": PASSWORD})


def measure(scale: str) -> Iterable[Line]:
    """Return the lines: the p95 of people beside a stranger, and without one.

    Raises:
        RuntimeError: A person could not sign in.
    """
    people, seconds = SIZES[scale]
    _make_people(people)
    with _serve() as port:
        browsers = [Browser(port, OFFICES[number % 2]) for number in range(people)]
        for number, browser in enumerate(browsers[: people // 2]):
            if browser.sign_in(f"crowd{number}") != 302:
                raise RuntimeError(f"crowd{number} could not sign in")
        quiet, quiet_refused = _nine_o_clock(browsers, seconds, fresh=0)
        with _stranger(port) as made:
            beside, refused = _nine_o_clock(browsers, seconds, fresh=1)
        print(f"The stranger made {next(made)} requests.", file=sys.stderr)
    told = f"{people} people, p95 beside a stranger"
    return [
        Line(told, _p95(beside), "p95 without one", _p95(quiet), 2.0),
        Line("People refused beside a stranger", refused, "without one", quiet_refused + 1, 1, ""),
    ]


def _make_people(people: int) -> None:
    with override_settings(PASSWORD_HASHERS=HASHERS):
        password = make_password(PASSWORD)
    for number in range(people):
        person = User.objects.create(
            username=f"crowd{number}", password=password, name=f"C {number}"
        )
        _, facts = sealed_pair(person.pk, PASSWORD, beside=password)
        KeyPair.objects.create(person=person, **facts)


@contextmanager
def _serve() -> Iterator[int]:
    """Run gunicorn in production mode on this database, and give its port.

    Raises:
        RuntimeError: There is no Redis.
    """
    redis = find_redis()
    if redis is None:
        raise RuntimeError("The crowd needs Redis: install the redis-server package.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {
        **os.environ,
        "FAIRHEARING_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SERVER_KEYS": SERVER_KEYS,
        "REDIS_URL": start_redis(redis),
        "ALLOWED_HOSTS": "concerns.example",
        "SITE_URL": "https://concerns.example",
        "EMAIL_URL": "smtp://localhost:25",
        "TRUSTED_PROXIES": "1",
        "LOG_LEVEL": "CRITICAL",
    }
    prepare = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(prepare, env=environment, check=True)
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--no-control-socket"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--worker-class", "gthread"]
    with subprocess.Popen([*command, "--threads", "8"], env=environment) as server:
        try:
            _await_answer(port)
            yield port
        finally:
            server.terminate()


def _await_answer(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            Browser(port, OFFICES[0]).ask("/health/live")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _nine_o_clock(browsers: list[Browser], seconds: float, fresh: int) -> tuple[list[float], int]:
    """Return (milliseconds of each request, how many were refused) of so many seconds.

    Requests begin at fixed moments, whether the earlier ones are answered or not. `fresh` shifts
    who signs in now.
    """
    many = int(len(browsers) / EVERY_SECONDS * seconds)
    times: list[float] = []
    refused = count()
    begun = time.monotonic()

    def one(number: int) -> None:
        at = begun + number * seconds / many
        time.sleep(max(0.0, at - time.monotonic()))
        browser = browsers[number % (len(browsers) // 2)]
        if number % 10 == 9:
            half = len(browsers) // 2
            newcomer = half + (number // 10 * 2 + fresh) % half
            status = browsers[newcomer].sign_in(f"crowd{newcomer}")
        else:
            status, _ = browser.ask(PAGES[number % len(PAGES)])
        times.append((time.monotonic() - at) * 1000)
        if status >= 400:
            next(refused)

    with ThreadPoolExecutor(64) as crowd:
        list(crowd.map(one, range(many)))
    return times, next(refused)


@contextmanager
def _stranger(port: int) -> Iterator[count[int]]:
    """Let a stranger ask until the end of the block; yield the count of requests."""
    over, made = Event(), count()

    def ask() -> None:
        browser = Browser(port, STRANGER)
        while not over.is_set():
            name = secrets.token_hex(4)
            new = {"password1": PASSWORD, "password2": PASSWORD}
            for path, fields in (
                ("/accounts/login/", {"login": name, "password": "wrong"}),
                ("/account/forgotten/", {"username": name, "code": "0000-0000", **new}),
                ("/account/forgotten/without-code/", {"username": name, **new}),
                ("/return/", {"case_key": "0000-0000-0000-0000"}),
                (f"/accompany/{name}/", {}),
                (f"/consent/{name}/", {}),
            ):
                if over.is_set():
                    return
                next(made)
                try:
                    browser.post(path, fields)
                except OSError:
                    continue

    threads = [Thread(target=ask, daemon=True) for _ in range(12)]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        over.set()
        for thread in threads:
            thread.join(30)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
