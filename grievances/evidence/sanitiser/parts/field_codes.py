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

Of `OTHERS` only the first word stays: they can hold an account, a path or a name, as those of
authors, databases, links and add-ins do. Nothing stays of a word that is no field. The page keeps
what the field showed last.
"""
OTHERS = frozenset({
    "ADDIN", "ADDRESSBLOCK", "ASK", "AUTHOR", "AUTOTEXT", "AUTOTEXTLIST", "BARCODE", "COMMENTS",
    "DATA", "DATABASE", "DDE", "DDEAUTO", "DOCPROPERTY", "DOCVARIABLE", "FILENAME", "FILESIZE",
    "FILLIN", "GLOSSARY", "GREETINGLINE", "IMPORT", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT",
    "INFO", "KEYWORDS", "LASTSAVEDBY", "LINK", "MERGEBARCODE", "MERGEFIELD", "MERGEREC",
    "MERGESEQ", "NEXT", "NEXTIF", "PRINT", "PRIVATE", "RD", "SET", "SHAPE", "SKIPIF", "SUBJECT",
    "TEMPLATE", "TITLE", "USERADDRESS", "USERINITIALS", "USERNAME",
})  # fmt: skip
FIRST_WORD = re.compile(r"\s*(=|[A-Za-z]+)")


def plain(instruction: str) -> str:
    """Return an instruction without what may name a person or a place."""
    first = FIRST_WORD.match(instruction)
    if not first:
        return instruction
    word = first[1].upper()
    if is_shown(instruction):
        return instruction
    return f" {word} " if word in OTHERS else ""


def is_shown(instruction: str) -> bool:
    """Return whether all of an instruction stays."""
    first = FIRST_WORD.match(instruction)
    return first is None or first[1].upper() in SHOWN


@dataclass
class FieldCodes:
    """The instructions of the fields that are open, each in pieces.

    `clean` takes paths and typed names out of an instruction.
    """

    clean: Callable[[str], str]
    pieces: list[str] = field(default_factory=list)
    is_kept: list[bool | None] = field(default_factory=list)
    """For each open field whether its instruction stays; None before its first word."""

    def take(self, text: str) -> str:
        """Hold one piece of an instruction, or judge it outside a field.

        Returns:
            The piece as it is judged; "" where it is held.
        """
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
            self.is_kept.append(None)
        elif char_type == "end" and self.is_kept:
            self.is_kept.pop()
        return text

    def _judged(self, whole: str) -> str:
        known = self.is_kept[-1] if self.is_kept else None
        text = plain(whole) if known is None else whole if known else ""
        if self.is_kept and known is None:
            self.is_kept[-1] = is_shown(whole)
        return self.clean(text)
