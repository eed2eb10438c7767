"""Measure what people do over HTTP, beside django-helpdesk on the same server.

One demonstration with many concerns beside it serves for all: pages, raising, steps, the start of a
process and its memory. Source: issue 13, performance.md 12.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from bench import pages, process, raising
from bench.served import helpdesk, product
from bench.table import Line

SIZES = {"small": (200, 1_000), "large": (1_000, 100_000), "full": (1_000, 1_000_000)}
"""Concerns beside the demonstration, at the two sizes."""
REQUESTS = {"small": 500, "large": 5_000, "full": 5_000}


def measure(scale: str) -> Iterable[Line]:
    """Return the lines of everything that is measured over HTTP."""
    few, many = SIZES[scale]
    helpdesk.install()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {helpdesk.NAME}")
    product.manage("prepare_database")
    product.manage("demo")
    pages.grow(few, few)
    with product.serve() as ours, helpdesk.serve() as peer:
        lines = [*pages.compare(ours, peer, few, many), *raising.compare(ours, peer)]
    with product.serve() as ours, helpdesk.serve() as peer:
        lines += process.compare_memory(ours, peer, REQUESTS[scale])
    return [*lines, *process.compare_start()]
