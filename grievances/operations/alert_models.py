"""What is wrong with the service now, as its operator was told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Alert(models.Model):
    """One thing that is wrong, by its code. The row goes when the all-clear was sent.

    `told` says whether the mail about its present state has left, `over_at` when it ended (UTC).
    """

    objects: ClassVar[models.Manager[Alert]]
    code = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField()
    over_at = models.DateTimeField(null=True)
    told = models.BooleanField(default=False)
    claimed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.code} since {self.since:%Y-%m-%d %H:%M}"
