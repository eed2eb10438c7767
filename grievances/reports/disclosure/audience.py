"""The kinds of reader, and the limits that apply to each (domain.md 10.1)."""

from dataclasses import dataclass, replace

SMALLEST_THRESHOLD = 5


@dataclass(frozen=True)
class Audience:
    """The parameters of disclosure control for one kind of reader.

    `t` is the smallest count of cases, and of distinct complainants, that may be shown. `base` is
    the number to whose multiples counts are rounded. `class_min` is the number of cases from which
    "all" or "none" may be shown. `dom1` and `dom_resp` are percents of a cell's cases: from there
    on, one complainant or one respondent dominates the cell. `hide_zero` is true for demographic by
    outcome tables, where 0 is hidden too. Raises ValueError for a `t` under 5.
    """

    t: int
    base: int = 5
    class_min: int = 20
    dom1: int = 50
    dom_resp: int = 60
    hide_zero: bool = False

    def __post_init__(self) -> None:
        if self.t < SMALLEST_THRESHOLD:
            raise ValueError(f"a threshold under {SMALLEST_THRESHOLD} is never allowed")

    def round(self, count: int) -> int:
        """Return a count rounded to the nearest multiple of the base.

        0 stays 0 (domain.md 10.3, step 6).
        """
        return (count + self.base // 2) // self.base * self.base

    def without_zeros(self) -> "Audience":
        """Return the same audience with zeros hidden.

        It is for tables in which a zero would say something about a group.
        """
        return replace(self, hide_zero=True)


INTERNAL = Audience(t=5)
PUBLISHED = Audience(t=10)
