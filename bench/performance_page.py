"""Write `docs/reference/performance.md`.

It has what the last `make bench` measured, and on what.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bench.table import Line, draw

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "performance.md"
GIB = 2**30

TEXT = """\
# Performance

`make bench` wrote this page on {day}, at the scale `{scale}`: {machine}. Nothing here is an
absolute promise. Each line has two sides that were measured in one run on one machine, and only
their ratio counts. "ms CPU" is the processor time of the web process and the database together
for one request.

The peer is django-helpdesk 2.6.1, served by the same gunicorn on the same PostgreSQL server. It
keeps its words in the clear, has no permission for each ticket and no clocks. We use it because
people know how it feels. Every database waits for the disk.

## What was measured

{table}
{failed}
## What breaks first, and what to add then

1. **The processors of the web nodes.** A page costs processor time and hardly any of the
   database's. Add web nodes: they share nothing but the database, Redis and the folder of
   files.
2. **Signing in at nine o'clock.** Turning a password into a key takes a third of a second of
   one processor, on purpose. Those who wait hold no thread, and other pages go on. Add web
   nodes.
3. **Connections to PostgreSQL.** Each thread of each web node holds one. Put PgBouncer between,
   in transaction mode; the service works with it and a test says so.
4. **The build of the reports.** It reads every fact of a year. Build them from a replica, or at
   night as the timetable does.
5. **The trail of events.** It only grows. No page reads all of it; `verify_trail` and the
   backup do. When they take too long, divide its table by year.
"""


def write_page(lines: Iterable[Line], failed: list[str], scale: str, day: date) -> None:
    """Write the page of the lines; `failed` names parts without any, `day` is local."""
    told = f"\nNot measured, because it failed: {', '.join(failed)}.\n" if failed else ""
    text = TEXT.format(
        day=f"{day:%-d %B %Y}", scale=scale, machine=_machine(), table=draw(lines), failed=told
    )
    PAGE.write_text(text, encoding="utf-8")


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GiB of memory, "
        f"Python {platform.python_version()}, {platform.system()}"
    )
