"""Names of the parts of an office document, and what their addresses lead to."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote


def is_plain_name(name: str) -> bool:
    """Return whether the name of a part stays inside the package."""
    parts = name.replace("\\", "/").split("/")
    return "\\" not in name and ":" not in name and not {"", ".", ".."} & set(parts)


def source_of(name: str) -> str:
    """Return the part from which a part of relationships starts, in small letters."""
    folder, _, last = name.lower().rpartition("/")
    start = posixpath.dirname(folder)
    return posixpath.join(start, last.removesuffix(".rels"))


def resolve(source: str, target: str) -> str:
    """Return the name of the part at the target, seen from a part, in small letters."""
    start = "/" if target.startswith("/") else posixpath.dirname(source)
    path = posixpath.join("/", start, unquote(target.partition("#")[0]))
    return posixpath.normpath(path).lstrip("/").lower()
