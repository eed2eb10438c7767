"""Requests to recover an account without a recovery code, for two officers."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from grievances.encryption.server_keys import Purpose, tag_fits, tag_of

VALID_FOR = timedelta(days=7)
"""How long a request waits for the second officer: 7 days."""


def waiting(number: str) -> str:
    """Return what a private key is bound to while it waits for this request."""
    return f"|recovery {number}"


class AccountRecovery(models.Model):
    """A request to recover an account; it has the new key pair, sealed by password.

    It takes effect once a casework lead and a data-protection officer, two people, have each
    confirmed in their own session who is asking. `number` is the keyed hash of the number that the
    person tells them. So they confirm this request and not a stranger's.
    """

    person = models.ForeignKey(
        "grievances.User", on_delete=models.CASCADE, related_name="recoveries"
    )
    number = models.CharField(max_length=40, unique=True)
    ends_at = models.DateTimeField()
    password = models.CharField(max_length=255)
    public_key = models.BinaryField(max_length=1216)
    tag = models.BinaryField(default=b"")
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
    def genuine_key(self) -> bytes:
        """The public key that waits, or nothing (b"") where this service did not write it."""
        tag, public = bytes(self.tag), bytes(self.public_key)
        return public if tag_fits(tag, public, self.tag_place, Purpose.PUBLIC_KEYS) else b""

    def set_public_key(self, public: bytes) -> None:
        """Set the public key and its tag, which fits this request and no key pair."""
        self.public_key = public
        self.tag = tag_of(public, self.tag_place, Purpose.PUBLIC_KEYS)

    @property
    def tag_place(self) -> str:
        """What the tag of the public key is bound to."""
        return f"recovery {self.number}|account {self.person_id}"

    @property
    def is_confirmed(self) -> bool:
        """Whether both officers have confirmed."""
        return self.lead_id is not None and self.dpo_id is not None
