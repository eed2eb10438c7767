"""Decide from a file's content what kind it is, and list the kinds that are taken.

The name of a file and what the browser says of it do not count. A kind that is not known is
refused. So is a file that can be read as two kinds at once (peers.md 4 row 26). A document or a
picture must be opened to be judged, so `sanitiser` judges it again while it is cleaned.
"""

from __future__ import annotations

import codecs
import re
import struct
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic

from workflow.steps import Refused

MEGABYTE = 1024 * 1024
HEAD_BYTES = 4096
TAIL_BYTES = 22 + 65_535
"""The bytes of the end of a ZIP file with the longest comment it can have.

Source: APPNOTE 4.3.16.
"""
NAME_LENGTH = 120

ACCEPTED = (
    "Pictures, PDF, Word, Excel, PowerPoint and OpenDocument files without macros, plain text, "
    "emails and recordings from a phone can be added."
)

NOT_ACCEPTED = f"This kind of file cannot be added. {ACCEPTED}"
TWO_KINDS = (
    "This file is two kinds of file at once, which can be used to hide something. Save it again as "
    "one kind, or take a picture of it, and add that."
)
BROKEN = (
    "This file is broken or has a password: it cannot be opened here. Open it, save it again "
    "without a password, and add that."
)
OLD_OFFICE = (
    "This is an older Office file or one with a password. Save it as .docx, .xlsx, .pptx or PDF "
    "without a password, and add that."
)


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken.

    `endings` are the endings its names may have; a file without one of them is given the first.
    `cleaner` is the module of `sanitiser` that removes its hidden details. Without one, the file is
    kept as it is.
    """

    code: str
    endings: tuple[str, ...]
    cleaner: str = ""
    copy_ending: str = ""


PICTURE = "images"
OF_A_PHONE = "heif"
KINDS = {
    kind.code: kind
    for kind in (
        FileKind("jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), PICTURE),
        FileKind("png", (".png",), PICTURE),
        FileKind("gif", (".gif",), PICTURE),
        FileKind("webp", (".webp",), PICTURE),
        FileKind("tiff", (".tif", ".tiff"), PICTURE),
        FileKind("bmp", (".bmp", ".dib"), PICTURE, ".png"),
        FileKind("heic", (".heic", ".heif", ".avif"), OF_A_PHONE, ".jpg"),
        FileKind("pdf", (".pdf",), "pdf"),
        FileKind("office", (".docx", ".xlsx", ".pptx"), "office"),
        FileKind("opendocument", (".odt", ".ods", ".odp"), "office"),
        FileKind("text", (".txt", ".csv", ".log", ".md")),
        FileKind("email", (".eml",), "email"),
        FileKind("outlook", (".msg",)),
        FileKind("video", (".mp4", ".m4a", ".mov", ".3gp", ".3ga", ".m4v"), "video"),
        FileKind("webm", (".webm", ".mkv", ".weba")),
        FileKind("mp3", (".mp3",)),
        FileKind("wav", (".wav",)),
        FileKind("ogg", (".ogg", ".oga", ".opus", ".ogv")),
        FileKind("amr", (".amr",)),
        FileKind("aac", (".aac",)),
        FileKind("flac", (".flac",)),
        FileKind("caf", (".caf",)),
    )
}
"""Every kind of file that is taken, by its code."""

SHOWN = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
"""Media types of pictures that every browser shows, by the copy's ending."""


def shown_as(kind_code: str) -> str:
    """Return the media type in which a browser may show the copy; else empty text."""
    kind = KINDS.get(kind_code)
    if kind is None or kind.cleaner not in {PICTURE, OF_A_PHONE}:
        return ""
    return SHOWN.get(kind.copy_ending or kind.endings[0], "")


MAGIC = {
    ending: code
    for code in (
        "jpeg", "png", "gif", "tiff", "bmp", "webm", "mp3", "ogg", "amr", "aac", "flac", "caf",
    )
    for ending in KINDS[code].endings
}  # fmt: skip
"""Our code for a kind, by the ending that puremagic names."""

SIGNATURES = {
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "gif": (b"GIF87a", b"GIF89a"),
    "tiff": (b"II*\0", b"MM\0*"),
    "bmp": (b"BM",),
    "webm": (b"\x1a\x45\xdf\xa3",),
    "mp3": (b"ID3",),
    "ogg": (b"OggS",),
    "amr": (b"#!AMR",),
    "aac": (b"\xff\xf1", b"\xff\xf9"),
    "flac": (b"fLaC",),
    "caf": (b"caff",),
}
"""The first bytes that each kind must have.

puremagic weighs guesses, so its answer alone is not enough.
"""

