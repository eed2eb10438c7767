"""What a search found, as rows: which case, as what one reads it, in which pieces of writing."""

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
        return f"/cases/{self.hit.case.reference}/"

    @property
    def state(self) -> str:
        return state_words(self.hit.case, self.hit.role)

    @property
    def role(self) -> str:
        return "" if self.hit.role == COMPLAINANT else NAMES.get(self.hit.role, self.hit.role)

    @property
    def places(self) -> str:
        """The headings of what fits; the words themselves are read in the case."""
        names = ["Name of a file"] if self.hit.in_files else []
        return ", ".join([*(kind.label for kind in self.hit.kinds), *names])


def found_context(found: Found) -> dict[str, Any]:
    """The rows, and the sentences that say how far the search went."""
    cases = "1 case" if found.looked == 1 else f"{found.looked} cases"
    return {
        "rows": [HitRow(hit) for hit in found.hits],
        "looked": f"We looked into {cases} that you may read.",
        "locked": found.locked,
        "more": found.after,
    }
