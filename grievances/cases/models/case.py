"""A case: coded facts only. Every word about a person is sealed in `records`.

`Case` has no `objects`. Its manager is called `unguarded`, and a test holds the list of the modules
that may use it. Every other module asks `access`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django_fsm import FSMField

from grievances.cases.guards.context import OfferShape
from grievances.cases.guards.triage import SHARING_WAIT
from grievances.cases.models.offers import Offer
from grievances.cases.steps import CaseSteps
from grievances.choices import CameBy, RaisedFor
from grievances.people.regions import case_region_choices
from grievances.policy import profiles
from grievances.vocabulary import (
    OBJECTION_DAYS,
    STATE_FOR_STAFF,
    CloseReason,
    Division,
    HoldReason,
    Identity,
    Keep,
    Outcome,
    Pressure,
    Role,
    Route,
    State,
    Tag,
)
from workflow.calendar import Calendar, CalendarEnds

if TYPE_CHECKING:
    from grievances.cases.models.readers import PendingReader


class Case(CaseSteps, models.Model):
    """One concern, from the draft on.

    Attributes that end in `_on` are local dates, in `_at` UTC. `agreed_on`: the person it happened
    to confirmed what another raised for them; `heard_on`: an officer had spoken with that person.
    `key_handed_over`: another person has seen the case key, and its holder replaces it.
    `new_key_...`: two officers are about to give the person a new case key.
    """

    reference = models.CharField(max_length=9, unique=True)
    state = FSMField(default=State.DRAFT, choices=State, protected=True)
    return_states = models.JSONField(default=list)
    turn = models.PositiveIntegerField(default=0)
    identity = models.CharField(max_length=12, choices=Identity, blank=True)
    route = models.CharField(max_length=10, choices=Route, default=Route.NONE)
    profile = models.ForeignKey(
        "workflow.PolicyProfile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    division = models.CharField(max_length=10, choices=Division, default=Division.ENG_WLS)
    region = models.CharField(max_length=20, choices=case_region_choices, blank=True)
    episode = models.PositiveSmallIntegerField(default=1)

    came_by = models.CharField(
        max_length=8, choices=CameBy, default=CameBy.WEB, db_default=CameBy.WEB
    )
    raised_for = models.CharField(
        max_length=9, choices=RaisedFor, default=RaisedFor.SELF, db_default=RaisedFor.SELF
    )
    agreed_on = models.DateField(null=True)
    key_handed_over = models.BooleanField(default=False, db_default=False)
    heard_on = models.DateField(null=True)
    new_key_asked_on = models.DateField(null=True)
    new_key_agreed_on = models.DateField(null=True)

    name_shared = models.BooleanField(null=True)
    asked_informal = models.BooleanField(default=False)
    fast_track = models.BooleanField(default=False)
    legal_hold = models.BooleanField(default=False)

    created_at = models.DateTimeField()
    touched_on = models.DateField()
    received_at = models.DateTimeField(null=True)
    received_on = models.DateField(null=True)
    safety_checked_on = models.DateField(null=True)
    exclusions_asked_on = models.DateField(null=True)
    sharing_asked_on = models.DateField(null=True)
    triaged_on = models.DateField(null=True)
    meeting_held_on = models.DateField(null=True)
    meeting_declined = models.BooleanField(default=False)
    respondent_asked_on = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    remits = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    outcome_on = models.DateField(null=True)
    appealed_on = models.DateField(null=True)
    hold_reason = models.CharField(max_length=30, choices=HoldReason, blank=True)
    hold_review_on = models.DateField(null=True)
    withdrawal_asked_on = models.DateField(null=True)
    pressure = models.CharField(max_length=5, choices=Pressure, blank=True)
    contact_attempts = models.PositiveSmallIntegerField(default=0)
    reopen_asked_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    close_reason = models.CharField(max_length=30, choices=CloseReason, blank=True)
    archived_on = models.DateField(null=True)
    erased_on = models.DateField(null=True)

    unguarded: ClassVar[models.Manager[Case]] = models.Manager()
    held_exclusions: dict[int, frozenset[str]] | None = None  # see `models.exclusions.hold`

    class Meta:
        default_manager_name = "unguarded"
        default_permissions = ()
        permissions = [(role.value, role.label) for role in Role]
        indexes = [
            models.Index(fields=["state"], name="case_state"),
            models.Index(fields=["received_on"], name="case_received"),
            models.Index(
                fields=["id"], condition=models.Q(legal_hold=True), name="case_under_hold"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_for_staff(self) -> str:
        """The state in the wording for staff."""
        return STATE_FOR_STAFF.get(State(self.state), str(State(self.state).label))

    @property
    def working_state(self) -> str:
        """The state itself, or the state that a hold or a withdrawal interrupted."""
        states: list[str] = [*self.return_states, self.state]
        return states[0]

    @cached_property
    def calendar(self) -> Calendar:
        """The working days of the case's division.

        They are read once for each loading of the case.
        """
        # A query may load the calendar stamp with the case, as the attribute `holidays`.
        return profiles.calendar(self.division, getattr(self, "holidays", ""))

    @property
    def is_open(self) -> bool:
        """Whether the case is between sending and closing."""
        return self.state not in {State.DRAFT, State.CLOSED, State.ARCHIVED}

    def outcome_of(self, findings: Mapping[str, str]) -> str:
        """Return the outcome of the case from the finding on each part.

        One upheld part among others makes it partly upheld.
        """
        values = set(findings.values())
        return values.pop() if len(values) == 1 else Outcome.PARTLY.value

    def waits_for_agreement(self) -> bool:
        """Return whether the person it happened to has not confirmed it yet.

        Only a concern that another person raised for them waits.
        """
        return self.raised_for == RaisedFor.ASKED and self.agreed_on is None

    def has_sharing_to_ask(self) -> bool:
        """Return whether a confidential name was never asked about and has no answer."""
        return self._sharing_is_open() and self.sharing_asked_on is None

    def waits_for_sharing(self) -> bool:
        """Return whether the complainant was asked about their name and has not answered."""
        return self._sharing_is_open() and self.sharing_asked_on is not None

    def _sharing_is_open(self) -> bool:
        return self.identity == Identity.CONFIDENTIAL and self.name_shared is None

    @property
    def sharing_answer_by(self) -> date | None:
        """The local date until which we wait for the answer about the name, or None."""
        if self.sharing_asked_on is None:
            return None
        try:
            return self.calendar.add(self.sharing_asked_on, SHARING_WAIT)
        except CalendarEnds:
            return None

    def allegation_numbers(self) -> set[str]:
        """Return the numbers of the parts of this concern, as text."""
        return {str(n) for n in self.allegations.values_list("number", flat=True)}

    def has_open_check_in(self) -> bool:
        """Return whether a check-in waits for its answer."""
        return self.check_ins.filter(answered_on__isnull=True).exists()

    def has_open_action(self) -> bool:
        """Return whether an action that was promised is not done yet."""
        return self.actions.filter(done_on__isnull=True).exists()

    def readers_to_answer(self, today: date) -> models.QuerySet[PendingReader]:
        """Return the announced readers about whom the complainant can still answer."""
        settled = models.Q(into__isnull=False, effective_on__lte=today)
        return self.pending_readers.exclude(settled)

    def asks_about_a_reader(self, today: date) -> bool:
        """Return whether the complainant can still answer about an announced reader."""
        return self.readers_to_answer(today).exists()

    def emergency_state(self) -> str:
        """Return "waiting" or "open" for an emergency opening, else "".

        An opening that has ended does not count.
        """
        row = self.emergencies.filter(ended_at__isnull=True).first()
        if row is None:
            return ""
        return "waiting" if row.is_waiting else "open"

    def has_action(self) -> bool:
        """Return whether a decision has promised an action."""
        return self.actions.exists()

    def has_late_action(self, today: date) -> bool:
        """Return whether a promised action was due before `today` and is not done."""
        return self.actions.filter(done_on__isnull=True, due_on__lt=today).exists()

    def outcome_that_stands(self) -> str:
        """Return the outcome after an appeal.

        `outcome` keeps what was decided first (domain.md 9).
        """
        rows = self.allegations.values_list("number", "finding", "appeal_finding")
        return self.outcome_of({str(number): later or first for number, first, later in rows})

    def both_agree(self, what: str) -> bool:
        """Return whether everyone asked in this episode said yes and kept to it.

        Both sides must have been asked.
        """
        asked = self.consents.filter(what=what, episode=self.episode)
        rows = asked.order_by("asked_at", "pk")
        last = {row.handle: row for row in rows}.values()
        kept = all(row.agreed and row.revoked_at is None for row in last)
        return kept and {row.standing for row in last} >= {"COMPLAINANT", "RESPONDENT"}

    def has_accepted(self, role: str) -> bool:
        """Return whether a person has accepted the role and still holds it."""
        return self.offers.filter(role=role, status=Offer.Status.ACCEPTED).exists()

    def has_open_objection(self, today: date) -> bool:
        """Return whether an objection to a candidate waits for its answer.

        Source: domain.md 5.2 T15.
        """
        live = [Offer.Status.SENT, Offer.Status.ACCEPTED]
        return self.offers.filter(status__in=live, objection=Offer.Objection.OPEN).exists()

    def may_object(self, offer: str, today: date) -> bool:
        """Return whether the complainant may still object to the offer with this id.

        They may until the work begins, and for 2 working days in any case (domain.md 5.2 T15).
        """
        live = [Offer.Status.SENT, Offer.Status.ACCEPTED]
        rows = self.offers.filter(pk=offer, status__in=live, objection=Offer.Objection.NONE)
        row = rows.first()
        return row is not None and self.is_fresh(row, today)

    def is_fresh(self, offer: OfferShape, today: date) -> bool:
        """Return whether an offer was made so recently that it can be objected to.

        Before an appeal this applies to the offer to the appeal manager. The decision maker has
        finished, and remains the measure of how senior the appeal manager has to be.
        """
        is_appeal = offer.role == Role.APPEAL
        waiting = self.state == (State.APPEAL_ALLOCATION if is_appeal else State.ALLOCATION)
        return waiting or self.calendar.between(offer.sent_on, today) <= OBJECTION_DAYS

    def has_lapsed(self, clock: str, today: date) -> bool:
        """Return whether the clock of this name ended before `today`, or is not running."""
        row = self.deadlines.filter(name=clock, completed_on__isnull=True).first()
        return row is None or (row.paused_on is None and row.current_due < today)

    def is_running(self, clock: str) -> bool:
        """Return whether a clock of this name has started and is not complete."""
        rows = self.deadlines.all()
        return any(row.name == clock and row.completed_on is None for row in rows)

    def waits_for_hold(self) -> bool:
        """Return whether a legal hold was asked for and is not refused or set yet."""
        asked = self.approvals.filter(step=Keep.HOLD, used_at__isnull=True)
        return asked.exclude(agreed=False).exists()

    def is_late(self, clock: str, today: date) -> bool:
        """Return whether a promise of this name (any, when empty) is past its date.

        Only running clocks count.
        """
        names = {clock} if clock else profiles.PROMISES
        return any(row.is_over(today) for row in self.deadlines.all() if row.name in names)

    def lacks_handover(self) -> bool:
        """Return whether a person who has left owes a hand-over note."""
        return any(row.has_left and row.settled_on is None for row in self.handovers.all())

    def has_newer_policy(self, today: date) -> bool:
        """Return whether a newer version of the policy of the case is in force."""
        return profiles.newer_than(self.profile_id, today).exists()

    def can_move_to(self, version: int, today: date) -> bool:
        """Return whether `version` is the number of a newer policy version in force."""
        rows = profiles.newer_than(self.profile_id, today)
        return rows.filter(version=version).exists()

    def can_extend(self, clock: str, today: date) -> bool:
        """Return whether the clock is running and its date has not passed.

        Source: domain.md 5.2 T35.
        """
        return self.deadlines.filter(
            name=clock, completed_on__isnull=True, current_due__gte=today
        ).exists()


class Allegation(models.Model):
    """One part of a concern. Its words are a sealed record, its finding a code.

    `appeal_finding` is the finding that replaced the first one on appeal. It is empty where the
    first finding was kept.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="allegations")
    number = models.PositiveSmallIntegerField()
    tag = models.CharField(max_length=24, choices=Tag, blank=True)
    finding = models.CharField(max_length=12, choices=Outcome, blank=True)
    appeal_finding = models.CharField(
        max_length=12, choices=Outcome, blank=True, default="", db_default=""
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="allegation_number")]

    def __str__(self) -> str:
        return f"{self.case} part {self.number}"
