"""What each kind of attacker gets, as `/who-can-see/` says it."""

from __future__ import annotations

from grievances.management.describing.marks import table
from grievances.web.site.threat_model import ATTACKERS


def draw_attackers() -> str:
    """Return what each kind of attacker gets and does not get."""
    rows = [[each.who, each.gets, each.lacks] for each in ATTACKERS]
    return table(["Who", "What they get", "What they do not get"], rows)
