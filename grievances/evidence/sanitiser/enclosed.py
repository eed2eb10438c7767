"""Judge and clean what is inside another file, as if it had come alone.

One list and one judgement hold for everything that is inside a document, an email or an archive,
at any depth and whatever its ending.
"""

from __future__ import annotations

import importlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol

from grievances.evidence.sanitiser.parts import tnef
from grievances.evidence.sanitiser.protocol import Found, Unfit, note
from grievances.evidence.sanitiser.structure import kinds

MOST_DEPTH = 8
MOST_MEMBERS = 10_000
MOST_BYTES = 200 * 1024 * 1024
"""Limit of one enclosed file, in bytes, unpacked."""
PROGRAM_STARTS = (
    b"\x7fELF",
    b"#!/",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\0asm",
    b"L\0\0\0\x01\x14",
)
"""The first bytes of programs and of shortcuts."""
PROGRAM_ENDINGS = (
    ".exe", ".dll", ".scr", ".pif", ".cpl", ".msi", ".msp", ".jar", ".apk",
    ".js", ".jse", ".mjs", ".vbs", ".vbe", ".wsf", ".wsh", ".hta", ".bat", ".cmd", ".ps1", ".psm1",
    ".sh", ".command", ".py", ".pyw", ".pl", ".rb", ".php", ".lnk", ".scf", ".reg", ".inf",
    ".chm", ".iso", ".img", ".vhd", ".vhdx", ".dmg", ".docm", ".dotm", ".xlsm", ".xltm", ".xlsb",
    ".xlam", ".pptm", ".potm", ".ppsm", ".ppam", ".xll", ".xla", ".ppa", ".msc", ".mst", ".msix",
    ".appx", ".appref-ms", ".application", ".gadget", ".jnlp", ".ws", ".wsc", ".sct", ".vb", ".ps2",
    ".ps1xml", ".psd1", ".url", ".website", ".library-ms", ".search-ms", ".settingcontent-ms",
    ".swf", ".deb", ".rpm", ".class",
)  # fmt: skip
"""Endings of programs, scripts, shortcuts, disk images and documents with macros."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"MSCF", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
METAFILES = (b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0", b"\2\0\x09\0")
RECORDINGS = "recordings"
CLEANERS = {
    **dict.fromkeys(("jpeg", "png", "gif", "webp", "tiff", "bmp"), "images"),
    **dict.fromkeys(("office", "excel", "powerpoint"), "office"),
    **dict.fromkeys(("opendocument", "spreadsheet", "presentation", "drawing"), "office"),
    **dict.fromkeys(("mp3", "amr", "aac"), f"{RECORDINGS}.mpeg_audio"),
    **dict.fromkeys(("wav", "caf"), f"{RECORDINGS}.chunks"),
    "heic": "heif",
    "pdf": "pdf",
    "video": "video",
    "webm": f"{RECORDINGS}.matroska",
    "ogg": f"{RECORDINGS}.ogg",
    "flac": f"{RECORDINGS}.flac",
    "email": "email",
    "outlook": "outlook",
    "text": "",
    "pasted_email": "",
}
"""The cleaner of each kind, the same as for a file that comes alone."""
LOCKED = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"  # [MS-OFFCRYPTO] 2.3.4.4
MACRO_STREAMS = tuple(name.encode("utf-16-le") for name in ("VBA\0", "_VBA_PROJECT", "Macros\0"))


class Cleaner(Protocol):
    """A module of `sanitiser` that cleans one kind of file."""

    def clean(self, original: IO[bytes], copy: IO[bytes], found: Found) -> str:
        """Write the cleaned copy and return the code of the result."""


_open: list[str] = []
"""The files in each other that are being looked into.

