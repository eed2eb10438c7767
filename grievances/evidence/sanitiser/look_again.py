"""Look once more into a cleaned copy for what was found in the original.

The copy is unpacked, and everything inside it too. Each value that names a person, an organisation,
an account, a place or a device is searched for, in every encoding that such files use. A value in
the words of a page is told apart from one that is hidden.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote
from xml.sax.saxutils import escape

from grievances.evidence.sanitiser import enclosed
from grievances.evidence.sanitiser.parts.spelt_names import CUT, Spelling, folded, squeezed
from grievances.evidence.sanitiser.parts.xml_reading import bare_name, new_parser
from grievances.evidence.sanitiser.protocol import Found

LOOKED_FOR = frozenset(
    {
        "Author", "Last changed by", "Printed by", "Organisation", "Manager", "Signed by",
        "Shared with", "Named beside a comment or change", "Link to a folder",
        "Description of a drawing", "Comment by", "Name in a signature", "Place in a signature",
        "Made by", "Owner", "Computer", "Copyright", "Serial number", "Maker of the device",
        "Model of the device", "Artist", "Where it was taken", "Where it was recorded",
    }
)  # fmt: skip
"""What a value must be to be searched for.

Dates, titles and names of programs are not.
"""
COMMON = frozenset(
    [
        "author",
        "user",
        "users",
        "owner",
        "admin",
        "administrator",
        "yes",
        "no",
        "unknown",
        "none",
        "true",
        "false",
        "microsoft",
        "microsoft office user",
        "windows user",
        "office",
        "python-docx",
        "openpyxl",
        "apple",
        "samsung",
        "google",
    ]
)
"""Values that are no one's name."""
LEAST_SIGNS = 3
LEAST_IN_BINARY = 7
"""Shorter values turn up by chance in packed pictures and sound."""
MOST_VALUES = 100
WORDS = frozenset(
    [
        "t",
        "deltext",
        "v",
        "is",
        "p",
        "h",
        "span",
        "a",
        "s",
        "tab",
        "line-break",
        "text",
        "title",
        "alt",
        "descr",
        "linkname",
        "m",
        "fname",
        "string",
        "instrtext",
    ]
)
"""XML elements whose text is on the page (local names)."""
SEEN = frozenset({
    ("slicer", "caption"), ("timeline", "caption"), ("hyperlink", "tooltip"), ("sheet", "name"),
    ("textpath", "string"), ("cnvpr", "descr"), ("cnvpr", "title"), ("docpr", "descr"),
    ("docpr", "title"), ("tablecolumn", "name"), ("tablecolumn", "totalsrowlabel"),
    ("datafield", "name"), ("pivotfield", "name"), ("cachefield", "name"), ("table", "name"),
    ("table", "displayname"), ("table", "alttext"), ("table", "alttextsummary"),
    ("pivottabledefinition", "alttext"), ("lvltext", "val"), ("listitem", "displaytext"),
    ("buchar", "char"), ("hlinkclick", "tooltip"), ("hlinkhover", "tooltip"),
    ("list-level-style-number", "num-prefix"), ("list-level-style-number", "num-suffix"),
    *((element, key) for element in ("datavalidation", "cfrule") for key in
      ("prompt", "prompttitle", "error", "errortitle", "text")),
    *((element, key) for element in (
        "button", "checkbox", "combobox", "fixed-text", "formatted-text", "frame", "item", "option",
        "radio", "text", "textarea", "listbox", "date", "number", "time"
      ) for key in ("label", "title", "value", "current-value")),
    *((element, key) for element in (
        "shape", "rect", "roundrect", "line", "polyline", "oval", "arc", "curve", "image", "group"
      ) for key in ("alt", "title")),
})  # fmt: skip
"""Attributes whose text a reader sees or hears, by element (local names)."""
FIELD = frozenset({"creator", "initial-creator"})
"""Elements whose text is on the page only with the prefix `text`.

These are fields of OpenDocument.
"""


class Left(NamedTuple):
    """A value that is left in the copy: where, and whether it is in words of a page."""

    value: str
    where: str
    is_in_words: bool


class Piece(NamedTuple):
    """A piece of an unpacked copy.

    `is_text` is false for packed pictures and sound, where short values are found by chance.
    """

    where: str
    body: bytes
    is_in_words: bool = False
    is_text: bool = True
    is_xml: bool = False


class Sought(NamedTuple):
    """A value that is searched for, as it is written and however it is spelt.

    `tokens` are pieces of it in small letters, one of which is wherever it is; `pattern` matches it
    in small letters; `coats` are what base64 makes of it.
    """

    value: str
    tokens: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    coats: tuple[bytes, ...]
    spelling: Spelling

    def is_in(self, body: bytes, lowered: bytes) -> bool:
        """Return whether the value is in a piece; `lowered` is the piece in small letters."""
        is_near = any(token in lowered for token in self.tokens)
        return (is_near and bool(self.pattern.search(lowered))) or any(
            coat in body for coat in self.coats
        )

    def is_spelt_in(self, body: bytes, letters: bytes) -> bool:
        """Return whether a text spells the value; `letters` are those of the text."""
        if not self.spelling.is_near(letters):
            return False
        return self.spelling.is_in(folded(body.decode("utf-8", "replace")))


