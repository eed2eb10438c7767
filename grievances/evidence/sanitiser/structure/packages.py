"""Judge a package of parts before anything of it is unpacked.

Sources: ECMA-376 part 2, OpenDocument 1.3 part 2, [MS-OVBA].
"""

from __future__ import annotations

import re
import zipfile
from urllib.parse import unquote

from grievances.evidence.sanitiser.protocol import Unfit

MOST_PARTS = 10_000
MOST_BYTES = 600 * 1024 * 1024
"""Limit of all parts together, in bytes, unpacked."""
BOMB_RATIO = 200
BOMB_FLOOR = 20 * 1024 * 1024
"""A part that unpacks to more bytes than this must keep within BOMB_RATIO."""
PIECE_BYTES = 256 * 1024
TYPES, MIMETYPE = "[content_types].xml", "mimetype"
KIND = re.compile(rb"application/vnd\.oasis\.opendocument\.[a-z.-]{1,60}")

MACROS = re.compile(
    r"vbaproject|(^|/)macrosheets/|(^|/)activex/|(^|/)(basic|scripts)/|(^|/)embeddings/[^/]+\."
    r"(docm|xlsm|pptm|xlsb|dotm|xltm|potm)$",
    re.IGNORECASE,
)
"""Parts that are or may hold programs ([MS-OVBA], ECMA-376 ActiveX, ODF Basic)."""


def refuse(package: zipfile.ZipFile) -> None:
    """Check all parts before anything is unpacked.

    Raises:
        Unfit: The package is a bomb, is broken, has macros or is no document.
    """
    parts = package.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise Unfit("BOMB")
    if any(
        part.file_size > BOMB_FLOOR and part.file_size > BOMB_RATIO * max(1, part.compress_size)
        for part in parts
    ):
        raise Unfit("BOMB")
    if len(set(names)) != len(names) or any(part.flag_bits & 1 for part in parts):
        raise Unfit("FILE_BROKEN")
    if any(MACROS.search(each) for name in names for each in (name, unquote(name))):
        raise Unfit("MACROS")
    known = {name.lower(): name for name in names}
    if TYPES in known:
        if b"macroenabled" in head(package, known[TYPES]).lower().replace(b"\0", b""):
            raise Unfit("MACROS")
    elif MIMETYPE not in known or not KIND.fullmatch(head(package, known[MIMETYPE]).strip()):
        raise Unfit("ARCHIVE")


def head(package: zipfile.ZipFile, name: str) -> bytes:
    """Return the first bytes of a part, at most PIECE_BYTES."""
    with package.open(name) as source:
        return source.read(PIECE_BYTES)
