"""The washing process: `python -m grievances.evidence.sanitiser CLEANER SIZE`."""

from __future__ import annotations

import importlib
import os
import resource
import sys
import warnings

from grievances.evidence.sanitiser.protocol import HEAD, Found, Report, RequestedPieces, Told, Unfit

MEMORY_BYTES = 640 * 1024 * 1024
"""Of address space, the program itself included (about 50 MB of it)."""
CPU_SECONDS = 25


def limit() -> None:
    """Take from this process what it does not need: memory, time, files to write, a core dump."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def sanitise(cleaner: str, original: RequestedPieces, copy: Told) -> Report:
    """Clean one file. What fails here is the file's doing, and is reported as that."""
    # Only the one that is needed is loaded: the others would cost memory.
    module = importlib.import_module(f"grievances.evidence.sanitiser.{cleaner}")
    found: Found = []
    try:
        return Report(module.clean(original, copy, found), found)
    except Unfit as unfit:
        return Report(unfit.code, found)
    except Exception:  # noqa: BLE001 - whatever a hostile file breaks, the server only hears "failed"
        return Report("failed", found)


def main() -> None:
    limit()
    warnings.simplefilter("ignore")
    answers, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    original = RequestedPieces(int(sys.argv[2]), sink, answers)
    report = sanitise(sys.argv[1], original, Told(sink)).as_bytes()
    sink.write(HEAD.pack(b"E", 0, len(report)) + report)
    sink.flush()


if __name__ == "__main__":
    main()
