"""Comments that people allowed to be printed, before and after print.

See domain.md 8. All comments are sealed under a server key. A comment has its quarter and nothing
else. When its batch is released, it is separated from the other answers of its writer, under a key
of its own.
"""

from __future__ import annotations

import uuid

from django.db import models


class Remark(models.Model):
    """A comment that two people prepare for print; deleted once its batch is printed.

    `wording` is how it would be printed. It is empty while no one has proposed it, or where the
    comment is to be left out. `turn` is the version token: an answer to an older turn is refused.
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
        """The associated data of what was written."""
        return f"remark|{self.pk}"

    @property
    def wording_place(self) -> str:
        """The associated data of what would be printed."""
        return f"remark wording|{self.pk}"

    @property
    def is_settled(self) -> bool:
        """Whether two people agree on it."""
        return self.agreed_by_id is not None


class PrintedRemarks(models.Model):
    """The comments printed for a quarter ("2022-Q2") or year ("2022-23").

    They are shuffled and sealed.
    """

    period = models.CharField(max_length=7, unique=True)
    last_quarter = models.CharField(max_length=7)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"printed remarks of {self.period}"

    @property
    def place(self) -> str:
        """The associated data of the printed comments."""
        return f"printed remarks|{self.period}"
