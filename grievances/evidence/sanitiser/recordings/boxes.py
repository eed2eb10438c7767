"""The boxes of a film, each with a name and a content (ISO 14496-12, 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from grievances.evidence.sanitiser.recordings.splices import Source


class Box(NamedTuple):
    """A box of the file: its name, and where it starts and ends.

    `start`, `content` and `end` are offsets in bytes.
    """

    name: bytes
    start: int
    content: int
    end: int


Boxes = Callable[[Source, int, int], Iterator[Box]]
"""What lists the boxes between two places of a file."""
