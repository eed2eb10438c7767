"""The acts that move a case nowhere, but belong to its life: said, asked, agreed, checked.

They pass the same door as the steps (`actions.perform`) and leave the same events. Codes begin
with N, so that nobody takes them for one of the 38 transitions of domain.md 5.2.
"""

from grievances.cases.guards import holds, people, triage
from grievances.cases.guards.context import Brief
from grievances.cases.steps.emergency_steps import Emergencies
from grievances.cases.steps.hearing_steps import HearingActs
from grievances.cases.steps.transitions import PEOPLE, case_step
from grievances.vocabulary import ACTIVE, OPEN, Identity
from grievances.vocabulary import State as S
from workflow.steps import Guard

HOLDING = (*OPEN, S.CLOSED)


def _needs(name: str, sentence: str, code: str = "ANSWER_MISSING") -> Guard:
    return Guard(code, sentence, "domain.md 5", lambda case, brief: bool(brief.get(name)))


class Acts(Emergencies, HearingActs):
    """Acts as a mixin of `Case`; every one keeps the state."""

    @case_step(
        code="N01",
        source=list(HOLDING),
        target=None,
        label="Write a message",
        guards=[_needs("text", "Write your message first.")],
    )
    def message(self, brief: Brief) -> None:
        """Closing never silences the complainant (peers.md 4 row 18)."""
        if brief.role == "complainant":
            self.questions.filter(answered_on__isnull=True).update(answered_on=brief.today)

    @case_step(
        code="N02", source=[S.SUBMITTED, S.TRIAGE], target=None, label="Ask for an informal way"
    )
    def ask_informal(self, brief: Brief) -> None:
        self.asked_informal = True

    @case_step(
        code="N03",
        source=list(OPEN),
        target=None,
        label="Say who may know your name",
    )
    def share_name(self, brief: Brief) -> None:
        """Sharing can be agreed to later, and cannot be undone once agreed (domain.md 5.7)."""
        self.name_shared = bool(self.name_shared) or brief.get("share") == "yes"

    @case_step(
        code="N04",
        source=[S.SUBMITTED, *ACTIVE, S.ON_HOLD],
        target=None,
        label="Keep someone away from this",
        guards=[_needs("people", "Give the name or user name of each person.")],
    )
    def exclude(self, brief: Brief) -> None:
        """The complainant names people who must not read or handle this; no reason is asked."""

    @case_step(
        code="N05",
        source=[S.ALLOCATION, S.INVESTIGATION, S.DECISION, S.APPEAL_ALLOCATION, S.APPEAL],
        target=None,
        label="Object to a proposed person",
        guards=[_needs("offer", "Choose the person you object to."), people.OBJECTION_IN_TIME],
    )
    def object_to_person(self, brief: Brief) -> None:
        """The complainant has 2 working days, also when the work begins before they are over.

        Silence is no objection (domain.md 5.9).
        """

    @case_step(
        code="N06",
        source=[S.ALLOCATION, S.INVESTIGATION, S.DECISION, S.APPEAL_ALLOCATION, S.APPEAL],
        target=None,
        label="Answer an objection",
        guards=[_needs("answer", "Choose whether the objection is agreed.")],
    )
    def answer_objection(self, brief: Brief) -> None:
        """The casework lead agrees (the person steps back) or explains why not."""

    @case_step(
        code="N51",
        source=list(HOLDING),
        target=None,
        label="Answer about a new person",
        guards=[
            _needs("reader", "Choose the person."),
            _needs("answer", "Choose one of the two answers."),
        ],
    )
    def answer_reader(self, brief: Brief) -> None:
        """The complainant lets an announced person begin at once, or keeps them away."""

    @case_step(
        code="N54",
        source=[S.TRIAGE],
        target=None,
        label="Announce who would read this with an earlier concern",
        guards=[triage.DUPLICATE],
    )
    def announce_joining(self, brief: Brief) -> None:
        """Before two concerns are joined, whoever works on the earlier one is announced."""

    @case_step(
        code="N07",
        source=[S.INFORMAL],
        target=None,
        label="Give it more time",
        guards=[holds.DAYS],
        keeps=["days"],
    )
    def extend_informal(self, brief: Brief) -> None:
        """Only the complainant may lengthen the informal period (domain.md 5.2 T11)."""

    @case_step(code="N08", source=list(OPEN), target=None, label="Say that this has stalled")
    def say_stalled(self, brief: Brief) -> None:
        """domain.md 5.5: the casework lead is told."""

    @case_step(
        code="N09",
        source=[S.CLOSED],
        target=None,
        label="Answer a check-in",
        guards=[_needs("worse", "Choose an answer.")],
        stops=["CHECKIN_AGAIN"],
    )
    def answer_check_in(self, brief: Brief) -> None:
        """How things have been since (domain.md 5.6)."""

    @case_step(
        code="N10",
        source=[S.CLOSED],
        target=None,
        label="Ask for this to be reopened",
        guards=[_needs("reason", "Choose a reason.")],
    )
    def ask_to_reopen(self, brief: Brief) -> None:
        self.reopen_asked_on = brief.today

    @case_step(
        code="N20",
        source=[S.TRIAGE],
        target=None,
        label="Save the safety check",
        guards=[triage.SAFETY_ANSWERS],
    )
    def check_safety(self, brief: Brief) -> None:
        self.safety_checked_on = brief.today
        self.fast_track = self.fast_track or bool(brief.get("flags"))

    @case_step(
        code="N21", source=[S.TRIAGE], target=None, label="Record that exclusions were asked"
    )
    def ask_exclusions(self, brief: Brief) -> None:
        self.exclusions_asked_on = brief.today

    @case_step(
        code="N22",
        source=list(ACTIVE),
        target=None,
        label="Ask the complainant a question",
        guards=[_needs("text", "Write the question first.")],
    )
    def ask_question(self, brief: Brief) -> None:
        """A written question; only after one can waiting for the answer pause the case."""

    @case_step(
        code="N23",
        source=[S.TRIAGE, S.INFORMAL, S.ALLOCATION, S.INVESTIGATION],
        target=None,
        label="Say who the concern is about",
        guards=[_needs("person", "Choose a person from the directory.")],
    )
    def name_respondent(self, brief: Brief) -> None:
        """From then on that person and their line are shut out (domain.md 5.3)."""

    @case_step(
        code="N24",
        source=[S.TRIAGE, S.INFORMAL, S.MEDIATION],
        target=None,
        label="Ask both people for their agreement",
        guards=[people.NAMED, _needs("what", "Choose what you ask them to agree to.")],
    )
    def ask_consent(self, brief: Brief) -> None:
        """Each answers in their own account (G_CONSENT); nobody answers for another."""

    @case_step(
        code="N25",
        source=list(OPEN),
        target=None,
        label="Ask the casework lead for approval",
        guards=[_needs("step", "Choose what you need approval for."), _needs("text", "Say why.")],
    )
    def ask_approval(self, brief: Brief) -> None:
        """A second person's yes, with a reason (domain.md 0 rule 4)."""

    @case_step(
        code="N26",
        source=list(OPEN),
        target=None,
        label="Answer a request for approval",
        guards=[
            _needs("approval", "Choose the request."),
            _needs("answer", "Choose yes or no."),
            _needs("text", "Give your reason."),
        ],
    )
    def answer_approval(self, brief: Brief) -> None:
        """The casework lead answers; the answer serves once."""

    @case_step(
        code="N27",
        source=[S.WITHDRAWAL_PENDING],
        target=None,
        label="Record the talk about withdrawing",
        guards=[_needs("reached", "Say whether you reached the complainant.")],
    )
    def check_voluntary(self, brief: Brief) -> None:
        self.contact_attempts += 1
        if brief.get("reached") == "yes":
            self.pressure = brief.get("pressure") or ""

    @case_step(
        code="N30",
        source=[S.ALLOCATION, S.INVESTIGATION, S.DECISION, S.APPEAL_ALLOCATION, S.APPEAL],
        target=None,
        label="Accept this case",
        guards=[people.DECLARED, *PEOPLE],
    )
    def accept(self, brief: Brief) -> None:
        """Explicit acceptance in the person's own session (G_ACCEPTED)."""

    @case_step(
        code="N31",
        source=[S.APPEAL_ALLOCATION, S.APPEAL, S.INVESTIGATION, S.DECISION],
        target=None,
        label="Decline this case",
    )
    def decline_later(self, brief: Brief) -> None:
        """As T16, for offers made after the first allocation."""

    @case_step(
        code="N32",
        source=[S.APPEAL_ALLOCATION, S.APPEAL, S.INVESTIGATION, S.DECISION],
        target=None,
        label="Offer this part to someone",
        guards=[*PEOPLE, people.G_CAPACITY, people.G_SENIORITY, people.NO_OPEN_OFFER],
        keeps=["role"],
    )
    def offer_later(self, brief: Brief) -> None:
        """The appeal manager, or someone for a part that has become vacant."""

    @case_step(
        code="N33",
        source=list(HOLDING),
        target=None,
        label="Step back from this case",
    )
    def recuse(self, brief: Brief) -> None:
        """The case leaves the person's sight at once and for good, in whatever state it is."""

    @case_step(
        code="N52",
        source=list(HOLDING),
        target=None,
        label="Give your name",
        guards=[people.WITHOUT_NAME, _needs("person", "Sign in with your account first.")],
    )
    def give_name(self, brief: Brief) -> None:
        """From anonymous to confidential, by the complainant alone; there is no way back."""
        self.identity, self.name_shared = Identity.CONFIDENTIAL, None

    @case_step(
        code="N53",
        source=list(HOLDING),
        target=None,
        label="Use your name openly",
        guards=[people.CONFIDENTIAL_ONLY, people.CONFIRMED],
    )
    def use_name(self, brief: Brief) -> None:
        """From confidential to open, by the complainant alone; there is no way back."""
        self.identity, self.name_shared = Identity.OPEN, True

    @case_step(
        code="N40",
        source=[S.INVESTIGATION, S.DECISION],
        target=None,
        label="Send the complainant an update",
        guards=[_needs("text", "Write the update first.")],
        stops=["UPDATE"],
        starts=["UPDATE"],
    )
    def send_update(self, brief: Brief) -> None:
        """Kept informed, whatever there is to say (K8)."""

    @case_step(
        code="N41",
        source=[S.INVESTIGATION],
        target=None,
        label="Record the chance to answer",
        guards=[_needs("asked_on", "Give the day the person was asked.")],
    )
    def record_respondent(self, brief: Brief) -> None:
        self.respondent_asked_on = brief.get("asked_on")

    @case_step(
        code="N42",
        source=[S.TRIAGE, S.ALLOCATION, S.INVESTIGATION],
        target=None,
        label="Add a part to the concern",
        guards=[_needs("text", "Describe this part in the complainant's own words.")],
    )
    def add_allegation(self, brief: Brief) -> None:
        """The concern in parts, each of which the decision must answer."""

    @case_step(
        code="N43",
        source=list(HOLDING),
        target=None,
        label="Add evidence",
        guards=[_needs("files", "Choose a file first.")],
    )
    def add_evidence(self, brief: Brief) -> None:
        """Files, sealed in chunks, their keys under a key of the case."""

    @case_step(
        code="N61",
        source=list(HOLDING),
        target=None,
        label="Choose which copy others see",
        guards=[_needs("file", "Choose a file."), _needs("others", "Choose which copy.")],
    )
    def choose_copy(self, brief: Brief) -> None:
        """Whoever added a file decides whether its hidden details matter (peers.md 3, 10)."""

    @case_step(
        code="N62",
        source=list(HOLDING),
        target=None,
        label="Check a file again",
        guards=[_needs("file", "Choose a file.")],
    )
    def check_file(self, brief: Brief) -> None:
        """The virus scan once more, asked for by somebody who holds a key."""

    @case_step(
        code="N44",
        source=[S.MEDIATION],
        target=None,
        label="Write a mediation note",
        guards=[_needs("text", "Write the note first.")],
    )
    def write_mediation_note(self, brief: Brief) -> None:
        """Sealed to the mediator alone (domain.md 11.1)."""

    @case_step(
        code="N45",
        source=[S.OUTCOME, S.CLOSED],
        target=None,
        label="Record that an action is done",
        guards=[_needs("action", "Choose the action.")],
    )
    def finish_action(self, brief: Brief) -> None:
        """K13: actions delivered."""

    @case_step(
        code="N63",
        source=list(OPEN),
        target=None,
        label="Move to a newer policy",
        guards=[holds.NEWER_POLICY, holds.VERSION, holds.EXTENSION_EXPLAINED],
        keeps=["version"],
    )
    def move_policy(self, brief: Brief) -> None:
        """A case keeps the policy it began under until the casework lead moves it (domain.md 0)."""

    @case_step(
        code="N64",
        source=list(OPEN),
        target=None,
        label="Explain a delay",
        guards=[
            holds.SOMETHING_LATE,
            holds.LATE,
            holds.DELAY_REASON,
            holds.EXPECTED,
            holds.EXTENSION_EXPLAINED,
        ],
    )
    def explain_delay(self, brief: Brief) -> None:
        """The complainant is told the date and the reason; what is late stays late (5.5)."""

    @case_step(
        code="N75",
        source=[*OPEN, S.CLOSED, S.ARCHIVED],
        target=None,
        label="Ask for a second yes about keeping this",
        guards=[
            _needs("step", "Choose what you ask for."),
            _needs("reason", "Choose a reason."),
            holds.NOT_ERASED,
        ],
    )
    def ask_keeping(self, brief: Brief) -> None:
        """Codes and no words: the officer holds no key, and the words would be erased as well."""

    @case_step(
        code="N76",
        source=[*OPEN, S.CLOSED, S.ARCHIVED],
        target=None,
        label="Answer a request about keeping this",
        guards=[
            _needs("approval", "Choose the request."),
            _needs("answer", "Choose yes or no."),
            holds.NOT_ERASED,
        ],
    )
    def answer_keeping(self, brief: Brief) -> None:
        """A second person; the answer serves once."""

    @case_step(
        code="N77",
        source=[*OPEN, S.CLOSED, S.ARCHIVED],
        target=None,
        label="Set a legal hold",
        guards=[holds.NOT_ERASED, holds.NOT_HELD, people.COUNTERSIGNED],
    )
    def set_legal_hold(self, brief: Brief) -> None:
        """Nothing is archived or erased until two people lift it (domain.md 2)."""
        self.legal_hold = True

    @case_step(
        code="N78",
        source=[*OPEN, S.CLOSED, S.ARCHIVED],
        target=None,
        label="Lift the legal hold",
        guards=[holds.HELD, people.COUNTERSIGNED],
    )
    def lift_legal_hold(self, brief: Brief) -> None:
        self.legal_hold = False
