"""Search results as rows: the case, the reader's role, the matching records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from grievances.casework.search import Hit, Progress
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
        return (
            "" if self.hit.role == COMPLAINANT else gettext(NAMES.get(self.hit.role, self.hit.role))
        )

    @property
    def places(self) -> str:
        """The headings of the matching records; their words are read in the case."""
        names = [gettext("Name of a file")] if self.hit.in_files else []
        return ", ".join([*(gettext(kind.label) for kind in self.hit.kinds), *names])


def looked_into(number: int) -> str:
    """Return the sentence that says how many cases a search has examined."""
    said: str = ngettext(
        "We looked into {number:,} case that you may read.",
        "We looked into {number:,} cases that you may read.",
        number,
    )
    return said.format(number=number)


def end_context(last: Progress, before: int = 0) -> dict[str, Any]:
    """Return the sentences that say how far the search went.

    `before` is how many cases the same search examined on the pages before this one.
    """
    said = looked_into(last.looked)
    if before:
        all_of_them = before + last.looked
        said += " " + ngettext(
            "With the pages before, that is {number:,} case.",
            "With the pages before, that is {number:,} cases.",
            all_of_them,
        ).format(number=all_of_them)
    return {
        "looked": said,
        "so_far": before + last.looked,
        "locked": last.locked,
        "more": last.after,
    }
