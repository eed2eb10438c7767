"""Link cases, and show which earlier concerns name the same person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from grievances.audit.models import Event, pseudonymiser_of
from grievances.cases.access import rules
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.effects import Execution, StepExecution, effect
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind, write
from grievances.cases.step_names import StepName
from grievances.casework import reading
from grievances.casework.opening.looks import record_opening
from grievances.choices import LinkKind
from grievances.participants.patterns import Pattern, pattern_of
from grievances.patterns.models import CaseLink
from workflow.steps import Refused

RULE = "read_pattern"
OPEN_FOR = timedelta(hours=24)
"""How long the references stay open after a reason was given."""

NO_SUCH_CASE = ("NO_SUCH_CASE", "There is no such case that you may read. Check the reference.")


@dataclass(frozen=True)
class OpenPattern:
    """What a person sees of the earlier concerns: numbers, and the cases once opened."""

    case: Case
    role: str
    may: frozenset[str]
    pattern: Pattern
    is_open: bool
    earlier: tuple[Case, ...]
    links: tuple[tuple[str, str], ...]


@effect(StepName.OPEN_PATTERN)
def give_reason(execution: StepExecution) -> None:
    """Seal the reason for looking up which concerns they are."""
    write(
        execution.case, execution.ring, Kind.REASON, str(execution.answers["text"]),
        author=execution.role, now=execution.now,
    )  # fmt: skip


@effect(StepName.LINK_CASES)
def link(execution: Execution[given.CaseLinking]) -> None:
    """Link the case to another one that the person may read, or end the link.

    Raises:
        Refused: NO_SUCH_CASE, for one that does not exist or is not theirs.
    """
    typed, who = str(execution.answers["into"]).strip().upper(), execution.caller.who
    if who is None:
        raise Refused(*NO_SUCH_CASE)
    rows = rules.case_by_case(who, RULE).filter(reference=typed)
    other = rows.exclude(pk=execution.case.pk).first()
    if other is None:
        raise Refused(*NO_SUCH_CASE)
    for row, linked in _rows_of(execution.case):
        if linked == other.pk:
            row.delete()
    kind = LinkKind(execution.answers["kind"])
    if kind is not LinkKind.ENDED:
        CaseLink.between(execution.case, other, kind).save(force_insert=True)


def forget(case: Case) -> None:
    """Delete every link of a case, also those that were made in another one."""
    for row, _ in _rows_of(case):
        row.delete()


def _rows_of(case: Case) -> list[tuple[CaseLink, int]]:
    """Return the links of a case, each with the id of the case at its other end.

    All links there are have to be opened for it, because none of them says where it leads.
    """
    ends = [(row, row.case_id, row.facts[0]) for row in CaseLink.objects.order_by("label")]
    found = [(row, there) for row, here, there in ends if here == case.pk]
    return found + [(row, here) for row, here, there in ends if there == case.pk]


def open_pattern(caller: Caller, reference: str, *, now: datetime, today: date) -> OpenPattern:
    """Return how many earlier concerns there are; with a reason, also which.

    Opening the page is an event.

    Raises:
        NotAllowed: there is no such case, or this person may not read its pattern.
    """
    access = reading.find_access(caller, reference, RULE)
    if caller.who is None:
        raise NotAllowed
    case, role = access.facts.case, access.role(RULE)
    record_opening(case, caller, role, now, saw=RULE)
    pattern = pattern_of(case, today, caller.who)
    is_open = _gave_reason(case, caller, role, now)
    ids = (pattern.same_person | pattern.same_unit) if is_open else frozenset()
    earlier = rules.cases_for(caller.who, RULE).filter(pk__in=ids).order_by("-received_on", "pk")
    return OpenPattern(
        case, role, access.allowed, pattern, is_open, tuple(earlier), _links(caller, case)
    )


def _gave_reason(case: Case, caller: Caller, role: str, now: datetime) -> bool:
    actor = pseudonymiser_of(case.reference)(caller.handle_as(role))
    rows = Event.objects.filter(chain=case.reference, kind=f"case.{StepName.OPEN_PATTERN}")
    return rows.filter(actor=actor, at__gt=now - OPEN_FOR).exists()


def _links(caller: Caller, case: Case) -> tuple[tuple[str, str], ...]:
    """Return (reference, kind) of each linked case that this person may read."""
    if caller.who is None:
        return ()
    kinds = {other: row.facts[1] for row, other in _rows_of(case)}
    mine = rules.cases_for(caller.who, RULE).filter(pk__in=list(kinds)).order_by("reference")
    return tuple((each.reference, kinds[each.pk].label) for each in mine)


def openings_by_month(caller: Caller, today: date) -> list[tuple[str, int]]:
    """Return how often earlier concerns were opened, by month, for those who check.

    Raises:
        NotAllowed: for everyone else.
    """
    if caller.who is None or not rules.may(caller.who, "count_patterns", today):
        raise NotAllowed
    rows = Event.objects.filter(kind=f"case.{StepName.OPEN_PATTERN}").values_list("at", flat=True)
    counts: dict[str, int] = {}
    for at in rows.order_by("-at"):
        month = f"{at:%B %Y}"
        counts[month] = counts.get(month, 0) + 1
    return list(counts.items())
