"""Steps that send, delete or name a concern (T01, T38, N03, N52, N53, N95)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import NoticeKind, Placement, To, case_step
from grievances.cases.guards import holds, people, triage
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    COMPLAINANT,
    LEAD,
    TRIAGE,
    WITH_A_NAME,
)
from grievances.cases.states import HOLDING, close
from grievances.policy.clock_names import EVERY_CLOCK, ClockName
from grievances.vocabulary import (
    OPEN,
    CloseReason,
    Identity,
)
from grievances.vocabulary import State as S


class IntakeSteps(CaseShape):
    """Steps that send, delete or name a concern (T01, T38, N03, N52, N53, N95)."""

    @case_step(
        code="T01",
        source=[S.DRAFT],
        target=S.SUBMITTED,
        label=gettext_noop("Send this concern"),
        past=gettext_noop("sent the concern"),
        who=COMPLAINANT,
        guards=[triage.ACCOUNT, triage.IDENTITY, triage.CONTACT, triage.SOMEONE_LEFT],
        starts=[ClockName.OVERALL, ClockName.ACK],
        stops=[ClockName.DRAFT_WARNING, ClockName.DRAFT],
        notify=[(To.COMPLAINANT, NoticeKind.RECEIPT), (To.TRIAGE, NoticeKind.ALLOCATION)],
    )
    def submit(self, step_context: StepContext) -> None:
        """Send the concern.

        It is formal by default (Acas Code).
        """
        self.received_at, self.received_on = step_context.now, step_context.today

    @case_step(
        code="T38",
        source=[S.DRAFT],
        target=None,
        label=gettext_noop("Delete this draft"),
        past=gettext_noop("deleted the draft"),
        who=COMPLAINANT,
        guards=[holds.UNTOUCHED],
        lapse=ClockName.DRAFT,
    )
    def delete_draft(self, step_context: StepContext) -> None:
        """Delete a draft and leave nothing of it.

        A draft never concerned anyone but its writer.
        """

    @case_step(
        code="N114",
        source=[S.SUBMITTED, S.TRIAGE, S.ON_HOLD],
        target=None,
        label=gettext_noop("Confirm that this is my concern"),
        past=gettext_noop("confirmed that the concern is theirs"),
        who=COMPLAINANT,
        guards=[triage.AGREEMENT_OPEN, triage.HEARD, people.CONFIRMED],
        notify=[(To.TRIAGE, NoticeKind.UPDATE)],
        urgency=1,
        applies=lambda at: at.case.waits_for_agreement(),
    )
    def confirm_concern(self, step_context: StepContext) -> None:
        """Confirm a concern that another person raised for the complainant.

        From now on it is worked on, and it is theirs.
        """
        self.agreed_on = step_context.today

    @case_step(
        code="N115",
        source=[S.SUBMITTED, S.TRIAGE],
        target=S.CLOSED,
        label=gettext_noop("I do not want this concern"),
        past=gettext_noop("said that they do not want the concern"),
        who=COMPLAINANT,
        guards=[triage.AGREEMENT_OPEN, triage.HEARD, people.CONFIRMED],
        stops=[EVERY_CLOCK],
        notify=[(To.TRIAGE, NoticeKind.UPDATE)],
        applies=lambda at: at.case.waits_for_agreement(),
    )
    def refuse_concern(self, step_context: StepContext) -> None:
        """Close a concern that another person raised, as the complainant does not want it.

        There is no cooling-off: they never raised it, so they withdraw nothing.
        """
        close(self, step_context, CloseReason.WITHDRAWN)

    @case_step(
        code="N126",
        source=[S.TRIAGE],
        target=None,
        label=gettext_noop("Record that you spoke with the person it happened to"),
        past=gettext_noop("recorded that they spoke with the person it happened to"),
        who=TRIAGE,
        guards=[
            triage.AGREEMENT_OPEN,
            people.CONFIRMED,
            needs("ending", "Enter the last 4 characters of the case key they have now."),
        ],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        applies=lambda at: triage.waits_for_talk(at.case),
    )
    def hear_person(self, step_context: StepContext) -> None:
        """Record that an officer spoke with the person, who holds the case key in use.

        Until then, the holder of a case key that another person has seen decides nothing.
        """
        self.heard_on = step_context.today

    @case_step(
        code="N128",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Ask for a new case key for the person"),
        past=gettext_noop("asked for a new case key, because the person has lost theirs"),
        who=TRIAGE,
        guards=[
            triage.BY_CASE_KEY,
            triage.NEW_KEY_FREE,
            people.CONFIRMED,
            needs("text", "Write how you made sure who the person is."),
        ],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.LEAD, NoticeKind.ANSWER_NEEDED)],
        placement=Placement.ASIDE,
        applies=lambda at: (
            at.case.identity == Identity.ANONYMOUS and at.case.new_key_asked_on is None
        ),
    )
    def ask_new_key(self, step_context: StepContext) -> None:
        """Ask for a new case key, after a talk with the person who lost theirs.

        No officer gives one alone: they could put themselves in the place of the complainant.
        """
        self.new_key_asked_on, self.new_key_agreed_on = step_context.today, None

    @case_step(
        code="N129",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Agree to a new case key"),
        past=gettext_noop("agreed to a new case key"),
        who=LEAD,
        guards=[
            triage.BY_CASE_KEY,
            triage.NEW_KEY_ASKED,
            triage.HALF_NOT_TOLD,
            people.CONFIRMED,
            needs("half", "The first half of the new key is missing. Open this page again."),
        ],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.TRIAGE, NoticeKind.UPDATE)],
        urgency=4,
        applies=lambda at: (
            at.case.new_key_asked_on is not None and at.case.new_key_agreed_on is None
        ),
    )
    def agree_new_key(self, step_context: StepContext) -> None:
        """Agree, after a talk of the lead's own with the person.

        The lead gives the person the first half of the key.
        """
        self.new_key_agreed_on = step_context.today

    @case_step(
        code="N130",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Give the person the new case key"),
        past=gettext_noop("gave the person a new case key in the place of the one they had lost"),
        who=TRIAGE,
        guards=[
            triage.BY_CASE_KEY,
            triage.NEW_KEY_AGREED,
            triage.NEW_KEY_WAITED,
            triage.NEW_KEY_IN_TIME,
            needs("half", "The second half of the new key is missing. Open this page again."),
        ],
        notify=[(To.LEAD, NoticeKind.UPDATE)],
        urgency=4,
        applies=lambda at: at.case.new_key_agreed_on is not None,
    )
    def give_new_key(self, step_context: StepContext) -> None:
        """Put the new case key in the place of the lost one; each officer knows half.

        The person replaces it when they first come back with it, so that no one else knows theirs.
        """
        self.key_handed_over, self.heard_on = True, None
        self.new_key_asked_on = self.new_key_agreed_on = None

    @case_step(
        code="N131",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Stop the new case key"),
        past=gettext_noop("stopped the new case key"),
        who=COMPLAINANT | LEAD | TRIAGE,
        guards=[triage.NEW_KEY_ASKED, triage.KEY_IN_USE_IS_THEIRS, people.CONFIRMED],
        notify=[
            (To.COMPLAINANT, NoticeKind.UPDATE),
            (To.TRIAGE, NoticeKind.UPDATE),
            (To.LEAD, NoticeKind.UPDATE),
        ],
        urgency=6,
        applies=lambda at: at.case.new_key_asked_on is not None,
    )
    def refuse_new_key(self, step_context: StepContext) -> None:
        """Stop a new case key that is not needed, or cannot be given any more."""
        self.new_key_asked_on = self.new_key_agreed_on = None

    @case_step(
        code="N52",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Give your name"),
        past=gettext_noop("gave their name"),
        who=COMPLAINANT,
        guards=[
            triage.AGREED,
            people.WITHOUT_NAME,
            needs("person", gettext_noop("Sign in with your account first.")),
        ],
        notify=[(To.TRIAGE, NoticeKind.UPDATE)],
    )
    def give_name(self, step_context: StepContext) -> None:
        """Change an anonymous concern to a confidential one.

        Only the complainant may do so. It cannot be undone.
        """
        self.identity, self.name_shared = Identity.CONFIDENTIAL, None
        self.sharing_asked_on = None

    @case_step(
        code="N125",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Say when you are away"),
        past=gettext_noop("said when they are away"),
        who=COMPLAINANT,
        placement=Placement.ASIDE,
    )
    def say_away(self, step_context: StepContext) -> None:
        """Say from when until when the complainant is away, or take it back.

        No decision is delivered just before or on these days without their wish (domain.md 5.9).
        """

    @case_step(
        code="N95",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Change how we contact you"),
        past=gettext_noop("changed how to be contacted"),
        who=COMPLAINANT & WITH_A_NAME,
        guards=[needs("contact", gettext_noop("Choose how we may contact you."))],
        notify=[(To.TRIAGE, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def change_contact(self, step_context: StepContext) -> None:
        """Change the way and the address by which the complainant is contacted.

        It can be changed at any time. Messages that were sent before stay where they are.
        """

    @case_step(
        code="N53",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Use your name openly"),
        past=gettext_noop("said that their name may be used openly"),
        who=COMPLAINANT,
        guards=[people.CONFIDENTIAL_ONLY, people.CONFIRMED],
        notify=[(To.OFFICERS, NoticeKind.UPDATE), (To.LEAD, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def use_name(self, step_context: StepContext) -> None:
        """Change a confidential concern to an open one.

        Only the complainant may do so. It cannot be undone.
        """
        self.identity, self.name_shared = Identity.OPEN, True

    @case_step(
        code="N03",
        source=list(OPEN),
        target=None,
        label=gettext_noop("Choose who knows your name"),
        past=gettext_noop("said who may know the name"),
        who=COMPLAINANT,
        notify=[(To.OFFICERS, NoticeKind.UPDATE)],
        urgency=5,
        urgent_when=lambda at: at.case.waits_for_sharing(),
        applies=lambda at: at.case.identity == Identity.CONFIDENTIAL and not at.case.name_shared,
    )
    def share_name(self, step_context: StepContext) -> None:
        """Answer whether the name may be shared.

        Sharing can be agreed to later, and cannot be undone once agreed (domain.md 5.7).
        """
        self.name_shared = bool(self.name_shared) or step_context.text("share") == "yes"
