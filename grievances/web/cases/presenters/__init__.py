"""What the case pages show, worked out before a template draws it; the JSON answers come from here.

Templates decide nothing: rights come from `access`, what is possible from `lifecycle`, dates from
`policy`.
"""

from grievances.pages.answers import case_json, case_list
from grievances.pages.case import case_context, print_context, step_context
from grievances.pages.history import ledger_rows
from grievances.pages.listing import list_cases
from grievances.policy import COMPLAINANT

__all__ = [
    "COMPLAINANT",
    "case_context",
    "case_json",
    "case_list",
    "ledger_rows",
    "list_cases",
    "print_context",
    "step_context",
]
