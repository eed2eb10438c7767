"""Refuse malformed requests before a view or a database meets them.

PostgreSQL takes no NUL character and raises an error; SQLite takes it. So it is refused here, where
both answer alike. What is typed into a form is judged by the form, which says what to do.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext_noop

from grievances.web.shared.error_views import asking_nothing

LONGEST_PATH = 1000
"""Characters of the longest address; the longest real one has fewer than 200."""
BAD_ADDRESS = gettext_noop(
    "The address has a character that no address here has. Correct it, and send it again."
)
CONTROL = frozenset(map(chr, [*range(32), 127]))

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Utf8Request(WSGIRequest):
    """A request that is read as UTF-8, whatever charset it claims.

    Django would decode by any codec that Python knows, and some of them fail on every text.
    """

    def _set_content_type_params(self, meta: dict[str, object]) -> None:
        careful = {**meta, "CONTENT_TYPE": _without_charset(meta)}
        super()._set_content_type_params(careful)  # type: ignore[misc]  # the stubs leave it out


class Handler(WSGIHandler):
    """Django's handler of requests, for `Utf8Request`."""

    request_class = Utf8Request


class WellFormedMiddleware:
    """Middleware that refuses malformed addresses and drops malformed cookies.

    No address and no cookie of this service holds a control character.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response, or the page of ours that refuses the request."""
        if len(request.path) > LONGEST_PATH or _has_control(request.path):
            return asking_nothing("404.html", 404)
        if any(_has_control(text) for pair in request.GET.lists() for text in (pair[0], *pair[1])):
            return _bad_address(request)
        for name in [name for name, value in request.COOKIES.items() if _has_control(value)]:
            del request.COOKIES[name]
        return self.get_response(request)


def _bad_address(request: HttpRequest) -> HttpResponseBase:
    """Return the refusal of an address: a page, or JSON for a program."""
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "BAD_ADDRESS", "sentence": BAD_ADDRESS}, status=400)
    return asking_nothing("400.html", 400)


def _has_control(text: str) -> bool:
    return not CONTROL.isdisjoint(text)


def _without_charset(meta: dict[str, object]) -> str:
    """Return the content type without its charset."""
    parts = str(meta.get("CONTENT_TYPE", "")).split(";")
    return ";".join(part for part in parts if not part.strip().lower().startswith("charset"))
