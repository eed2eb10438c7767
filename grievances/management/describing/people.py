"""The accounts of the demonstration with the names of their people."""

from __future__ import annotations

from grievances.demo.accounts import ACCOUNTS, PASSWORD, Entry
from grievances.management.describing.marks import table

WITHOUT_OFFICE = {
    "complainant1": "raises a concern",
    "complainant2": "raises a concern",
    "staff1": "member of staff",
    "staff2": "member of staff",
    "staff3": "member of staff",
    "staff4": "member of staff",
    "staff5": "member of staff",
    "respondent1": "the person a concern is about",
    "linemanager1": "line manager of both",
    "companion1": "companion of a complainant",
    "admin1": "system administrator, sees no case",
}
"""What an account without an office is there for."""


def part_of(entry: Entry) -> str:
    """Return what a demonstration person does; raises KeyError for an unknown one."""
    if entry.offices:
        return ", ".join(office.label for office in entry.offices)
    return WITHOUT_OFFICE[entry.username]


def draw_accounts() -> str:
    """Return who can sign in: part, user name and name, one line for each part."""
    parts: dict[str, list[Entry]] = {}
    for entry in ACCOUNTS:
        parts.setdefault(part_of(entry), []).append(entry)
    rows = [
        [part[0].upper() + part[1:], ", ".join(f"`{e.username}` {e.name}" for e in entries)]
        for part, entries in parts.items()
    ]
    return table(["Part", "Sign in as"], rows) + f"\n\nThe password of every account: `{PASSWORD}`"