This process opens one file, and ends.
"""


def kind_of(body: bytes) -> str:
    """Return the cleaner of a file by its structure.

    It is `archive`, `ole` for an older document, `two` for two kinds in one file, and empty for a
    kind that is not taken alone.
    """
    if body.startswith(ARCHIVES) or body[257:262] == b"ustar":
        return "archive"
    if body[40:44] == b" EMF" or body.startswith(METAFILES):
        return "metafiles"
    try:
        return CLEANERS[kinds.kind_of(lambda at, length: body[at : at + length], len(body))]
    except Unfit as unfit:
        if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return "office"
        return {"OLD_OFFICE": "ole", "TWO_KINDS": "two"}.get(unfit.code, "")


def refuse_program(name: str, body: bytes) -> None:
    """Check that an enclosed file is no program, by its name and by its first bytes.

    Raises:
        Unfit: It is a program, a script, a shortcut or a document with macros.
    """
    plain = name.lower().rstrip(". \t\0")
    is_windows = body.startswith(b"MZ") and b"\0" in body[:512]
    if is_windows or plain.endswith(PROGRAM_ENDINGS) or body.startswith(PROGRAM_STARTS):
        raise Unfit("MACROS")
    if body.startswith(OLE) and any(mark in body for mark in MACRO_STREAMS):
        raise Unfit("MACROS")


def clean(name: str, body: bytes, found: Found) -> bytes | None:
    """Return the cleaned copy of a file inside a document.

    It is None when its kind is not kept.

    Raises:
        Unfit: The file would be refused alone, or could not be cleaned.
    """
    copy = io.BytesIO()
    with inside(name):
        refuse_program(name, body)
        cleaner = kind_of(body)
        if cleaner == "two":
            raise Unfit("TWO_KINDS")
        if cleaner in {"ole", "outlook", "archive"}:
            raise Unfit("OBJECT_INSIDE")
        if cleaner in {"", "email"}:
            return None
        result = load(cleaner).clean(io.BytesIO(body), copy, found)
    if result != "cleaned":
        note(found, "Could not be cleaned inside it", name)
        raise Unfit("failed")
    return copy.getvalue()


def check(name: str, body: bytes) -> None:
    """Check a file that is attached to an email, and what is inside it; keep nothing.

    Raises:
        Unfit: It is a program, holds one, or cannot be looked into.
    """
    with inside(name):
        refuse_program(name, body)
        cleaner = kind_of(body)
        if cleaner == "archive" or (cleaner == "ole" and LOCKED in body):
            raise Unfit("CLOSED_INSIDE")
        if body.startswith(tnef.START):
            for each, file in tnef.attachments(body):
                check(each, file)
        if cleaner == "office":
            _check_package(body)
        elif cleaner in {"pdf", "outlook", "email"}:
            load(cleaner).clean(io.BytesIO(body), io.BytesIO(), [])
        elif name.lower().endswith(".eml"):
            load("email").clean(io.BytesIO(body), io.BytesIO(), [])


def refuse_if_program(name: str, body: bytes) -> None:
    """Check a file that is left out of the copy: only programs are refused.

    Raises:
        Unfit: It is a program or holds one.
    """
    try:
        check(name, body)
    except Unfit as unfit:
        if unfit.code == "MACROS":
            raise


def _check_package(body: bytes) -> None:
    try:
        load("office").clean(io.BytesIO(body), io.BytesIO(), [])
    except Unfit as unfit:
        # What cannot be cleaned is no danger, and nothing of an email is cleaned.
        if unfit.code not in {"ARCHIVE", "OBJECT_INSIDE", "failed"}:
            raise
        check_archive(io.BytesIO(body))


def check_archive(source: IO[bytes]) -> None:
    """Check every file in a ZIP archive.

    Raises:
        Unfit: One of them is a program, the archive has a password, or it unpacks to too much.
    """
    with zipfile.ZipFile(source) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_BYTES:
            raise Unfit("BOMB")
        if any(member.flag_bits & 1 for member in members):
            raise Unfit("CLOSED_INSIDE")
        for member in members:
            with archive.open(member) as part:
                check(member.filename, part.read(MOST_BYTES))


def load(cleaner: str) -> Cleaner:
    """Return a cleaner, loaded only when it is needed: the others would take memory."""
    return importlib.import_module(f"grievances.evidence.sanitiser.{cleaner}")


@contextmanager
def inside(name: str) -> Iterator[None]:
    """Go one file deeper; what is refused there says in which file.

    Raises:
        Unfit: Files are enclosed in each other more than MOST_DEPTH deep.
    """
    if len(_open) >= MOST_DEPTH:
        raise Unfit("TOO_MANY_PARTS")
    _open.append(name)
    try:
        yield
    except Unfit as unfit:
        unfit.inside = unfit.inside or name
        raise
    finally:
        _open.pop()
