"""Counts of refusals that do not go into the audit trail.

The trail is permanent and takes one lock, so what a stranger does must not fill it. Refusals of
people who are not signed in are counted by kind and hour. The first refusals of an account in a
minute are events; further ones in that minute are counted as well.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import connection, models

MOST_A_MINUTE = 60
"""How many refusals of one account become events in one minute."""
KEPT = timedelta(days=400)
"""How long the counts are kept."""
KEPT_MARKS = timedelta(hours=1)


class RefusalCount(models.Model):
    """How many requests of a kind were refused in one hour (UTC) and are not events."""

    class By(models.TextChoices):
        """Who was refused."""

        STRANGER = "STRANGER", "People who are not signed in"
        ACCOUNT = "ACCOUNT", "Accounts, beyond what was recorded in the same minute"

    objects: ClassVar[models.Manager[RefusalCount]]
    hour = models.DateTimeField()
    kind = models.CharField(max_length=40)
    by = models.CharField(max_length=8, choices=By)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hour", "kind", "by"], name="one_count_of_refusals")
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.kind}: {self.count}"


class RefusalMark(models.Model):
    """How many refusals one account had in one minute; the row goes after an hour.

    The mark is a keyed hash of account and minute, so no two marks can be joined.
    """

    objects: ClassVar[models.Manager[RefusalMark]]
    mark = models.CharField(max_length=40, unique=True)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.mark}: {self.count}"


def count(by: RefusalCount.By, kind: str, now: datetime) -> None:
    """Count one refusal that does not become an event."""
    row = {"hour": _hour(now), "kind": kind[:40], "by": by.value}
    _add_one(RefusalCount, row, ("hour", "kind", "by"))


def count_for(mark: str, now: datetime) -> int:
    """Count one refusal of an account in one minute.

    Returns:
        How many there are, with this one.
    """
    return _add_one(RefusalMark, {"mark": mark, "hour": _hour(now)}, ("mark",))


def _add_one(model: type[models.Model], row: dict[str, object], unique: tuple[str, ...]) -> int:
    """Add one to the count of a row, in one statement.

    The statement is the same for the first and for every other refusal, so its time tells nothing.

    Returns:
        The new count.
    """
    names = ", ".join(row)
    marks = ", ".join(["%s"] * len(row))
    table = model._meta.db_table
    sql = (
        f'INSERT INTO "{table}" ({names}, count) VALUES ({marks}, 1) '  # noqa: S608 - our own names
        f"ON CONFLICT ({', '.join(unique)}) DO UPDATE SET count = {table}.count + 1 RETURNING count"
    )
    fields = {field.name: field for field in model._meta.concrete_fields}
    values = [fields[name].get_db_prep_save(value, connection) for name, value in row.items()]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])


def forget_old_counts(now: datetime) -> int:
    """Delete what is older than it is kept.

    Returns:
        How many rows were deleted, marks and counts together.
    """
    marks, _ = RefusalMark.objects.filter(hour__lt=now - KEPT_MARKS - KEPT_MARKS).delete()
    counts, _ = RefusalCount.objects.filter(hour__lt=now - KEPT).delete()
    return marks + counts


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
