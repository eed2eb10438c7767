"""The product's own processes and its stores, which can be killed and started again."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.private_servers import await_port, choose_account, choose_port, make_cluster
from tests.processes import ROOT


@dataclass
class Survivor:
    """One process that is started again whenever it was killed."""

    name: str
    command: list[str]
    environment: Callable[[], Mapping[str, str]]
    log: Path
    folder: Path = ROOT
    account: tuple[int | None, int | None] = (None, None)
    kills: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a group of its own."""
        user, group = self.account
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=dict(self.environment()),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user,
                group=group,
                extra_groups=[] if user is not None else None,
            )

    def kill(self) -> None:
        """End it and its children as a power cut would."""
        self.kills += 1
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals) -> None:
        """Signal the whole group and wait for the first of it."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def keep_up(self) -> None:
        """Start it again if it has ended: a store may need a moment after its own death."""
        if self.process is None or self.process.poll() is not None:
            self.start()


@dataclass
class Town:
    """Everything that runs, who was killed how often, and the hand that kills."""

    everyone: list[Survivor]
    chance: random.Random
    order: list[str] = field(default_factory=list)

    def strike(self, seconds: float, between: tuple[float, float]) -> None:
        """For so many seconds, kill one at random now and then, and start what has ended."""
        until = time.monotonic() + seconds
        next_blow = time.monotonic() + between[1]
        while time.monotonic() < until:
            time.sleep(0.1)
            if time.monotonic() >= next_blow:
                victim = self.chance.choice(self.everyone)
                victim.kill()
                self.order.append(victim.name)
                next_blow = time.monotonic() + self.chance.uniform(*between)
            self.keep_up()

    def keep_up(self) -> None:
        """Start whatever has ended."""
        for one in self.everyone:
            one.keep_up()

    def dismiss(self, one: Survivor) -> None:
        """End one for good."""
        self.everyone.remove(one)
        one.end(signal.SIGKILL)

    def end(self) -> None:
        """Stop everything, the stores last."""
        for one in reversed(self.everyone):
            one.end(signal.SIGKILL)


def durable_postgres(initdb: str, folder: Path, log: Path) -> tuple[Survivor, str]:
    """A PostgreSQL that keeps what it has committed, whatever happens to it; and its URL."""
    account = choose_account(folder)
    data, port = make_cluster(initdb, folder, account), choose_port()
    program = str(Path(initdb).resolve().parent / "postgres")
    command = [program, "-D", str(data), "-k", str(folder), "-h", "127.0.0.1", "-p", str(port)]
    server = Survivor(
        "postgres",
        command,
        lambda: os.environ,
        log,
        folder,
        (account.user, account.group),
    )
    server.start()
    assert server.process is not None
    await_port(port, server.process, log)
    return server, f"postgresql://test@127.0.0.1:{port}/postgres"


def forgetful_redis(program: str, folder: Path, log: Path) -> tuple[Survivor, str]:
    """A Redis that loses everything when it dies, as in docker-compose.yml; and its URL."""
    port = choose_port()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    server = Survivor("redis", [*command, "--dir", str(folder)], lambda: os.environ, log)
    server.start()
    assert server.process is not None
    await_port(port, server.process, log)
    return server, f"redis://127.0.0.1:{port}/0"
