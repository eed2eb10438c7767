"""The list of cases: late first, each with its worst date and who must act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext

from grievances.cases.access import rules
from grievances.cases.access.facts import AccessFacts, Actor, person_id
from grievances.cases.access.list_paging import Key, StoredList, count_due_before
from grievances.cases.access.listed_cases import NO_DATE, ListedCase, Place
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.people.models import User
from grievances.policy import profiles
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import ASKED, ASKED_TO_HELP, Standing, State
from grievances.web.cases.presenters.list_filters import (
    EVERYTHING,
    OWNER_IN,
    Filters,
    kept_by_roles,
    owner_of,
)
from grievances.web.cases.presenters.list_position import Start, sealed
from grievances.web.cases.presenters.own_concerns import (
    ON_OWN_CONCERN,
    own_concern_ids,
    own_concerns,
)
from grievances.web.shared.deadlines import NAMES, Promise, next_of, promise_of, worst_of
from workflow.calendar import Calendar

PAGE = 25
"""Cases on one page."""


@dataclass(frozen=True)
class Row:
    """One case of a list.

    `promise` is the worst date of the case, the earliest open one. It is the same for every reader;
    only complainants find their own date first in their own concern. `yours` is the next date that
    the reader must keep, where it is another one. `owner` is the name of the person who moves the
    case on, and `age` the working days since it was received. Both are empty for the complainant
    and for a candidate, who has not accepted yet.
    """

    case: Case
    roles: tuple[str, ...]
    promise: Promise | None
    yours: Promise | None = None
    owner: str = ""
    age: int | None = None

    @property
    def is_own(self) -> bool:
        """Whether the reader raised this concern."""
        return COMPLAINANT in self.roles

    @property
    def is_late(self) -> bool:
        """Whether the date shown has passed."""
        return self.promise is not None and self.promise.late_by > 0

    @property
    def href(self) -> str:
        """The address of the case, or of its draft."""
        is_draft = self.case.state == State.DRAFT
        return "/raise/" if is_draft else f"/cases/{self.case.reference}/"

    @property
    def state(self) -> str:
        """The state, in the words for this reader."""
        return State(self.case.state).label if self.is_own else self.case.state_for_staff

    @property
    def role(self) -> str:
        """The reader's roles on the case, in words."""
        return ", ".join(dict.fromkeys(NAMES[role] for role in self.roles))

    @property
    def next_words(self) -> str:
        """What the date shown is about, and who must act."""
        if self.case.state == State.DRAFT:
            return gettext("Continue or delete this draft")
        if self.promise is None:
            return gettext("Nothing is waiting")
        if self.is_own and self.promise.is_mine:
            return self.promise.name
        return f"{self.promise.whose}: {_inside(self.promise.name)}"

    @property
    def yours_words(self) -> str:
        """The reader's own next task and its date.

        It is empty where the row already shows it.
        """
        if self.yours is None:
            return ""
        task = gettext("Yours: {name}").format(name=_inside(self.yours.name))
        if self.yours.late_by:
            return f"{task}, {self.yours.words}"
        return gettext("{task} by {due}").format(
            task=task, due=date_format(self.yours.due, "j F Y")
        )


def _inside(name: str) -> str:
    """Return the name of a promise as it is written after a colon."""
    return f"{name[0].lower()}{name[1:]}"


@dataclass(frozen=True)
class Listing:
    """A page of cases, and the addresses of the pages beside it, or empty.

    The number is counted from 1. Nothing is counted beyond the first row of the next page.
    """

    rows: list[Row]
    number: int
    filters: Filters = EVERYTHING
    previous_href: str = ""
    next_href: str = ""

    @property
    def has_more(self) -> bool:
        """Whether there is a next page."""
        return bool(self.next_href)

    @property
    def own_only(self) -> bool:
        """Whether every case on the page is the reader's own concern."""
        return all(row.is_own for row in self.rows)


@dataclass(frozen=True)
class Window:
    """The keys of one page of a list, in order, and whether there are cases around it."""

    keys: list[Key]
    has_before: bool
    has_after: bool

    def hrefs(self, number: int, filters: Filters) -> tuple[str, str]:
        """Return the addresses of the page before and of the page after, or empty."""
        kept = f"{filters.query}&" if filters.query else ""
        before = after = ""
        if self.has_before and self.keys:
            before = f"?{kept}page={max(number - 1, 1)}&before={sealed(self.keys[0])}"
        elif self.has_before:
            before = f"?{kept}page={number - 1}"
        if self.has_after:
            after = f"?{kept}page={number + 1}&after={sealed(self.keys[-1])}"
        return before, after


FIRST = Start()


def list_cases(
    who: Actor,
    today: date,
    number: int = 1,
    filters: Filters = EVERYTHING,
    start: Start = FIRST,
) -> Listing:
    """Return a page of the cases this person may read, as `filters` say.

    It is the page of `start` where that has a key, and else the page of this number.
    """
    concerns = {each.case_id: each for each in own_concerns(who)}
    stored = filters.stored(person_id(who), today, frozenset(concerns))
    own = [
        filters.key(stored, each, today)
        for each in concerns.values()
        if filters.lets_through(each, today)
    ]
    window = _window(stored, own, number, start)
    ids = [stored.case_id(key) for key in window.keys]
    facts = rules.read_on_page(who, ids, concerns, OWNERS)
    rows = _rows(person_id(who), facts, today)
    return Listing(rows, number, filters, *window.hrefs(number, filters))


