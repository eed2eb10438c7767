"""`python -m bench.load_and_faults`: people work while parts die and stop.

Real gunicorn, two workers, the mail worker, beat, Redis and PostgreSQL, a mail server and a virus
scanner in processes of their own. People list, open a case, write messages, add files and take
steps, each pressing again until the page says that it is done. At the end the database is compared
with what they were told. `BENCH_SCALE` chooses the size. Source: issue 16, Load and faults.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict, cast

from bench.faults.blows import Blow, strike
from bench.faults.people import FILE, MESSAGE, STEP, Diary, Person
from bench.served.browser import HOST
from bench.served.health import health_watched
from tests.private_servers import NotStarted, choose_port, find_initdb, find_redis
from tests.processes import ROOT, await_true, fetch_status, make_environment, service_settings
from tests.production.survivors import Survivor, Town, durable_postgres, forgetful_redis
from tests.production.test_compose import list_commands

SIZES = {"small": (6, 21, 1.5), "large": (20, 84, 3.0), "full": (20, 84, 3.0)}
"""People, blows, and seconds that a part is stopped or slowed."""
QUIET_SECONDS = 6.0
"""Seconds before the first blow, with which the rest is compared."""
EVERYTHING_NEEDS = "postgres"


class Kept(TypedDict):
    """What the people begin with: cases, and the cookies of each browser."""

    references: list[str]
    people: list[dict[str, str]]
    officer: dict[str, str]
    before: dict[str, int]


class Found(TypedDict):
    """What the database holds: events by kind, mail by state and by Message-ID."""

    counts: dict[str, int]
    states: dict[str, int]
    mail: list[str]


NOTHING: Found = {"counts": {}, "states": {}, "mail": []}


@dataclass
class Outcome:
    """What people were told, what the database holds, and how the pages were."""

    diary: Diary
    blows: list[Blow] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    before: dict[str, int] = field(default_factory=dict)
    found: Found = field(default_factory=NOTHING.copy)
    letters: Counter[str] = field(default_factory=Counter)
    struck_at: float = 0.0

    def written(self, kind: str) -> int:
        """Return how many events of this kind there are that the people made."""
        return self.found["counts"][kind] - self.before[kind]

    def health_missed(self) -> int:
        """Return the longest run of health answers that did not come within four seconds."""
        longest = run = 0
        for seconds in self.health:
            run = run + 1 if seconds > 4 else 0
            longest = max(longest, run)
        return longest

    def p95(self, *, quiet: bool) -> float:
        """Return the 95th percentile, in ms, of pages read.

        Those of before the first blow, or those since then which met no blow at the database.
        """
        hit = [(b.began, b.ended) for b in self.blows if b.victim == EVERYTHING_NEEDS]
        taken = [
            seconds * 1000
            for at, seconds in self.diary.reads
            if (at < self.struck_at) is quiet
            and not any(at < end and at + seconds > begin for begin, end in hit)
        ]
        return statistics.quantiles(taken, n=20)[-1]


def run(people: int, blows: int, hold: float, seed: int = 20261130) -> Outcome:
    """Let people work while so many blows fall.

    Returns:
        What came of it.

    Raises:
        NotStarted: There is no PostgreSQL or no Redis on this machine.
    """
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    stores = Path(tempfile.mkdtemp(prefix="pg-"))  # where another account may go as well
    try:
        with _town(folder, stores) as (town, environment, port):
            return _work(town, environment, port, (people, blows, hold, seed), folder)
    finally:
        shutil.rmtree(stores, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _town(folder: Path, stores: Path) -> Iterator[tuple[Town, dict[str, str], int]]:
    """Start the stores and the neighbours; web and workers are started later.

    Raises:
        NotStarted: There is no PostgreSQL or no Redis on this machine.
    """
    initdb, redis = find_initdb(), find_redis()
    if initdb is None or redis is None:
        raise NotStarted("PostgreSQL and Redis are needed, to start and kill private ones")
    log, mail_port, scan_port = folder / "log", choose_port(), choose_port()
    database, url = durable_postgres(initdb, stores, log)
    broker, redis_url = forgetful_redis(redis, folder, log)
    values = {
        **service_settings(url, redis_url, mail_port, folder / "data"),
        "CLAMD_URL": f"tcp://127.0.0.1:{scan_port}",
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXIES": "1",
        "SWEEP_SECONDS": "2",
    }
    environment = make_environment(values)
    module = [sys.executable, "-m", "bench.faults.neighbours"]
    mail = [*module, "mail", str(mail_port), str(folder / "letters")]
    scan = [*module, "antivirus", str(scan_port)]
    own = {"mail": mail, "antivirus": scan}
    neighbours = [Survivor(name, does, lambda: environment, log) for name, does in own.items()]
    town = Town([database, broker, *neighbours], random.Random(0))  # noqa: S311 - no secret
    try:
        for each in neighbours:
            each.start()
        yield town, environment, choose_port()
    finally:
        town.end()


def _work(
    town: Town,
    environment: dict[str, str],
    port: int,
    size: tuple[int, int, float, int],
    folder: Path,
) -> Outcome:
    people, blows, hold, seed = size
    kept = cast("Kept", _organisation(environment, "prepare", str(people)))
    outcome = Outcome(Diary(), before=kept["before"])
    for name, command in list_commands(port).items():
        one = Survivor(name, command, lambda: environment, folder / "log")
        town.everyone.append(one)
        one.start()
    live = f"http://127.0.0.1:{port}/health/live"
    await_true(lambda: fetch_status(live, HOST) == 200, 120, folder / "log")
    threads, over = _people(port, kept, outcome.diary)
    with health_watched(port, outcome.health):
        for thread in threads:
            thread.start()
        time.sleep(QUIET_SECONDS)
        outcome.struck_at = time.monotonic()
        outcome.blows = list(strike(town, random.Random(seed), blows, hold))  # noqa: S311
        over.set()
        while any(thread.is_alive() for thread in threads):
            town.keep_up()
            time.sleep(0.1)
    for one in town.everyone[4:]:
        one.end(signal.SIGTERM)
    outcome.found = cast("Found", _organisation(environment, "count"))
    letters = (folder / "letters").read_text().split("\n")
    outcome.letters = Counter(filter(None, letters))
    return outcome


def _people(port: int, kept: Kept, diary: Diary) -> tuple[list[threading.Thread], threading.Event]:
    over = threading.Event()
    works: list[tuple[Callable[..., None], str | list[str]]] = []
    for number, cookies in enumerate(kept["people"]):
        person = Person(port, cookies, diary, f"person{number}")
        works.append((person.work, kept["references"][number]))
    officer = Person(port, kept["officer"], diary, "officer")
    works.append((officer.acknowledge, kept["references"]))
    return [threading.Thread(target=do, args=(what, over)) for do, what in works], over


def _organisation(environment: dict[str, str], *words: str) -> object:
    command = [sys.executable, "-m", "bench.faults.organisation", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    told: object = json.loads(done.stdout.splitlines()[-1])
    return told


def faults_of(outcome: Outcome) -> list[str]:
    """Return what went wrong, a sentence each; nothing where all is well."""
    diary, wrong = outcome.diary, []
    for kind in (MESSAGE, FILE, STEP):
        told, there = diary.done[kind], outcome.written(kind)
        if told != there:
            wrong.append(f"{kind}: people were told of {told}, and {there} are there")
    if diary.given_up:
        wrong.append(f"given up: {diary.given_up}")
    if set(outcome.found["states"]) - {"sent"}:
        wrong.append(f"letters are not sent: {outcome.found['states']}")
    lost = set(outcome.found["mail"]) - set(outcome.letters)
    if lost:
        wrong.append(f"{len(lost)} letters did not arrive")
    if outcome.health_missed() > 2:
        wrong.append(f"/health/live missed {outcome.health_missed()} times in a row")
    return wrong


def describe(outcome: Outcome) -> str:
    """Return the figures of a run, a line each."""
    diary, again = outcome.diary, outcome.letters.total() - len(outcome.letters)
    struck = Counter(f"{each.how} {each.victim}" for each in outcome.blows)
    quiet, beside = outcome.p95(quiet=True), outcome.p95(quiet=False)
    return (
        f"Blows: {dict(struck)}\n"
        f"Done: {dict(diary.done)} in {diary.presses} presses; {len(diary.reads)} pages read\n"
        f"Letters: {len(outcome.letters)}, of which {again} came again under one Message-ID\n"
        f"Pages, p95: quiet {quiet:.0f} ms, while parts fail {beside:.0f} ms (goal: twice)\n"
        f"/health/live: slowest {max(outcome.health):.1f} s, most in a row that failed: "
        f"{outcome.health_missed()}"
    )


def main() -> int:
    """Run at the size of BENCH_SCALE, and print the figures.

    Returns:
        The exit code: 1 for a fault.
    """
    outcome = run(*SIZES[os.environ.get("BENCH_SCALE", "small")])
    wrong = faults_of(outcome)
    print(describe(outcome))
    print("\n".join(wrong) or "Nothing lost, nothing doubled, the trail is sound.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