MP3_FRAMES = (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")
"""The starts of a recording without a label: frame sync, MPEG 1 or 2, layer III.

Source: ISO/IEC 11172-3.
"""

PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
"""Brands of an ISO base media file that holds a picture, not a recording.

Source: ISO/IEC 14496-12.
"""

OTHER_STARTS = re.compile(rb"%PDF-|<script|<!doctype|<html|<svg|<\?php|<%@", re.IGNORECASE)
"""Marks of other kinds in the first kilobyte, where PDF readers and browsers look."""

HEADER = re.compile(rb"(?im)^(received|return-path|from|to|subject|date|message-id|mime-version):")
MARKUP = re.compile(r"\s*(<[!?a-z]|\{\\rtf)", re.IGNORECASE)


def identify(head: bytes, tail: bytes) -> FileKind:
    """Return the kind of a file by its first and its last bytes.

    Raises:
        Refused: The kind is not taken; the sentence says what is taken instead.
    """
    code = _container(head) or _by_magic(head) or _text(head)
    if code is None:
        raise Refused("KIND_NOT_ACCEPTED", NOT_ACCEPTED)
    is_zip = code in {"office", "opendocument"}
    start = head[:1024]
    hidden = OTHER_STARTS.search(start, 5 if code == "pdf" else 0)
    if code not in {"text", "email"} and hidden:
        raise Refused("TWO_KINDS", TWO_KINDS)
    if code in {"text", "email"} and b"%PDF-" in start:
        raise Refused("TWO_KINDS", TWO_KINDS)
    if is_zip and not ends_like_zip(tail):
        raise Refused("FILE_BROKEN", BROKEN)
    if not is_zip and ends_like_zip(tail):
        raise Refused("TWO_KINDS", TWO_KINDS)
    return KINDS[code]


def _container(head: bytes) -> str | None:
    """Return the kind of a file that can hide others, by its exact start.

    Raises Refused for an older Office file.
    """
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        is_open = head[30:38] == b"mimetype" and b"vnd.oasis.opendocument" in head[38:120]
        return "opendocument" if is_open else "office"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in PICTURE_BRANDS else "video"
    if head.startswith(b"RIFF"):
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12])
    if head.startswith(MP3_FRAMES) and head[2] >> 4 not in {0, 15}:
        return "mp3"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "outlook"
    return None


def _by_magic(head: bytes) -> str | None:
    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError, LookupError, struct.error):
        return None
    codes = (MAGIC.get(guess.extension) for guess in guesses)
    return next((code for code in codes if code and head.startswith(SIGNATURES[code])), None)


def _text(head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = head.decode("utf-16", "replace")
    else:
        text = head.decode("utf-8-sig", "replace")
    if not is_plain(text) or MARKUP.match(text):
        return None
    return "email" if len(HEADER.findall(head[:2048])) >= 2 else "text"


def is_plain(text: str) -> bool:
    """Tell whether text has no control characters but those of lines, tabs and pages."""
    return not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text)


def ends_like_zip(tail: bytes) -> bool:
    """Tell whether the last bytes are the end of a ZIP archive.

    Readers look for that end from the last byte backwards.
    """
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if len(tail) - at >= 22:
            disk, _, here, entries, size, start = struct.unpack_from("<HHHHII", tail, at + 4)
            if disk == 0 and here == entries >= 1 and size >= 46 * entries and start < 2**32 - 1:
                return True
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False


def check_whole(kind: FileKind, chunks: Callable[[], Iterable[bytes]]) -> None:
    """Check what the first bytes cannot show; reads the file once, chunk by chunk.

    Raises:
        Refused: A text has control characters, or an Outlook file is no message.
    """
    if kind.code == "text" and not _is_text_throughout(chunks()):
        raise Refused("KIND_NOT_ACCEPTED", NOT_ACCEPTED)
    if kind.code == "outlook" and not _is_message(chunks()):
        raise Refused("OLD_OFFICE", OLD_OFFICE)


def _is_text_throughout(chunks: Iterable[bytes]) -> bool:
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in chunks:
        if decoder is None:
            wide = chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")("replace")
        if not is_plain(decoder.decode(chunk)):
            return False
    return True


MESSAGE_MARK = "__properties_version1.0".encode("utf-16-le")
"""The stream that every Outlook message has ([MS-OXMSG] 2.4)."""
PROGRAM_MARKS = tuple(
    name.encode("utf-16-le")
    for name in ("WordDocument", "Workbook", "PowerPoint Document", "VBA", "_VBA_PROJECT",
                 "EncryptedPackage")
)  # fmt: skip
"""Streams of the older Office formats and of macros ([MS-DOC], [MS-OVBA])."""


def _is_message(chunks: Iterable[bytes]) -> bool:
    found, before = False, b""
    for chunk in chunks:
        seen = before + chunk
        found = found or MESSAGE_MARK in seen
        if any(mark in seen for mark in PROGRAM_MARKS):
            return False
        before = chunk[-64:]
    return found


def safe_name(name: str) -> str:
    """Return a file name of at most 120 characters that is safe to show and to save.

    Folders, quotes, control characters and direction characters are removed. The ending is kept, so
    that the file still opens with the right program.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in "\"';<>|:*?")
    plain = " ".join(shown.split()).lstrip(".") or "file"
    ending = PurePosixPath(plain).suffix[:12]
    return plain if len(plain) <= NAME_LENGTH else plain[: NAME_LENGTH - len(ending)] + ending


def name_to_save(name: str, kind_code: str, *, is_copy: bool) -> str:
    """Return a safe name with an ending of the file's real kind.

    So a picture is never saved as a program.
    """
    safe, kind = safe_name(name), KINDS.get(kind_code)
    if kind is None:
        return safe_name(f"{safe}.bin")
    ending = PurePosixPath(safe).suffix.lower()
    fits = ending in kind.endings
    if is_copy and kind.copy_ending:
        return safe_name((safe[: -len(ending)] if fits else safe) + kind.copy_ending)
    return safe if fits else safe_name(safe + kind.endings[0])
