"""One request at a time: on SQLite in memory the server and the test share one connection."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from django.http import HttpRequest, HttpResponseBase

_TURN = Lock()


class InTurn:
    """Let a request wait until the one before is answered, as it would wait for the table."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with _TURN:
            return self.get_response(request)
