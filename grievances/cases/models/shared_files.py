"""Files that a complainant's companion may open, each ticked separately.

What the companion may know of a file, and the key of the copy they may have, is sealed once more
under the key of the companionship. They hold no key of the case, and no key of a copy that others
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
"""Facts that are not sealed a second time.

The row has the first two. The companion may not know the others.
"""


class SharedFile(models.Model):
    """One file that one companion may open, until the tick is removed."""

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
        """The associated data to which the sealed facts are bound.

        With any other they do not open.
        """
        return f"shared file|{self.companion.place}|{self.evidence_id}"

    def seal(self, ring: Keyring, facts: FileFacts) -> None:
        """Seal what the companion may know, without saving it.

        Raises DecryptionFailed when the keyring lacks the key.
        """
        kept = {name: value for name, value in asdict(facts).items() if name not in OF_THE_ROW}
        words = padded(json.dumps(kept).encode())
        self.sealed = seal_words(ring, self.companion.compartment, words, self.place)

    def facts(self, ring: Keyring) -> FileFacts:
        """Return what `seal` sealed.

        Raises DecryptionFailed without the key, or when the row was tampered with.
        """
        words = open_words(ring, self.companion.compartment, bytes(self.sealed), self.place)
        known: dict[str, Any] = json.loads(words)
        return FileFacts(self.evidence.pk, self.evidence.at, sha256="", **known)
