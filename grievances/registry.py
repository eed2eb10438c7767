"""The one door through which a case changes, and the domain calls behind every interface."""

from grievances.actions import (
    emergency,
    erasure,
    filing,
    handling,
    interpreters,
    keeping,
    naming,
    opening,
    replaying,
)
from grievances.actions.clocks import run_clocks
from grievances.actions.door import (
    CLOCKWORK,
    Caller,
    Deed,
    NotAllowed,
    brief_of,
    fact_of,
    perform,
    stamp,
)

__all__ = [
    "CLOCKWORK",
    "Caller",
    "Deed",
    "NotAllowed",
    "brief_of",
    "emergency",
    "erasure",
    "fact_of",
    "filing",
    "handling",
    "interpreters",
    "keeping",
    "naming",
    "opening",
    "perform",
    "replaying",
    "run_clocks",
    "stamp",
]
