"""Links between cases. A link gives no one access to anything."""

from __future__ import annotations

import json
import secrets

from django.db import models

from grievances.cases.models.case import Case
from grievances.choices import LinkKind
from grievances.encryption.server_keys import open_for_server, seal_for_server

SEALED_BYTES = 64
"""The length of what is sealed, so that it tells nothing."""


class CaseLink(models.Model):
    """A link of a case to another one.

    Which one, and how they belong together, is under a server key: a copy of the database must not
    tell that two concerns are of one person, or about one.
    """

    label = models.CharField(max_length=40, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "link"

    @classmethod
    def between(cls, case: Case, other: Case, kind: LinkKind) -> CaseLink:
        """Return a link that is not stored yet."""
        row = cls(label=secrets.token_hex(20), case=case)
        facts = json.dumps([other.pk, kind.value]).encode().ljust(SEALED_BYTES)
        row.sealed = seal_for_server(facts, row.place)
        return row

    @property
    def place(self) -> str:
        """The associated data to which the link is bound."""
        return f"case link|{self.label}"

    @property
    def facts(self) -> tuple[int, LinkKind]:
        """The id of the other case, and how the two belong together."""
        other, kind = json.loads(open_for_server(bytes(self.sealed), self.place))
        return int(other), LinkKind(kind)
