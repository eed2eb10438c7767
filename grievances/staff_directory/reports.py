"""Say in words what a file changes: counts, and lines with a reason."""

from __future__ import annotations

from grievances.staff_directory.imports import DOUBTS, Report
from grievances.staff_directory.plan import Change

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


def counts(report: Report) -> list[tuple[str, int]]:
    """Return (what, how many) for everything that the file changes."""
    return [
        *((KINDS[change], report.kinds[change]) for change in Change),
        ("new units", report.new_units),
        ("units in another region or division", report.changed_units),
        ("people who stay as they are", report.unchanged),
        ("lines refused", len(report.refused)),
        ("parts in open cases that end", report.effects.parts_ended),
        ("people newly kept out of an open case", report.effects.newly_conflicted),
    ]


def sentences(report: Report) -> list[str]:
    """Return the report line by line, as a command prints it."""
    said = [f"{count:>7} {what}" for what, count in counts(report)]
    said += [f"Line {line}: {reason}." for line, reason in report.refused[:LINES_SHOWN]]
    if len(report.refused) > LINES_SHOWN:
        said.append(f"And {len(report.refused) - LINES_SHOWN} more lines.")
    return said + [f"{DOUBTS[doubt]} --confirm {doubt}" for doubt in report.doubts]
