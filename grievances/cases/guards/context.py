"""What a step is told, and the shape of the case it works on.

`lifecycle`, `acts` and `guards` lie below the models (architecture.md 2), so they know a case by
the attributes they use and not by its class.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class StepContext:
    """What a step is told: when (UTC instant and local date), in which role, with which answers.

    `working_days(start, end)` counts the working days in (start, end] of the case's own calendar.
    `unfit` are the codes that `allocation` found against a candidate; `approved` says that the
    casework lead has countersigned this very step.
    """

    now: datetime
    today: date
    role: str
    working_days: Callable[[date, date], int]
    answers: Mapping[str, Any] = field(default_factory=dict)
    unfit: tuple[str, ...] = ()
    approved: bool = False

    def get(self, name: str) -> Any:
        """What the person answered under `name`, or None."""
        return self.answers.get(name)


class CaseShape:
    """The part of a case that its steps read and set; the model fills every line of it."""

    state: str
    return_states: list[str]
    identity: str
    route: str
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
    questions: Any
    deadlines: Any
    hearings: Any
    companions: Any
    interpreters: Any

    def outcome_of(self, findings: Mapping[str, str]) -> str:
        raise NotImplementedError

    def allegation_numbers(self) -> set[str]:
        raise NotImplementedError

    def is_fresh(self, offer: Any, today: date) -> bool:
        raise NotImplementedError

    def has_open_check_in(self) -> bool:
        raise NotImplementedError

    def has_open_action(self) -> bool:
        raise NotImplementedError

    def asks_about_a_reader(self, today: date) -> bool:
        raise NotImplementedError

    def emergency_state(self) -> str:
        raise NotImplementedError

    def has_action(self) -> bool:
        raise NotImplementedError

    def both_agree(self, what: str) -> bool:
        raise NotImplementedError

    def has_accepted(self, role: str) -> bool:
        raise NotImplementedError

    def has_open_objection(self, today: date) -> bool:
        raise NotImplementedError

    def may_object(self, offer: int, today: date) -> bool:
        raise NotImplementedError

    def has_lapsed(self, clock: str, today: date) -> bool:
        raise NotImplementedError

    def waits_for_hold(self) -> bool:
        raise NotImplementedError

    def can_extend(self, clock: str, today: date) -> bool:
        raise NotImplementedError

    def is_late(self, clock: str, today: date) -> bool:
        raise NotImplementedError

    def has_newer_policy(self, today: date) -> bool:
        raise NotImplementedError

    def can_move_to(self, version: object, today: date) -> bool:
        raise NotImplementedError
