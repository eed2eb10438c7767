"""What people wrote in the survey and allowed to be printed, on its way to a report (domain.md 8).

Everything written lies sealed under a server key. A remark knows its quarter and nothing else: it
is parted from the other answers of its writer when the batch is released, under a key of its own.
"""

from __future__ import annotations

import uuid

from django.db import models


class Remark(models.Model):
    """One text that two people prepare for printing; gone when its batch has been printed.

    `wording` is how it would be printed, empty while nobody has said so or where it is to be left
    out. `turn` counts what was said about it: an answer to an older turn is refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    quarter = models.CharField(max_length=7)
    sealed = models.BinaryField()
    wording = models.BinaryField(default=b"")
    withheld = models.BooleanField(default=False)
    turn = models.PositiveSmallIntegerField(default=0)
    worded_by = models.ForeignKey(
        "grievances.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    agreed_by = models.ForeignKey(
        "grievances.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"remark of {self.quarter}"

    @property
    def place(self) -> str:
        """Where what was written is sealed for."""
        return f"remark|{self.pk}"

    @property
    def wording_place(self) -> str:
        """Where what would be printed is sealed for."""
        return f"remark wording|{self.pk}"

    @property
    def is_settled(self) -> bool:
        """Whether two people agree on it."""
        return self.agreed_by_id is not None


class PrintedRemarks(models.Model):
    """The remarks printed for a quarter ("2022-Q2") or a year ("2022-23"), shuffled and sealed."""

    period = models.CharField(max_length=7, unique=True)
    last_quarter = models.CharField(max_length=7)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"printed remarks of {self.period}"

    @property
    def place(self) -> str:
        """Where they are sealed for."""
        return f"printed remarks|{self.period}"
