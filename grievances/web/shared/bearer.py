"""The token that a program shows in the header `Authorization`."""

from __future__ import annotations

from django.http import HttpRequest

from grievances.audit import refusals
from grievances.tokens import issuing
from grievances.tokens.models import AccessToken, Purpose
from grievances.web.shared import clock

SCHEME = "bearer "


def shown(request: HttpRequest) -> str:
    """Return the token that was shown, or an empty text."""
    given = request.headers.get("Authorization", "")
    return given[len(SCHEME) :].strip() if given[: len(SCHEME)].lower() == SCHEME else ""


def token_of(request: HttpRequest, purpose: Purpose) -> AccessToken | None:
    """Return the valid token that was shown; a refusal is counted, without the token."""
    token = issuing.find(shown(request), purpose, now=clock.now())
    if token is None:
        refusals.count(refusals.RefusalCount.By.STRANGER, "token", clock.now())
    return token
