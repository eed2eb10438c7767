"""The register of requests: number, kind and days, and nothing about a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop


class RightsRequest(models.Model):
    """One request as the data-protection officer keeps it.

    Who asked is in the officer's own file under this number. All days are local dates. `waited` is
    how many days the clock has stopped in all.
    """

    class Kind(models.TextChoices):
        """What was asked for."""

        ACCESS = "ACCESS", gettext_noop("A copy of everything held about a person")
        COMPLAINT = "COMPLAINT", gettext_noop("A complaint about how data was used")

    kind = models.CharField(max_length=10, choices=Kind)
    received_on = models.DateField()
    waited = models.PositiveSmallIntegerField(default=0)
    waiting_since = models.DateField(null=True)
    is_complex = models.BooleanField(default=False)
    answered_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="ACCESS") | Q(waiting_since__isnull=True, is_complex=False),
                name="only_access_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"
