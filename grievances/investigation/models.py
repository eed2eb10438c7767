"""Meetings of an investigation. The words about them are sealed records."""

from __future__ import annotations

from django.db import models

from grievances.cases.models.case import Case
from grievances.cases.models.statements import Hearing


class Meeting(models.Model):
    """One meeting: invited, moved, held, its notes written and answered.

    Days are local dates. Without a `hearing` it is with the complainant. `first_on` is the day that
    was proposed first. `agreed` is the answer to the notes: None while there is none.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="meetings")
    hearing = models.ForeignKey(
        Hearing, on_delete=models.CASCADE, null=True, related_name="meetings"
    )
    episode = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField()
    first_on = models.DateField()
    meets_on = models.DateField()
    moved = models.PositiveSmallIntegerField(default=0)
    held_on = models.DateField(null=True)
    notes_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="meeting_number"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: meeting {self.number}"
