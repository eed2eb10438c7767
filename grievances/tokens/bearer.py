"""The token that a program shows in the header `Authorization`."""

from __future__ import annotations

from datetime import datetime

from grievances.audit import refusals
from grievances.tokens import issuing
from grievances.tokens.models import AccessToken, Purpose

SCHEME = "bearer "


def shown(header: str) -> str:
    """Return the token in the header, or an empty text."""
    return header[len(SCHEME) :].strip() if header[: len(SCHEME)].lower() == SCHEME else ""


def token_of(header: str, purpose: Purpose, *, now: datetime) -> AccessToken | None:
    """Return the valid token in the header; a refusal is counted, without the token."""
    token = issuing.find(shown(header), purpose, now=now)
    if token is None:
        refusals.count(refusals.RefusalCount.By.STRANGER, "token", now)
    return token
