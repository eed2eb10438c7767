"""A request filed here: its author, and its words sealed to their readers.

The register itself stays without a person. Without the server key a row leads to no one, and
without the key of the person or of an officer no one reads the words.
"""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet

from grievances.data_rights.models import RightsRequest
from grievances.encryption.key_pairs import Holder
from grievances.encryption.own_words import open_own, seal_own
from grievances.encryption.server_keys import handle, open_for_server, seal_for_server


class FiledRequest(models.Model):
    """The author of a request: a keyed hash, and the account sealed for the server.

    No two requests have the same hash. So a copy of the table does not tell which are of one
    person.
    """

    request = models.OneToOneField(
        RightsRequest, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    label = models.CharField(max_length=40, db_index=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"filed {self.pk}"

    @property
    def place(self) -> str:
        """The associated data of the account."""
        return f"rights request|{self.request_id}"

    @property
    def person_id(self) -> int:
        """The account that filed it. Raises DecryptionFailed for a changed row."""
        return int(open_for_server(bytes(self.sealed), self.place))

    def seal(self, person_id: int) -> None:
        """Seal the account into the row; all rows have the same length."""
        self.label = label_of(self.request_id, person_id)
        self.sealed = seal_for_server(f"{person_id:020d}".encode(), self.place)


class RequestWords(models.Model):
    """The words of a request for one reader: the person, or a data-protection officer."""

    request = models.ForeignKey(RightsRequest, on_delete=models.CASCADE, related_name="+")
    reader = models.CharField(max_length=40, primary_key=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"words of {self.request_id}"

    @property
    def place(self) -> str:
        """The associated data of the words."""
        return f"rights words|{self.request_id}|{self.reader}"

    def seal(self, public: bytes, words: str) -> None:
        """Seal the words to the key of their reader."""
        self.sealed = seal_own(public, words, self.place)

    def open(self, holder: Holder) -> str:
        """Return the words. Raises DecryptionFailed for every key but the reader's."""
        return open_own(holder, bytes(self.sealed), self.place)


def label_of(request_id: int, person_id: int) -> str:
    """Return the label of a request, if it is of this account."""
    return handle("rights request", request_id, person_id)


def filed_by(person_id: int) -> QuerySet[RightsRequest]:
    """Return the requests that an account has filed, the newest first."""
    every = RightsRequest.objects.values_list("pk", flat=True)
    labels = [label_of(pk, person_id) for pk in every]
    filed = FiledRequest.objects.filter(label__in=labels).values("request")
    return RightsRequest.objects.filter(pk__in=filed).order_by("-pk")


def reader_of(request_id: int, person_id: int) -> str:
    """Return the label of the words of a request for one reader."""
    return handle("rights words", request_id, person_id)
