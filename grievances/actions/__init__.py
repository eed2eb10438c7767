"""The one door through which a case changes, and the domain calls behind every interface."""

from grievances.actions import handling, interpreters, opening
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
    "fact_of",
    "handling",
    "interpreters",
    "opening",
    "perform",
    "run_clocks",
    "stamp",
]
