"""Files in a `winmail.dat`, in which Outlook packs them ([MS-OXTNEF] 2.1)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

START = b"\x78\x9f\x3e\x22"
HEAD = struct.Struct("<BII")
"""Level, number and length of an attribute.

Its bytes and a sum of two bytes follow.
"""
RENDERED, TITLE, DATA, PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005


def attachments(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of each file; what is cut short is left as it is."""
    name, at = "", 6
    while at + HEAD.size <= len(body):
        _, number, length = HEAD.unpack_from(body, at)
        value = body[at + HEAD.size : at + HEAD.size + length]
        at += HEAD.size + length + 2
        if number == RENDERED:
            name = ""
        elif number == TITLE:
            name = value.rstrip(b"\0").decode("cp1252", "replace")
        elif number == DATA:
            yield name, value
        elif number == PROPERTIES and START in value:
            yield name, value[value.index(START) :]
