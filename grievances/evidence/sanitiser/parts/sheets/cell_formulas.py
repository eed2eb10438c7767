"""Formulas that read another workbook: the cell keeps its value alone.

The values that a workbook keeps of another are in no cell of it, so they go too. A formula comes in
pieces, and is judged as a whole. Source: ECMA-376 part 1, 18.3.1.40 and 18.17.2.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

OUTSIDE = re.compile(r"(?<![\w\]])'?\[(?:\d+|[^\[\]]+\.\w+)\][^\[\]!]*!|\bDDE\(")
"""A place in another workbook, in a formula."""
OF_A_SHEET = frozenset(
    {"definedname", "formula", "formula1", "formula2", "calculatedcolumnformula",
     "totalsrowformula"}
)  # fmt: skip
"""Elements whose formula may be an error; that of a chart may not."""


def leads_outside(formula: str) -> bool:
    """Return whether a formula reads another workbook, or another program."""
    return bool(OUTSIDE.search(formula))


def within(element: str, formula: str) -> str:
    """Return a formula outside a cell, without the name of another workbook in it."""
    if not leads_outside(formula):
        return formula
    return "#REF!" if element in OF_A_SHEET else re.sub(r"\[[^\[\]]*\]", "[0]", formula)


@dataclass
class CellFormulas:
    """The formulas of one sheet. `group` is the number of a shared formula."""

    pieces: list[str] | None = None
    start: str = ""
    group: str = ""
    left: set[str] = field(default_factory=set)

    def begin(self, start: str, group: str) -> None:
        """Hold the formula that begins with this tag."""
        self.pieces, self.start, self.group = [], start, group

    def end(self) -> str | None:
        """Return the formula; None if it goes."""
        said, self.pieces = "".join(self.pieces or ()), None
        if leads_outside(said) or self.group in self.left:
            self.left |= {self.group} - {""}
            return None
        return said
