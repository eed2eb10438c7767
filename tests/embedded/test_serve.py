"""`manage.py serve`, started as `make run` starts it (architecture 7, contracts.md)."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.private_servers import choose_port
from tests.processes import (
    TASK_DONE,
    await_true,
    fetch_status,
    find_family,
    is_alive,
    make_environment,
    measure_memory,
    start,
    stop,
)

pytestmark = pytest.mark.slow

TRACES = {
    "User-Agent": "Telltale-Browser/7.7",
    "X-Forwarded-For": "203.0.113.77",
    "X-Real-Ip": "203.0.113.78",
    "Forwarded": "for=203.0.113.79",
    "Referer": "http://intranet.telltale.invalid/people/amara",
    "X-Remote-User": "telltale.amara",
    "Cookie": "sso=telltale-sign-on; fh_session=telltale0session0telltale0session",
}
"""What a browser, a proxy and single sign-on send along."""
WORDS = "telltale words of a concern"

FIRST_START_SECONDS = 90  # two busy cores; a quiet machine takes a few seconds
REST_MEGABYTES = 250


def visit_without_a_name(site: str) -> None:
    """Read, write, fail and guess as someone anonymous, from a browser that tells everything."""
    asks = (
        ("GET", "/raise/anonymous/", None),
        ("POST", "/raise/anonymous/what-happened/", {"account": WORDS}),
        ("POST", "/return/", {"case_key": "0000-0000-0000-0000"}),
        ("GET", "/cases/RC-222222/", None),
        ("GET", "/no/such/page/", None),
    )
    for method, path, fields in asks:
        data = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(site + path, data=data, headers=TRACES, method=method)
        with suppress(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=20).read()


@dataclass
class Run:
    """One data folder and the server that is started on it."""

    folder: Path
    port: int = field(default_factory=choose_port)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def command(self) -> list[str]:
        return [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{self.port}"]

    def environment(self, mode: str = "demonstration") -> dict[str, str]:
        return make_environment(
            {
                "FAIRHEARING_MODE": mode,
                "DATA_DIR": str(self.folder / "data"),
                "CELERY_BROKER_URL": "memory://localhost/",
                "DEMO": "0",
                "LOG_LEVEL": "INFO",
            }
        )

    def start(self) -> subprocess.Popen[bytes]:
        return start(self.command, self.environment(), self.log)

    def answers(self, path: str = "/health/live") -> bool:
        return fetch_status(f"http://127.0.0.1:{self.port}{path}") == 200

    def refuse(self, mode: str = "demonstration", code: int = 1) -> str:
        """Run the command to its end, expecting a refusal; return what it said."""
        ended = subprocess.run(
            self.command,
            env=self.environment(mode),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == code, ended.stderr
        return ended.stderr


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A folder without anything in it: the first start is still to come."""
    return Run(tmp_path)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a first start leaves behind: it takes some seconds, and most tests begin after it."""
    first = Run(tmp_path_factory.mktemp("prepared"))
    process = first.start()
    try:
        await_true(first.answers, FIRST_START_SECONDS, first.log)
    finally:
        stop(process)
    assert "Preparing the database" in first.log.read_text()
    return first.folder / "data"


@pytest.fixture
def server(run: Run, prepared: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A second start, on a copy of its own."""
    shutil.copytree(prepared, run.folder / "data")
    process = run.start()
    try:
        await_true(run.answers, FIRST_START_SECONDS, run.log)
        yield process
    finally:
        for member in find_family(process.pid):
            if is_alive(member):
                os.kill(member, signal.SIGKILL)
        process.wait()


class TestServe:
    def test_is_ready_small_and_leaves_nothing_behind(
        self, run: Run, server: subprocess.Popen[bytes]
    ) -> None:
        await_true(lambda: run.answers("/health/ready"), 30, run.log)
        assert run.answers("/"), "the first page"
        family = find_family(server.pid)
        assert measure_memory(family) < REST_MEGABYTES
        assert stop(server) == 0
        assert not [member for member in family if is_alive(member)]

    def test_keeps_no_trace_of_who_asks_and_runs_the_sweeps(
        self, run: Run, server: subprocess.Popen[bytes]
    ) -> None:
        """Its own access log, error log, database and folders, as they are after a visit."""
        visit_without_a_name(f"http://127.0.0.1:{run.port}")
        await_true(lambda: TASK_DONE.search(run.log.read_text()) is not None, 45, run.log)
        lying = b"".join(path.read_bytes() for path in run.folder.rglob("*") if path.is_file())
        for trace in (WORDS, *TRACES.values()):
            assert trace.encode() not in lying, trace

    def test_stops_on_ctrl_c(self, run: Run, server: subprocess.Popen[bytes]) -> None:
        family = find_family(server.pid)
        assert stop(server, signal.SIGINT) == 0
        assert not [member for member in family if is_alive(member)]

    def test_starts_again_in_seconds_without_preparing(
        self, run: Run, server: subprocess.Popen[bytes]
    ) -> None:
        assert "Preparing the database" not in run.log.read_text()

    def test_replaces_a_web_worker_that_was_killed(
        self, run: Run, server: subprocess.Popen[bytes]
    ) -> None:
        worker = find_family(server.pid)[1]
        os.kill(worker, signal.SIGKILL)
        await_true(lambda: worker not in find_family(server.pid), 20, run.log)
        await_true(run.answers, 30, run.log)
        assert server.poll() is None

    def test_keeps_its_data_from_other_accounts_and_from_a_second_run(
        self, run: Run, server: subprocess.Popen[bytes]
    ) -> None:
        """On another port too: two schedulers on one database would do everything twice."""
        said = Run(run.folder).refuse()
        assert "Fair Hearing runs in" in said
        assert "Traceback" not in said
        assert run.answers()
        data = run.folder / "data"
        for name in ("secrets.env", "fair-hearing.sqlite3"):
            assert (data / name).stat().st_mode & 0o077 == 0, name


class TestStart:
    def test_begins_anew_after_a_first_start_that_was_cut_short(self, run: Run) -> None:
        process = run.start()
        mark = run.folder / "data" / "unfinished"
        await_true(mark.exists, 60, run.log)
        process.kill()
        process.wait()
        assert mark.exists(), "it was cut short before it was done"
        again = run.start()
        try:
            await_true(run.answers, FIRST_START_SECONDS, run.log)
        finally:
            stop(again)
        assert "starting again" in run.log.read_text()
        assert not mark.exists()

    def test_says_so_when_the_port_is_taken(self, run: Run) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", run.port))
            taken.listen()
            assert f"Cannot listen on 127.0.0.1:{run.port}" in run.refuse()

    def test_a_data_folder_that_cannot_be_one_is_a_sentence(self, run: Run) -> None:
        (run.folder / "data").write_text("a file")
        assert run.refuse(code=4).strip().count("\n") == 0
        (run.folder / "data").unlink()
        (run.folder / "data").symlink_to("/proc")  # where no one may write, root included
        said = run.refuse(code=4)
        assert "cannot be used" in said
        assert said.strip().count("\n") == 0

    def test_is_refused_outside_the_demonstration(self, run: Run) -> None:
        assert "serve is for the demonstration" in run.refuse(mode="test")
