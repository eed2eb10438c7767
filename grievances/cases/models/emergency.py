"""Break-glass: a data-protection officer's request and the casework lead's answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

from grievances.cases.models.case import Case
from grievances.choices import EmergencyReason

OPEN_FOR = timedelta(hours=24)
"""How long an emergency opening lasts, and how long a request waits.

Source: domain.md 11.1.
"""


class BreakGlass(models.Model):
    """A request to open a case in an emergency.

    Its reason is a code, and its words are sealed. `sealed_reasons` holds the officer's words,
    sealed to each casework lead under their pseudonym, until they are filed with the case or
    refused. An archived case takes no more words, so there they remain. An opening ends at
    `ends_at` (UTC), even when no sweep runs.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="emergencies")
    asked_by = models.ForeignKey("grievances.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    why = models.CharField(max_length=12, choices=EmergencyReason)
    sealed_reasons = models.JSONField(default=dict)
    agreed_by = models.ForeignKey(
        "grievances.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(ended_at__isnull=True),
                name="one_emergency_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: emergency asked for"

    @property
    def is_waiting(self) -> bool:
        """Whether the request has not been answered yet."""
        return self.agreed_by_id is None and self.ended_at is None

    def is_open(self, now: datetime) -> bool:
        """Return whether the case may be read under it at this moment."""
        return self.agreed_by_id is not None and self.ended_at is None and now < self.ends_at


def live_emergency(case: Case) -> BreakGlass | None:
    """Return the request or opening that has not ended, or None."""
    # A page loads the flag with the case: False saves building a query.
    if case.__dict__.get("has_emergencies") is False:
        return None
    row: BreakGlass | None = case.emergencies.filter(ended_at__isnull=True).first()
    return row
