"""Calls to a program outside end in time and reach no place of this machine, over real TLS."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from pytest_django import Settings

from config.endpoints import is_local
from grievances.deadlines import outside_calls
from tests.private_authority import Authority

LIMIT = 0.5
BIG = b"x" * 60_000


def drip(channel: socket.socket, text: bytes) -> None:
    """Send a byte at a time, for longer than a call may take."""
    for sign in text:
        channel.sendall(bytes([sign]))
        time.sleep(0.05)


def large_headers(channel: socket.socket) -> None:
    channel.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        channel.sendall(b"a: " + BIG + b"\r\n")


def large_body(channel: socket.socket) -> None:
    channel.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        channel.sendall(BIG)


def only_interim(channel: socket.socket) -> None:
    while True:
        channel.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.05)


ANSWERS: dict[str, tuple[Callable[[socket.socket], None], int | None]] = {
    "status by the byte": (lambda c: drip(c, b"HTTP/1.1 200 " + b"O" * 100), None),
    "headers by the byte": (lambda c: drip(c, b"HTTP/1.1 200 OK\r\na: " + b"b" * 100), None),
    "interim answers only": (only_interim, None),
    "nothing": (lambda _: time.sleep(3), None),
    "headers without end": (large_headers, None),
    "a long line": (lambda c: c.sendall(b"HTTP/1.1 200 " + BIG * 2), None),
    "no HTTP": (lambda c: c.sendall(b"220 mail.example ESMTP\r\n\r\n"), None),
    "body without end": (large_body, 200),
    "elsewhere": (lambda c: c.sendall(b"HTTP/1.1 302 F\r\nLocation: https://a.b/\r\n\r\n"), 302),
}


class Program:
    """A server on a port; `asked` has what it was sent."""

    def __init__(self, port: int) -> None:
        self.port, self.asked = port, list[bytes]()


@contextmanager
def answering(
    answer: Callable[[socket.socket], None], tls: ssl.SSLContext, end: bytes = b"{}"
) -> Iterator[Program]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        program = Program(server.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    plain, _ = server.accept()
                    with suppress(OSError), tls.wrap_socket(plain, server_side=True) as channel:
                        asked = b""
                        while not asked.endswith(end):
                            asked += channel.recv(65536)
                        program.asked.append(asked)
                        answer(channel)

        Thread(target=serve, daemon=True).start()
        yield program


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> ssl.SSLContext:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    monkeypatch.setattr(outside_calls, "SECONDS", LIMIT)
    settings.LOCAL_CALLS = True
    return authority.certify(ends_in=timedelta(days=9))


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_call_ends_in_time_whatever_is_answered(kind: str, tls: ssl.SSLContext) -> None:
    answer, status = ANSWERS[kind]
    with answering(answer, tls) as program:
        began = time.monotonic()
        address = f"https://localhost:{program.port}/a?b=c"
        if status is None:
            with pytest.raises(outside_calls.NotReached):
                outside_calls.call(address, body="{}", headers={})
        else:
            assert outside_calls.call(address, body="{}", headers={}) == status
        assert time.monotonic() - began < LIMIT + 0.5
        assert program.asked[0].startswith(b"POST /a?b=c HTTP/1.1\r\n")
        assert len(program.asked) == 1


def test_a_handshake_without_end_is_broken_off(tls: ssl.SSLContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                channel, _ = server.accept()
                with channel:
                    drip(channel, b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb\x03\x03" + bytes(90))

        Thread(target=serve, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(outside_calls.NotReached):
            outside_calls.call(f"https://localhost:{server.getsockname()[1]}/", headers={})
        assert time.monotonic() - began < LIMIT + 0.5


def test_a_name_that_no_server_knows_is_not_reached() -> None:
    with pytest.raises(outside_calls.NotReached, match="^gaierror$"):
        outside_calls.call("https://program.invalid/secret", headers={})


def test_a_name_that_leads_to_this_machine_is_sent_nothing(
    tls: ssl.SSLContext, settings: Settings
) -> None:
    settings.LOCAL_CALLS = False
    with answering(large_body, tls, b"\r\n\r\n") as program:
        with pytest.raises(outside_calls.NotReached, match="LOCAL_CALLS is off"):
            outside_calls.call(f"https://localhost:{program.port}/", headers={})
        settings.LOCAL_CALLS = True
        assert outside_calls.call(f"https://localhost:{program.port}/", headers={}) == 200
        assert len(program.asked) == 1


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "0.0.0.0", "169.254.169.254", "169.254.0.1", "::1", "::",  # noqa: S104
     "fe80::1", "fe80::1%eth0", "febf::1", "fd00:ec2::254", "::ffff:127.0.0.1",
     "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"],
)  # fmt: skip
def test_an_address_of_this_machine_or_its_link_is_local(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize(
    "address", ["10.0.0.7", "192.168.1.1", "172.16.0.1", "fd00::7", "2001:db8::1", "8.8.8.8",
                "169.253.1.1", "::ffff:10.0.0.7", "64:ff9b::a00:7"],
)  # fmt: skip
def test_an_address_inside_the_organisation_is_not(address: str) -> None:
    assert not is_local(address)
