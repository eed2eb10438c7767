"""The request to a person to confirm a concern that was raised for them.

A row leads neither to the person nor to the concern: its label is a keyed hash of the account and
of a place, and the case key in it is sealed to the key of that person.
"""

from __future__ import annotations

from django.db import models

from grievances.encryption.key_pairs import Holder
from grievances.encryption.own_words import open_own, seal_own
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle

PLACES = range(1, 13)
"""How many requests may wait for one account."""


class AgreementRequest(models.Model):
    """A request that waits for its answer."""

    label = models.CharField(max_length=40, primary_key=True)
    sealed_words = models.BinaryField()

    def __str__(self) -> str:
        return "A request to confirm a concern"

    @property
    def place(self) -> str:
        """The associated data of the case key."""
        return f"agreement|{self.label}"

    def seal_key(self, public: bytes, case_key: str) -> None:
        """Seal the case key to the person who is asked."""
        self.sealed_words = seal_own(public, case_key, self.place)

    def case_key(self, holder: Holder) -> str:
        """Return the case key.

        Raises DecryptionFailed for every key but that of the person who is asked.
        """
        return open_own(holder, bytes(self.sealed_words), self.place)

    def opens(self, holder: Holder) -> bool:
        """Return whether this key opens the request."""
        try:
            self.case_key(holder)
        except DecryptionFailed:
            return False
        return True


def label_of(person_id: int, number: int) -> str:
    """Return the label of one place of an account."""
    return handle("agreement", person_id, number)
