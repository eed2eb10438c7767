"""Give each request an id for its log lines, its answer and its error page.

It is random and says nothing. A person who meets an error can name it, and the operator finds the
one line about it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
NAME = "request_id"


class RequestIdMiddleware:
    """Middleware that binds an id of its own and ignores what a caller sends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response with the header `X-Request-ID`."""
        request_id = secrets.token_hex(6)
        with structlog.contextvars.bound_contextvars(**{NAME: request_id}):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


def current() -> str:
    """Return the id of the request that this thread answers; empty outside of one."""
    return str(structlog.contextvars.get_contextvars().get(NAME, ""))
