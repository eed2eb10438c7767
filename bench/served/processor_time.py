"""The processor time of a process and all it has started.

The operating system counts it. Time is counted in ticks of 10 ms, so one request cannot be
measured: take many.
"""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROCESSES = Path("/proc")


def of_tree(first: int) -> float:
    """Return the seconds of processor time of a process and its descendants.

    Descendants that have ended count, once their parent has waited for them.

    Raises:
        ProcessLookupError: The process is gone.
    """
    spent: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    for folder in PROCESSES.iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended while we looked
            number = int(folder.name)
            children.setdefault(int(fields[1]), []).append(number)
            spent[number] = sum(int(ticks) for ticks in fields[11:15])
    if first not in spent:
        raise ProcessLookupError(first)
    total, waiting = 0, [first]
    while waiting:
        number = waiting.pop()
        total += spent[number]
        waiting += children.get(number, [])
    return total / TICKS


def resident_mib(process: int) -> float:
    """Return the memory that a process holds now, in MiB."""
    pages = int((PROCESSES / str(process) / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def children_of(process: int) -> list[int]:
    """Return the processes that a process started and that still run."""
    text = (PROCESSES / str(process) / "task" / str(process) / "children").read_text()
    return [int(number) for number in text.split()]
