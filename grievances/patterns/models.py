"""Links between cases. A link gives no one access to anything."""

from __future__ import annotations

from django.db import models

from grievances.cases.models.case import Case
from grievances.choices import LinkKind


class CaseLink(models.Model):
    """Two cases that belong together, and how. `made_on` is a local date."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links_here")
    kind = models.CharField(max_length=14, choices=LinkKind)
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="one_link_of_two_cases"),
        ]

    def __str__(self) -> str:
        return f"{self.case} and {self.other}"
