"""With Redis away people still sign in, limits still count, and the operator is told."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from tests.factories.people import PASSWORD, Staff
from tests.private_servers import choose_port, find_redis

pytestmark = pytest.mark.skipif(find_redis() is None, reason="no redis-server on this machine")

BY_NAME = {
    "BACKEND": "grievances.operations.redis_cache.RedisOrMemory",
    "LOCATION": "redis://redis.invalid:6379/0",
}


class Server:
    """A Redis that can be stopped and started again on the same port."""

    def __init__(self, folder: str) -> None:
        self.port, self.folder = choose_port(), folder
        self.start()

    def start(self) -> None:
        line = [str(find_redis()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(line, cwd=self.folder, stdout=subprocess.DEVNULL)
        deadline = monotonic() + 20
        while not self.answers():
            assert monotonic() < deadline, "redis-server did not start"
            sleep(0.05)

    def answers(self) -> bool:
        line = ["redis-cli", "-p", str(self.port), "ping"]
        return b"PONG" in subprocess.run(line, capture_output=True, check=False).stdout

    def stop(self, number: int = signal.SIGKILL) -> None:
        os.kill(self.process.pid, number)
        self.process.wait()


@pytest.fixture
def redis(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(str(tmp_path_factory.mktemp("redis")))
    settings.CACHES = {
        "default": {
            "BACKEND": "grievances.operations.redis_cache.RedisOrMemory",
            "LOCATION": f"redis://127.0.0.1:{server.port}/0",
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
    }
    yield server
    server.process.kill()
    server.process.wait()


def sign_in(password: str = PASSWORD) -> Any:
    form = {"login": "triage1", "password": password}
    return Client().post("/accounts/login/", form)


@pytest.mark.django_db
def test_people_sign_in_while_redis_is_away(staff: Staff, redis: Server, client: Client) -> None:
    assert sign_in().status_code == 302
    assert client.get("/health/ready").json()["redis"] == "ok"
    redis.stop()
    assert sign_in().status_code == 302
    assert client.get("/health/ready").json()["redis"] == "away"
    redis.start()
    assert client.get("/health/ready").json()["redis"] == "ok"


@pytest.mark.django_db
def test_people_sign_in_while_no_name_server_knows_redis(
    staff: Staff, settings: Settings, client: Client
) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], **BY_NAME}}
    assert sign_in().status_code == 302
    assert client.get("/health/ready").json()["redis"] == "away"


@pytest.mark.django_db
def test_wrong_passwords_are_still_counted(staff: Staff, redis: Server) -> None:
    redis.stop()
    wrong = [sign_in("not-the-password").content.decode() for _ in range(7)]
    assert ["Too many tries" in page for page in wrong] == [False] * 6 + [True]


def test_each_operation_answers_as_redis_would(redis: Server) -> None:
    for turn in ("here", "away"):
        if turn == "away":
            redis.stop()
        cache = caches["default"]
        assert cache.add(turn, 1, 60) is True
        assert cache.add(turn, 1, 60) is False
        assert cache.incr(turn) == 2
        assert cache.get(turn) == 2
        assert cache.delete(turn) is True
        assert cache.get(turn, "none") == "none"
        with pytest.raises(ValueError, match=turn):
            cache.incr(turn)
