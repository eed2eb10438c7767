"""The words of a workbook: only those of a cell stay.

Excel keeps words once, in a list, and a cell has the number of its own. Words of a deleted cell can
stay in the list. Beside a name it keeps how the name is read in Japanese, which a sheet shows only
if it is told to. Source: ECMA-376 part 1, 18.3.1.4, 18.4.6, 18.4.8 and 18.4.9.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from grievances.evidence.sanitiser.parts.xml_reading import bare_name

LIST = "sst"
CELLS = frozenset({"c", "row", "si"})
READINGS = frozenset({"rph", "phoneticpr"})
TRUE = frozenset({"1", "true"})


@dataclass
class SharedStrings:
    """The numbers of the words that the cells of one workbook have.

    `read` are those of which a sheet shows the reading. The sheets are written before the list.
    """

    used: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    number: int = -1
    is_used: bool = False
    is_shared: bool = False
    is_row_read: bool = False
    is_cell_read: bool = False

    def restart(self) -> None:
        """Begin another part."""
        self.number = -1
        self.is_shared = self.is_row_read = self.is_cell_read = False

    def begin(self, element: str, attributes: list[tuple[str, str]]) -> None:
        """Note the start of one of CELLS."""
        if element == "c":
            said = dict(attributes)
            self.is_shared = said.get("t") == "s"
            self.is_cell_read = self.is_row_read or said.get("ph") in TRUE
        elif element == "row":
            self.is_row_read = dict(attributes).get("ph") in TRUE
        else:
            self.number += 1
            self.is_used = str(self.number) in self.used

    def take(self, said: str) -> None:
        """Note the number that a cell has."""
        if self.is_shared and said.strip().isdecimal():
            number = str(int(said))
            self.used.add(number)
            if self.is_cell_read:
                self.read.add(number)

    def is_unread(self, path: list[str]) -> bool:
        """Return whether no sheet shows the element of the list at this path."""
        if len(path) < 3 or (self.is_used and bare_name(path[-1]) not in READINGS):
            return False
        return str(self.number) not in self.read
