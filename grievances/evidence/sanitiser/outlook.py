"""Check Outlook messages, which are kept as they are.

What is attached is judged like files.

A message is a file of storages and streams ([MS-CFB]); attachments are in it by number
([MS-OXMSG] 2.2.2).
"""

from __future__ import annotations

import io
from typing import IO

import olefile

from grievances.evidence.sanitiser import enclosed
from grievances.evidence.sanitiser.protocol import Found, Unfit, note

MOST_BYTES = 200 * 1024 * 1024
ATTACHED = "__attach_version1.0_#"
DATA, WHOLE_MESSAGE = "__substg1.0_37010102", "__substg1.0_3701000D"
NAMES = ("__substg1.0_3707", "__substg1.0_3704", "__substg1.0_3001")
"""Streams with the long name, the short name and the shown name of an attachment."""
PEOPLE = ("__substg1.0_0C1A", "__substg1.0_5D01", "__substg1.0_0E04", "__substg1.0_0E03")
"""Streams with the sender's name and address, and whom the message went to."""


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Check every attachment, at any depth, and write nothing.

    `enclosed.check` raises Unfit for programs and macros.

    Returns:
        `looked`.

    Raises:
        Unfit: The message is too large, or has macros itself.
    """
    whole = io.BufferedReader(original, 1 << 18).read(MOST_BYTES + 1)  # type: ignore[type-var]
    if len(whole) > MOST_BYTES:
        raise Unfit("TOO_LARGE_TO_CHECK")
    try:
        message = olefile.OleFileIO(io.BytesIO(whole))
    except (OSError, ValueError, IndexError):
        # Not a whole file: no program will open what is attached to it.
        return "looked"
    with message:
        streams = message.listdir(streams=True, storages=False)
        for path in streams:
            if any(folder.upper() in {"VBA", "_VBA_PROJECT", "MACROS"} for folder in path[:-1]):
                raise Unfit("MACROS")
            if path[-1].startswith(PEOPLE):
                note(found, "Names and addresses that stay in it", text(message, path))
            if path[-1] == DATA:
                enclosed.check(name_of(message, path), message.openstream(path).read())
    return "looked"


def name_of(message: olefile.OleFileIO, path: list[str]) -> str:
    """Return the name of the attachment whose data is at this path."""
    folder = path[:-1]
    for start in NAMES:
        for ending in ("001F", "001E"):
            if message.exists([*folder, start + ending]):
                return text(message, [*folder, start + ending])
    return "an attachment without a name"


def text(message: olefile.OleFileIO, path: list[str]) -> str:
    """Return the text of a stream, in UTF-16 or in the code page of Western Europe."""
    raw = message.openstream(path).read()
    encoding = "utf-16-le" if path[-1].endswith("001F") else "cp1252"
    return str(raw.decode(encoding, "replace")).replace("\0", "")
