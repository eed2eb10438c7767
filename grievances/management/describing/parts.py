"""The generated parts of the documents, by the names of their marks."""

from __future__ import annotations

from collections.abc import Mapping

from grievances.management.describing import (
    access,
    api,
    clocks,
    commands,
    environment,
    events,
    licences,
    lifecycle,
    people,
    retention,
    threats,
)
from grievances.management.describing.marks import Part

PARTS: Mapping[str, Part] = {
    "accounts": people.draw_accounts,
    "attackers": threats.draw_attackers,
    "lifecycle": lifecycle.draw_lifecycle,
    "access": access.draw_access,
    "clocks": clocks.draw_clocks,
    "policies": clocks.draw_policies,
    **environment.parts(),
    "retention": retention.draw_retention,
    "commands": commands.draw_commands,
    "options": commands.draw_options,
    "events": events.draw_events,
    "recipients": events.draw_recipients,
    "api": api.draw_addresses,
    "step fields": api.draw_fields,
    "addresses": api.draw_pages,
    "licences: python": licences.draw_python,
    "licences: node": licences.draw_node,
    "licences: bundled": licences.draw_bundled,
}
"""Name of the mark -> what is written between its two marks."""
