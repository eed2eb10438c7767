"""The table of deadlines; an application links it to rows of its own."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from workflow.fields import ClockField


class AbstractDeadline(models.Model):
    """One clock, as stored (domain.md 6.3).

    Change it only through `workflow.deadlines`. Dates are local. `paused_wd` and `extended_wd`
    count working days, or calendar days where the clock does. `clock` is the clock as it was at the
    start, so that a case keeps the policy it began under. `last_rung` is the last reminder that was
    sent or passed over. `next_rung_at` (UTC) is empty while the clock is paused or completed.
    """

    name = models.CharField(max_length=40)
    detail = models.CharField(max_length=40, blank=True)
    anchor_on = models.DateField()
    started_on = models.DateField()
    original_due = models.DateField()
    current_due = models.DateField()
    paused_on = models.DateField(null=True, blank=True)
    paused_wd = models.PositiveIntegerField(default=0)
    extended_wd = models.PositiveIntegerField(default=0)
    completed_on = models.DateField(null=True, blank=True)
    breached = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=0)
    last_rung = models.CharField(max_length=20, blank=True)
    next_rung = models.CharField(max_length=20, blank=True)
    next_rung_at = models.DateTimeField(null=True, blank=True)
    clock = ClockField()

    class Meta:
        abstract = True
        # It holds only rows with a reminder still to come, however many clocks have been met.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_rung_at"],
                condition=Q(next_rung_at__isnull=False),
                name="%(class)s_next_rung",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} due {self.current_due}"
