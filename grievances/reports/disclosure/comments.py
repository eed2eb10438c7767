"""Words on their way to a page or file: ten together at the least, in no order (domain.md 8).

Plain Python: the web process may import this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from grievances.reports.disclosure.audience import PUBLISHED


@dataclass(frozen=True)
class ProtectedWords:
    """What people wrote, redacted by two; empty where fewer than ten stand together."""

    kind: ClassVar[str] = "words"
    texts: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the object as plain JSON data."""
        return {"kind": self.kind, "texts": list(self.texts)}


def protect_words(texts: Sequence[str]) -> ProtectedWords:
    """Let words out where they are enough: the survey has the same threshold for every reader."""
    return ProtectedWords(tuple(texts) if len(texts) >= PUBLISHED.t else ())
