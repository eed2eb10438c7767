"""A lost password without a recovery code: two officers say that it is really this person."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

VALID_FOR = timedelta(days=7)
"""How long a request waits for the second officer."""


class AccountRecovery(models.Model):
    """A request to set an account up anew, with the new key pair already sealed by its password.

    It comes into force once a casework lead and a data-protection officer, two people, have each
    confirmed in their own session who is asking. `number` is the keyed hash of what the person
    tells them, so that they confirm this request and no stranger's.
    """

    person = models.ForeignKey("grievances.User", on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    ends_at = models.DateTimeField()
    password = models.CharField(max_length=200)
    public_key = models.BinaryField(max_length=32)
    sealed_by_password = models.BinaryField()
    salt = models.BinaryField(max_length=16)
    kdf = models.JSONField()
    lead = models.ForeignKey(
        "grievances.User", on_delete=models.CASCADE, null=True, related_name="+"
    )
    dpo = models.ForeignKey(
        "grievances.User", on_delete=models.CASCADE, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"recovery of account {self.person_id}"

    @property
    def is_confirmed(self) -> bool:
        """Whether both officers have said yes."""
        return self.lead_id is not None and self.dpo_id is not None
