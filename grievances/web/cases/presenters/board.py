"""The casework lead's board: numbers of cases and of free places."""

from __future__ import annotations

from collections import Counter
from datetime import date

from grievances.cases.access.eligibility import OFFICE_FOR, loads, pool
from grievances.cases.access.facts import Actor
from grievances.policy import profiles
from grievances.vocabulary import CAP, STATE_FOR_STAFF, Role, State
from grievances.web.cases.presenters.case_list import stages_and_dates
from grievances.web.cases.presenters.list_filters import STAGES

LATE_BY = ((5, "1 to 5 working days"), (10, "6 to 10 working days"), (None, "More than 10"))
"""How late a case is, as the escalation counts it (domain.md 5.5)."""


def board_context(who: Actor, today: date) -> dict[str, object]:
    """Return the tables of the board on a local date."""
    found = stages_and_dates(who, today)
    open_in, late_in = Counter[str](), Counter[str]()
    late_by = Counter[str]()
    calendar = {code: profiles.calendar(code) for code in {code for _, code, _, _ in found}}
    for state, division, due, count in found:
        open_in[state] += count
        if due is not None and due < today:
            late_in[state] += count
            days = max(1, calendar[division].between(due, today))
            words = next(words for most, words in LATE_BY if most is None or days <= most)
            late_by[words] += count
    shown = [*STAGES, (State.ON_HOLD.value, STATE_FOR_STAFF.get(State.ON_HOLD, "Paused"))]
    return {
        "stages": [
            {
                "name": label,
                "open": open_in[state],
                "late": late_in[state],
                "href": f"/cases/?view=all&stage={state}" if state != State.ON_HOLD else PAUSED,
                "late_href": f"/cases/?view=late&stage={state}",
            }
            for state, label in shown
        ],
        "open": sum(open_in.values()),
        "late": sum(late_in.values()),
        "late_by": [(words, late_by[words]) for _, words in LATE_BY],
        "capacity": [_capacity(role, today) for role in OFFICE_FOR],
    }


PAUSED = "/cases/?view=paused"


def _capacity(role: Role, today: date) -> dict[str, object]:
    """Return who holds the office of a role, with their cases and their places."""
    held, most = loads(role), CAP[role]
    people = [(person.name, held.get(person.pk, 0)) for person in pool(role, today)]
    return {
        "role": role.label,
        "most": most,
        "free": sum(max(0, most - load) for _, load in people),
        "people": sorted(people, key=lambda each: (-each[1], each[0])),
    }
