"""Say in words what a file changes: counts, and lines with a reason."""

from __future__ import annotations

from grievances.staff_directory.imports import DOUBTS, Report
from grievances.staff_directory.plan import Change
from grievances.staff_directory.staff_file.rows import Refusal

KINDS = {
    Change.ADDED: "new people",
    Change.RETURNED: "people who have come back",
    Change.LEFT: "people who are gone",
    Change.NAME: "changed names",
    Change.EMAIL: "changed email addresses",
    Change.UNIT: "people who change their unit",
    Change.GRADE: "changed grades",
    Change.LINE: "changed lines",
    Change.OFFICE: "people whose offices change",
    Change.CERTIFICATE: "people whose certificates change",
}
LINES_SHOWN = 200
LINES_NAMED = 20
"""Lines that a command names for one reason."""


def counts(report: Report) -> list[tuple[str, int]]:
    """Return (what, how many) for everything that the file changes."""
    return [
        *((KINDS[change], report.kinds[change]) for change in Change),
        ("new units", report.new_units),
        ("units in another region or division", report.changed_units),
        ("people who stay as they are", report.unchanged),
        ("lines refused", len(report.refused)),
        ("lines taken with a remark", len(report.comments)),
        ("parts in open cases that end", report.effects.parts_ended),
        ("people newly kept out of an open case", report.effects.newly_conflicted),
    ]


def sentences(report: Report) -> list[str]:
    """Return the report line by line, as a command prints it."""
    said = [f"{count:>7} {what}" for what, count in counts(report)]
    return (
        said
        + unread_columns(report)
        + _by_reason(report.refused)
        + [f"Taken, but {text[0].lower()}{text[1:]}" for text in _by_reason(report.comments)]
        + [f"{DOUBTS[doubt]} --confirm {doubt}" for doubt in report.doubts]
    )


def unread_columns(report: Report) -> list[str]:
    """Return the sentence that names the columns no one has read, or nothing."""
    names = ", ".join(report.unread[:LINES_NAMED])
    more = f" and {len(report.unread) - LINES_NAMED} more" * (len(report.unread) > LINES_NAMED)
    return [f"Columns that are not read: {names}{more}. Name them in a layout if they matter."] * (
        bool(names)
    )


def _by_reason(found: list[Refusal]) -> list[str]:
    """Return each reason once with its lines, in the order of the first of them."""
    lines: dict[str, list[int]] = {}
    for line, reason in found:
        lines.setdefault(reason, []).append(line)
    return [f"{_named(those)}: {reason}." for reason, those in lines.items()]


def _named(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:LINES_NAMED]))
    more = len(lines) - LINES_NAMED
    return f"Line{'s' if lines[1:] else ''} {shown}{f' and {more} more' if more > 0 else ''}"
