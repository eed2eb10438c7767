"""An access token of one office, for one purpose."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.db import models

from grievances.people.models import User
from grievances.vocabulary import Office


class Purpose(models.TextChoices):
    """What a token is for. It opens nothing else."""

    DIRECTORY = "directory", "Keep the staff directory from the HR system"
    DATES = "dates", "Read the dates and stages of cases"


class AccessToken(models.Model):
    """A token that one person made in one office. Only a hash of it is kept.

    It ends on its day, when it is revoked, and when its maker no longer holds the office.
    """

    objects: ClassVar[models.Manager[AccessToken]]
    purpose = models.CharField(max_length=12, choices=Purpose)
    office = models.CharField(max_length=20, choices=Office)
    maker = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    program = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, until {self.ends_at:%Y-%m-%d}"

    def is_valid(self, now: datetime, today: date) -> bool:
        """Return whether the token opens anything at a moment (UTC, and its local date)."""
        return (
            self.revoked_at is None
            and now < self.ends_at
            and self.maker.is_active
            and self.maker.holds(Office(self.office), today)
        )
