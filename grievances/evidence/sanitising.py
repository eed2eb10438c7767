"""Remove hidden details: run a process that opens the file, and pass it pieces.

That process holds no key and no secret, and is ended when it takes too long. This process holds one
piece at a time, so that neither a large nor a hostile file can fill the server's memory.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from grievances.encryption.encrypted_files import Sealer, Window
from grievances.evidence.file_types import BROKEN, TWO_KINDS
from grievances.evidence.sanitiser.protocol import HEAD, PIECE_BYTES, Report
from grievances.policy import profiles
from workflow.steps import Refused

ROOT = Path(__file__).resolve().parents[2]
MODULE = "grievances.evidence.sanitiser"
GROWTH_BYTES = 64 * 1024 * 1024
"""How many bytes a copy may be larger than its original."""
REPORT_BYTES = 1024 * 1024
PR_SET_DUMPABLE = 4
AT_ONCE = threading.BoundedSemaphore(2)
"""How many such processes one server process runs at a time."""

REFUSALS = {
    "TOO_MANY_PIXELS": gettext_noop(
        "This picture has too many pixels to be opened safely. Save it smaller, or take a picture "
        "of the screen, and add that."
    ),
    "MACROS": gettext_noop(
        "This file holds macros or programs, which could harm the person who opens it. Save it "
        "without them, or as PDF, and add that."
    ),
    "BOMB": gettext_noop(
        "This file unpacks to far more than it seems, and cannot be opened safely. Save it again, "
        "or as PDF, and add that."
    ),
    "OBJECT_INSIDE": gettext_noop(
        "This file has another document inside it that cannot be opened here, so its hidden "
        "details cannot be taken out. Take that document out and add it by itself, or save this "
        "file as PDF, and add that."
    ),
    "CLOSED_INSIDE": gettext_noop(
        "An archive or a document with a password is attached to this email, so it cannot be "
        "checked. Unpack it, or take its password away, and add the files by themselves."
    ),
    "ARCHIVE": gettext_noop(
        "This is a folder of files packed into one. Unpack it, and add the files themselves."
    ),
    "FILE_BROKEN": BROKEN,
    "TWO_KINDS": TWO_KINDS,
    "TOO_MANY_PARTS": gettext_noop(
        "This file has too many parts to be opened safely. Print it to a new PDF, and add that."
    ),
    "TOO_LARGE_TO_CHECK": gettext_noop(
        "This email is too large for what is attached to it to be checked. Add the attachments as "
        "files of their own."
    ),
}
"""The sentence for each code for which a file is refused once it has been opened."""

FAILED = Report("failed", [])


def clean(original: Window, size: int, cleaner: str, copy: Sealer) -> Report:
    """Write the cleaned copy into `copy`, which is not finished here.

    `size` is in bytes. Waits for a free process and for the answer, EVIDENCE_CLEAN_SECONDS each.

    Returns:
        The report. Its code is `words` when a name is left in the words that all read, `looked`
        when there is no copy to write, and `failed` for every other fault.

    Raises:
        Refused: The file may not come in.
    """
    if not AT_ONCE.acquire(timeout=settings.EVIDENCE_CLEAN_SECONDS):
        return FAILED
    try:
        report = _talk(original, size, cleaner, copy)
    finally:
        AT_ONCE.release()
    if report.code in REFUSALS:
        raise Refused(report.code, sentence_of(report))
    is_done = report.code in {"cleaned", "words", "looked"}
    return report if is_done else Report("failed", report.found)


def sentence_of(report: Report) -> str:
    """Return why a file is refused, and which file inside it is the cause."""
    sentence = REFUSALS[report.code]
    return (
        gettext("{sentence} It is about “{inside}”, inside it.").format(
            sentence=sentence, inside=report.inside
        )
        if report.inside
        else sentence
    )


def _talk(original: Window, size: int, cleaner: str, copy: Sealer) -> Report:
    zone = profiles.zone().key
    command = [sys.executable, "-E", "-s", "-B", "-m", MODULE, cleaner, str(size), zone]
    pipe = subprocess.PIPE
    disable_core_dumps()
    try:
        with subprocess.Popen(  # noqa: S603 - our own fixed command; `cleaner` is from `KINDS`
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={}, cwd=ROOT
        ) as process:
            patience = threading.Timer(settings.EVIDENCE_CLEAN_SECONDS, process.kill)
            patience.start()
            try:
                return _answer(process, original, size, copy)
            finally:
                patience.cancel()
                process.kill()
    except (OSError, ValueError):
        return FAILED


def disable_core_dumps() -> None:
    """Close this process to others of the same account, before they read a file.

    Otherwise a decoder that a file has taken over could read the server keys through /proc, in our
    environment or memory. Source: prctl(2), PR_SET_DUMPABLE; it exists on Linux only.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _answer(process: subprocess.Popen[bytes], original: Window, size: int, copy: Sealer) -> Report:
    """Pass pieces and take the copy until the report comes.

    Returns:
        The report.

    Raises:
        ValueError: The process ends, or sends something that is no message.
    """
    if process.stdin is None or process.stdout is None:
        raise ValueError("no pipes")
    while True:
        letter, offset, length = HEAD.unpack(_exactly(process.stdout, HEAD.size))
        if letter == b"R" and length <= PIECE_BYTES:
            process.stdin.write(original.read(offset, length))
            process.stdin.flush()
        elif letter == b"W" and length <= PIECE_BYTES and copy.size <= size + GROWTH_BYTES:
            copy.write(_exactly(process.stdout, length))
        elif letter == b"E" and length <= REPORT_BYTES:
            return Report.of(_exactly(process.stdout, length))
        else:
            raise ValueError("not a message")


def _exactly(source: IO[bytes], length: int) -> bytes:
    raw = source.read(length)
    if len(raw) != length:
        raise ValueError("the process has ended")
    return raw
