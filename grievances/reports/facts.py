"""What the reports count: coded facts, never words and never people (domain.md 8, 9).

The only query of the reports. It reads codes, dates and blind handles; `person` serves to tell
people apart from concerns and is never stored in a report.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grievances import policy
from grievances.models import Case, Deadline, HoldPeriod, Invitation, Party, Response
from grievances.reports.catalogue import quarter_of
from grievances.vocabulary import CloseReason, Standing, State
from workflow.calendar import Calendar


class Ending(StrEnum):
    """How a concern ended. OPEN: it has not. REDIRECTED is reported apart (domain.md 9)."""

    UPHELD = "Upheld"
    PARTLY = "Partly upheld"
    NOT_UPHELD = "Not upheld"
    AGREED = "Agreed without a decision"
    WITHDRAWN = "Withdrawn"
    OTHER = "Other ending"
    REDIRECTED = "Passed to another process"
    OPEN = "Open"


ENDING_OF = {
    CloseReason.RESOLVED_INFORMALLY.value: Ending.AGREED,
    CloseReason.RESOLVED_MEDIATION.value: Ending.AGREED,
    CloseReason.WITHDRAWN.value: Ending.WITHDRAWN,
    CloseReason.REDIRECTED.value: Ending.REDIRECTED,
}
RESOLVED = frozenset({Ending.UPHELD, Ending.PARTLY, Ending.NOT_UPHELD, Ending.AGREED})
"""Endings that are the event of the curve; the others only end the following."""


@dataclass(frozen=True)
class Who:
    """The blind handles of a concern's complainant and of those it is about."""

    person: str
    respondents: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseFact:
    """One concern: local dates, codes, and pauses as (first day, last day or None)."""

    who: Who
    received_on: date
    ended_on: date | None
    ending: Ending
    route: str
    division: str
    holds: tuple[tuple[date, date | None], ...] = ()

    def ending_by(self, day: date) -> Ending:
        """How the concern stood at the end of a local date."""
        return self.ending if self.ended_on and self.ended_on <= day else Ending.OPEN

    def gross_days(self, day: date, calendar: Calendar) -> int:
        """Working days from receiving to the ending, or to `day` where that is earlier."""
        return calendar.between(self.received_on, self._end(day))

    def net_days(self, day: date, calendar: Calendar) -> int:
        """Gross working days less those on hold (domain.md 9)."""
        end = self._end(day)
        paused = sum(calendar.between(first, min(last or end, end)) for first, last in self.holds)
        return self.gross_days(day, calendar) - paused

    def _end(self, day: date) -> date:
        return min(self.ended_on or day, day)


@dataclass(frozen=True)
class PromiseFact:
    """One clock that was a promise to a complainant, in local dates."""

    who: Who
    name: str
    current_due: date
    original_due: date
    completed_on: date | None
    paused_on: date | None


@dataclass(frozen=True)
class AnswerFact:
    """One answered survey: its quarter, form, closure and coded answers (no words)."""

    quarter: str
    form: str
    closure: str
    answers: dict[str, str]
    has_comment: bool


@dataclass(frozen=True)
class InvitationFact:
    """How many invitations of one kind were sent in a quarter."""

    quarter: str
    form: str
    closure: str
    sent: int


COUNTED_CLOCKS = (
    "OVERALL",
    "ACK",
    "TRIAGE",
    "ALLOCATION",
    "MEETING",
    "INVESTIGATION",
    "DECISION",
    "UPDATE",
    "APPEAL",
)
"""The promises the report answers for, the whole way first."""


def read_cases() -> list[CaseFact]:
    """Every concern that was sent, joined duplicates apart; in the order they were received."""
    rows = Case.unguarded.filter(received_on__isnull=False)
    rows = rows.exclude(state=State.DRAFT).exclude(close_reason=CloseReason.DUPLICATE_MERGED)
    columns = ("pk", "received_on", "outcome_on", "outcome", "closed_on", "close_reason")
    people, holds = _people(), _holds()
    facts: list[CaseFact] = []
    for pk, received, decided, outcome, closed, reason, route, division in (
        rows.order_by("received_on", "pk").values_list(*columns, "route", "division").iterator()
    ):
        facts.append(
            CaseFact(
                who=people.get(pk, Who(f"case {pk}")),
                received_on=received,
                ended_on=decided or closed,
                ending=Ending[outcome] if decided else _ending(closed, reason),
                route=route,
                division=division,
                holds=tuple(holds.get(pk, ())),
            )
        )
    return facts


def read_promises() -> list[PromiseFact]:
    """The counted clocks, less those that a withdrawal or a redirection ended before their date.

    Such a clock was neither kept nor broken; one that was late already stays.
    """
    left = {CloseReason.WITHDRAWN.value, CloseReason.REDIRECTED.value}
    rows = Deadline.objects.filter(name__in=COUNTED_CLOCKS).exclude(case__state=State.DRAFT)
    rows = rows.exclude(case__close_reason=CloseReason.DUPLICATE_MERGED)
    columns = ("case_id", "name", "current_due", "original_due", "completed_on", "paused_on")
    people = _people()
    facts: list[PromiseFact] = []
    for pk, name, due, original, done, paused, closed, reason in rows.values_list(
        *columns, "case__closed_on", "case__close_reason"
    ).iterator():
        if reason in left and done is not None and done == closed and done <= due:
            continue
        who = people.get(pk, Who(f"case {pk}"))
        facts.append(PromiseFact(who, name, due, original, done, paused))
    return facts


def read_answers() -> list[AnswerFact]:
    """Every answered survey; of the free text only whether there is any."""
    rows = Response.objects.values_list("quarter", "form", "closure", "answers")
    return [
        AnswerFact(
            _financial(quarter),
            form,
            closure,
            {name: value for name, value in answers.items() if name != "q11"},
            bool(answers.get("q11")),
        )
        for quarter, form, closure, answers in rows
    ]


def read_invitations() -> list[InvitationFact]:
    """The invitations sent, counted by quarter, form and closure."""
    kinds = Counter(Invitation.objects.values_list("quarter", "form", "closure"))
    return [
        InvitationFact(_financial(quarter), form, closure, sent)
        for (quarter, form, closure), sent in sorted(kinds.items())
    ]


def calendars(facts: Iterable[CaseFact]) -> dict[str, Calendar]:
    """The calendar of each division that occurs."""
    return {name: policy.calendar(name) for name in {fact.division for fact in facts}}


def _financial(quarter: str) -> str:
    """The survey counts calendar quarters ("2022-Q2"); reports count those of the year."""
    year, number = quarter.split("-Q")
    return quarter_of(date(int(year), 3 * int(number) - 2, 1)).name


def _ending(closed: date | None, reason: str) -> Ending:
    return ENDING_OF.get(reason, Ending.OTHER) if closed else Ending.OPEN


def _people() -> dict[int, Who]:
    complainants: dict[int, str] = {}
    respondents: dict[int, list[str]] = defaultdict(list)
    counted = (Standing.COMPLAINANT, Standing.RESPONDENT)
    rows = Party.objects.filter(standing__in=counted).order_by("pk")
    for pk, standing, handle in rows.values_list("case_id", "standing", "handle").iterator():
        if standing == Standing.COMPLAINANT:
            complainants[pk] = handle
        else:
            respondents[pk].append(handle)
    return {pk: Who(who, tuple(respondents[pk])) for pk, who in complainants.items()}


def _holds() -> dict[int, list[tuple[date, date | None]]]:
    holds: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for pk, first, last in HoldPeriod.objects.values_list("case_id", "from_on", "until_on"):
        holds[pk].append((first, last))
    return holds
