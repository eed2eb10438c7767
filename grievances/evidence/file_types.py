"""What kind of file something is, decided by its content alone, and which kinds are taken.

A name and a browser's word count for nothing. What is not known is refused, and so is a file that
can be read as two kinds at once (peers.md 4 row 26). What must be opened to be judged, a document
or a picture, is judged again where it is cleaned (`sanitiser`).
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
"""The end of a ZIP file, with the longest comment it can carry (APPNOTE 4.3.16)."""
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
    """A kind of file that is taken: the endings it may have, the first being given to others.

    `cleaner` is the module of `sanitiser` that takes out its hidden details; without one it is kept
    as it is.
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
"""Pictures that every browser shows, by the ending of their redrawn copy."""


def shown_as(kind_code: str) -> str:
    """The media type under which a browser may show the redrawn copy; nothing for other kinds."""
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
"""What puremagic calls a kind."""

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
"""The first bytes that puremagic's answer must agree with: it weighs guesses, we do not."""

MP3_FRAMES = (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")
"""How a recording without a label begins: frame sync, MPEG 1 or 2, layer III (ISO/IEC 11172-3)."""

PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
"""Brands of an ISO base media file (ISO/IEC 14496-12) that hold a picture, not a recording."""

OTHER_STARTS = re.compile(rb"%PDF-|<script|<!doctype|<html|<svg|<\?php|<%@", re.IGNORECASE)
"""Marks of another kind in the first kilobyte: PDF readers and browsers look there."""

HEADER = re.compile(rb"(?im)^(received|return-path|from|to|subject|date|message-id|mime-version):")
MARKUP = re.compile(r"\s*(<[!?a-z]|\{\\rtf)", re.IGNORECASE)


def identify(head: bytes, tail: bytes) -> FileKind:
    """The kind by the first and the last bytes; raises Refused with what is taken instead."""
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
    """Kinds that others hide in, by their exact start; raises Refused for the older Office."""
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
    """Whether text has no control character but those of lines, tabs and pages."""
    return not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text)


def ends_like_zip(tail: bytes) -> bool:
    """Whether the last bytes are the end of a ZIP archive, which readers look for from the end."""
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if len(tail) - at >= 22:
            disk, _, here, entries, size, start = struct.unpack_from("<HHHHII", tail, at + 4)
            if disk == 0 and here == entries >= 1 and size >= 46 * entries and start < 2**32 - 1:
                return True
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False


def check_whole(kind: FileKind, chunks: Callable[[], Iterable[bytes]]) -> None:
    """What the head alone cannot tell; raises Refused. Reads the file once, chunk by chunk."""
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
    """A file name without folders, control and direction characters or quotes; 120 signs at most.

    The ending is kept, so that the file still opens with the right program.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in "\"';<>|:*?")
    plain = " ".join(shown.split()).lstrip(".") or "file"
    ending = PurePosixPath(plain).suffix[:12]
    return plain if len(plain) <= NAME_LENGTH else plain[: NAME_LENGTH - len(ending)] + ending


def name_to_save(name: str, kind_code: str, *, is_copy: bool) -> str:
    """A safe name with an ending of the file's real kind: a picture is never saved as a program."""
    safe, kind = safe_name(name), KINDS.get(kind_code)
    if kind is None:
        return safe_name(f"{safe}.bin")
    ending = PurePosixPath(safe).suffix.lower()
    fits = ending in kind.endings
    if is_copy and kind.copy_ending:
        return safe_name((safe[: -len(ending)] if fits else safe) + kind.copy_ending)
    return safe if fits else safe_name(safe + kind.endings[0])
