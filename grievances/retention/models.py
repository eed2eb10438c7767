"""The record of an erased case: that it existed, and that each place was checked."""

from django.db import models


class Erasure(models.Model):
    """The signed certificate of one erasure.

    It holds codes, counts and dates, and no person.
    """

    reference = models.CharField(max_length=9, unique=True)
    erased_at = models.DateTimeField()
    signed = models.TextField()

    def __str__(self) -> str:
        return f"{self.reference} erased"
