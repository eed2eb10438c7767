"""A line of the benchmark, and the Markdown table of all lines."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One thing measured: `ours` beside `theirs`, both in `unit`.

    `goal` bounds the ratio ours/theirs. `beside` names what `theirs` is: a peer, a bare statement,
    or a smaller size of ours. `spread` is the least and the most of the rounds of which `ours` is
    the median, where there were rounds.
    """

    what: str
    ours: float
    beside: str
    theirs: float
    goal: float
    unit: str = "ms"
    spread: tuple[float, float] | None = None

    @property
    def ratio(self) -> float:
        """How many times as much ours costs as the thing beside it."""
        return self.ours / self.theirs if self.theirs else float("inf")

    @property
    def met(self) -> bool:
        """True if the ratio keeps its goal."""
        return self.ratio <= self.goal


def draw(lines: Iterable[Line]) -> str:
    """Return the lines as a Markdown table, a heading first."""
    rows = [
        "| What | Ours | Least to most | Beside | Its | Ratio | Goal | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for line in lines:
        spread = f"{line.spread[0]:,.1f} to {line.spread[1]:,.1f}" if line.spread else ""
        rows.append(
            f"| {line.what} | {line.ours:,.1f} {line.unit} | {spread} | {line.beside} "
            f"| {line.theirs:,.1f} {line.unit} | {line.ratio:.2f} | at most {line.goal:g} "
            f"| {'met' if line.met else 'NOT MET'} |"
        )
    return "\n".join(rows)
