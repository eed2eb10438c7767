"""A file of 200 MB goes through a real gunicorn, and the memory that this takes is measured.

Set MEASURE_UPLOADS=1 to run it (about half a minute): the figure is in what pytest prints with -s.
"""

from __future__ import annotations

import http.client
import io
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pytest

from tests.evidence import samples
from tests.private_servers import choose_port
from tests.processes import (
    ROOT,
    await_true,
    fetch_status,
    find_family,
    make_environment,
    start,
    stop,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("MEASURE_UPLOADS"), reason="measures: set MEASURE_UPLOADS=1"
    ),
]

SIZE = 200 * 1024 * 1024 - 1024 * 1024
MOST_EXTRA = 64 * 1024 * 1024
PREPARE = """
import django, json; django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
call_command("load_policy", verbosity=0); call_command("load_holidays", verbosity=0)
from tests import signing_in
from tests.factories import cases, people
people = people.assemble()
case = cases.acknowledged(people)
client = signing_in.sign_in(Client(), people, "complainant1")
print(json.dumps({"reference": case.reference,
                  "cookies": {name: m.value for name, m in client.cookies.items()}}))
"""


@dataclass
class Served:
    """A running server, someone's cookies, and the case they may add files to."""

    port: int
    worker: int
    reference: str
    cookies: dict[str, str]
    children: dict[int, int] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: Iterator[bytes] | None, **headers: str
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request(method, path, body, {"Cookie": cookies, **headers})
        try:
            answer = line.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            line.close()

    def upload(self, pieces: list[bytes]) -> int:
        """Post a file given in pieces; the status of the answer."""
        page = f"/cases/{self.reference}/add_evidence/"
        _, shown, headers = self.ask("GET", page, None)
        self.cookies["csrftoken"] = re.findall("csrftoken=(\\w+)", str(headers))[0]
        token = re.findall(rb'csrfmiddlewaretoken" value="(\w+)"', shown)[0]
        head = (
            b'--xyz\r\nContent-Disposition: form-data; name="others"\r\n\r\ncopy\r\n'
            b'--xyz\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
            + token + b"\r\n--xyz\r\n"
            b'Content-Disposition: form-data; name="file"; filename="x.mp4"\r\n\r\n'
        )  # fmt: skip
        body = [head, *pieces, b"\r\n--xyz--\r\n"]
        status, _, _ = self.ask(
            "POST", page, iter(body), **{
                "Content-Type": "multipart/form-data; boundary=xyz",
                "Content-Length": str(sum(map(len, body))),
            },
        )  # fmt: skip
        return status

    def watch(self, over: threading.Event) -> None:
        """Note the peak of every process that the worker starts."""
        while not over.is_set():
            for child in find_family(self.worker)[1:]:
                self.children[child] = max(self.children.get(child, 0), peak(child))
            time.sleep(0.02)


def peak(pid: int) -> int:
    """The most memory a process has had resident, in bytes; 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    environment = make_environment(
        {
            "FAIRHEARING_MODE": "test",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(tmp_path / "data"),
            "PYTHONPATH": str(ROOT),
        }
    )
    made = subprocess.run(
        [sys.executable, "-c", PREPARE], env=environment, cwd=ROOT, check=True, capture_output=True
    )
    facts = json.loads(made.stdout.splitlines()[-1])
    port, log = choose_port(), tmp_path / "log"
    options = ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
    process = start(
        ["gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}", *options],
        environment, log,
    )  # fmt: skip
    try:
        await_true(lambda: fetch_status(f"http://127.0.0.1:{port}/health/live") == 200, 60, log)
        yield Served(port, find_family(process.pid)[1], **facts)
    finally:
        stop(process)


def measure(served: Served, pieces: list[bytes]) -> tuple[int, int, float]:
    """(extra bytes of the worker, the most a process of it took, seconds) for one upload."""
    served.upload([samples.TEXT])
    Path(f"/proc/{served.worker}/clear_refs").write_text("5")
    before, over = peak(served.worker), threading.Event()
    watcher = threading.Thread(target=served.watch, args=(over,))
    watcher.start()
    began = time.monotonic()
    status = served.upload(pieces)
    took = time.monotonic() - began
    over.set()
    watcher.join()
    assert status == 302
    return peak(served.worker) - before, max(served.children.values(), default=0), took


def large_pdf() -> bytes:
    document = pikepdf.new()
    for number in range(20):
        page = document.add_blank_page()
        page.obj.Extra = pikepdf.Stream(document, samples.noise(SIZE // 20 - 5000 + number))
    document.docinfo["/Author"] = "PLANTED"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["recording", "pdf"])
def test_two_hundred_megabytes_take_less_than_64_of_memory(
    served: Served, tmp_path: Path, kind: str
) -> None:
    body = large_pdf() if kind == "pdf" else samples.recording(samples.noise(SIZE))
    pieces = [body[start : start + (1 << 20)] for start in range(0, len(body), 1 << 20)]
    extra, child, took = measure(served, pieces)
    megabytes = 1024 * 1024
    print(  # noqa: T201 - the figure is what this is for
        f"\n{kind}: {len(body) / megabytes:.0f} MB in {took:.1f} s; the worker took "
        f"{extra / megabytes:.1f} MB more, the process that cleaned it {child / megabytes:.1f} MB"
    )
    assert extra < MOST_EXTRA
    sealed = [path.stat().st_size for path in (tmp_path / "data" / "evidence").iterdir()]
    assert max(sealed) > len(body)
