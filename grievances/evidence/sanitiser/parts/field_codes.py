"""Instructions of fields in Word: only what a page needs of them stays.

Programs split an instruction into pieces, so it is held until the field goes on, and judged as a
whole. Source: ECMA-376 part 1, 17.16.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

SHOWN = frozenset({
    "=", "ADVANCE", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "BIBLIOGRAPHY", "CITATION", "COMPARE",
    "CREATEDATE", "DATE", "DISPLAYBARCODE", "EDITTIME", "EMBED", "EQ", "FORMCHECKBOX",
    "FORMDROPDOWN", "FORMTEXT", "GOTOBUTTON", "HYPERLINK", "IF", "INDEX", "LISTNUM", "MACROBUTTON",
    "NOTEREF", "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF", "PRINTDATE", "QUOTE", "REF",
    "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "STYLEREF", "SYMBOL", "TA", "TC",
    "TIME", "TOA", "TOC", "XE",
})  # fmt: skip
"""Fields whose instruction says what the page shows, or where it leads.

Of each other field only its first word stays: it can hold an account, a path or a name, as those of
authors, databases, links and add-ins do. The page keeps what the field showed last.
"""
FIRST_WORD = re.compile(r"\s*(=|[A-Za-z]+)")


def plain(instruction: str) -> str:
    """Return an instruction without what may name a person or a place."""
    first = FIRST_WORD.match(instruction)
    if not first:
        return instruction
    return instruction if first[1].upper() in SHOWN else f" {first[1].upper()} "


@dataclass
class FieldCodes:
    """The instructions of the fields that are open, each in pieces.

    `clean` takes paths and typed names out of an instruction.
    """

    clean: Callable[[str], str]
    pieces: list[str] = field(default_factory=list)
    is_kept: list[bool] = field(default_factory=list)

    def take(self, text: str) -> str:
        """Hold one piece of an instruction; outside a field, return it judged."""
        if not self.is_kept:
            return self.clean(plain(text))
        self.pieces.append(text)
        return ""

    def said(self, char_type: str) -> str:
        """Return the instruction before a sign that begins, divides or ends a field.

        It is empty when there is none.
        """
        whole, self.pieces = "".join(self.pieces), []
        text = self._judged(whole) if whole.strip() else ""
        if char_type == "begin":
            self.is_kept.append(True)
        elif char_type == "end" and self.is_kept:
            self.is_kept.pop()
        return text

    def _judged(self, whole: str) -> str:
        if self.is_kept and not self.is_kept[-1]:
            return ""
        text = plain(whole)
        if self.is_kept and text != whole:
            self.is_kept[-1] = False
        return self.clean(text)
