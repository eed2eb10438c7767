"""Answers that wait for their batch, and the survey of all staff.

A waiting answer is sealed whole and padded. When its batch is released it is rewritten as a
`Response`, under a new random key and in a random order. Until then no statistics see it, and
afterwards nothing tells when it came in.
"""

import uuid

from django.db import models


class OtherForm(models.TextChoices):
    """Surveys of those who did not raise the concern (domain.md 8)."""

    RESPONDENT = "R", "The person the concern was about"
    HANDLER = "H", "The handler"
    STAFF = "P", "All staff"


class Waiting(models.Model):
    """An unreleased survey answer: form and quarter in plain text, the rest sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.CharField(max_length=1)
    quarter = models.CharField(max_length=7)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"waiting answer of {self.quarter}"

    @property
    def place(self) -> str:
        """The associated data of the sealed answer."""
        return f"waiting answer|{self.pk}"


class PulsePeriod(models.Model):
    """The local days, both included, on which all staff can answer.

    `invited` is how many could at its start.
    """

    opens_on = models.DateField()
    closes_on = models.DateField()
    invited = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"staff survey from {self.opens_on}"


class PulseMark(models.Model):
    """A record that an account has answered in a period, by a keyed hash.

    It is deleted once the period is over.
    """

    period = models.ForeignKey(PulsePeriod, on_delete=models.CASCADE, related_name="marks")
    mark = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return "mark"
