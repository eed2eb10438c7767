"""The deadlines of a case: each running or completed clock and its due date."""

from typing import ClassVar

from django.db import models

from grievances.cases.models.case import Case
from workflow.models import AbstractDeadline


class Deadline(AbstractDeadline):
    """One clock of one case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    episode = models.PositiveSmallIntegerField(default=1)

    class Meta(AbstractDeadline.Meta):
        indexes: ClassVar[list[models.Index]] = [
            *AbstractDeadline.Meta.indexes,
            # A list of cases reads the open dates of a case from this index alone.
            models.Index(
                fields=["case", "current_due", "name"],
                condition=models.Q(completed_on__isnull=True, paused_on__isnull=True),
                name="deadline_open",
            ),
        ]
