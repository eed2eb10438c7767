"""Compare REGIONS_FILE with the regions as they were, and say what a change would do.

A code tells concerns, units and reports where they belong, and its division whose bank holidays
new ones keep. So a code that gets another name or division, or no line at all, is told before it
is taken for granted.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction

from grievances.cases.models.case import Case
from grievances.people.models import Unit, User
from grievances.staff_directory.models import KnownRegion
from grievances.vocabulary import OPEN, Division

FEW = 10
"""Fewer open concerns than this are not counted for an operator."""


def remember_new() -> None:
    """Remember each region of the table that was not there before. What is known stays."""
    rows = [
        KnownRegion(code=code, name=name, division=division)
        for code, name, division, _ in settings.REGIONS
    ]
    KnownRegion.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def accept() -> None:
    """Remember the regions as the table has them now."""
    KnownRegion.objects.all().delete()
    remember_new()


def warnings() -> list[str]:
    """Return one sentence for each region that the table changes: what it would do, what to do."""
    known = {row.code: row for row in KnownRegion.objects.order_by("code")}
    listed = {code: (name, division) for code, name, division, _ in settings.REGIONS}
    return [
        sentence
        for code, was in known.items()
        for sentence in (_changed(was, *listed[code]) if code in listed else _gone(was))
    ]


def _changed(was: KnownRegion, name: str, division: str) -> Iterator[str]:
    if name != was.name:
        yield (
            f"REGIONS_FILE calls {was.code} {name}; it was {was.name}. Lists and reports would "
            f"show what is there under the new name: {_there(was.code)}. If it is another place, "
            f"give it a code of its own, and {was.code} its old name with ended yes."
        )
    if division != was.division:
        before, now = Division(was.division).label, Division(division).label
        yield (
            f"REGIONS_FILE puts {was.code} in {now}; it was in {before}. New units and concerns "
            f"would get the bank holidays of {now}. What is there keeps those of {before}: "
            f"{_there(was.code)}. Give Division in the next staff file to move units; dates of "
            "open concerns stay."
        )


def _gone(was: KnownRegion) -> Iterator[str]:
    rows = Unit.objects.filter(region=was.code).exists()
    if rows or Case.unguarded.filter(region=was.code).exists():
        yield (
            f"REGIONS_FILE lacks {was.code} ({was.name}): {_there(was.code)}. The service does not "
            "start like this. Give the code a line, with ended yes if it is no longer used."
        )


def _there(code: str) -> str:
    """Return how many units and people are in a region, and roughly how many open concerns."""
    units = Unit.objects.filter(region=code).count()
    people = User.objects.filter(unit__region=code, is_active=True).count()
    concerns = Case.unguarded.filter(region=code, state__in=OPEN)[:FEW].count()
    many = f"at least {FEW}" if concerns == FEW else f"fewer than {FEW}" if concerns else "no"
    return f"{units} units, {people} people, {many} open concerns"
