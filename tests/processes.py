"""The product's own commands, started for real: wait for an answer, look at them, stop them."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Celery's line, at level INFO, for the sweep that beat asks for every 15 seconds.
TASK_DONE = re.compile(r"Task grievances\.tasks\.deliver_notices\[\S+\] succeeded")
OUTSIDE = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "FAKE_NOW", "DJANGO_SETTINGS_MODULE")


def make_environment(values: Mapping[str, str]) -> dict[str, str]:
    """This environment without its services, with `values`, and with our Python programs first."""
    kept = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "PYTHONUNBUFFERED": "1", **values}


def service_settings(database: str, redis: str, mail_port: int, data: Path) -> dict[str, str]:
    """Settings of a service with stores of its own, its mail to a port of this machine."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "FAIRHEARING_MODE": "test",
        "SECRET_KEY": "for-this-run-" + "x" * 50,
        "SERVER_KEYS": "1:" + "ab" * 32,
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "DATA_DIR": str(data),
    }


def start(command: list[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a command in the repository's folder; its output goes to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )


def fetch_status(url: str, host: str = "localhost") -> int | None:
    """The status of a GET, or None while no one answers."""
    request = urllib.request.Request(url, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code
    except OSError:
        return None


def await_true(holds: Callable[[], bool], seconds: float, log: Path) -> float:
    """Wait until `holds()`; return the seconds it took, or fail with the end of the log."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if holds():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s:\n{log.read_text(errors='replace')[-3000:]}")


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> int:
    """Signal the process and return its exit code; kills it and fails after 20 seconds."""
    process.send_signal(how)
    try:
        return process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def find_family(pid: int) -> list[int]:
    """The process and everything it started, from /proc (Linux)."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
        except (OSError, ValueError):
            continue  # it ended while we looked
        parents[int(status.parent.name)] = int(fields["PPid"])
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def measure_memory(pids: list[int]) -> float:
    """The resident memory of the processes together, in megabytes (10^6 bytes), from /proc."""
    page = os.sysconf("SC_PAGE_SIZE")
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
    return sum(pages) * page / 1e6


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and was not collected yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}
