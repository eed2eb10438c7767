"""The request to confirm a concern, and a new case key for one who lost theirs.

A row of a request leads neither to the person nor to the concern: its label is a keyed hash of the
account and of a place, and the case key in it is sealed to the key of that person.
"""

from __future__ import annotations

from django.db import models

from grievances.encryption.key_pairs import Holder
from grievances.encryption.own_words import open_own, seal_own
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle, open_for_server, seal_for_server

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


class NewCaseKey(models.Model):
    """A new case key that two officers are about to give a person who lost theirs.

    `sealed_half` is the half that the lead gave the person, sealed for the server. The other half
    is made when the key is given, and is kept nowhere.
    """

    case = models.OneToOneField(
        "grievances.Case", on_delete=models.CASCADE, primary_key=True, related_name="new_key"
    )
    asked_by = models.ForeignKey("grievances.User", on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(
        "grievances.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sealed_half = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return "A new case key"

    @property
    def half_place(self) -> str:
        """The associated data of the sealed half."""
        return f"new case key|{self.case_id}"

    def keep_half(self, half: str) -> None:
        """Keep the lead's half, sealed for the server."""
        self.sealed_half = seal_for_server(half.encode(), self.half_place)

    def half(self) -> str:
        """Return the lead's half. Raises DecryptionFailed."""
        return open_for_server(bytes(self.sealed_half), self.half_place).decode()


def label_of(person_id: int, number: int) -> str:
    """Return the label of one place of an account."""
    return handle("agreement", person_id, number)