def look(copy: bytes, found: Found) -> list[Left]:
    """Return what is left in a copy of the values that were found in the original."""
    sought = [sought_for(value) for value in values(found)]
    left: list[Left] = []
    is_plain = all(each.spelling.is_ascii for each in sought)
    for piece in unpack("", copy) if sought else ():
        lowered = piece.body.lower()
        letters = b""
        if piece.is_text:
            letters = squeezed(piece.body, is_xml=piece.is_xml, only_ascii=is_plain)
        hits = [
            each
            for each in sought
            if (piece.is_text or len(each.value) >= LEAST_IN_BINARY)
            and (each.is_in(piece.body, lowered) or each.spelling.is_near(letters))
        ]
        for where, body, is_words in split(piece) if hits else ():
            lowered = body.lower()
            letters = squeezed(body) if piece.is_text else b""
            for each in hits:
                one = Left(each.value, where or "the file itself", is_words)
                is_left = each.is_in(body, lowered) or each.is_spelt_in(body, letters)
                if is_left and one not in left:
                    left.append(one)
    return left


def split(piece: Piece) -> Iterator[tuple[str, bytes, bool]]:
    """Yield (where, bytes, whether they are words on a page) for one piece."""
    if piece.is_xml:
        hidden, words = split_words(piece.body)
        yield piece.where, hidden, False
        yield piece.where, words, True
    else:
        yield piece.where, piece.body, piece.is_in_words


def values(found: Found) -> list[str]:
    """Return the values to search for, each once."""
    known = {}
    for what, value in found:
        for plain in names_in(value) if what in LOOKED_FOR else ():
            is_name = len(plain) >= LEAST_SIGNS and plain.lower() not in COMMON
            if is_name and any(sign.isalpha() for sign in plain):
                known[plain] = True
    return list(known)[:MOST_VALUES]


def names_in(value: str) -> list[str]:
    """Return the names in a value.

    It can be that of a certificate, of an account in a domain, or of a personal view.
    """
    plain = value.strip().rstrip(":").removesuffix(" - Personal View")
    names = [part.rpartition("=")[2].strip() for part in plain.split(",")] if "=" in plain else []
    account = plain.rpartition("\\")[2]
    return [plain, *names, *([account] if account != plain else [])]


def sought_for(value: str) -> Sought:
    """Return how a value is searched for, in every encoding that such files use."""
    low = value.lower()
    choices = []
    for encoding in ("utf-8", "cp1252"):
        plain = re.escape(low.encode(encoding, "ignore"))
        choices.append(plain.replace(re.escape(b" "), rb"(?:[ ._+-]|%20|\xc2\xa0)"))
    choices += map(re.escape, (quote(low).lower().encode(), escape(low).encode(), value.encode()))
    alone = rb"(?<![a-z0-9])(?:%b)(?![a-z0-9])" % b"|".join(choices)
    wide = [low.encode("utf-16-le"), low.encode("utf-16-be")]
    for said in (low, value):
        wide += [said.encode(each).hex().encode() for each in ("utf-8", "utf-16-be")]
    pattern = re.compile(b"|".join([alone, *map(re.escape, wide)]))
    word = max(low.replace("&", " ").split(), key=len, default=low)
    spelt = [word.encode(), word.encode("cp1252", "ignore"), quote(word).lower().encode()]
    spelt += [word.encode("utf-16-le").strip(b"\0"), max(value.split(), key=len).encode()]
    for said in (word, max(value.split(), key=len)):
        spelt += [said.encode(each).hex().encode() for each in ("utf-8", "utf-16-be")]
    coats = tuple(base64_coats(value)) if len(value) >= LEAST_IN_BINARY else ()
    tokens = tuple({each for each in spelt if each})
    return Sought(value, tokens, pattern, coats, Spelling(value))


def base64_coats(value: str) -> Iterator[bytes]:
    """Yield what base64 makes of the value, at each place in a group of three bytes."""
    for encoding in ("utf-8", "utf-16-le"):
        raw = value.encode(encoding)
        for before in range(3):
            whole = base64.b64encode(bytes(before) + raw + bytes(3))
            # The first and the last signs also hold bits of what is beside the value.
            yield whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]


def unpack(where: str, body: bytes) -> Iterator[Piece]:
    """Yield the pieces of a file and of everything inside it."""
    kind = enclosed.kind_of(body)
    if kind == "office":
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            yield Piece(f"{where} names of parts", "\n".join(package.namelist()).encode())
            for name in package.namelist():
                yield from unpack(f"{where}{' in ' if where else ''}{name}", package.read(name))
    elif kind == "pdf":
        for each in enclosed.load("pdf").pieces(io.BytesIO(body)):  # type: ignore[attr-defined]
            yield Piece(f"{where or 'the PDF'}: {each[0]}", each[1], each[2])
    elif body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield Piece(where, body, is_xml=True)
    elif kind not in {"images", "heif"}:  # These are drawn anew from the pixels alone.
        yield Piece(where, body, is_text=False)


def split_words(body: bytes) -> tuple[bytes, bytes]:
    """Return (what is hidden in an XML part, the words on a page)."""
    hidden: list[str] = []
    words: list[str] = []
    path: list[str] = []

    def start(tag: str, flat: list[str]) -> None:
        path.append(tag)
        element = bare_name(tag)
        for key, value in zip(flat[::2], flat[1::2], strict=True):
            (words if (element, bare_name(key)) in SEEN else hidden).append(value)

    def text(said: str) -> None:
        (words if is_word(path[-1]) else hidden).append(said)

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    parser.CharacterDataHandler = text
    parser.CommentHandler = hidden.append
    parser.Parse(body, True)
    return "\n".join(hidden).encode(), CUT.join(words).encode()


def is_word(tag: str) -> bool:
    """Return whether the text of an element is on the page."""
    name = bare_name(tag)
    return tag.startswith("text:") or (name in WORDS and name not in FIELD)
