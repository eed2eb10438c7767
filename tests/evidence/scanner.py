"""A server that speaks clamd's INSTREAM (clamd(8)) over a real socket.

It stands in for clamd, whose signatures cannot be fetched where the tests run: it knows one thing,
the EICAR test file. Unlike clamd it can be told to hang, to hang up, to report an error, to answer
nonsense or to be busy. That the real clamd gives these answers is dependencies.md's finding.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from pathlib import Path
from types import TracebackType

from tests.evidence.samples import EICAR

ANSWERS = {
    "error": b"INSTREAM size limit exceeded. ERROR\0",
    "nonsense": b"200 OK, nothing FOUND here, honest\0",
    "almost": b"stream: OKAY\0",
    "endless": b"stream: OK" + b" " * 100_000,
    "unfinished": b"stream: OK",
}


class Talk(socketserver.BaseRequestHandler):
    """One connection: one command, the pieces, an answer."""

    server: Listening

    def handle(self) -> None:
        mood = self.server.mood
        channel: socket.socket = self.request
        if mood == "hang":
            time.sleep(self.server.patience)
            return
        if mood == "drop":
            return
        command = _exactly(channel, 6)
        if command == b"zPING\0":
            channel.sendall(b"PONG\0")
            return
        if command == b"zVERSI":
            channel.sendall(self.server.version)
            return
        if command + _exactly(channel, 4) != b"zINSTREAM\0":
            return
        body = bytearray()
        while (head := _exactly(channel, 4)) and (length := struct.unpack("!L", head)[0]):
            body += _exactly(channel, length)
            if mood == "drop half-way":
                return
        self.server.seen.append(bytes(body))
        found = EICAR in body
        kind = b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0"
        channel.sendall(ANSWERS.get(mood, kind))


class Listening(socketserver.ThreadingMixIn, socketserver.BaseServer):
    """What both servers have."""

    daemon_threads = True
    mood = ""
    patience = 3.0
    version = b"ClamAV 1.4.6\0"
    seen: list[bytes]


class Tcp(Listening, socketserver.TCPServer):
    """On a port of this machine."""


class Unix(Listening, socketserver.UnixStreamServer):
    """On a path of this machine."""


class Scanner:
    """The server for the length of a test: `mood` says how it behaves, `seen` what it was given."""

    def __init__(self, path: Path | None = None) -> None:
        self.server: Tcp | Unix = Unix(str(path), Talk) if path else Tcp(("127.0.0.1", 0), Talk)
        self.server.seen = []
        port = self.server.socket.getsockname()[1]
        self.url = f"unix://{path}" if path else f"tcp://127.0.0.1:{port}"

    @property
    def seen(self) -> list[bytes]:
        return self.server.seen

    def feel(self, mood: str) -> None:
        """Behave like this from now on."""
        self.server.mood = mood

    def __enter__(self) -> Scanner:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()


def _exactly(channel: socket.socket, length: int) -> bytes:
    body = b""
    while len(body) < length:
        piece = channel.recv(length - len(body))
        if not piece:
            return b""
        body += piece
    return body
