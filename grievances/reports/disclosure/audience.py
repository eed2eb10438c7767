"""Who is looking, and how much that lets us show (domain.md 10.1)."""

from dataclasses import dataclass, replace

SMALLEST_THRESHOLD = 5


@dataclass(frozen=True)
class Audience:
    """The parameters of disclosure control for one kind of reader.

    `t`: the smallest count of cases, and of distinct complainants, that may be shown. `base`: what
    counts are rounded to. `class_min`: from how many cases on "all" or "none" may be shown.
    `dom1`, `dom_resp`: percent of a cell's cases from which one complainant, or one respondent,
    dominates it. `hide_zero`: true for demographic by outcome tables, where 0 is hidden too.
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
        """Round a count to the nearest multiple of the base; 0 stays 0 (domain.md 10.3, step 6)."""
        return (count + self.base // 2) // self.base * self.base

    def without_zeros(self) -> "Audience":
        """The same reader before a table in which a nought would tell about a group."""
        return replace(self, hide_zero=True)


INTERNAL = Audience(t=5)
PUBLISHED = Audience(t=10)
