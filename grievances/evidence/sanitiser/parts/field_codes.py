"""Instructions of fields in Word: only what a page needs of them stays.

Programs split an instruction into pieces, so it is held until the field goes on, and judged as a
whole. Source: ECMA-376 part 1, 17.16.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

SHOWN = frozenset({
    "=", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "COMPARE", "CREATEDATE", "DATE", "EDITTIME",
    "EMBED", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "HYPERLINK", "IF", "INDEX", "NOTEREF",
    "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF", "PRINTDATE", "REF", "REVNUM",
    "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "STYLEREF", "TIME", "TOA", "TOC",
})  # fmt: skip
"""Fields of which only the arguments of `PLAIN` stay, and of some the first one."""
DRAWN = frozenset({"ADVANCE", "DISPLAYBARCODE", "EQ", "GOTOBUTTON", "LISTNUM", "SYMBOL"})
"""Fields that have no result: the page shows their instruction, which stays."""
LEADING = frozenset({"HYPERLINK", "NOTEREF", "PAGEREF", "REF", "SEQ", "STYLEREF"})
"""Fields whose first argument is where they lead, or what they count."""
OTHERS = frozenset({
    "ADDIN", "ADDRESSBLOCK", "ASK", "AUTHOR", "AUTOTEXT", "AUTOTEXTLIST", "BARCODE",
    "BIBLIOGRAPHY", "CITATION", "COMMENTS", "DATA", "DATABASE", "DDE", "DDEAUTO",
    "DOCPROPERTY", "DOCVARIABLE", "FILENAME", "FILESIZE", "FILLIN", "GLOSSARY", "GREETINGLINE",
    "IMPORT", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT", "INFO", "KEYWORDS",
    "LASTSAVEDBY", "LINK", "MERGEBARCODE", "MERGEFIELD", "MERGEREC", "MERGESEQ", "NEXT",
    "NEXTIF", "PRINT", "PRIVATE", "QUOTE", "RD", "SET", "SHAPE", "SKIPIF", "SUBJECT", "TA", "TC",
    "TEMPLATE", "TITLE", "USERADDRESS", "USERINITIALS", "USERNAME", "XE",
})  # fmt: skip
"""Fields of which only the first word stays.

They can hold an account, a path, a name or words that no page shows, such as an entry for an
index. Nothing stays of a word that is no field. The page keeps what the field showed.
"""
MACRO = "MACROBUTTON"
"""A field that shows its last argument; the macro that it names is replaced."""
FIRST_WORD = re.compile(r"\s*(=|[A-Za-z]+)")
TOKEN = re.compile(r"\\[^\s\"]|\"[^\"]*\"|[^\s\"\\]+")
PLAIN = re.compile(
    r"[\d\s,;.:/()#%$£€+x<>=*^-]*"
    r"|(?:(?:d{1,4}+|M{1,4}+|yy(?:yy)?+|HH?+|hh?+|mm?+|ss?+|AM/PM|am/pm)[\s/:.,-]*+)++"
    r"|(?i:(?:merge|char)format(?:inet)?|arabic\w*|roman|upper|lower|firstcap|caps|alphabetic|ordinal"
    r"|ordtext|cardtext|hex|dollartext|chinesenum\d|[a-z]-[a-z]|[a-z]"
    r"|(?:word|excel|powerpoint|visio|equation|package|forms|paint)\.[\w.]*)"
)
"""Numbers, pictures of numbers and dates, and the words of formats."""
SUM = re.compile(
    r"(?:SUM|AVERAGE|COUNT|MAX|MIN|PRODUCT|ROUND|ABS|INT|MOD|SIGN|AND|OR|NOT|TRUE|FALSE|DEFINED|ABOVE"
    r"|BELOW|LEFT|RIGHT|R\d*C\d*|[A-Z]{1,2}\d{1,4}+|[\d\s,;.:()%+*/^<>=-])*+",
    re.IGNORECASE,
)
"""A sum over cells of a table."""


def plain(instruction: str) -> str:
    """Return an instruction without what may name a person or a place."""
    word = first_word(instruction)
    if word == MACRO:
        _, macro, *shown = [*instruction.split(maxsplit=2), "", ""]
        return f" {MACRO} NoMacro {shown[0]} " if macro else ""
    if word not in SHOWN:
        return instruction if word in DRAWN else f" {word} " if word in OTHERS else ""
    said = FIRST_WORD.sub("", instruction, count=1)
    return f" {word} {arguments(word, said, is_first=True)}".rstrip() + " "


def first_word(instruction: str) -> str:
    """Return the name of a field in capital letters; empty when there is none."""
    first = FIRST_WORD.match(instruction)
    return first[1].upper() if first else ""


def arguments(word: str, said: str, *, is_first: bool) -> str:
    """Return the arguments of a field that stay; `is_first` if none came before."""
    if word == "=" and SUM.fullmatch(said.partition("\\")[0]):
        sums, switch, said = said.partition("\\")
        return f"{sums.strip()} {arguments('', switch + said, is_first=False)}".strip()
    kept: list[str] = []
    for token in TOKEN.findall(said):
        is_after_switch = bool(kept) and kept[-1].startswith("\\")
        is_place = word == "HYPERLINK" and is_after_switch and kept[-1] == "\\l"
        leads = word in LEADING and is_first and not is_after_switch
        leads = leads and (" " not in token or word in {"HYPERLINK", "STYLEREF"})
        if token.startswith("\\") or is_place or leads or PLAIN.fullmatch(token.strip('"')):
            is_first = is_first and token.startswith("\\")
            kept.append(token)
        elif is_after_switch:
            kept.pop()
    return " ".join(kept)


@dataclass
class FieldCodes:
    """The instructions of the fields that are open, each in pieces.

    `clean` takes paths and typed names out of an instruction.
    """

    clean: Callable[[str], str]
    pieces: list[str] = field(default_factory=list)
    open: list[str | None] = field(default_factory=list)
    """The first word of each open field; None before it."""

    def take(self, text: str) -> str:
        """Hold one piece of an instruction, or judge it outside a field.

        Returns:
            The piece as it is judged; "" where it is held.
        """
        if not self.open:
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
            self.open.append(None)
        elif char_type == "end" and self.open:
            self.open.pop()
        return text

    def _judged(self, whole: str) -> str:
        known = self.open[-1] if self.open else None
        if known is None:
            if self.open:
                self.open[-1] = first_word(whole)
            return self.clean(plain(whole))
        if known in SHOWN:
            return self.clean(arguments(known, whole, is_first=False))
        return self.clean(whole) if known in DRAWN else ""
