"""What is left to say of an erased case: that it was, and that each place was looked into."""

from django.db import models


class Erasure(models.Model):
    """The certificate of one erasure, signed. It holds codes, counts and dates, and no person."""

    reference = models.CharField(max_length=9, unique=True)
    erased_at = models.DateTimeField()
    signed = models.TextField()

    def __str__(self) -> str:
        return f"{self.reference} erased"
