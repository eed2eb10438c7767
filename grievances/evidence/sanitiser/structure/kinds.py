"""Say what kind a file is, by its structure."""

from __future__ import annotations

import re
from collections.abc import Callable

from grievances.evidence.sanitiser.protocol import Unfit
from grievances.evidence.sanitiser.structure import containers, starts, texts

Read = Callable[[int, int], bytes]
"""Return up to so many bytes from a place: `read(offset, length)`."""

HEAD_BYTES = 4096
MARKS = re.compile(rb"<script|<!doctype|<html|<svg|<\?php|<%@", re.IGNORECASE)
"""Marks of pages and programs in the first kilobyte, where browsers look."""
TEXTS = frozenset({"text", "email", "pasted_email"})
HOLDS_ARCHIVES = frozenset({"outlook"})
"""Kinds in which an archive at the end is an ordinary attachment."""


def kind_of(read: Read, size: int) -> str:
    """Return the code of the kind of a file of this size, in bytes.

    Raises:
        Unfit: The kind is not taken, or the file is two kinds at once.
    """
    head = read(0, HEAD_BYTES)
    code = (
        containers.kind_of(head, read, size)
        or starts.kind_of(head, read, size)
        or texts.kind_of(read, size)
    )
    if code is None:
        raise Unfit("KIND_NOT_ACCEPTED")
    if code in TEXTS:
        return code
    if MARKS.search(head[:1024]) and not starts.is_whole(code, read, size):
        raise Unfit("TWO_KINDS")
    is_zip = containers.is_archive_kind(code)
    if is_zip != containers.ends_like_zip(read, size) and code not in HOLDS_ARCHIVES:
        if is_zip:
            raise Unfit("FILE_BROKEN")
        if code != "pdf" or not containers.is_archive_enclosed(read, size):
            raise Unfit("TWO_KINDS")
    return code
