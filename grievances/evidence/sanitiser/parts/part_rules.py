"""What holds for one XML part of a document, and how it is written."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from grievances.evidence.sanitiser.parts import typed_names
from grievances.evidence.sanitiser.parts.sheets.shared_strings import SharedStrings

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
ENDING = re.compile(r"\.[A-Za-z0-9]{2,4}(?:\.rels)?$")


class PartNames:
    """The new name of each part that a person or a camera named."""

    def __init__(self) -> None:
        self._new: dict[str, str] = {}

    def of(self, path: str) -> str:
        """Return the path of a part with new names."""
        return "/".join(map(self._piece, path.split("/")))

    def _piece(self, piece: str) -> str:
        if not piece or PLAIN_PART.fullmatch(piece):
            return piece
        if piece.lower().endswith(".rels"):
            return self._piece(piece[:-5]) + ".rels"
        known = self._new.get(piece.lower())
        if known is None:
            ending = ENDING.search(piece)
            known = f"part{len(self._new) + 1}{ending[0].lower() if ending else ''}"
            self._new[piece.lower()] = known
        return known


def is_plain_name(name: str) -> bool:
    """Return whether the name of a part stays inside the package."""
    parts = name.replace("\\", "/").split("/")
    return "\\" not in name and ":" not in name and not {"", ".", ".."} & set(parts)


def source_of(name: str) -> str:
    """Return the part from which a part of relationships starts, in small letters."""
    folder, _, last = name.lower().rpartition("/")
    start = posixpath.dirname(folder)
    return posixpath.join(start, last.removesuffix(".rels"))


def path_of(source: str, target: str) -> str:
    """Return the name of the part at the target, seen from a part, in small letters."""
    start = "/" if target.startswith("/") else posixpath.dirname(source)
    path = posixpath.join("/", start, unquote(target.partition("#")[0]))
    return posixpath.normpath(path).lstrip("/").lower()
