"""The bank holidays of the three divisions, from the `holidays` package.

Only the command that loads them uses this module. The web process reads the table and never loads
that package.
"""

from __future__ import annotations

from datetime import date

import holidays

from grievances.vocabulary import Division

FIRST_YEAR, LAST_YEAR = 2012, 2034
SUBDIVISION = {Division.ENG_WLS: "ENG", Division.SCT: "SCT", Division.NIR: "NIR"}


def known_holidays() -> list[tuple[str, date, str]]:
    """Return (division, day, name) of every bank holiday, 2012 to 2034."""
    rows: list[tuple[str, date, str]] = []
    for division, subdivision in SUBDIVISION.items():
        days = holidays.country_holidays(
            "GB", subdiv=subdivision, years=range(FIRST_YEAR, LAST_YEAR + 1)
        )
        rows += [(division.value, day, name) for day, name in sorted(days.items())]
    return rows
