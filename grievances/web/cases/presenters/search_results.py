"""Search results as rows: the case, the reader's role, the matching records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grievances.casework.search import Found, Hit
from grievances.policy.profiles import COMPLAINANT
from grievances.web.cases.presenters.case import state_words
from grievances.web.shared.deadlines import NAMES


@dataclass(frozen=True)
class HitRow:
    """One case that was found."""

    hit: Hit

    @property
    def href(self) -> str:
        """The address of the case."""
        return f"/cases/{self.hit.case.reference}/"

    @property
    def state(self) -> str:
        """The state, in the words for this reader."""
        return state_words(self.hit.case, self.hit.role)

    @property
    def role(self) -> str:
        """The reader's role in words; empty for the complainant."""
        return "" if self.hit.role == COMPLAINANT else NAMES.get(self.hit.role, self.hit.role)

    @property
    def places(self) -> str:
        """The headings of the matching records; their words are read in the case."""
        names = ["Name of a file"] if self.hit.in_files else []
        return ", ".join([*(kind.label for kind in self.hit.kinds), *names])


def found_context(found: Found, before: int = 0) -> dict[str, Any]:
    """Return the rows, and the sentences that say how far the search went.

    `before` is how many cases the same search examined on the pages before this one.
    """
    cases = "1 case" if found.looked == 1 else f"{found.looked:,} cases"
    said = f"We looked into {cases} that you may read."
    if before:
        said += f" With the pages before, that is {before + found.looked:,} cases."
    return {
        "rows": [HitRow(hit) for hit in found.hits],
        "looked": said,
        "so_far": before + found.looked,
        "locked": found.locked,
        "more": found.after,
    }
