"""What holds for one XML part of a document, and how it is written."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from grievances.evidence.sanitiser.parts import typed_names
from grievances.evidence.sanitiser.parts.sheets.shared_strings import SharedStrings
from grievances.evidence.sanitiser.parts.xml_reading import bare_name

Attributes = list[tuple[str, str]]
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
QUOTED = {**ESCAPES, **str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})}


@dataclass(frozen=True)
class Rules:
    """What else holds for one part.

    `gone` are the ids of relationships that were removed. `is_gone` tells whether an address in the
    package is of a part that was left out, `is_inside` whether it is of a part that stays, and
    `renamed` is that address with new names of parts. `rewrite` may change or drop (None) an
    element by its name and attributes. `enclosed` cleans a file that is written into the XML. With
    `is_emptied` only the first element stays. `people` are the new keys of persons, and `names`
    those of styles and the like, the same in all parts; `strings` are the words of its cells.
    """

    gone: frozenset[str] = frozenset()
    is_gone: Callable[[str], bool] = lambda address: False
    is_inside: Callable[[str], bool] = lambda address: True
    renamed: Callable[[str], str] = lambda address: address
    rewrite: Callable[[str, Attributes], Attributes | None] | None = None
    enclosed: Callable[[bytes], bytes | None] | None = None
    is_emptied: bool = False
    people: dict[str, str] = field(default_factory=dict)
    names: typed_names.TypedNames = field(default_factory=typed_names.TypedNames)
    strings: SharedStrings = field(default_factory=SharedStrings)

    def same_person(self, value: str) -> str:
        """Return the new key of a person, the same wherever the old one is."""
        number = len(self.people) + 1
        new = f"{{00000000-0000-4000-8000-{number:012X}}}"
        return value if value.isdigit() else self.people.setdefault(value, new)


def started(tag: str, attributes: Attributes) -> str:
    """Return the start of an element, without its last sign."""
    return f"<{tag}" + "".join(f' {name}="{value.translate(QUOTED)}"' for name, value in attributes)


PLAIN_PART = re.compile(
    r"(?:\[content_types\]|mimetype|meta-inf|manifest|_rels|docprops|core|app|custom|word|xl|ppt|"
    r"media|image|audio|video|embeddings|oleobject|package|microsoft_(?:office_)?(?:word|excel|"
    r"powerpoint)[a-z_]{0,24}|document|styles|settings|websettings|fonttable|numbering|comments|"
    r"commentsextended|commentsids|commentsextensible|people|footnotes|endnotes|header|footer|theme|"
    r"themeoverride|glossary|charts?|chartex|colors|style|drawings?|vmldrawing|diagrams|data|layout|"
    r"quickstyle?s?|ink|workbook|worksheets|sheet|chartsheets|dialogsheets|sharedstrings|calcchain|"
    r"tables?|pivottables?|pivotcache|pivotcachedefinition|slicers?|slicercaches?|timelines?|"
    r"timelinecaches?|ctrlprops?|metadata|richdata|rdrichvalue|rdrichvaluestructure|"
    r"rdrichvaluetypes|rdrichvaluewebimage|richvaluerel|rdsupportingpropertybag|"
    r"rdsupportingpropertybagstructure|threadedcomments?|persons?|presentation|presprops|viewprops|"
    r"tablestyles|slides?|slidelayouts?|slidemasters?|notesslides?|notesmasters?|handoutmasters?|"
    r"commentauthors|authors|moderncomment(?:_[0-9a-f]{1,8}){0,3}|content|meta|pictures|object|"
    r"thumbnails|book|layoutdef|styledef|colorsdef|datamodel|modern|[a-z]{1,2}|\.{1,2}|"
    r"[0-9a-f]{8,})[ _-]?\d{0,6}(?:\.[a-z0-9]{2,4}){0,2}",
    re.IGNORECASE,
)
"""Names that programs give to parts and folders."""
ENDING = re.compile(r"\.[A-Za-z0-9]{2,4}\Z")
OPEN_ENDING = re.compile(r"\.(?:[A-Za-z0-9]{2,4}|[a-z0-9]{5,6})\Z")
"""What is an ending where no list names it. A longer one may be a person."""


class PartNames:
    """The names of the parts of a package, and the new ones of those people named.

    With `is_open` the package is an OpenDocument file: names are as they are in the ZIP (1.3 part
    2, 3.1). Otherwise names are percent-encoded, and are the same in capitals and small letters
    (ECMA-376 part 2, 6.2.2).
    """

    def __init__(self, names: Iterable[str] = (), *, is_open: bool = True) -> None:
        self.is_open = is_open
        self.names = {self.known(name) for name in names}
        self._endings: set[str] = set()
        self._new: dict[str, str] = {}

    def learn(self, element: str, attributes: Attributes) -> None:
        """Note the ending that an element of the list of kinds names, to keep it."""
        for key, value in attributes:
            is_ending = element == "default" and bare_name(key) == "extension"
            if is_ending and value.isascii() and value.isalnum():
                self._endings.add(value.lower())

    def known(self, name: str) -> str:
        """Return the one spelling under which a part is known."""
        return name if self.is_open else unquoted(name).lower()

    def is_name(self, path: str) -> bool:
        """Return whether a part, or a folder of parts, is known as this."""
        return any(f"{name}/".startswith(f"{path}/") for name in self.names)

    def at(self, source: str, address: str) -> str:
        """Return what the part at an address in another part is known as."""
        return _path_of(source, self.known(self.said(source, address)))

    def said(self, source: str, address: str) -> str:
        """Return the path in an address, spelt as the names of parts are.

        Programs read that of an OpenDocument file as it is if there is such a part.
        """
        path = address.partition("#")[0]
        is_spelt = not self.is_open or "%" not in path or self.is_name(_path_of(source, path))
        return path if is_spelt else unquoted(path)

    def of(self, name: str) -> str:
        """Return the name of a part with new names of folders and of the part."""
        plain = name if self.is_open else unquoted(name)
        return "/".join(map(self._piece, plain.split("/")))

    def _piece(self, piece: str) -> str:
        is_plain = PLAIN_PART.fullmatch(piece) and (self.is_open or " " not in piece)
        if not piece or is_plain:
            return piece
        if piece.lower().endswith(".rels"):
            return self._piece(piece[:-5]) + ".rels"
        key = piece if self.is_open else piece.lower()
        if key not in self._new:
            self._new[key] = f"part{len(self._new) + 1}{self._ending(piece)}"
        return self._new[key]

    def _ending(self, piece: str) -> str:
        if self.is_open:
            found = OPEN_ENDING.search(piece)
            return found[0] if found else ""
        _, dot, ending = piece.lower().rpartition(".")
        is_kept = dot and (ending in self._endings or ENDING.search(piece))
        return dot + ending if is_kept else ""


def unquoted(address: str) -> str:
    """Return an address without percent-encoding; two that differ still differ."""
    return unquote(address, errors="surrogateescape")


def is_plain_name(name: str) -> bool:
    """Return whether the name of a part stays inside the package."""
    return "\\" not in name and not {"", ".", ".."} & set(name.split("/"))


def source_of(name: str) -> str:
    """Return the part from which a part of relationships starts."""
    folder, _, last = name.rpartition("/")
    return posixpath.join(posixpath.dirname(folder), last.removesuffix(".rels"))


def _path_of(source: str, address: str) -> str:
    """Return the name of the part at an unquoted address, seen from a part."""
    path = posixpath.join("/", posixpath.dirname(source), address)
    return posixpath.normpath(path).lstrip("/")
