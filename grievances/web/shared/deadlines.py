"""Deadlines of a case as pages show them: the date and who must keep it.

See domain.md 5.1 and 12.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop, ngettext

from grievances.cases.models.deadlines import Deadline
from grievances.cases.roles import ASKED_FOR
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import ANSWERS_FOR, COMPLAINANT
from grievances.vocabulary import LIMITED, Role
from workflow import deadlines
from workflow.calendar import Calendar, CalendarEnds

NAMES: dict[str, str] = {
    **{role.value: role.label for role in Role},
    Role.TRIAGE_POOL.value: Role.TRIAGE.label,
    COMPLAINANT: gettext_noop("Complainant"),
    "respondent": gettext_noop("The person the concern is about"),
    "witness": gettext_noop("A witness"),
    "companion": gettext_noop("Companion"),
    "system": gettext_noop("The service"),
    "": gettext_noop("Someone"),
}
"""The name that pages show for each role of the trail."""


TO_THE_COMPLAINANT: dict[str, str] = {
    ClockName.MEETING: gettext_noop("Meet you"),
    ClockName.UPDATE: gettext_noop("Tell you how it is going"),
    ClockName.OVERALL: gettext_noop("From receiving your concern to the decision"),
    ClockName.WELFARE: gettext_noop("Speak with you about withdrawing"),
    ClockName.COOLING_OFF: gettext_noop("Time to change your mind about withdrawing"),
    ClockName.APPEAL_WINDOW: gettext_noop("Your time to appeal"),
}
"""The names of deadlines about the complainant, as the complainant reads them."""


BEGIN = gettext_noop("Begin the investigation")
"""What is promised once everyone is found who must be."""


@dataclass(frozen=True)
class Promise:
    """One clock as a page shows it, counted in working days of the case's calendar.

    One of `met_on`, `paused`, `late_by` (above 0) and `left` (0 or more) gives its state. `left` is
    None for a date beyond the known calendar. `level` is the escalation level that was reached.
    """

    clock: str
    name: str
    whose: str
    due: date
    is_mine: bool
    met_on: date | None = None
    paused: bool = False
    late_by: int = 0
    left: int | None = None
    note: str = ""
    level: int = 0

    @property
    def words(self) -> str:
        """The state in a few plain words."""
        if self.met_on is not None:
            return gettext("ended")
        if self.paused:
            return gettext("paused")
        if self.late_by:
            return ngettext(
                "{number} working day late", "{number} working days late", self.late_by
            ).format(number=self.late_by)
        if self.left == 0:
            return gettext("due today")
        if self.left is None:
            return gettext("due by {day}").format(day=date_format(self.due, "j F Y"))
        return ngettext(
            "due in {number} working day", "due in {number} working days", self.left
        ).format(number=self.left)


def promise_of(
    row: Deadline, roles: Iterable[str], today: date, days: Calendar, *, all_found: bool = False
) -> Promise:
    """Return the state of one clock today for a reader with these roles.

    With `all_found`, handler and decision maker have accepted, and the handler is to begin.
    """
    waits_for_handler = all_found and row.name == ClockName.ALLOCATION
    owners, roles = (Role.HANDLER.value,) if waits_for_handler else owners_of(row), set(roles)
    mine = not roles.isdisjoint(owners)
    names = TO_THE_COMPLAINANT if COMPLAINANT in roles else {}
    left = None if row.completed_on or row.paused_on else _left(row.current_due, today, days)
    return Promise(
        clock=row.name,
        name=gettext(BEGIN if waits_for_handler else names.get(row.name) or _name_of(row)),
        whose=gettext("You") if mine else _named(owners[0]),
        due=row.current_due,
        is_mine=mine,
        met_on=row.completed_on,
        paused=row.paused_on is not None and row.completed_on is None,
        late_by=-left if left is not None and left < 0 else 0,
        left=left if left is not None and left >= 0 else None,
        note=_note(row),
        level=row.level,
    )


def _name_of(row: Deadline) -> str:
    """Return the name of a deadline in English, for a helper without an offer too."""
    if row.name == ClockName.OFFER and row.detail in LIMITED:
        return gettext_noop("Answer the request to help")
    return profiles.CLOCKS[row.name]


def owners_of(row: Deadline) -> tuple[str, ...]:
    """Return the roles that must keep a deadline."""
    if row.name == ClockName.OFFER:
        return (f"asked_{row.detail}",)
    return ANSWERS_FOR[row.name]


def in_a_sentence(role: str) -> str:
    """Return a role's name in the language of the page, as inside a sentence."""
    name = gettext(NAMES.get(role, role))
    return name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def _named(role: str) -> str:
    if role not in ASKED_FOR.values():
        return gettext(NAMES[role])
    return gettext("The person {asked}").format(asked=in_a_sentence(role))


def next_of(promises: Iterable[Promise]) -> Promise | None:
    """Return the promise to keep first.

    The reader's own promises come before those of others, and earlier dates before later.
    """
    return min(_waiting(promises), key=lambda p: (not p.is_mine, p.due), default=None)


def worst_of(promises: Iterable[Promise]) -> Promise | None:
    """Return the earliest open date of the case.

    On the same day the reader's own promise comes first.
    """
    return min(_waiting(promises), key=lambda p: (p.due, not p.is_mine), default=None)


def _waiting(promises: Iterable[Promise]) -> list[Promise]:
    """Return the promises that are neither kept nor paused."""
    return [p for p in promises if p.met_on is None and not p.paused]


def _left(due: date, today: date, days: Calendar) -> int | None:
    try:
        left = deadlines.working_days_left(due, today, days)
    except CalendarEnds:
        return None
    if left != 0 or due == today:
        return left
    # Over a weekend a missed date is late before a working day has passed.
    return -1 if due < today else None


def _note(row: Deadline) -> str:
    if row.current_due != row.original_due and row.completed_on is None:
        return gettext("First promised for {original_due}.").format(
            original_due=date_format(row.original_due, "j F Y")
        )
    if row.completed_on is not None and row.completed_on > row.current_due:
        return gettext("Later than promised: it was due by {current_due}.").format(
            current_due=date_format(row.current_due, "j F Y")
        )
    return ""
