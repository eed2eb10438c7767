"""The page after a form could not be saved: it gives back what was typed.

The database may be away, or take no changes. So the page asks it nothing. What was typed comes from
the request and goes back to the browser that sent it, in a form that sends it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.request import RawPostDataException

SECRET = re.compile(r"password|passphrase|code|key|secret|token|credential|login", re.IGNORECASE)
"""Names of fields whose values no page may show."""
OWN = frozenset({"csrfmiddlewaretoken"})
LONG = 40
"""Characters from which a value is shown, so that the person can copy it."""


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
    """Return what a form sent; nothing where it has a secret, a file, or cannot be read."""
    if request.method != "POST":
        return []
    try:
        pairs = list(request.POST.lists())
    except (BadRequest, SuspiciousOperation, UnreadablePostError, RawPostDataException):
        return []
    if any(SECRET.search(name) for name, _ in pairs if name not in OWN):
        return []
    return [TypedField(name, value) for name, values in pairs for value in values]
