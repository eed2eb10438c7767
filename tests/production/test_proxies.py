"""How many proxies stand in front: production must be told, and believes that many and no more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from grievances.web.shared.client_address import address_of
from tests.processes import ROOT, make_environment

SENTENCE = (
    "TRUSTED_PROXIES is missing or is not a whole number: set it to the number of proxies in front "
    "of the service (0 for none), and start again."
)
PEER = "10.0.0.9"


def start_production(folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Read the production settings over, as any start does."""
    environment = make_environment(
        {
            "FAIRHEARING_MODE": "production",
            "DATA_DIR": str(folder),
            "SECRET_KEY": "for-this-test-" + "x" * 50,
            "SERVER_KEYS": "1:" + "ab" * 32,
            "ALLOWED_HOSTS": "concerns.example",
            "DATABASE_URL": f"sqlite:///{folder / 'none.sqlite3'}",
        }
    )
    environment.pop("TRUSTED_PROXIES", None)
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, **given},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("value", [None, "", "one", "-1", "1.5", "²"])
def test_production_does_not_start_without_the_number_of_proxies(
    tmp_path: Path, value: str | None
) -> None:
    given = {} if value is None else {"TRUSTED_PROXIES": value}
    ended = start_production(tmp_path, **given)
    assert ended.returncode != 0
    assert SENTENCE in ended.stderr


@pytest.mark.parametrize("value", ["0", "2"])
def test_production_starts_with_it(tmp_path: Path, value: str) -> None:
    ended = start_production(tmp_path, TRUSTED_PROXIES=value)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.5", PEER),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (2, "198.51.100.1,203.0.113.5 , 10.1.1.1", "203.0.113.5"),
        (1, "203.0.113.5:4711", "203.0.113.5"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        (1, "[2001:db8:1:2:bbbb::9]:443", "2001:db8:1:2::"),
        (1, "[2001:db8:1:2:bbbb::9]", "2001:db8:1:2::"),
        (1, "", PEER),
        (2, "203.0.113.5", PEER),
        (1, "unknown", PEER),
        (1, "203.0.113.5, ", PEER),
        (1, "203.0.113.5, 999.1.1.1", PEER),
        (1, "\x00,é", PEER),
    ],
)
def test_the_address_is_the_one_that_our_own_proxies_saw(
    settings: Settings, proxies: int, header: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": header} if header else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=PEER)
    assert address_of(request) == address


def test_an_address_that_is_none_is_still_one_place(settings: Settings) -> None:
    """A socket of the machine has no address; nothing fails."""
    settings.TRUSTED_PROXIES = 1
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) == ""
