"""The input of guards and steps (`StepContext`), and the case attributes they use.

The step declarations and the guards belong to a lower layer than the models (architecture.md 2). So
they know a case by the attributes they use and not by its class.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeVar


@dataclass(frozen=True)
class StepContext:
    """The input of one step for its guards and for the step method.

    `now` is a UTC instant and `today` a local date. `role` is the role in which the person acts.
    `working_days(start, end)` counts the working days in (start, end] of the case's own calendar.
    `unfit` holds the codes that `eligibility` found against a candidate. `approved` tells whether
    the casework lead has countersigned this very step.
    """

    now: datetime
    today: date
    role: str
    working_days: Callable[[date, date], int]
    answers: Mapping[str, object] = field(default_factory=dict)
    unfit: tuple[str, ...] = ()
    approved: bool = False

    def has(self, name: str) -> bool:
        """Tell whether the person gave an answer under `name`.

        Returns:
            False where there is none, and for no, an empty text, an empty list or 0.
        """
        return bool(self.answers.get(name))

    def text(self, name: str) -> str:
        """Return a text, a code or an id; empty where there is none."""
        answer = self.answers.get(name)
        return "" if answer is None else str(answer)

    def day(self, name: str) -> date | None:
        """Return a local date, or None where there is none."""
        answer = self.answers.get(name)
        return answer if isinstance(answer, date) else None

    def number(self, name: str) -> int:
        """Return a whole number; 0 where there is none."""
        answer = self.answers.get(name)
        return answer if isinstance(answer, int) else 0

    def codes(self, name: str) -> frozenset[str]:
        """Return the codes of an answer that may have several."""
        answer = self.answers.get(name)
        if isinstance(answer, str) or not isinstance(answer, Collection):
            return frozenset()
        return frozenset(map(str, answer))

    def findings(self) -> dict[str, str]:
        """Return the outcome of each part, a code, by the number of the part."""
        answer = self.answers.get("findings")
        if not isinstance(answer, Mapping):
            return {}
        return {str(part): str(outcome) for part, outcome in answer.items()}


RowT = TypeVar("RowT", covariant=True)


class Rows(Protocol[RowT]):
    """Rows that belong to a case, as the model's relations give them."""

    def all(self) -> Iterable[RowT]:
        """Return every row."""

    def filter(self, **lookups: object) -> Selected:
        """Return the rows that these lookups select."""


class Selected(Protocol):
    """Rows that were selected."""

    def exists(self) -> bool:
        """Return whether there is one."""

    def count(self) -> int:
        """Return how many there are."""

    def update(self, **values: object) -> int:
        """Set these values in each, and return how many there were."""


class MeetingShape(Protocol):
    """What guards read of a meeting.

    Days are local dates. `hearing_id` is that of the person heard; None is the complainant.
    """

    pk: int
    hearing_id: int | None
    meets_on: date
    first_on: date
    held_on: date | None
    episode: int
    notes_at: datetime | None
    agreed: bool | None


class ReferralShape(Protocol):
    """What guards read of a referral."""

    @property
    def is_open(self) -> bool:
        """Whether no result is known yet."""


class CompanionShape(Protocol):
    """What guards read of a companion: of the complainant, or of a person heard."""

    hearing_id: int | None

    def is_party(self, now: datetime) -> bool:
        """Return whether they are with the person now, or are invited; `now` is in UTC."""


class OfferShape(Protocol):
    """An offer of a role: three codes, and a local date."""

    role: str
    status: str
    objection: str
    sent_on: date


