"""Decide from a file's content what kind it is, and list the kinds that are taken.

The name of a file and what the browser says of it do not count. A kind that is not known is
refused. So is a file that can be read as two kinds at once (peers.md 4 row 26). A document or a
picture must be opened to be judged, so `sanitiser` judges it again while it is cleaned.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext, gettext_noop

from grievances.evidence.sanitiser.protocol import Unfit
from grievances.evidence.sanitiser.structure.kinds import kind_of
from grievances.evidence.sanitiser.structure.texts import is_plain_throughout
from workflow.steps import Refused

MEGABYTE = 1024 * 1024
NAME_LENGTH = 120

ACCEPTED = gettext_noop(
    "You can add pictures (JPEG, PNG, GIF, WebP, HEIC, AVIF, TIFF, BMP), PDF, Word, Excel and "
    "PowerPoint files (.docx, .xlsx, .pptx, .ppsx), OpenDocument files (.odt, .ods, .odp), plain "
    "text and tables (.txt, .csv), emails (.eml, .msg), sound (MP3, M4A, AAC, WAV, Ogg, Opus, AMR, "
    "FLAC, CAF) and films (MP4, MOV, 3GP, WebM, MKV)."
)

NOT_ACCEPTED = gettext_noop(
    "This kind of file cannot be added. Save it as one of the kinds in the list, or take a picture "
    "of it, and add that."
)
CAMERA_RAW = gettext_noop(
    "This is the raw picture of a camera, which others cannot open. Save it as JPEG, and add that."
)
APPLE_DOCUMENT = gettext_noop(
    "This is a document of Pages, Numbers or Keynote, which others cannot open. Save it as PDF, "
    "and add that."
)
TWO_KINDS = gettext_noop(
    "This file is two kinds of file at once, which can be used to hide something. Save it again as "
    "one kind, or take a picture of it, and add that."
)
BROKEN = gettext_noop(
    "This file is broken or has a password: it cannot be opened here. Open it, save it again "
    "without a password, and add that."
)
OLD_OFFICE = gettext_noop(
    "This is an older Office file or one with a password. Save it as .docx, .xlsx, .pptx or PDF "
    "without a password, and add that."
)


SENTENCES = {
    "KIND_NOT_ACCEPTED": NOT_ACCEPTED,
    "TWO_KINDS": TWO_KINDS,
    "FILE_BROKEN": BROKEN,
    "OLD_OFFICE": OLD_OFFICE,
    "CAMERA_RAW": CAMERA_RAW,
    "APPLE_DOCUMENT": APPLE_DOCUMENT,
}
"""The sentence for each code with which a kind is refused."""


def sentence_for(code: str) -> str:
    """Return the sentence for a code, in the reader's language."""
    said = gettext(SENTENCES[code])
    return f"{said} {gettext(ACCEPTED)}" if code == "KIND_NOT_ACCEPTED" else said


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


WORD, EXCEL = (".docx", ".dotx"), (".xlsx", ".xltx")
POWERPOINT = (".pptx", ".ppsx", ".potx")
OPEN = (".odg", ".odf", ".ott", ".ots", ".otp", ".otg", ".odc", ".odm")
"""Endings of other OpenDocument files: drawings, formulas, templates, charts."""
TEXTS = (".txt", ".csv", ".log", ".md")
PICTURE = "images"
RECORDINGS = "recordings"
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
        FileKind("office", (*WORD, *EXCEL, *POWERPOINT), "office"),
        FileKind("excel", EXCEL, "office"),
        FileKind("powerpoint", POWERPOINT, "office"),
        FileKind("opendocument", (".odt", ".ods", ".odp", *OPEN), "office"),
        FileKind("spreadsheet", (".ods", ".ots"), "office"),
        FileKind("presentation", (".odp", ".otp"), "office"),
        FileKind("drawing", (".odg", ".otg"), "office"),
        FileKind("text", TEXTS),
        FileKind("email", (".eml",), "email"),
        FileKind("pasted_email", TEXTS, "email"),
        FileKind("outlook", (".msg",), "outlook"),
        FileKind(
            "video",
            (".mp4", ".m4a", ".mov", ".3gp", ".3ga", ".m4v", ".3g2", ".qt", ".m4b", ".aac"),
            "video",
        ),
        FileKind("webm", (".webm", ".mkv", ".weba", ".mka"), f"{RECORDINGS}.matroska"),
        FileKind("mp3", (".mp3", ".mpga"), f"{RECORDINGS}.mpeg_audio"),
        FileKind("wav", (".wav", ".wave", ".bwf"), f"{RECORDINGS}.chunks"),
        FileKind("ogg", (".ogg", ".oga", ".opus", ".ogv", ".spx"), f"{RECORDINGS}.ogg"),
        FileKind("amr", (".amr", ".awb"), f"{RECORDINGS}.mpeg_audio"),
        FileKind("aac", (".aac",), f"{RECORDINGS}.mpeg_audio"),
        FileKind("flac", (".flac",), f"{RECORDINGS}.flac"),
        FileKind("caf", (".caf",), f"{RECORDINGS}.chunks"),
    )
}
"""Every kind of file that is taken, by its code."""

NAMES_STAY = frozenset({"email", "pasted_email", "outlook"})
"""Kinds that are kept as they are, with the names and addresses of people in them."""

SHOWN = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
"""Media types of pictures that every browser shows, by the copy's ending."""


def is_recording(kind_code: str) -> bool:
    """Return whether a file of this kind is a recording whose labels are blanked."""
    kind = KINDS.get(kind_code)
    return kind is not None and kind.cleaner.startswith(RECORDINGS)


def shown_as(kind_code: str) -> str:
    """Return the media type in which a browser may show the copy; else empty text."""
    kind = KINDS.get(kind_code)
    if kind is None or kind.cleaner not in {PICTURE, OF_A_PHONE}:
        return ""
    return SHOWN.get(kind.copy_ending or kind.endings[0], "")


def identify(read: Callable[[int, int], bytes], size: int) -> FileKind:
    """Return the kind of a file of this size in bytes, by its structure.

    `read(offset, length)` returns up to so many of its bytes.

    Raises:
        Refused: The kind is not taken; the sentence says what to do.
    """
    try:
        return KINDS[kind_of(read, size)]
    except Unfit as unfit:
        raise Refused(unfit.code, sentence_for(unfit.code)) from None


def check_whole(kind: FileKind, chunks: Callable[[], Iterable[bytes]]) -> None:
    """Check what the start cannot show; reads the file once, chunk by chunk.

    Raises:
        Refused: A text has control characters.
    """
    if kind.endings == TEXTS and not is_plain_throughout(chunks()):
        raise Refused("KIND_NOT_ACCEPTED", sentence_for("KIND_NOT_ACCEPTED"))


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
