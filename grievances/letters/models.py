"""Blocks of letters. They are public wording and name no one."""

from __future__ import annotations

from django.db import models

from grievances.people.models import User
from grievances.vocabulary import LetterBlockKey


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
