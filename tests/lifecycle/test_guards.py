"""Every guard of every step, made to fail once, with its own code (domain.md 5.2, 5.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from grievances import actions
from grievances.actions import NotAllowed
from grievances.models import Bar, Case, Event, LineManagement, Training, User
from grievances.models.assignments import grant
from grievances.models.parties import bar
from grievances.vocabulary import Role, State
from tests import corners, given
from tests.cast import SINCE, Cast
from tests.given import START
from tests.lifecycle.walks import DAY, REPLACEMENT, TRANSITIONS, WALKS, Walk
from workflow.steps import Refused, steps

Spoil = Callable[[Cast, Case], None]
BY_CODE = {fact.code: fact for fact in steps(Case).values()}


@dataclass(frozen=True)
class Spoiled:
    """A walk that would pass, but for `spoil` (done to the case) and `changed` (the answers)."""

    walk: str
    code: str
    changed: dict[str, Any] = field(default_factory=dict)
    spoil: Spoil = lambda cast, case: None

    def __str__(self) -> str:
        return f"{self.walk}-{self.code}"


def fact(**values: Any) -> Spoil:
    """The case says otherwise."""

    def spoil(cast: Cast, case: Case) -> None:
        Case.unguarded.filter(pk=case.pk).update(**values)

    return spoil


def rows(name: str, where: dict[str, Any] | None = None, **values: Any) -> Spoil:
    """Rows that belong to the case say otherwise."""

    def spoil(cast: Cast, case: Case) -> None:
        getattr(case, name).filter(**(where or {})).update(**values)

    return spoil


def uncertified(name: str) -> Spoil:
    """The certificate ran out yesterday."""

    def spoil(cast: Cast, case: Case) -> None:
        Training.objects.filter(person=cast[name]).update(expires_on=DAY - timedelta(days=1))

    return spoil


def once_managed(name: str) -> Spoil:
    """The person managed the respondent until last year."""

    def spoil(cast: Cast, case: Case) -> None:
        LineManagement.objects.create(
            person=cast["respondent1"],
            manager=cast[name],
            from_date=SINCE,
            to_date=DAY - timedelta(days=300),
        )

    return spoil


def has_role(name: str, role: Role) -> Spoil:
    """The person has another part in the case already."""
    return lambda cast, case: grant(case, cast[name], role)


def left_out(name: str) -> Spoil:
    """The complainant asked that the person is not involved."""
    return lambda cast, case: bar(case, cast[name].pk, Bar.Why.EXCLUDED)


def full(name: str, role: Role, count: int) -> Spoil:
    """The person holds as many cases as one may."""

    def spoil(cast: Cast, case: Case) -> None:
        for _ in range(count):
            grant(corners.drafted(cast), cast[name], role)

    return spoil


def graded(name: str, grade: int) -> Spoil:
    """The person is of this grade."""
    return lambda cast, case: _update(cast[name], grade=grade)


def _update(person: User, **values: Any) -> None:
    User.objects.filter(pk=person.pk).update(**values)
    for name, value in values.items():
        setattr(person, name, value)


def decided_by_the_handler(cast: Cast, case: Case) -> None:
    """The person who decides is the one who looked into it."""
    case.offers.filter(role="handler").update(candidate=cast["decider1"])


def an_offer_is_open(cast: Cast, case: Case) -> None:
    """Somebody else has been asked already."""
    who = cast["handler2"]
    given.done(cast, case, "triage1", "offer", START, role="handler", candidate=who)


def an_appeal_offer_is_open(cast: Cast, case: Case) -> None:
    """The appeal manager has been asked already."""
    who = cast["appeal1"]
    given.done(cast, case, "triage1", "offer_later", START, role="appeal", candidate=who)


def unfit(walk: str, name: str, clash: Role) -> list[Spoiled]:
    """What speaks against a person: certificate, conflict, another part, left out."""
    return [
        Spoiled(walk, "NOT_CERTIFIED", spoil=uncertified(name)),
        Spoiled(walk, "CONFLICT", spoil=once_managed(name)),
        Spoiled(walk, "ROLE_CLASH", spoil=has_role(name, clash)),
        Spoiled(walk, "EXCLUDED_BY_COMPLAINANT", spoil=left_out(name)),
    ]


MEDIATION = [
    [
        Spoiled(walk, "NOT_FOR_ANONYMOUS", spoil=fact(identity="ANONYMOUS")),
        Spoiled(
            walk,
            "CONSENT_MISSING",
            spoil=rows("consents", {"standing": "RESPONDENT"}, revoked_at=START),
        ),
        *unfit(walk, "mediator1", Role.HANDLER),
    ]
    for walk in ("T06", "T12")
]
GAG = "Both will keep this confidential."
LATER = DAY + timedelta(days=40)

SPOILED: list[Spoiled] = [
    Spoiled("T01", "ACCOUNT_MISSING", {"has_account": False}),
    Spoiled("T01", "IDENTITY_NOT_CHOSEN", spoil=fact(identity="")),
    Spoiled("T01", "CONTACT_NOT_CHOSEN", {"contact": ""}),
    Spoiled("T01", "NOBODY_LEFT", {"readers": []}),
    Spoiled("T02", "NOT_CERTIFIED", spoil=uncertified("triage1")),
    Spoiled("T02", "CONFLICT", spoil=once_managed("triage1")),
    Spoiled("T02", "DECLARATION_MISSING", {"declare": False}),
    Spoiled("T03", "REROUTE_NOT_NEEDED", {"reason": "WORKLOAD"}),
    Spoiled("T04", "SAFETY_CHECK_MISSING", spoil=fact(safety_checked_on=None)),
    Spoiled("T04", "EXCLUSIONS_NOT_ASKED", spoil=fact(exclusions_asked_on=None)),
    Spoiled("T04", "SHARING_NOT_RECORDED", spoil=fact(name_shared=None)),
    Spoiled("T05", "NOT_FOR_ANONYMOUS", spoil=fact(identity="ANONYMOUS")),
    Spoiled("T05", "INFORMAL_NOT_ASKED", spoil=fact(asked_informal=False)),
    Spoiled("T05", "INFORMAL_NOT_SAFE", spoil=fact(fast_track=True)),
    *MEDIATION[0],
    Spoiled("T07", "OUT_OF_SCOPE_ONLY", {"redirect": "NOT_ENOUGH_EVIDENCE"}),
    Spoiled("T07", "NOT_ACCEPTED_ELSEWHERE", {"accepted_elsewhere": False}),
    Spoiled("T07", "COUNTERSIGN_MISSING", spoil=rows("approvals", used_at=START)),
    Spoiled("T07", "COUNTERSIGN_MISSING", spoil=rows("approvals", agreed=False)),
    Spoiled("T08", "NOT_A_DUPLICATE", {"into": "RC-NONE22"}),
    Spoiled("T09", "NOT_ANONYMOUS", spoil=fact(identity="OPEN")),
    Spoiled("T09", "TOO_EARLY", spoil=fact(received_on=DAY + timedelta(days=13))),
    Spoiled("T09", "QUESTIONS_MISSING", spoil=rows("questions", answered_on=DAY)),
    Spoiled("T09", "COUNTERSIGN_MISSING", spoil=rows("approvals", agreed=None)),
    Spoiled("T10", "CONFIRMATION_MISSING", {"confirm": False}),
    Spoiled("T11", "NOT_EXPIRED", {"who": "system"}),
    *MEDIATION[1],
    Spoiled(
        "T13",
        "CONFIRMATION_MISSING",
        spoil=rows("consents", {"what": "settlement", "standing": "RESPONDENT"}, agreed=False),
    ),
    Spoiled("T13", "TERMS_MISSING", {"terms": ""}),
    Spoiled("T13", "GAGGING_TERM", {"terms": GAG}),
    *unfit("T15", "handler1", Role.MEDIATOR),
    Spoiled("T15", "AT_CAP", spoil=full("handler1", Role.HANDLER, 3)),
    Spoiled("T15", "OFFER_OPEN", spoil=an_offer_is_open),
    Spoiled("T17", "NOT_ACCEPTED", spoil=rows("offers", {"role": "decider"}, status="revoked")),
    Spoiled("T17", "OBJECTION_OPEN", spoil=rows("offers", {"role": "decider"}, objection="open")),
    Spoiled("T17", "NOT_CERTIFIED", spoil=uncertified("decider1")),
    Spoiled("T17", "CONFLICT", spoil=once_managed("decider1")),
    Spoiled("T17", "ROLE_CLASH", spoil=has_role("decider1", Role.MEDIATOR)),
    Spoiled("T17", "EXCLUDED_BY_COMPLAINANT", spoil=left_out("decider1")),
    Spoiled("T17", "DECLARATION_MISSING", {"declare": False}),
    Spoiled("T18", "MEETING_NOT_RECORDED", {"held_on": None}),
    Spoiled("T18", "COMPANION_NOT_ASKED", {"companion_asked": False}),
    Spoiled("T19", "MEETING_NOT_RECORDED", spoil=fact(meeting_held_on=None)),
    Spoiled("T19", "RESPONDENT_NOT_HEARD", spoil=fact(respondent_asked_on=None)),
    Spoiled("T19", "ALLEGATION_NOT_COVERED", {"covered": []}),
    Spoiled("T19", "EVIDENCE_LIST_INCOMPLETE", {"evidence_complete": False}),
    Spoiled("T19", "REPORT_MISSING", {"report": ""}),
    Spoiled("T20", "ENQUIRIES_NOT_LISTED", {"enquiries": ""}),
    Spoiled("T20", "COUNTERSIGN_MISSING", spoil=fact(returns=1)),
    Spoiled("T21", "ROLE_CLASH", spoil=decided_by_the_handler),
    Spoiled("T21", "FINDING_MISSING", {"findings": {}}),
    Spoiled("T21", "FINDING_MISSING", {"findings": {"1": "MALICIOUS"}}),
    Spoiled("T21", "FINDING_MISSING", {"reasons": ""}),
    Spoiled("T21", "ACTION_INCOMPLETE", {"action_owner": ""}),
    Spoiled("T21", "ACTION_INCOMPLETE", {"findings": {"1": "PARTLY"}, "action_due": None}),
    Spoiled("T21", "APPEAL_RIGHTS_MISSING", {"appeal_rights": False}),
    Spoiled("T21", "GAGGING_TERM", {"letter": "You are not to discuss this."}),
    Spoiled("T22", "GROUNDS_MISSING", {"grounds": ""}),
    Spoiled(
        "T22",
        "WINDOW_ENDED",
        spoil=rows("deadlines", {"name": "APPEAL_WINDOW"}, current_due=DAY - timedelta(days=1)),
    ),
    Spoiled("T23", "WINDOW_OPEN", {"who": "system"}),
    Spoiled("T24", "NOT_ACCEPTED", spoil=rows("offers", {"role": "appeal"}, status="revoked")),
    Spoiled("T24", "OBJECTION_OPEN", spoil=rows("offers", {"role": "appeal"}, objection="open")),
    Spoiled("T24", "NOT_CERTIFIED", spoil=uncertified("appeal1")),
    Spoiled("T24", "CONFLICT", spoil=once_managed("appeal1")),
    Spoiled("T24", "ROLE_CLASH", spoil=has_role("appeal1", Role.HANDLER)),
    Spoiled("T24", "NOT_SENIOR", spoil=graded("appeal1", 6)),
    Spoiled("T24", "DECLARATION_MISSING", {"declare": False}),
    Spoiled("T25", "REASONS_MISSING", {"reasons": ""}),
    Spoiled("T25", "COMPANION_NOT_ASKED", {"companion_asked": False}),
    Spoiled("T25", "FINDING_MISSING", {"outcome": "finding"}),
    Spoiled("T26", "REASONS_MISSING", {"reasons": ""}),
    Spoiled("T27", "REASON_NOT_PAUSING", {"reason": "WORKLOAD"}),
    Spoiled("T27", "EXPLANATION_MISSING", {"explanation": ""}),
    Spoiled("T27", "REVIEW_TOO_FAR", {"review_on": LATER}),
    Spoiled("T27", "REVIEW_TOO_FAR", {"review_on": DAY}),
    Spoiled("T27", "REVIEW_TOO_FAR", {"review_on": None}),
    Spoiled("T27", "QUESTIONS_MISSING", {"reason": "AWAITING_C_INFO"}),
    Spoiled("T27", "COUNTERSIGN_MISSING", {"review_on": date(2026, 12, 10)}),
    Spoiled("T27", "COUNTERSIGN_MISSING", {"reason": "RESPONDENT_SICK"}),
    Spoiled("T28", "REVIEW_NOT_DUE", {"who": "system"}),
    Spoiled("T28", "NOT_YOURS_TO_END", {"who": "complainant1"}, fact(hold_reason="C_SICK")),
    Spoiled("T29", "EXPLANATION_MISSING", {"explanation": ""}),
    Spoiled("T29", "VIEW_MISSING", {"complainant_view": ""}),
    Spoiled("T29", "REVIEW_TOO_FAR", {"review_on": LATER}),
    Spoiled(
        "T32", "COOLING_OFF", spoil=rows("deadlines", {"name": "COOLING_OFF"}, current_due=LATER)
    ),
    Spoiled("T32", "VOLUNTARINESS_UNCHECKED", spoil=fact(pressure="")),
    Spoiled("T32", "PRESSURE_NOT_CLEARED", spoil=fact(pressure="talk")),
    Spoiled("T33", "REQUEST_MISSING", spoil=fact(reopen_asked_on=None)),
    Spoiled("T33", "REASON_NOT_LISTED", {"reason": "WORKLOAD"}),
    Spoiled(
        "T33", "TOO_LATE", {"reason": "NEW_EVIDENCE"}, fact(closed_on=DAY - timedelta(days=400))
    ),
    Spoiled("T34", "REASON_NOT_LISTED", {"reason": "WORKLOAD"}),
    Spoiled("T35", "TOO_LATE_TO_EXTEND", {"clock": "DECISION"}),
    Spoiled("T35", "ANSWER_MISSING", {"days": 0}),
    Spoiled("T35", "EXPLANATION_MISSING", {"explanation": ""}),
    Spoiled(
        "T36", "CHECK_IN_OPEN", spoil=rows("deadlines", {"name": "CHECKIN_6"}, completed_on=None)
    ),
    Spoiled("T36", "TOO_EARLY", spoil=fact(closed_on=DAY + timedelta(days=40))),
    Spoiled("T36", "LEGAL_HOLD", spoil=fact(legal_hold=True)),
    Spoiled(
        "T37",
        "RETENTION_RUNNING",
        spoil=rows("deadlines", {"name": "RETENTION"}, current_due=DAY + timedelta(days=700)),
    ),
    Spoiled("T37", "LEGAL_HOLD", spoil=fact(legal_hold=True)),
    Spoiled("T37", "COUNTERSIGN_MISSING", spoil=rows("approvals", agreed=False)),
    Spoiled("T38", "DRAFT_IN_USE", {"who": "system"}),
    Spoiled("N01", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N04", "ANSWER_MISSING", {"people": ""}),
    Spoiled("N05", "ANSWER_MISSING", {"offer": None}),
    Spoiled("N06", "ANSWER_MISSING", {"answer": ""}),
    Spoiled("N07", "ANSWER_MISSING", {"days": -3}),
    Spoiled("N09", "ANSWER_MISSING", {"worse": ""}),
    Spoiled("N10", "ANSWER_MISSING", {"reason": ""}),
    Spoiled("N20", "REASON_NOT_LISTED", {"flags": ["BORED"]}),
    Spoiled("N22", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N23", "ANSWER_MISSING", {"person": None}),
    Spoiled("N24", "ANSWER_MISSING", {"what": ""}),
    Spoiled("N24", "NOT_FOR_ANONYMOUS", spoil=fact(identity="ANONYMOUS")),
    Spoiled("N25", "ANSWER_MISSING", {"step": ""}),
    Spoiled("N26", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N27", "ANSWER_MISSING", {"reached": ""}),
    Spoiled("N30", "DECLARATION_MISSING", {"declare": False}),
    *unfit("N30", "handler1", Role.MEDIATOR)[:3],
    *unfit("N32", "appeal1", Role.MEDIATOR),
    Spoiled("N32", "AT_CAP", spoil=full("appeal1", Role.APPEAL, 3)),
    Spoiled("N32", "NOT_SENIOR", spoil=graded("appeal1", 6)),
    Spoiled("N32", "OFFER_OPEN", spoil=an_appeal_offer_is_open),
    Spoiled("N40", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N41", "ANSWER_MISSING", {"asked_on": None}),
    Spoiled("N42", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N44", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N45", "ANSWER_MISSING", {"action": None}),
]
NEVER_ASKED = {("T02", "EXCLUDED_BY_COMPLAINANT"), ("N30", "EXCLUDED_BY_COMPLAINANT")}
"""Whoever is left out cannot even see the case, so nobody gets as far as this guard."""
WITH_THE_FILES = {("N43", "ANSWER_MISSING")}


@pytest.mark.parametrize("spoiled", SPOILED, ids=str)
def test_a_guard_refuses_with_its_code_and_leaves_nothing(cast: Cast, spoiled: Spoiled) -> None:
    walk = WALKS[spoiled.walk]
    case = walk.make(cast)
    spoiled.spoil(cast, case)
    before, events = given.fresh(case), Event.objects.count()
    with pytest.raises(Refused) as refusal:
        walk.take(cast, case, **spoiled.changed)
    assert refusal.value.code == spoiled.code
    assert refusal.value.sentence.endswith(".")
    assert given.fresh(case).__dict__ | {"_state": 0} == before.__dict__ | {"_state": 0}
    assert Event.objects.count() == events


def test_every_guard_is_made_to_fail() -> None:
    asked = {(code, guard.code) for code, step in BY_CODE.items() for guard in step.guards}
    failed = {(spoiled.walk, spoiled.code) for spoiled in SPOILED}
    assert asked - failed == NEVER_ASKED | WITH_THE_FILES
    assert failed <= asked


@pytest.mark.parametrize("code", ["T02", "N30"])
def test_somebody_left_out_does_not_get_as_far_as_a_guard(cast: Cast, code: str) -> None:
    walk = WALKS[code]
    case = walk.make(cast)
    left_out(walk.who)(cast, case)
    with pytest.raises(NotAllowed):
        walk.take(cast, case)


def test_an_approval_serves_once(cast: Cast) -> None:
    case = given.in_decision(cast)
    corners.approve(cast, case, "decider1", "return_for_enquiries")
    TRANSITIONS["T20"].take(cast, case)
    again = {"covered": ["1"], "evidence_complete": True, "report": "Again."}
    given.done(cast, case, "handler1", "submit_report", START, **again)
    with pytest.raises(Refused) as refusal:
        TRANSITIONS["T20"].take(cast, case)
    assert refusal.value.code == "COUNTERSIGN_MISSING"
    corners.approve(cast, case, "decider1", "return_for_enquiries")
    TRANSITIONS["T20"].take(cast, case)
    assert given.fresh(case).returns == 2


def test_nobody_approves_their_own_request(cast: Cast) -> None:
    case = given.acknowledged(cast)
    grant(case, cast["lead1"], Role.TRIAGE)
    corners.approve(cast, case, "lead1", "redirect")
    assert case.approvals.get().agreed is None
    with pytest.raises(Refused) as refusal:
        TRANSITIONS["T07"].take(cast, case)
    assert refusal.value.code == "COUNTERSIGN_MISSING"


def test_a_late_appeal_goes_ahead_with_approval(cast: Cast) -> None:
    case = given.decided(cast)
    case.deadlines.filter(name="APPEAL_WINDOW").update(current_due=DAY - timedelta(days=1))
    corners.approve(cast, case, "complainant1", "appeal")
    TRANSITIONS["T22"].take(cast, case)
    assert given.fresh(case).state == State.APPEAL_ALLOCATION
    assert not case.approvals.filter(asked_by__isnull=False).exists()


def shut_out_the_handler(cast: Cast, case: Case) -> None:
    given.done(
        cast, case, "complainant1", "exclude", START, people="handler1", matched=[cast["handler1"]]
    )


def shut_out_the_decider(cast: Cast, case: Case) -> None:
    given.done(cast, case, "triage1", "name_respondent", START, person=cast["decider1"])


def lose_the_certificate(cast: Cast, case: Case) -> None:
    uncertified("decider1")(cast, case)


def join_the_respondents_team(cast: Cast, case: Case) -> None:
    _update(cast["decider1"], unit=cast["respondent1"].unit)


def change_the_decider(cast: Cast, case: Case) -> None:
    given.done(cast, case, "decider1", "recuse", START)


@pytest.mark.parametrize(
    "happens",
    [
        shut_out_the_handler,
        shut_out_the_decider,
        lose_the_certificate,
        join_the_respondents_team,
        change_the_decider,
    ],
)
def test_no_road_leads_to_an_investigation_without_two_fit_people(
    cast: Cast, happens: Spoil
) -> None:
    case = given.accepted(cast)
    happens(cast, case)
    with pytest.raises((Refused, NotAllowed)):
        TRANSITIONS["T17"].take(cast, case)
    assert given.fresh(case).state == State.ALLOCATION


def test_whoever_is_shut_out_loses_the_part_and_it_can_be_filled_again(cast: Cast) -> None:
    case = given.accepted(cast)
    shut_out_the_handler(cast, case)
    assert set(case.offers.filter(role="handler").values_list("status", flat=True)) == {"revoked"}
    TRANSITIONS["T15"].take(cast, case, candidate=cast["handler2"])
    WALKS["N30"].take(cast, case, who="handler2")
    TRANSITIONS["T17"].take(cast, case, who="handler2")


def test_a_case_is_never_left_without_a_triage_officer(cast: Cast) -> None:
    case = given.acknowledged(cast)
    for name, then in (("triage1", "triage2"), ("triage2", "independent1")):
        given.done(cast, case, "complainant1", "exclude", START, people=name, matched=[cast[name]])
        given.done(cast, case, then, "check_safety", START, flags=[])
    given.done(cast, case, "independent1", "recuse", START)


def test_a_replacement_must_be_as_fit_as_the_first(cast: Cast) -> None:
    case = REPLACEMENT.make(cast)
    uncertified("handler2")(cast, case)
    with pytest.raises(Refused) as refusal:
        REPLACEMENT.take(cast, case)
    assert refusal.value.code == "NOT_CERTIFIED"


def test_the_respondent_is_heard_anew_after_an_appeal_sends_it_back(cast: Cast) -> None:
    case = given.in_appeal(cast)
    TRANSITIONS["T26"].take(cast, case)
    assert given.fresh(case).respondent_asked_on is None
    for name, role in (("handler1", "handler"), ("decider1", "decider")):
        with pytest.raises(Refused) as refusal:
            TRANSITIONS["T15"].take(cast, case, role=role, candidate=cast[name])
        assert refusal.value.code == "ROLE_CLASH"


def test_the_meeting_is_not_asked_of_an_anonymous_sender(cast: Cast) -> None:
    case = corners.heard(cast)
    Case.unguarded.filter(pk=case.pk).update(identity="ANONYMOUS", meeting_held_on=None)
    TRANSITIONS["T19"].take(cast, case)


def test_a_walk_says_its_step(cast: Cast) -> None:
    assert all(isinstance(walk, Walk) and walk.step in steps(Case) for walk in WALKS.values())
    assert {BY_CODE[code].name for code in WALKS} == {walk.step for walk in WALKS.values()}
    assert actions.CLOCKWORK.who is None
