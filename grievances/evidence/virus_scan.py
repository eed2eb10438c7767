"""Scan files for viruses: send them to clamd over its socket while they arrive.

The protocol is INSTREAM of clamd(8). The scan fails closed. It counts as failed without a
connection, without an answer in time, and after an error. It also counts as failed when the answer
is not exactly that nothing was found. The file then goes into quarantine (peers.md 4 row 27).
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from grievances.choices import Scan

CLEAN_ANSWER = b"stream: OK"
ANSWER_BYTES = 4096
PORT = 3310
PING_SECONDS = 2.0
"""How long, in seconds, the scanner may take to say that it is there."""
NO_SCANNER, THERE, AWAY, OLD = "none", "ok", "away", "old"
SIGNATURES_LAST = timedelta(days=7)
"""How old signatures may be: new ones are made every day."""


def is_configured() -> bool:
    """Return whether files are scanned in this installation."""
    return bool(settings.CLAMD_URL)


def state(now: datetime) -> str:
    """Return the state of the scanner: `ok`, `away`, `old` or `none`.

    It is `away` when it does not answer, `none` where there is none, and `old` where its signatures
    were made more than a week before `now` (UTC).
    """
    if not is_configured():
        return NO_SCANNER
    try:
        if _ask(b"zPING\0") != b"PONG\0":
            return AWAY
        made = _made_at(_ask(b"zVERSION\0"))
    except OSError:
        return AWAY
    return OLD if made is not None and now - made > SIGNATURES_LAST else THERE


def _ask(command: bytes) -> bytes:
    with connect(PING_SECONDS) as channel:
        channel.sendall(command)
        return channel.recv(ANSWER_BYTES)


def _made_at(version: bytes) -> datetime | None:
    """Return when the signatures were made.

    A version is "ClamAV 1.4.6/27500/Sun Nov 29 09:10:11 2026". None where the scanner does not say.
    The zone is the scanner's own: hours do not matter here.
    """
    said = version.rstrip(b"\0\n").decode("ascii", "replace").rpartition("/")[2]
    try:
        return datetime.strptime(said, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


class Scanning:
    """A scan of one file: `feed` its pieces, then call `verdict` once."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        if is_configured():
            try:
                self._socket = connect()
                self._socket.sendall(b"zINSTREAM\0")
            except OSError:
                self.close()

    def feed(self, piece: bytes) -> None:
        """Send the next piece. After an error of the network the verdict is a failed scan."""
        if self._socket is None or not piece:
            return
        try:
            self._socket.sendall(struct.pack("!L", len(piece)) + piece)
        except OSError:
            self.close()

    def verdict(self) -> Scan:
        """Return the result for all pieces; waits CLAMD_SECONDS at most."""
        if not is_configured():
            return Scan.NONE
        answer = self._answer()
        if answer == CLEAN_ANSWER:
            return Scan.CLEAN
        is_found = answer.startswith(b"stream: ") and answer.endswith(b" FOUND")
        return Scan.FOUND if is_found else Scan.FAILED

    def close(self) -> None:
        """Close the connection, after a scan or instead of one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _answer(self) -> bytes:
        """Return the scanner's one answer; empty when none came that can be relied on."""
        if self._socket is None:
            return b""
        answer, until = b"", time.monotonic() + settings.CLAMD_SECONDS
        try:
            self._socket.sendall(struct.pack("!L", 0))
            while not answer.endswith(b"\0") and len(answer) < ANSWER_BYTES:
                self._socket.settimeout(max(0.01, until - time.monotonic()))
                more = self._socket.recv(ANSWER_BYTES)
                if not more:
                    return b""
                answer += more
        except OSError:
            return b""
        finally:
            self.close()
        return answer.removesuffix(b"\0")


def scan(chunks: Iterable[bytes]) -> Scan:
    """Scan a whole sealed file; raises what reading it raises.

    Returns:
        The verdict.
    """
    scanning = Scanning()
    try:
        for chunk in chunks:
            scanning.feed(chunk)
        return scanning.verdict()
    finally:
        scanning.close()


def connect(seconds: float | None = None) -> socket.socket:
    """Return a connection to CLAMD_URL, `tcp://HOST:PORT` or `unix:///PATH`.

    It waits CLAMD_SECONDS for each answer, or `seconds` where they are given. `socket` raises other
    OSErrors for an address that does not answer.

    Raises:
        ConnectionError: The Unix socket does not answer.
    """
    address = urlsplit(settings.CLAMD_URL)
    wait = settings.CLAMD_SECONDS if seconds is None else seconds
    if address.scheme == "unix":
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        channel.settimeout(wait)
        if channel.connect_ex(address.path):
            channel.close()
            raise ConnectionError
        return channel
    return socket.create_connection(
        (address.hostname or "localhost", address.port or PORT), timeout=wait
    )
