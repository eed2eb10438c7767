"""A database that takes a connection and says nothing is an error after some seconds."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.stores import databases


def options(url: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> dict[str, Any]:
    monkeypatch.setenv("DATABASE_URL", url)
    found = databases.configuration(folder, production=True)["default"]["OPTIONS"]
    assert isinstance(found, dict)
    return found


def test_a_server_that_hangs_does_not_hold_a_page_for_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"postgresql://a@127.0.0.1:{port}/a"
        given = options(url, monkeypatch, tmp_path)
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user="a", dbname="a", **given)
        assert time.monotonic() - began < 3 * databases.CONNECTION["connect_timeout"]


def test_the_address_may_say_how_long_to_wait(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = options("postgresql://a@localhost/a?connect_timeout=30", monkeypatch, tmp_path)
    assert str(given["connect_timeout"]) == "30"
    assert given["keepalives_idle"] == databases.CONNECTION["keepalives_idle"]
