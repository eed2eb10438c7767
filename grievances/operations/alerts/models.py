"""What is wrong with the service now, and the calls that tell of it."""

from __future__ import annotations

import uuid
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


class WebhookCall(models.Model):
    """One call: the code of an alert, and whether it began or is over.

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
