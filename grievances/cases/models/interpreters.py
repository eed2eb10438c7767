"""Interpreters, each for one meeting."""

from django.db import models

from grievances.cases.models.case import Case


class Interpreter(models.Model):
    """An interpreter for one meeting.

    The name is a sealed record. The day and the answers are not sealed. An interpreter has no
    account, no key and no page. They hear only what is said on that day.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="interpreters")
    number = models.PositiveSmallIntegerField()
    meeting_on = models.DateField()
    agreed = models.BooleanField(null=True)
    declared_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="interpreter_number")
        ]

    def __str__(self) -> str:
        return f"{self.case}: interpreter for {self.meeting_on}"
