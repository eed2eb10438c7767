"""Say when a person is asked: monthly, then 1, 3 and 6 months after the end."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext, ngettext

from grievances.cases.models.case import Case
from grievances.vocabulary import NO_AFTERCARE, OPEN, State

BASELINE = "baseline"
CHANGED = "changed"
AFTER_MONTHS = (1, 3, 6)
"""Calendar months after closing (Acas guidance on retaliation asks for follow-up)."""
RETRY_WORKING_DAYS = 5
"""Working days after which a person is asked once more, and then no more."""


def due_code(case: Case, started_on: date, today: date) -> str:
    """Return the code of the newest time of asking that is due, or "".

    Days are local dates. A time that was missed is not made up for.
    """
    if case.state in OPEN:
        months = relativedelta(today, started_on)
        done = months.years * 12 + months.months
        return f"pulse-{done}" if done >= 1 else ""
    if case.state != State.CLOSED or case.close_reason in NO_AFTERCARE or case.closed_on is None:
        return ""
    ended = case.closed_on
    due = [each for each in AFTER_MONTHS if ended + relativedelta(months=each) <= today]
    return f"after-{case.episode}-{due[-1]}" if due else ""


def next_day(case: Case, started_on: date, today: date) -> date | None:
    """Return the local date on which the person is asked next, or None."""
    if case.state in OPEN:
        months = relativedelta(today, started_on)
        return started_on + relativedelta(months=months.years * 12 + months.months + 1)
    if case.state != State.CLOSED or case.close_reason in NO_AFTERCARE or case.closed_on is None:
        return None
    days = [case.closed_on + relativedelta(months=each) for each in AFTER_MONTHS]
    return next((day for day in days if day > today), None)


def is_after_closing(code: str) -> bool:
    """Return whether a code is that of a check-in after closing."""
    return code.startswith("after-")


def name_of(code: str) -> str:
    """Return a time of asking in words."""
    if code == BASELINE:
        return gettext("How things were at the start")
    if code == CHANGED:
        return gettext("Something changed")
    kind, _, rest = code.partition("-")
    number = int(rest.rpartition("-")[2])
    if kind == "pulse":
        words = ngettext("After {number} month", "After {number} months", number)
    else:
        words = ngettext(
            "{number} month after it was closed", "{number} months after it was closed", number
        )
    return words.format(number=number)
