"""The sanitiser process.

Its command is `python -m grievances.evidence.sanitiser CLEANER SIZE ZONE`.
"""

from __future__ import annotations

import io
import os
import resource
import sys
import warnings
from typing import IO, cast

from grievances.evidence.sanitiser import enclosed, look_again, plain_words
from grievances.evidence.sanitiser.protocol import (
    HEAD,
    MOST_FOUND,
    Found,
    Report,
    RequestedPieces,
    Told,
    Unfit,
)

LOOKED_AT_AGAIN = ("office", "pdf")
"""Cleaners whose copies are searched for what was found in the original."""

MEMORY_BYTES = 640 * 1024 * 1024
"""Limit of the address space in bytes; the program itself takes about 50 MB of it."""
CPU_SECONDS = 25


def limit() -> None:
    """Limit memory and time of this process, and forbid files to write and core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def sanitise(cleaner: str, original: IO[bytes], copy: IO[bytes]) -> Report:
    """Return the report of cleaning one file.

    The file is the cause of everything that fails here, and the report says so.
    """
    found: Found = []
    try:
        if cleaner in LOOKED_AT_AGAIN:
            code = clean_and_look(cleaner, original, copy, found)
        else:
            code = enclosed.load(cleaner).clean(original, copy, found)
        return Report(code, found[:MOST_FOUND])
    except Unfit as unfit:
        return Report(unfit.code, found[:MOST_FOUND], unfit.inside)
    except Exception:  # noqa: BLE001 - whatever a hostile file breaks, the server only gets "failed"
        return Report("failed", found[:MOST_FOUND])


def clean_and_look(cleaner: str, original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Clean a document and search its copy; send it if nothing hidden is left.

    Returns:
        `cleaned`, `failed`, or `words` for a name left in words that all read. `found` has what is
        left first.
    """
    made = io.BytesIO()
    code = enclosed.load(cleaner).clean(original, made, found)
    if code != "cleaned":
        return code
    left = look_again.look(made.getvalue(), found)
    hidden = [each for each in left if not each.is_in_words]
    told = [
        (
            "Still in the copy" if each in hidden else "Still in its words",
            f"{each.value} ({each.where})",
        )
        for each in [*hidden, *left][: MOST_FOUND // 2]
    ]
    found[:] = list(dict.fromkeys([*told, *found]))
    if hidden:
        return "failed"
    copy.write(made.getbuffer())
    return "words" if left else "cleaned"


def main() -> None:
    """Clean the file that the arguments name, and send the report."""
    limit()
    warnings.simplefilter("ignore")
    plain_words.use_zone(sys.argv[3])
    answers, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    original = cast("IO[bytes]", RequestedPieces(int(sys.argv[2]), sink, answers))
    copy = cast("IO[bytes]", Told(sink))
    report = sanitise(sys.argv[1], original, copy).as_bytes()
    sink.write(HEAD.pack(b"E", 0, len(report)) + report)
    sink.flush()


if __name__ == "__main__":
    main()
