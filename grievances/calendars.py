"""Loading policies and bank holidays: checked whole, then written whole, with an event."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import holidays
from django.db import transaction

from grievances import policy
from grievances.models import Event
from grievances.models.trail import SERVICE
from grievances.vocabulary import Division
from workflow.models import Holiday, PolicyProfile
from workflow.profiles import Profile, parse_profile

POLICIES = Path(__file__).parent / "policies"
FIRST_YEAR, LAST_YEAR = 2012, 2034
SUBDIVISION = {Division.ENG_WLS: "ENG", Division.SCT: "SCT", Division.NIR: "NIR"}


@transaction.atomic
def load_profile(body: Mapping[str, Any], *, now: datetime) -> tuple[Profile, bool]:
    """(the profile, whether it is new). The same version with other content is refused.

    Raises ProfileInvalid, or ValueError when this version was loaded with different content.
    """
    profile = parse_profile(body, set(policy.CLOCKS))
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    row = PolicyProfile.objects.filter(code=profile.code, version=profile.version).first()
    if row is not None:
        if row.digest != digest:
            raise ValueError(
                f"{profile.code} version {profile.version} is loaded already with other content. "
                "Give the changed profile a new version."
            )
        return profile, False
    PolicyProfile.objects.create(
        code=profile.code,
        version=profile.version,
        effective_from=profile.effective_from,
        jurisdiction=profile.jurisdiction,
        body=dict(body),
        digest=digest,
        loaded_at=now,
    )
    _record("policy.loaded", now, code=profile.code, version=profile.version)
    return profile, True


def known_holidays() -> list[tuple[str, date, str]]:
    """(division, day, name) of every bank holiday of the three divisions, 2012 to 2034."""
    rows: list[tuple[str, date, str]] = []
    for division, subdivision in SUBDIVISION.items():
        days = holidays.country_holidays(
            "GB", subdiv=subdivision, years=range(FIRST_YEAR, LAST_YEAR + 1)
        )
        rows += [(division.value, day, name) for day, name in sorted(days.items())]
    return rows


@transaction.atomic
def load_holidays(rows: Iterable[tuple[str, date, str]], *, now: datetime) -> int:
    """Add the holidays that are not known yet and return how many; none is ever taken away."""
    known = set(Holiday.objects.values_list("division", "day"))
    new = [
        Holiday(division=division, day=day, name=name[:100])
        for division, day, name in rows
        if (division, day) not in known
    ]
    Holiday.objects.bulk_create(new)
    if new:
        _record("holidays.loaded", now, days=len(new))
    return len(new)


def _record(kind: str, now: datetime, **codes: str | int) -> None:
    Event.append(chain=SERVICE, at=now, actor="system", role="system", kind=kind, data=codes)
