"""Declare a step of a case once, with everything that is known of it.

Access rules, notices, history, buttons and the generated tables are derived from the declarations
in `cases/steps`. No other module states a step's label, its past tense or who may take it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, Protocol, TypedDict, TypeVar, Unpack, cast

from django_fsm import State as Target

from grievances.cases.guards.context import CaseShape, OfferShape
from grievances.cases.roles import Rule
from grievances.cases.step_names import StepName
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import State
from workflow.steps import Guard, Source, Step, step

Body = TypeVar("Body", bound=Callable[[Any, Any], None])


class NoticeKind(StrEnum):
    """What a notice says.

    Each kind has a folder in `templates/notices/`.
    """

    ALLOCATION = "allocation"
    ANSWER_NEEDED = "answer_needed"
    ASKED_AGAIN = "asked_again"
    CERTIFICATE = "certificate"
    CHECK_IN = "check_in"
    DUE_TODAY = "due_today"
    EMERGENCY = "emergency"
    ERASURE_ASKED = "erasure_asked"
    ERASURE_DUE = "erasure_due"
    ESCALATED = "escalated"
    FIRST_PASSPHRASE = "first_passphrase"  # noqa: S105 - the name of a notice
    HEARD = "heard"
    KEY_NEEDED = "key_needed"
    MISSED = "missed"
    NEW_READER = "new_reader"
    NUMBERS_BLOCKED = "numbers_blocked"
    OFFER = "offer"
    OWED_UPDATE = "owed_update"
    RECEIPT = "receipt"
    RECOVERY = "recovery"
    REMINDER = "reminder"
    REPORTS_READY = "reports_ready"
    REQUEST = "request"
    SIGN_IN_CHANGED = "sign_in_changed"
    SURVEY = "survey"
    TRAINING_ENDED = "training_ended"
    UPDATE = "update"


class To(Enum):
    """Who is sent a notice. `notices.recipients` finds the people."""

    COMPLAINANT = "the complainant: in the inbox always, by mail only where they chose it"
    TRIAGE = "the triage officers, before and after one has taken the case on"
    HANDLER = "the handler"
    MEETS = "the one who meets the complainant: the handler, in an appeal the appeal manager"
    DECIDER = "the decision maker"
    MEDIATOR = "the mediator"
    OFFICERS = "triage officers, handler, decision maker and appeal manager"
    LEAD = "the casework lead"
    DPO = "the data-protection officers who oversee the case"
    ASKED = "the person who is asked to take the part that is offered"
    ADVISER = "the legal adviser"
    ASKED_HELPER = "the person who is let in to help, until they have signed"
    ANSWERING = "those who answer for the clock; else the casework lead"
    EXECUTIVE = "the accountable executive; else the independent officers"


class Placement(Enum):
    """Where a page offers a step."""

    MAIN = "in the list of tasks, as something to do"
    ASIDE = 'under "Other things you can do"'
    OWN_PAGE = "on a page of its own"
    BESIDE_FILE = "beside each file"
    ROOM = "on the page of the investigation"
    PATTERN = "on the page about earlier concerns"


class Group(Enum):
    """The headings of steps that a page offers beside the tasks, in their order."""

    WRITING = "Write to someone"
    PEOPLE = "People"
    CONCERN = "The concern and its evidence"
    DATES = "Dates and pauses"
    OTHER = "Ask, hand over or close"


class ApprovalShape(Protocol):
    """A request for an approval; `answered_at` (UTC) is None until it is answered."""

    step: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Situation:
    """What decides whether a page offers a step.

    `role` is the role in which the person would act. `today` is a local date. `offers` and
    `approvals` are the rows of the case, fetched once for all steps. `parts` are the roles that are
    held on the case.
    """

    case: CaseShape
    role: str
    today: date
    offers: Sequence[OfferShape]
    approvals: Sequence[ApprovalShape]
    parts: frozenset[str] = frozenset()


Applies = Callable[[Situation], bool]


@dataclass(frozen=True)
class Declaration:
    """What is declared of a step beside its place in the state machine.

    `past` completes "The handler ...". `meets` names the clocks that the step answers, each with
    the position of the step among those that answer it. `urgency` is 1 or more for a step that a
    page shows first, whatever the clocks are (1 before 2). With `urgent_when` it does so only while
    that holds. `lapse` is the clock on whose end the system performs the step. `by_clock` tells
    whether the system may perform it at all. `applies` removes the step from the page where it has
    nothing to do.
    """

    past: str
    who: Rule
    notify: Sequence[tuple[To, NoticeKind]] = ()
    placement: Placement = Placement.MAIN
    group: Group = Group.OTHER
    meets: Sequence[tuple[ClockName, int]] = ()
    urgency: int = 0
    urgent_when: Applies | None = field(default=None, compare=False)
    by_clock: bool = False
    lapse: ClockName | None = None
    applies: Applies | None = field(default=None, compare=False)

    @property
    def by_system(self) -> bool:
        """Return whether the system may take the step when a date passes."""
        return self.by_clock or self.lapse is not None


class MachineDetails(TypedDict, total=False):
    """What the state machine knows of a step, beside its name and its states."""

    guards: Sequence[Guard]
    starts: Sequence[ClockName]
    stops: Sequence[str]
    pauses: bool
    resumes: bool
    moves: bool
    keeps: Sequence[str]


class ProductDetails(TypedDict, total=False):
    """What the product knows of a step: a field of `Declaration` each."""

    notify: Sequence[tuple[To, NoticeKind]]
    placement: Placement
    group: Group
    meets: Sequence[tuple[ClockName, int]]
    urgency: int
    urgent_when: Applies
    by_clock: bool
    lapse: ClockName
    applies: Applies


class Details(MachineDetails, ProductDetails, total=False):
    """What a step may have, for the state machine and for the product."""


def case_step(
    *,
    code: str,
    source: Iterable[State] | Source,
    target: State | Target | None,
    label: str,
    past: str,
    who: Rule,
    **details: Unpack[Details],
) -> Callable[[Body], Body]:
    """Return a decorator that declares a method `(self, step_context)` as a step.

    The decorator raises ValueError for a method that has no member in `StepName`, and for a step
    without a past tense.
    """
    machine, product = _parted(details)
    sources = [str(each) for each in ([source] if isinstance(source, str) else source)]

    def decorate(body: Body) -> Body:
        order = list(StepName).index(StepName(body.__name__))
        if not past:
            raise ValueError(f"{body.__name__} needs a past tense: add past= to its declaration.")
        declared = Declaration(past=past, who=who, **product)
        known = step(
            code=code, field="state", source=sources, target=target, label=label, order=order,
            declared=declared, **machine,
        )  # fmt: skip
        return known(body)

    return decorate


def _parted(details: Details) -> tuple[MachineDetails, ProductDetails]:
    """Return the details for the state machine, and those for the product."""
    of_machine = MachineDetails.__annotations__.keys()
    machine = {name: each for name, each in details.items() if name in of_machine}
    product = {name: each for name, each in details.items() if name not in of_machine}
    return cast("MachineDetails", machine), cast("ProductDetails", product)


def declaration_of(fact: Step) -> Declaration:
    """Return what was declared of a step.

    Raises:
        TypeError: the step belongs to another state machine.
    """
    if not isinstance(fact.declared, Declaration):
        raise TypeError(f"{fact.name} is no step of a case.")
    return fact.declared
