"""Blocks of letters, which name no one, and referrals to another body."""

from __future__ import annotations

from django.db import models

from grievances.cases.models.case import Case
from grievances.choices import Body, LetterBlockKey, ReferralResult
from grievances.people.models import User


class LetterBlock(models.Model):
    """One version of a block: proposed by one person, answered by another.

    `agreed` is None while it waits. Versions are never changed, only followed by newer ones.
    """

    key = models.CharField(max_length=24, choices=LetterBlockKey)
    version = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=4_000)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="one_version_of_a_block"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Referral(models.Model):
    """Something that was referred to another body. The letters are sealed records.

    Days are local dates. `number` is what the records are about.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    number = models.PositiveSmallIntegerField()
    body = models.CharField(max_length=14, choices=Body)
    sent_on = models.DateField()
    result = models.CharField(max_length=14, choices=ReferralResult, blank=True)
    result_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="referral_number"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: referral {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether the other body may still do something."""
        return self.result in {"", ReferralResult.TAKEN_UP}
