"""How long each class of records is kept, from the schedule of the product."""

from __future__ import annotations

import json

from grievances.management.describing.marks import table
from grievances.policy.retention_schedule import SHIPPED


def draw_retention() -> str:
    """Return the newest version of the schedule, one row for each class."""
    versions = json.loads(SHIPPED.read_text(encoding="utf-8"))
    newest = max(versions, key=lambda each: (each["effective_from"], each["version"]))
    rows = [
        [each["label"], f"{each['months']} months", each["because"]]
        for each in newest["classes"].values()
    ]
    return table(["What", "Kept for", "Why"], rows)
