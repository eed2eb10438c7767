"""Protected comments: at least ten together, in no order (domain.md 8).

Plain Python: the web process may import this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from grievances.reports.disclosure.audience import PUBLISHED


@dataclass(frozen=True)
class ProtectedWords:
    """Comments of respondents, redacted by two people; empty for fewer than ten."""

    kind: ClassVar[str] = "words"
    texts: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the object as plain JSON data."""
        return {"kind": self.kind, "texts": list(self.texts)}


def protect_words(texts: Sequence[str]) -> ProtectedWords:
    """Return the comments, or none where there are fewer than ten.

    The survey has the same threshold for every reader. Their number is a multiple of five, like
    every count: up to four are left out.
    """
    number = len(texts) // PUBLISHED.base * PUBLISHED.base
    return ProtectedWords(tuple(texts[:number]) if number >= PUBLISHED.t else ())
