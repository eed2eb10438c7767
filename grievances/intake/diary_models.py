"""The private diary of a person as it is stored: sealed to their own key.

A person has one row, whatever they write, so the table tells no entry and no day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.db import models

from grievances.encryption.key_pairs import Holder
from grievances.encryption.own_words import open_own, seal_own
from grievances.encryption.server_keys import handle, open_for_server, seal_for_server
from workflow.json_values import JsonObject

SEALED_BYTES = 128


@dataclass(frozen=True)
class Entry:
    """One entry: its name, the day it is about (local date), and the text."""

    name: str
    day: date
    text: str


@dataclass(frozen=True)
class Facts:
    """What the service knows of a diary: whose it is, and when it was opened.

    `person_id` is 0 for a writer who has a key and no account.
    """

    person_id: int
    opened_on: date
    is_warned: bool = False


class Diary(models.Model):
    """One person's diary; without the server key the row leads to no one."""

    label = models.CharField(max_length=40, primary_key=True)
    sealed = models.BinaryField()
    sealed_words = models.BinaryField()

    def __str__(self) -> str:
        return "A diary"

    @property
    def place(self) -> str:
        """The associated data of what the service knows."""
        return f"diary|{self.label}"

    @property
    def words_place(self) -> str:
        """The associated data of the entries."""
        return f"diary words|{self.label}"

    @property
    def facts(self) -> Facts:
        """What the service knows; raises DecryptionFailed."""
        known: JsonObject = json.loads(open_for_server(bytes(self.sealed), self.place))
        return Facts(**{**known, "opened_on": date.fromisoformat(known["opened_on"])})

    def seal(self, facts: Facts) -> None:
        """Seal what the service knows into the row; all rows have the same length."""
        known = {**asdict(facts), "opened_on": facts.opened_on.isoformat()}
        self.sealed = seal_for_server(json.dumps(known).encode().ljust(SEALED_BYTES), self.place)

    def entries(self, holder: Holder) -> list[Entry]:
        """Return the entries, the newest day first.

        Raises DecryptionFailed for every key but the writer's.
        """
        rows = json.loads(open_own(holder, bytes(self.sealed_words), self.words_place))
        return [Entry(name, date.fromisoformat(day), text) for name, day, text in rows]

    def seal_entries(self, public: bytes, entries: Iterable[Entry]) -> None:
        """Seal the entries to the key of their writer."""
        ordered = sorted(entries, key=lambda each: each.day, reverse=True)
        rows = [(each.name, each.day.isoformat(), each.text) for each in ordered]
        self.sealed_words = seal_own(public, json.dumps(rows), self.words_place)


def label_of(person_id: int) -> str:
    """Return the label of the diary of an account."""
    return handle("diary", person_id)


def label_of_key(look_up: str) -> str:
    """Return the label of the diary of the holder of a key."""
    return handle("diary", "key", look_up)
