"""Whatever dies, and however often: every notice owed is given once, none twice, none is lost.

Web, two workers, the mail worker, two beats (one by mistake), Redis and PostgreSQL are killed with
SIGKILL at random moments while weeks pass. What was said is compared with the same weeks on a
database where nothing was killed. `KILL_SECONDS` makes it longer, `KILL_SEED` chooses other
moments.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.notifications.smtp_sink import Sink, serving
from tests.private_servers import choose_port, find_initdb, find_redis
from tests.processes import ROOT, await_true, fetch_status, make_environment, service_settings
from tests.production.survivors import Survivor, Town, durable_postgres, forgetful_redis
from tests.production.test_compose import list_commands, move

SECONDS = float(os.environ.get("KILL_SECONDS", "60"))
SEED = int(os.environ.get("KILL_SEED", "20261121"))
BEGIN = datetime(2026, 11, 21, 10, tzinfo=UTC)
END = datetime(2026, 12, 15, 12, tzinfo=UTC)
PACE = round((END - BEGIN).total_seconds() / SECONDS)
RETRY_DELAYS = ("minus5", "minus1", "on_day", "update_owed", "L1", "L2", "L3")
TOKEN = "c" * 32
"""Twice in a request, as cookie and as header: what Django asks of a form."""


@dataclass
class Weeks:
    """The moved clock, the same for whatever is started in between."""

    began: float = field(default_factory=time.monotonic)
    stopped: bool = False

    def now(self) -> datetime:
        """The simulated instant (UTC)."""
        passed = timedelta(seconds=(time.monotonic() - self.began) * PACE)
        return END if self.stopped else min(BEGIN + passed, END)

    def clock(self, name: str) -> dict[str, str]:
        """What a process started at this moment takes for the present.

        The clock of web stops until it is killed, and then jumps: no two clocks agree.
        """
        pace = "1" if name == "web" else str(PACE)
        return {"FAKE_NOW": self.now().isoformat(), "FAKE_PACE": pace, "SWEEP_SECONDS": "2"}


def run(environment: dict[str, str], what: str) -> Any:
    """Do something in the organisation of this environment; what it prints."""
    command = [sys.executable, "-m", "tests.production.fortnight", what]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else None


def press_until_done(address: str, kept: dict[str, str], presses: int, ended: list[int]) -> None:
    """Write messages by the page, pressing each again until the page says that it is sent.

    One that is never sent is given up after a while; the test then misses it.
    """
    page, give_up = f"/cases/{kept['reference']}/", time.monotonic() + SECONDS * 3
    cookies = {name: value for name, value in kept.items() if name != "reference"}
    jar = "; ".join(f"{name}={value}" for name, value in {**cookies, "csrftoken": TOKEN}.items())
    for number in range(presses):
        words = {"text": "How is it going?", "once": f"press-{number}"}
        request = urllib.request.Request(
            f"{address}{page}message/",
            urllib.parse.urlencode(words).encode(),
            {"Cookie": jar, "X-CSRFToken": TOKEN, "Host": "localhost"},
        )
        while time.monotonic() < give_up:
            try:
                with urllib.request.build_opener(Still).open(request, timeout=5) as answer:
                    ended.append(answer.status)
            except urllib.error.HTTPError as refusal:
                refusal.close()
                if refusal.code == 302 and refusal.headers["Location"] == page:
                    ended.append(302)
                    break
            except OSError:
                pass
            time.sleep(0.3)
        time.sleep(SECONDS / presses / 2)


class Still(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@pytest.fixture
def sink() -> Iterator[Sink]:
    with serving() as server:
        yield server


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
def test_every_notice_owed_is_given_once_whatever_dies(
    sink: Sink,
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Callable[[str, object], None],
) -> None:
    initdb, redis = find_initdb(), find_redis()
    if initdb is None or redis is None:
        pytest.skip("needs the programs of PostgreSQL and Redis, to start and kill its own")
    folder = tmp_path_factory.mktemp("kill")
    log, port = folder / "log", choose_port()
    stores = Path(tempfile.mkdtemp(prefix="pg-"))  # where another account may go as well
    database, url = durable_postgres(initdb, stores, log)
    broker, redis_url = forgetful_redis(redis, folder, log)
    values = {
        **service_settings(url, redis_url, sink.port, folder / "data"),
        "SITE_URL": "http://localhost",
        "ALLOWED_HOSTS": "localhost",
    }
    environment = make_environment(values)
    kept = run(environment, "prepare")
    weeks = Weeks()
    commands = list_commands(port)

    def clock_of(name: str) -> dict[str, str]:
        return {**environment, **weeks.clock(name)}

    own = [
        Survivor(name, commands[name.rstrip("2")], partial(clock_of, name), log)
        for name in ("web", "worker", "worker2", "mail-worker", "beat", "beat2")
    ]
    town = Town([database, broker, *own], random.Random(SEED))
    try:
        for one in own:
            one.start()
        ended: list[int] = []
        address, presses = f"http://127.0.0.1:{port}", 6
        person = threading.Thread(target=press_until_done, args=(address, kept, presses, ended))
        await_true(lambda: fetch_status(f"{address}/health/live") == 200, 60, log)
        weeks.began = time.monotonic()
        person.start()
        town.strike(SECONDS, (0.5, 2.5))
        weeks.stopped = True
        for one in own[1:]:
            town.dismiss(one)
        while person.is_alive():
            town.keep_up()
            time.sleep(0.1)
        await_true(lambda: answers(url), 30, log)
        run(environment, "settle")
        told = run(environment, "tell")
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("CREATE DATABASE undisturbed")
        calm = {
            **environment,
            "DATABASE_URL": move(url, "undisturbed"),
            "EMAIL_URL": "dummymail://",
        }
        for what in ("prepare", "undisturbed"):
            run(calm, what)
        owed = run(calm, "tell")
    finally:
        town.end()
        shutil.rmtree(stores, ignore_errors=True)
    letters = Counter(mail["Message-ID"] for mail in sink.arrived)
    given, superseded = compare(told["sayings"], owed["sayings"])
    again, killed = letters.total() - len(letters), Counter(town.order)
    record_property(
        "counts",
        f"killed {len(town.order)} times {dict(killed)}; owed {len(owed['sayings'])} sayings: "
        f"{given} given once, {superseded} overtaken by a more urgent one; {len(letters)} letters, "
        f"{again} sent again under the same Message-ID; {presses} messages pressed, "
        f"{told['messages']} written",
    )
    assert len(town.order) >= SECONDS / 5
    assert told["owed"] == 0
    assert set(told["states"]) == {"sent"}
    assert set(letters) == set(told["mail"])
    killed = Counter(town.order)
    assert letters.total() - len(letters) <= 4 * (killed["mail-worker"] + killed["postgres"])
    assert told["messages"] == presses


def compare(told: list[dict[str, Any]], owed: list[dict[str, Any]]) -> tuple[int, int]:
    """How many sayings were given, and how many overtaken; fails for any other difference."""
    clocks: dict[tuple[int, str], list[str]] = defaultdict(list)
    expected = {key_of(saying): saying for saying in owed}
    assert len(expected) == len(owed)
    for saying in told:
        assert saying["told"] == expected[key_of(saying)]["told"], "told to somebody else, or twice"
        assert saying["at"][:10] >= expected[key_of(saying)]["at"][:10], "said before its day"
        clocks[saying["case"], saying["clock"]].append(saying["kind"].removeprefix("clock."))
    assert len({key_of(saying) for saying in told}) == len(told), "said twice"
    for said in clocks.values():
        assert said == sorted(said, key=RETRY_DELAYS.index), "out of order"
    missing = [saying for key, saying in expected.items() if key not in {key_of(t) for t in told}]
    for saying in missing:
        said = clocks[saying["case"], saying["clock"]]
        place = RETRY_DELAYS.index(saying["kind"].removeprefix("clock."))
        assert said, f"lost: {saying}"
        assert RETRY_DELAYS.index(said[-1]) > place, f"lost: {saying}"
    return len(told), len(missing)


def key_of(saying: dict[str, Any]) -> tuple[int, str, str, str]:
    return (saying["case"], saying["clock"], saying["kind"], saying["due"])


def answers(url: str) -> bool:
    """Whether the database takes connections again."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
