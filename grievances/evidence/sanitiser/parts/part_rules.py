"""What holds for one XML part of a document, and how it is written."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from grievances.evidence.sanitiser.parts import typed_names

Attributes = list[tuple[str, str]]
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
QUOTED = {**ESCAPES, **str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})}


@dataclass(frozen=True)
class Rules:
    """What else holds for one part.

    `gone` are the ids of relationships that were removed. `is_gone` tells whether an address in the
    package is of a part that was left out, `is_inside` whether it is of a part that stays.
    `rewrite` may change or drop (None) an element by its name and attributes. `enclosed` cleans a
    file that is written into the XML. With `is_emptied` only the first element stays. `people` are
    the new keys of persons, and `names` those of styles and the like, the same in all parts.
    """

    gone: frozenset[str] = frozenset()
    is_gone: Callable[[str], bool] = lambda address: False
    is_inside: Callable[[str], bool] = lambda address: True
    rewrite: Callable[[str, Attributes], Attributes | None] | None = None
    enclosed: Callable[[bytes], bytes | None] | None = None
    is_emptied: bool = False
    people: dict[str, str] = field(default_factory=dict)
    names: typed_names.TypedNames = field(default_factory=typed_names.TypedNames)


def started(tag: str, attributes: Attributes) -> str:
    """Return the start of an element, without its last sign."""
    return f"<{tag}" + "".join(f' {name}="{value.translate(QUOTED)}"' for name, value in attributes)


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
