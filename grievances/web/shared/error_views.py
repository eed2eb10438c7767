"""Error pages, each with one plain sentence.

A page that does not exist and a page that is not the reader's look the same.
"""

import re
import sys
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.template.loader import render_to_string

from grievances.web.shared.middleware import request_id

SECRET = re.compile(r"password|passphrase|code|key|secret|token|credential|login", re.IGNORECASE)
"""Names of fields whose values no page may show."""
OWN = frozenset({"csrfmiddlewaretoken"})
LONG = 40
"""Characters from which a value is shown, so that the person can copy it."""


def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the 404 page.

    It is the same for a missing page and for one that is not this person's.
    """
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the 400 page, also for a request that no session was read for."""
    return asking_nothing("400.html", 400)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Return the 500 page, or 503 where the database takes no changes or is away.

    Django calls it while the failure is handled. What was typed into a form is on the page.
    """
    typed = typed_fields(request)
    fault = sys.exc_info()[1]
    is_read = request.method != "POST" and not is_read_only(fault)
    if not isinstance(fault, DatabaseError) or is_read:
        return asking_nothing("500.html", 500, typed=typed, address=request.get_full_path())
    return asking_nothing(
        "not_saved.html", 503, wait_seconds=60, typed=typed, address=request.get_full_path()
    )


def is_read_only(fault: BaseException | None) -> bool:
    """Return whether a fault of the database is that it takes no changes."""
    return isinstance(fault, DatabaseError) and "read" in str(fault) and "only" in str(fault)


def too_many(request: HttpRequest) -> HttpResponse:
    """Return the 429 page in place of the sign-in library's own.

    The library finds this view by its name.
    """
    return asking_nothing("429.html", 429, wait_seconds=60)


def too_busy() -> HttpResponse:
    """Return the 503 page: the limit of parallel key derivations is reached."""
    return asking_nothing("503.html", 503, wait_seconds=60)


def asking_nothing(
    template: str, status: int, wait_seconds: int = 0, **context: object
) -> HttpResponse:
    """Return a page that needs neither a person nor the database.

    The database may be what failed. `wait_seconds` becomes the `Retry-After` header.
    """
    page = render_to_string(template, {**_shared(), **context})
    response = HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
    if wait_seconds:
        response["Retry-After"] = str(wait_seconds)
    return response


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the 403 page for a form that is too old or from another site (CSRF)."""
    return render(request, "403_csrf.html", status=403)


def _shared() -> dict[str, object]:
    return {"demonstration": settings.DEMONSTRATION, "request_id": request_id.current()}


@dataclass(frozen=True)
class TypedField:
    """One value of a form as it arrived."""

    name: str
    value: str

    @property
    def is_long(self) -> bool:
        """Whether it is worth copying."""
        return len(self.value) >= LONG and self.name not in OWN


def typed_fields(request: HttpRequest) -> list[TypedField]:
    """Return what a form sent; nothing if it has a secret or file, or is unreadable."""
    if request.method != "POST":
        return []
    try:
        pairs = list(request.POST.lists())
    except (BadRequest, SuspiciousOperation, UnreadablePostError, RawPostDataException):
        return []
    if any(SECRET.search(name) for name, _ in pairs if name not in OWN):
        return []
    return [TypedField(name, value) for name, values in pairs for value in values]
