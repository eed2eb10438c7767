"""Call a program outside that the operator named, and wait for its status alone.

The whole call ends in time, however slowly the other side answers: it is made by workers that have
dates and letters to see to. No redirection is followed, and no body is read.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import urlsplit

from django.conf import settings

from config.endpoints import is_local

SECONDS = 5.0
"""How long one call may take from the connection to the status."""


class NotReached(Exception):
    """No status came. The text is a code without the address, which may hold a secret."""


def call(address: str, *, body: str | None = None, headers: Mapping[str, str]) -> int:
    """Return the status that an address of HTTPS answers.

    With a body it is asked by POST, else by GET.

    Raises:
        NotReached: Nothing or nothing of HTTP came in time, or the host is a local one.
    """
    parts = urlsplit(address)
    host, path = parts.hostname or "", parts.path or "/"
    link = HTTPConnection(host, parts.port or 443, timeout=SECONDS)
    try:
        with _connected(host, parts.port or 443) as secured:
            link.sock = secured
            asked = f"{path}?{parts.query}" if parts.query else path
            link.request("GET" if body is None else "POST", asked, body, dict(headers))
            return link.getresponse().status
    except (OSError, HTTPException, ValueError) as error:
        raise NotReached(type(error).__name__) from error
    finally:
        link.close()


@contextmanager
def _connected(host: str, port: int) -> Iterator[ssl.SSLSocket]:
    """Connect over TLS, and break the connection off when the time is out.

    A name may lead to a local address although the setting names none, so the other end is looked
    at before a byte is sent.

    Raises:
        NotReached: The other end is local and may not be called.
    """
    context = ssl.create_default_context()
    with socket.create_connection((host, port), SECONDS) as plain:
        if not settings.LOCAL_CALLS and is_local(plain.getpeername()[0]):
            raise NotReached("a local address, and LOCAL_CALLS is off")
        with plain.dup() as second:
            # A limit of the socket is for each byte; the second one of it ends the whole.
            end = Timer(SECONDS, _break_off, [second])
            end.daemon = True
            end.start()
            try:
                with context.wrap_socket(plain, server_hostname=host) as secured:
                    yield secured
            finally:
                end.cancel()


def _break_off(link: socket.socket) -> None:
    try:
        link.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was quicker