def stages_and_dates(who: Actor, today: date) -> list[tuple[str, str, date | None, int]]:
    """Return (state, division, worst open date, number of cases) of the open cases."""
    if not isinstance(who, User) or not who.is_active:
        return []
    listed = ListedCase.objects.filter(person=who, place__lt=Place.CLOSED)
    groups = listed.values_list("case__state", "case__division", "due").annotate(Count("pk"))
    return [
        (state, division, None if due == NO_DATE else due, count)
        for state, division, due, count in groups.order_by()
    ]


def count_late(who: Actor, today: date) -> int:
    """Return how many rows of the whole list are late.

    Of the cases in which the person has a role it counts `MOST_COUNTED` and one at most.
    """
    own = own_concerns(who)
    late = sum(each.due < today for each in own)
    if not isinstance(who, User) or not who.is_active:
        return late
    return late + count_due_before(who.pk, today, frozenset(each.case_id for each in own))


def _window(stored: StoredList, own: list[Key], number: int, start: Start) -> Window:
    """Return the keys of one page, of stored cases and of the person's own concerns."""
    before, after = start.before, start.after
    if before is not None and stored.fits(before):
        earlier = [key for key in own if key < before]
        found = sorted(stored.rows(PAGE + 1, before, back=True) + earlier)[-PAGE - 1 :]
        if len(found) > PAGE:
            return Window(found[1:], has_before=True, has_after=True)
        # Fewer than a page are before it: the first page is shown whole.
        after, number = None, 1
    if after is not None and stored.fits(after):
        later = [key for key in own if key > after]
        found = sorted(stored.rows(PAGE + 1, after) + later)
        return Window(found[:PAGE], has_before=True, has_after=len(found) > PAGE)
    skipped = (number - 1) * PAGE
    found = sorted(stored.rows(skipped + PAGE + 1) + own)
    page = found[skipped : skipped + PAGE]
    return Window(page, has_before=number > 1, has_after=len(found) > skipped + PAGE)


OWNERS = frozenset(role.value for role in OWNER_IN.values())


def _rows(me: int, facts: list[AccessFacts], today: date) -> list[Row]:
    """Return the rows of a page: each case with its dates and who moves it on."""
    cases = [each.case for each in facts]
    roles = {each.case.pk: _roles_of(each, me) for each in facts}
    days = {code: profiles.calendar(code) for code in {case.division for case in cases}}
    promises = _open_promises(cases, roles, today, days)
    rows = []
    for each in facts:
        case = each.case
        row = _row(case, roles[case.pk], promises.get(case.pk, []))
        names = {
            role: gettext("You") if person == me else name
            for role, person, name in each.workers
            if role in OWNERS
        }
        rows.append(_with_owner(row, names, today, days[case.division]))
    return rows


def _roles_of(facts: AccessFacts, me: int) -> tuple[str, ...]:
    if Standing.COMPLAINANT in facts.standings:
        return (COMPLAINANT,)
    return tuple(role for role, person, _ in facts.workers if person == me)


def _row(case: Case, roles: tuple[str, ...], promises: list[Promise]) -> Row:
    if COMPLAINANT in roles:
        return Row(case, roles, next_of(promises))
    worst, yours = worst_of(promises), worst_of(p for p in promises if p.is_mine)
    return Row(case, roles, worst, yours if yours is not worst else None)


def _with_owner(row: Row, names: dict[str, str], today: date, days: Calendar) -> Row:
    """Return the row with owner and age, where the reader may know them."""
    case = row.case
    unsigned = {COMPLAINANT, *ASKED.values(), *ASKED_TO_HELP.values()}
    if unsigned.issuperset(row.roles):
        return row
    age = days.between(case.received_on, today) if case.received_on is not None else None
    return replace(row, owner=owner_of(case, names), age=age)


MOST_WITH_DATES = 500
"""Cases whose dates a person gets at once: no calendar holds 100,000."""


def own_dates(who: Actor) -> list[tuple[Deadline, bool]]:
    """Return the open dates that this person must keep, by date.

    Each comes with whether it is of their own concern. A paused clock has no date to keep. A case
    from which the person is excluded is never among them. Of the cases in which they work, those
    `MOST_WITH_DATES` are taken whose own date is first.
    """
    waiting = Deadline.objects.filter(
        completed_on__isnull=True, paused_on__isnull=True, name__in=profiles.SHOWN
    )
    rows = waiting.select_related("case")
    concerns = own_concern_ids(who)
    own = rows.filter(name__in=ON_OWN_CONCERN, case__in=concerns)
    found = {row.pk: (row, True) for row in own}
    if isinstance(who, User):
        kept = ListedCase.objects.filter(person=who, own_due__lt=NO_DATE).order_by("own_due")
        kept = kept[:MOST_WITH_DATES]
        worked = rows.filter(kept_by_roles(), case__grants__user=who, case__in=kept.values("case"))
        found |= {row.pk: (row, False) for row in worked if row.pk not in found}
    ids = dict.fromkeys(row.case_id for row, _ in found.values())
    readable = {each.case.pk for each in rules.read_on_page(who, list(ids), concerns)}
    shown = [each for each in found.values() if each[0].case_id in readable]
    return sorted(shown, key=lambda each: (each[0].current_due, each[0].pk))


def _open_promises(
    cases: list[Case],
    roles: dict[int, tuple[str, ...]],
    today: date,
    days: dict[str, Calendar],
) -> dict[int, list[Promise]]:
    by_case = {case.pk: case for case in cases}
    rows = Deadline.objects.filter(
        case__in=cases, completed_on__isnull=True, name__in=profiles.SHOWN
    )
    found: dict[int, list[Promise]] = {}
    for row in rows.order_by("pk"):
        calendar = days[by_case[row.case_id].division]
        promise = promise_of(row, roles.get(row.case_id, ()), today, calendar)
        found.setdefault(row.case_id, []).append(promise)
    return found
