"""Load policies and bank holidays: checked whole, written whole, with an event."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from grievances.audit.models import SERVICE, SYSTEM, Event, Heartbeat
from grievances.policy import profiles
from workflow.calendar import local_date
from workflow.models import Holiday, PolicyProfile
from workflow.profiles import Profile, parse_profile

FEWEST_A_YEAR = 8
"""Bank holidays that every division has in every year."""
TO_RECOMPUTE = "holidays to count"
"""The mark that days were announced and open clocks do not count them yet."""


@transaction.atomic
def load_profile(body: Mapping[str, object], *, now: datetime) -> tuple[Profile, bool]:
    """Load a profile, each version once. Raises ProfileInvalid.

    Returns:
        The profile, and whether it is new.

    Raises:
        ValueError: this version was loaded with different content.
    """
    profile = parse_profile(body, set(profiles.CLOCKS))
    digest = digest_of(body)
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
    _record("policy.loaded", now, code=profile.code, version=profile.version, digest=digest)
    return profile, True


def digest_of(body: Mapping[str, object]) -> str:
    """Return a digest of a profile's content, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


class CalendarInvalid(ValueError):
    """Days that must not be loaded, and why."""


@transaction.atomic
def load_holidays(
    rows: Iterable[tuple[str, date, str]],
    *,
    now: datetime,
    kind: Holiday.Kind = Holiday.Kind.BANK,
) -> int:
    """Add the days that are not known yet; none is ever removed.

    Days that a division gets after its first ones leave a mark, in the same transaction, that open
    clocks are to be recomputed. Raises CalendarInvalid, and adds nothing, when bank holidays would
    lengthen a calendar by less than a whole year.

    Returns:
        How many days were added.
    """
    new = _unknown_days(rows, kind, local_date(now, profiles.zone()))
    if kind is Holiday.Kind.BANK:
        _check_whole_years(new)
    Holiday.objects.bulk_create(new)
    if new:
        _record("holidays.loaded", now, days=len(new), days_off=kind.value)
    if any(day.known_from for day in new):
        Heartbeat.objects.update_or_create(name=TO_RECOMPUTE, defaults={"at": now})
    return len(new)


def _unknown_days(
    rows: Iterable[tuple[str, date, str]], kind: Holiday.Kind, today: date
) -> list[Holiday]:
    """Return the days that are not loaded yet, unsaved.

    A day of a division that has days already is known from `today` on.
    """
    known = set(Holiday.objects.values_list("division", "day"))
    begun = {division for division, _ in known}
    return [
        Holiday(
            division=division,
            day=day,
            name=name[:100],
            kind=kind,
            known_from=today if division in begun else None,
        )
        for division, day, name in rows
        if (division, day) not in known
    ]


def _check_whole_years(new: Iterable[Holiday]) -> None:
    """Require a new year to be loaded whole.

    Otherwise one holiday of a year would make its other holidays into working days.

    Raises:
        CalendarInvalid: a new year has too few bank holidays.
    """
    rows = Holiday.objects.filter(kind=Holiday.Kind.BANK).values("division")
    ends = {row["division"]: row["last"].year for row in rows.annotate(last=Max("day"))}
    count = Counter((each.division, each.day.year) for each in new)
    for (division, year), days in sorted(count.items()):
        if year > ends.get(division, year - 1) and days < FEWEST_A_YEAR:
            raise CalendarInvalid(
                f"{division} {year} has {days} of its bank holidays in this file, and none before. "
                "A new year is loaded whole: add its other bank holidays and load it again."
            )


def _record(kind: str, now: datetime, **codes: str | int) -> None:
    Event.append(chain=SERVICE, at=now, actor=SYSTEM, role=SYSTEM, kind=kind, data=codes)