class CaseShape:
    """The part of a case that its steps read and set.

    The model `Case` has every attribute and method listed here.
    """

    state: str
    return_states: list[str]
    identity: str
    route: str
    raised_for: str
    agreed_on: date | None
    heard_on: date | None
    key_handed_over: bool
    new_key_asked_on: date | None
    new_key_agreed_on: date | None
    name_shared: bool | None
    asked_informal: bool
    fast_track: bool
    legal_hold: bool
    episode: int
    received_at: datetime | None
    received_on: date | None
    touched_on: date
    safety_checked_on: date | None
    exclusions_asked_on: date | None
    sharing_asked_on: date | None
    triaged_on: date | None
    meeting_held_on: date | None
    meeting_declined: bool
    respondent_asked_on: date | None
    reported_on: date | None
    returns: int
    remits: int
    outcome: str
    outcome_on: date | None
    appealed_on: date | None
    hold_reason: str
    hold_review_on: date | None
    withdrawal_asked_on: date | None
    pressure: str
    contact_attempts: int
    reopen_asked_on: date | None
    closed_on: date | None
    close_reason: str
    archived_on: date | None
    erased_on: date | None
    questions: Rows[object]
    deadlines: object
    hearings: object
    meetings: Rows[MeetingShape]
    referrals: Rows[ReferralShape]
    companions: Rows[CompanionShape]
    interpreters: object

    def outcome_of(self, findings: Mapping[str, str]) -> str:
        """Return the outcome of the case from the finding on each part."""
        raise NotImplementedError

    def waits_for_agreement(self) -> bool:
        """Return whether the person it happened to has not confirmed it yet."""
        raise NotImplementedError

    def has_sharing_to_ask(self) -> bool:
        """Return whether a confidential name was never asked about and has no answer."""
        raise NotImplementedError

    def waits_for_sharing(self) -> bool:
        """Return whether the complainant was asked about their name and has not answered."""
        raise NotImplementedError

    def allegation_numbers(self) -> set[str]:
        """Return the numbers of the parts of this concern, as text."""
        raise NotImplementedError

    def is_fresh(self, offer: OfferShape, today: date) -> bool:
        """Return whether an offer was made so recently that it can be objected to."""
        raise NotImplementedError

    def has_open_check_in(self) -> bool:
        """Return whether a check-in waits for its answer."""
        raise NotImplementedError

    def has_open_action(self) -> bool:
        """Return whether an action that was promised is not done yet."""
        raise NotImplementedError

    def asks_about_a_reader(self, today: date) -> bool:
        """Return whether the complainant can still answer about an announced reader."""
        raise NotImplementedError

    def emergency_state(self) -> str:
        """Return "waiting" or "open" for an emergency opening, else ""."""
        raise NotImplementedError

    def has_action(self) -> bool:
        """Return whether a decision has promised an action."""
        raise NotImplementedError

    def both_agree(self, what: str) -> bool:
        """Return whether both sides said yes to `what` and have not taken it back."""
        raise NotImplementedError

    def has_accepted(self, role: str) -> bool:
        """Return whether a person has accepted the role and still holds it."""
        raise NotImplementedError

    def has_open_objection(self, today: date) -> bool:
        """Return whether an objection to a candidate waits for its answer."""
        raise NotImplementedError

    def may_object(self, offer: str, today: date) -> bool:
        """Return whether the complainant may still object to the offer with this id."""
        raise NotImplementedError

    def is_running(self, clock: str) -> bool:
        """Return whether a clock of this name has started and is not complete."""
        raise NotImplementedError

    def has_lapsed(self, clock: str, today: date) -> bool:
        """Return whether the clock of this name ended before `today`, or is not running."""
        raise NotImplementedError

    def waits_for_hold(self) -> bool:
        """Return whether a legal hold was asked for and is not answered or set yet."""
        raise NotImplementedError

    def can_extend(self, clock: str, today: date) -> bool:
        """Return whether the clock is running and its date has not passed."""
        raise NotImplementedError

    def is_late(self, clock: str, today: date) -> bool:
        """Return whether a promise of this name (any, when empty) is past its date."""
        raise NotImplementedError

    def has_newer_policy(self, today: date) -> bool:
        """Return whether a newer version of the policy of the case is in force."""
        raise NotImplementedError

    def can_move_to(self, version: int, today: date) -> bool:
        """Return whether `version` is the number of a newer policy version in force."""
        raise NotImplementedError
