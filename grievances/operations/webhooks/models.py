"""The calls that wait, and those that were made."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class WebhookCall(models.Model):
    """One call. It says the code of an alert and whether it began or is over, and no more.

    All moments are UTC. `next_try_at` is empty once it was taken or given up.
    """

    class State(models.TextChoices):
        """Whether the alert began or is over."""

        RAISED = "raised", "It began"
        OVER = "over", "It is over"

    objects: ClassVar[models.Manager[WebhookCall]]
    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, db_index=True)
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.code} {self.state} of {self.made_at:%Y-%m-%d %H:%M}"
