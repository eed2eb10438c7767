"""Files that a complainant's companion may open, each ticked by itself.

What the companion may know of a file, and the key of the copy they may have, lies sealed once more
under the key of the companionship: they hold no key of the case, and none of a copy that others
are not given.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.db import models

from grievances.cases.models.case_keys import Keyring, open_words, seal_words
from grievances.cases.models.companions import Companion
from grievances.cases.models.evidence import Evidence, FileFacts, padded

OF_THE_ROW = ("id", "at", "by", "sha256", "found")
"""Facts that are not sealed a second time: the row says the first two, the rest is not theirs."""


class SharedFile(models.Model):
    """One file that one companion may open, until the tick is taken away."""

    companion = models.ForeignKey(Companion, on_delete=models.CASCADE, related_name="files")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="shared")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["companion", "evidence"], name="one_tick_of_a_file")
        ]

    def __str__(self) -> str:
        return f"{self.companion_id}: a file"

    @property
    def place(self) -> str:
        """Where the facts are sealed for: opened anywhere else they are refused."""
        return f"shared file|{self.companion.place}|{self.evidence_id}"

    def seal(self, ring: Keyring, facts: FileFacts) -> None:
        """Seal what the companion may know, without saving it. Raises Unreadable."""
        kept = {name: value for name, value in asdict(facts).items() if name not in OF_THE_ROW}
        words = padded(json.dumps(kept).encode())
        self.sealed = seal_words(ring, self.companion.compartment, words, self.place)

    def facts(self, ring: Keyring) -> FileFacts:
        """What `seal` sealed; raises Unreadable."""
        words = open_words(ring, self.companion.compartment, bytes(self.sealed), self.place)
        known: dict[str, Any] = json.loads(words)
        return FileFacts(self.evidence.pk, self.evidence.at, sha256="", **known)
