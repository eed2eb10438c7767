"""The sanitiser process.

Its command is `python -m grievances.evidence.sanitiser CLEANER SIZE ZONE`.
"""

from __future__ import annotations

import importlib
import os
import resource
import sys
import warnings

from grievances.evidence.sanitiser import plain_words
from grievances.evidence.sanitiser.protocol import HEAD, Found, Report, RequestedPieces, Told, Unfit

MEMORY_BYTES = 640 * 1024 * 1024
"""Limit of the address space in bytes; the program itself takes about 50 MB of it."""
CPU_SECONDS = 25


def limit() -> None:
    """Limit memory and time of this process, and forbid files to write and core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def sanitise(cleaner: str, original: RequestedPieces, copy: Told) -> Report:
    """Return the report of cleaning one file.

    The file is the cause of everything that fails here, and the report says so.
    """
    # Load only the cleaner that is needed: the others would take memory.
    module = importlib.import_module(f"grievances.evidence.sanitiser.{cleaner}")
    found: Found = []
    try:
        return Report(module.clean(original, copy, found), found)
    except Unfit as unfit:
        return Report(unfit.code, found)
    except Exception:  # noqa: BLE001 - whatever a hostile file breaks, the server only gets "failed"
        return Report("failed", found)


def main() -> None:
    """Clean the file that the arguments name, and send the report."""
    limit()
    warnings.simplefilter("ignore")
    plain_words.use_zone(sys.argv[3])
    answers, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    original = RequestedPieces(int(sys.argv[2]), sink, answers)
    report = sanitise(sys.argv[1], original, Told(sink)).as_bytes()
    sink.write(HEAD.pack(b"E", 0, len(report)) + report)
    sink.flush()


if __name__ == "__main__":
    main()
