"""Concerns kept back until their writers are not alone, as they are stored.

A row leads to no person without the server key. Its label is a keyed hash of the account and a
place from 0 to 2. Whom it names is sealed under a server key, and all rows have the same length.
The words are sealed to the writer's own key, and a second time for the server. So a copy of the
database cannot be searched for a person, and no row is written by other means.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import models

from grievances.encryption.key_pairs import Holder
from grievances.encryption.own_words import open_own, seal_own
from grievances.encryption.server_keys import handle, open_for_server, seal_for_server
from grievances.people.models import Links, join_linked
from workflow.json_values import JsonObject

MOST_NAMES = 3
"""How many people or teams one person may name in 12 months.

A name that is taken back counts until then, so that no one can try name after name.
"""
THRESHOLDS = (2, 3, 4, 5)
"""How many people, oneself included, a writer may wait for."""
SEALED_BYTES = 2048


class Target(NamedTuple):
    """A person or a team in the directory: `kind` is `person` or `unit`."""

    kind: str
    pk: int


@dataclass(frozen=True)
class Kept:
    """What the service knows of one kept concern; never its words.

    `named` targets count until `counts_until`, also after the concern was taken back. Then
    `targets` is empty. `threshold` is how many people there must be, the writer included. `until`
    is the last day on which it is kept. `told_on` is the day on which the writer was told that
    there is another, and `told_of` how many there were, which no page shows. `is_asked` is true
    until they have answered.
    """

    person_id: int
    named: int
    counts_until: date
    targets: tuple[Target, ...] = ()
    threshold: int = THRESHOLDS[0]
    until: date | None = None
    address: str = ""
    told_on: date | None = None
    told_of: int = 0
    is_asked: bool = False
    is_warned: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether there is a concern, and not only a name that still counts."""
        return bool(self.targets)


_DAYS = ("counts_until", "until", "told_on")


class KeptConcern(models.Model):
    """One kept concern of one person, in one of their places."""

    label = models.CharField(max_length=40, primary_key=True)
    sealed = models.BinaryField()
    sealed_words = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return "A kept concern"

    @property
    def place(self) -> str:
        """The associated data of what the service knows."""
        return f"kept concern|{self.label}"

    @property
    def words_place(self) -> str:
        """The associated data of the words."""
        return f"kept words|{self.label}"

    @property
    def kept(self) -> Kept:
        """What the service knows; raises DecryptionFailed for a changed row."""
        facts: JsonObject = json.loads(open_for_server(bytes(self.sealed), self.place))
        for name in _DAYS:
            facts[name] = date.fromisoformat(facts[name]) if facts[name] else None
        facts["targets"] = tuple(Target(*each) for each in facts["targets"])
        return Kept(**facts)

    def seal(self, kept: Kept) -> None:
        """Seal what the service knows into the row, under a fresh nonce."""
        facts = {name: getattr(kept, name) for name in Kept.__dataclass_fields__}
        days = {name: facts[name].isoformat() if facts[name] else "" for name in _DAYS}
        words = json.dumps({**facts, **days}).encode().ljust(SEALED_BYTES)
        self.sealed = seal_for_server(words, self.place)

    def seal_words(self, public: bytes, answers: JsonObject) -> None:
        """Seal the answers of the concern to the key of their writer."""
        self.sealed_words = seal_own(public, json.dumps(answers), self.words_place)

    def words(self, holder: Holder) -> JsonObject:
        """Return the answers.

        Raises DecryptionFailed for every key but the writer's.
        """
        answers: JsonObject = json.loads(
            open_own(holder, bytes(self.sealed_words), self.words_place)
        )
        return answers


def label_of(person_id: int, number: int) -> str:
    """Return the label of the row of an account in one of its places."""
    return handle("kept concern", person_id, number)


@dataclass(frozen=True)
class People:
    """Which accounts are one person, as the directory says it now."""

    links: Links
    _known: dict[int, int] = field(default_factory=dict)

    def one(self, person_id: int) -> int:
        """Return the same number for every account of one person."""
        if person_id not in self._known:
            self._known[person_id] = min(join_linked({person_id}, self.links))
        return self._known[person_id]

    def target(self, target: Target) -> Target:
        """Return the same target for every account of one person."""
        return Target("person", self.one(target.pk)) if target.kind == "person" else target


def largest_group(thresholds: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Return the most people of whom each is in a group as large as they asked for.

    `thresholds` are pairs (person, how many there must be); of two pairs of one person the lower
    counts. So no one counts as another before their own number is reached.
    """
    wanted: dict[int, int] = {}
    for person, threshold in thresholds:
        wanted[person] = min(threshold, wanted.get(person, threshold))
    group = set(wanted)
    while late := {person for person in group if wanted[person] > len(group)}:
        group -= late
    return frozenset(group)
