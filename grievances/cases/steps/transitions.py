"""THE state machine: every step of a case, from, to, guards, clocks and label (domain.md 5.2).

A step checks and sets fields; it writes no event, mail or clock itself. Steps are taken only by
`actions.perform`. The acts that move nothing (a message, a consent, a safety check) are in `acts`.
"""

from functools import partial
from typing import Any

from django_fsm import GET_STATE

from grievances.cases.guards import hearings, holds, investigation, people, triage
from grievances.cases.guards.context import Brief, CaseShape
from grievances.vocabulary import ACTIVE, OPEN, CloseReason, Route
from grievances.vocabulary import State as S
from workflow.steps import step

case_step = partial(step, field="state")

PEOPLE = (people.G_TRAINED, people.G_NO_CONFLICT, people.G_SEPARATION, people.G_EXCLUDED)


def _return_state(case: CaseShape, *args: Any, **kwargs: Any) -> str:
    return case.return_states[-1]


RETURN = GET_STATE(_return_state, states=[S.SUBMITTED, *ACTIVE, S.ON_HOLD])


def _close(case: CaseShape, brief: Brief, reason: CloseReason) -> None:
    case.closed_on, case.close_reason = brief.today, reason


class Lifecycle(CaseShape):
    """The 38 transitions, as a mixin of `Case`."""

    @case_step(
        code="T01",
        source=[S.DRAFT],
        target=S.SUBMITTED,
        label="Send this concern",
        guards=[triage.ACCOUNT, triage.IDENTITY, triage.CONTACT, triage.SOMEONE_LEFT],
        starts=["OVERALL", "ACK"],
    )
    def submit(self, brief: Brief) -> None:
        """The complainant sends the concern; it is formal by default (Acas Code)."""
        self.received_at, self.received_on = brief.now, brief.today

    @case_step(
        code="T02",
        source=[S.SUBMITTED],
        target=S.TRIAGE,
        label="Acknowledge and take on",
        guards=[people.G_TRAINED, people.G_NO_CONFLICT, people.G_EXCLUDED, people.DECLARED],
        stops=["ACK"],
        starts=["TRIAGE"],
    )
    def acknowledge(self, brief: Brief) -> None:
        """A triage officer takes the concern on and the complainant is told."""

    @case_step(
        code="T03",
        source=[S.SUBMITTED],
        target=None,
        label="Pass to another triage officer",
        guards=[triage.REROUTE],
    )
    def reroute(self, brief: Brief) -> None:
        """A triage officer who is conflicted, away or left out loses the case; ACK runs on."""

    @case_step(
        code="T04",
        source=[S.TRIAGE],
        target=S.ALLOCATION,
        label="Agree the formal way forward",
        guards=[triage.SAFETY_CHECKED, triage.EXCLUSIONS_ASKED, triage.SHARING_RECORDED],
        stops=["TRIAGE"],
        starts=["ALLOCATION"],
    )
    def agree_formal(self, brief: Brief) -> None:
        self.route, self.triaged_on = Route.FORMAL, brief.today

    @case_step(
        code="T05",
        source=[S.TRIAGE],
        target=S.INFORMAL,
        label="Begin the informal way forward",
        guards=[people.NAMED, triage.G_INFORMAL, triage.INFORMAL_SAFE],
        stops=["TRIAGE"],
        starts=["INFORMAL"],
    )
    def agree_informal(self, brief: Brief) -> None:
        self.route, self.triaged_on = Route.INFORMAL, brief.today

    @case_step(
        code="T06",
        source=[S.TRIAGE],
        target=S.MEDIATION,
        label="Begin mediation",
        guards=[people.NAMED, people.G_CONSENT, *PEOPLE],
        stops=["TRIAGE"],
        starts=["MEDIATION"],
    )
    def begin_mediation(self, brief: Brief) -> None:
        self.route, self.triaged_on = Route.MEDIATION, brief.today

    @case_step(
        code="T07",
        source=[S.TRIAGE],
        target=S.CLOSED,
        label="Pass to another process and close",
        guards=[triage.OUT_OF_SCOPE, triage.TAKEN_ELSEWHERE, people.COUNTERSIGNED],
        stops=["TRIAGE", "OVERALL"],
    )
    def redirect(self, brief: Brief) -> None:
        _close(self, brief, CloseReason.REDIRECTED)

    @case_step(
        code="T08",
        source=[S.TRIAGE],
        target=S.CLOSED,
        label="Join to an earlier concern and close",
        guards=[triage.DUPLICATE, triage.READERS_ANNOUNCED],
        stops=["TRIAGE", "OVERALL"],
    )
    def merge(self, brief: Brief) -> None:
        _close(self, brief, CloseReason.DUPLICATE_MERGED)

    @case_step(
        code="T09",
        source=[S.TRIAGE],
        target=S.CLOSED,
        label="Close: not enough could be learned",
        guards=[
            triage.ANONYMOUS_ONLY,
            triage.LONG_ENOUGH,
            triage.TWO_QUESTIONS,
            people.COUNTERSIGNED,
        ],
        stops=["TRIAGE", "OVERALL"],
    )
    def close_insufficient(self, brief: Brief) -> None:
        _close(self, brief, CloseReason.ANONYMOUS_INSUFFICIENT)

    @case_step(
        code="T10",
        source=[S.INFORMAL],
        target=S.CLOSED,
        label="It is resolved: close it",
        guards=[people.CONFIRMED],
        stops=["INFORMAL", "OVERALL"],
    )
    def confirm_resolved(self, brief: Brief) -> None:
        _close(self, brief, CloseReason.RESOLVED_INFORMALLY)

    @case_step(
        code="T11",
        source=[S.INFORMAL],
        target=S.ALLOCATION,
        label="Switch to the formal way forward",
        guards=[triage.INFORMAL_OVER],
        stops=["INFORMAL"],
        starts=["ALLOCATION"],
    )
    def switch_to_formal(self, brief: Brief) -> None:
        self.route = Route.FORMAL

    @case_step(
        code="T12",
        source=[S.INFORMAL],
        target=S.MEDIATION,
        label="Begin mediation",
        guards=[people.NAMED, people.G_CONSENT, *PEOPLE],
        stops=["INFORMAL"],
        starts=["MEDIATION"],
    )
    def mediate_instead(self, brief: Brief) -> None:
        self.route = Route.MEDIATION

    @case_step(
        code="T13",
        source=[S.MEDIATION],
        target=S.CLOSED,
        label="Record the agreement and close",
        guards=[triage.BOTH_SETTLE, triage.TERMS, triage.NO_GAG],
        stops=["MEDIATION", "OVERALL"],
    )
    def settle(self, brief: Brief) -> None:
        _close(self, brief, CloseReason.RESOLVED_MEDIATION)

    @case_step(
        code="T14",
        source=[S.MEDIATION],
        target=S.ALLOCATION,
        label="End mediation and go on formally",
        stops=["MEDIATION"],
        starts=["ALLOCATION"],
    )
    def end_mediation(self, brief: Brief) -> None:
        self.route = Route.FORMAL

    @case_step(
        code="T15",
        source=[S.ALLOCATION],
        target=None,
        label="Offer this case to someone",
        guards=[*PEOPLE, people.G_CAPACITY, people.NO_OPEN_OFFER],
        keeps=["role"],
    )
    def offer(self, brief: Brief) -> None:
        """A candidate is asked; the complainant is told the name and may object for 2 WD."""

    @case_step(code="T16", source=[S.ALLOCATION], target=None, label="Decline this case")
    def decline(self, brief: Brief) -> None:
        """A candidate says no, or the offer runs out. There is never a mark against declining."""

    @case_step(
        code="T17",
        source=[S.ALLOCATION],
        target=S.INVESTIGATION,
        label="Begin the investigation",
        guards=[people.G_ACCEPTED, people.NO_OBJECTION, *PEOPLE, people.DECLARED],
        stops=["ALLOCATION"],
        starts=["MEETING", "INVESTIGATION", "UPDATE"],
    )
    def begin_investigation(self, brief: Brief) -> None:
        self.meeting_held_on, self.meeting_declined = None, False

    @case_step(
        code="T18",
        source=[S.INVESTIGATION],
        target=None,
        label="Record the meeting",
        guards=[investigation.MEETING_TOLD, investigation.COMPANION_ASKED],
        stops=["MEETING"],
    )
    def record_meeting(self, brief: Brief) -> None:
        self.meeting_held_on = brief.get("held_on")
        self.meeting_declined = bool(brief.get("declined"))

    @case_step(
        code="T19",
        source=[S.INVESTIGATION],
        target=S.DECISION,
        label="Send the report to the decision maker",
        guards=[
            investigation.MET,
            hearings.ANSWER_AWAITED,
            investigation.RESPONDENT_HEARD,
            investigation.ALL_COVERED,
            investigation.EVIDENCE_COMPLETE,
            investigation.REPORT,
        ],
        stops=["INVESTIGATION", "SUPPLEMENTARY", "MEETING"],
        starts=["DECISION"],
    )
    def submit_report(self, brief: Brief) -> None:
        self.reported_on = brief.today

    @case_step(
        code="T20",
        source=[S.DECISION],
        target=S.INVESTIGATION,
        label="Send back for further enquiries",
        guards=[investigation.ENQUIRIES, investigation.SECOND_RETURN],
        stops=["DECISION"],
        starts=["SUPPLEMENTARY"],
    )
    def return_for_enquiries(self, brief: Brief) -> None:
        self.returns += 1

    @case_step(
        code="T21",
        source=[S.DECISION],
        target=S.OUTCOME,
        label="Give the decision",
        guards=[
            people.G_SEPARATION,
            people.NO_OBJECTION,
            investigation.ALL_FOUND,
            investigation.ACTIONS_OWNED,
            investigation.APPEAL_RIGHTS,
            triage.NO_GAG,
        ],
        stops=["DECISION", "OVERALL", "UPDATE"],
        starts=["APPEAL_WINDOW", "SURVEY_A"],
    )
    def decide(self, brief: Brief) -> None:
        self.outcome = self.outcome_of(brief.get("findings"))
        self.outcome_on = brief.today

    @case_step(
        code="T22",
        source=[S.OUTCOME],
        target=S.APPEAL_ALLOCATION,
        label="Appeal",
        guards=[investigation.GROUNDS, investigation.IN_WINDOW],
        stops=["APPEAL_WINDOW"],
        starts=["APPEAL", "APPEAL_ALLOC"],
    )
    def appeal(self, brief: Brief) -> None:
        self.appealed_on = brief.today

    @case_step(
        code="T23",
        source=[S.OUTCOME],
        target=S.CLOSED,
        label="I do not want to appeal: close it",
        guards=[investigation.WINDOW_OVER],
        stops=["APPEAL_WINDOW"],
    )
    def accept_outcome(self, brief: Brief) -> None:
        _close(self, brief, CloseReason.FINDING)

    @case_step(
        code="T24",
        source=[S.APPEAL_ALLOCATION],
        target=S.APPEAL,
        label="Begin the appeal",
        guards=[
            people.G_APPEAL_ACCEPTED,
            people.NO_OBJECTION,
            people.G_TRAINED,
            people.G_NO_CONFLICT,
            people.G_SEPARATION,
            people.G_SENIORITY,
            people.DECLARED,
        ],
        stops=["APPEAL_ALLOC"],
        starts=["APPEAL_MEETING"],
    )
    def begin_appeal(self, brief: Brief) -> None:
        """The appeal manager begins; nobody who touched the case before may be that person."""

    @case_step(
        code="T25",
        source=[S.APPEAL],
        target=S.CLOSED,
        label="Give the appeal decision",
        guards=[
            people.NO_OBJECTION,
            investigation.REASONS,
            investigation.COMPANION_ASKED,
            investigation.APPEAL_OUTCOME,
            investigation.APPEAL_FINDINGS,
            investigation.APPEAL_ACTIONS,
        ],
        stops=["APPEAL", "APPEAL_MEETING"],
    )
    def decide_appeal(self, brief: Brief) -> None:
        _close(self, brief, CloseReason(brief.get("outcome")))

    @case_step(
        code="T26",
        source=[S.APPEAL],
        target=S.ALLOCATION,
        label="Send back for a fresh investigation",
        guards=[investigation.REASONS],
        stops=["APPEAL", "APPEAL_MEETING"],
        starts=["ALLOCATION"],
    )
    def remit(self, brief: Brief) -> None:
        self.remits += 1
        self.outcome, self.outcome_on, self.returns = "", None, 0
        self.respondent_asked_on = None

    @case_step(
        code="T27",
        source=list(ACTIVE),
        target=S.ON_HOLD,
        label="Pause",
        guards=[
            holds.PAUSING_REASON,
            holds.EXPLAINED,
            holds.REVIEW_SOON,
            holds.QUESTION_ASKED,
            holds.LONG_HOLD,
        ],
        starts=["HOLD_REVIEW"],
        pauses=True,
    )
    def hold(self, brief: Brief) -> None:
        self.return_states = [*self.return_states, self.state]
        self.hold_reason, self.hold_review_on = brief.get("reason"), brief.get("review_on")

    @case_step(
        code="T28",
        source=[S.ON_HOLD],
        target=RETURN,
        label="Go on again",
        guards=[holds.OWN_HOLD, holds.REVIEW_DUE],
        stops=["HOLD_REVIEW"],
        resumes=True,
    )
    def resume(self, brief: Brief) -> None:
        self.hold_reason, self.hold_review_on = "", None

    @case_step(
        code="T29",
        source=[S.ON_HOLD],
        target=None,
        label="Renew the pause",
        guards=[holds.EXPLAINED, holds.VIEW_RECORDED, holds.REVIEW_SOON],
        stops=["HOLD_REVIEW"],
        starts=["HOLD_REVIEW"],
    )
    def renew_hold(self, brief: Brief) -> None:
        self.hold_review_on = brief.get("review_on")

    @case_step(
        code="T30",
        source=[S.SUBMITTED, *ACTIVE, S.ON_HOLD],
        target=S.WITHDRAWAL_PENDING,
        label="Withdraw this concern",
        starts=["WELFARE", "COOLING_OFF"],
        pauses=True,
    )
    def ask_to_withdraw(self, brief: Brief) -> None:
        """The complainant asks, without giving a reason; 5 working days to change their mind."""
        self.return_states = [*self.return_states, self.state]
        self.withdrawal_asked_on = brief.today
        self.pressure, self.contact_attempts = brief.get("pressure") or "", 0

    @case_step(
        code="T31",
        source=[S.WITHDRAWAL_PENDING],
        target=RETURN,
        label="Keep my concern going",
        stops=["WELFARE", "COOLING_OFF"],
        resumes=True,
    )
    def stay(self, brief: Brief) -> None:
        self.withdrawal_asked_on, self.pressure, self.contact_attempts = None, "", 0

    @case_step(
        code="T32",
        source=[S.WITHDRAWAL_PENDING],
        target=S.CLOSED,
        label="Close as withdrawn",
        guards=[holds.COOLED_OFF, holds.VOLUNTARY, holds.PRESSURE_CLEAR],
        stops=["WELFARE", "COOLING_OFF", "HOLD_REVIEW", "*"],
    )
    def close_withdrawn(self, brief: Brief) -> None:
        self.return_states = []
        _close(self, brief, CloseReason.WITHDRAWN)

    @case_step(
        code="T33",
        source=[S.CLOSED],
        target=S.TRIAGE,
        label="Reopen",
        guards=[holds.REOPEN_ASKED, holds.REOPEN_REASON, holds.REOPEN_IN_TIME],
        stops=["*"],
        starts=["OVERALL", "TRIAGE"],
    )
    def reopen(self, brief: Brief) -> None:
        """A new episode begins, with new officers; the earlier one stays as it was."""
        self.episode += 1
        self.received_on, self.reopen_asked_on = brief.today, None
        self.outcome, self.outcome_on, self.closed_on, self.close_reason = "", None, None, ""
        self.safety_checked_on, self.exclusions_asked_on = None, None
        self.meeting_held_on, self.meeting_declined, self.returns = None, False, 0
        self.respondent_asked_on = None

    @case_step(
        code="T34",
        source=[S.INVESTIGATION],
        target=S.ALLOCATION,
        label="Change the handler",
        guards=[holds.CHANGE_REASON],
        starts=["ALLOCATION"],
    )
    def change_handler(self, brief: Brief) -> None:
        """The INVESTIGATION clock runs on: the complainant does not pay for the change."""

    @case_step(
        code="T35",
        source=list(OPEN),
        target=None,
        label="Move a date",
        guards=[holds.BEFORE_DUE, holds.DAYS, holds.EXTENSION_EXPLAINED],
        keeps=["clock", "days"],
    )
    def extend(self, brief: Brief) -> None:
        """The current date moves; the original stays for the statistics."""

    @case_step(
        code="T36",
        source=[S.CLOSED],
        target=S.ARCHIVED,
        label="Archive",
        guards=[holds.AFTERCARE_DONE, holds.YEAR_PASSED, holds.NO_LEGAL_HOLD],
        starts=["RETENTION"],
    )
    def archive(self, brief: Brief) -> None:
        self.archived_on = brief.today

    @case_step(
        code="T37",
        source=[S.ARCHIVED],
        target=None,
        label="Erase",
        guards=[
            holds.NOT_ERASED,
            holds.RETENTION_OVER,
            holds.NO_LEGAL_HOLD,
            holds.NO_HOLD_ASKED,
            people.COUNTERSIGNED,
        ],
        stops=["RETENTION"],
    )
    def erase(self, brief: Brief) -> None:
        self.erased_on = brief.today

    @case_step(
        code="T38",
        source=[S.DRAFT],
        target=None,
        label="Delete this draft",
        guards=[holds.UNTOUCHED],
    )
    def delete_draft(self, brief: Brief) -> None:
        """Nothing is left: a draft was never anybody else's business."""
