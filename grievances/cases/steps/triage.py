"""Steps of triage: take a concern on, agree the way forward (T02-T09)."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from grievances.cases.declaration import Group, NoticeKind, Placement, To, case_step
from grievances.cases.guards import delivery, people, triage
from grievances.cases.guards.answers import needs
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.cases.roles import (
    COMPLAINANT,
    HANDLER,
    LEAD,
    TRIAGE,
    TRIAGE_POOL,
)
from grievances.cases.states import HOLDING, close
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import (
    ACTIVE,
    CloseReason,
    Identity,
    Route,
)
from grievances.vocabulary import State as S


class TriageSteps(CaseShape):
    """Steps of triage: take a concern on, agree the way forward (T02-T09)."""

    @case_step(
        code="T02",
        source=[S.SUBMITTED],
        target=S.TRIAGE,
        label=gettext_noop("Acknowledge and take on"),
        past=gettext_noop("took the concern on"),
        who=TRIAGE_POOL,
        guards=[people.G_TRAINED, people.G_NO_CONFLICT, people.G_EXCLUDED, people.DECLARED],
        stops=[ClockName.ACK],
        starts=[ClockName.TRIAGE],
        meets=[(ClockName.ACK, 1)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
    )
    def acknowledge(self, step_context: StepContext) -> None:
        """Take the concern on as its triage officer.

        The complainant is told.
        """

    @case_step(
        code="T03",
        source=[S.SUBMITTED],
        target=None,
        label=gettext_noop("Pass to another triage officer"),
        past=gettext_noop("passed the concern to another triage officer"),
        who=LEAD,
        guards=[triage.REROUTE],
        notify=[(To.TRIAGE, NoticeKind.ALLOCATION), (To.COMPLAINANT, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def reroute(self, step_context: StepContext) -> None:
        """Pass the concern to another triage officer.

        An officer who has a conflict, is away or is left out loses the case. The ACK clock runs on.
        """

    @case_step(
        code="N20",
        source=[S.TRIAGE],
        target=None,
        label=gettext_noop("Check they are safe"),
        past=gettext_noop("saved the safety check"),
        who=TRIAGE,
        guards=[triage.SAFETY_ANSWERS],
        meets=[(ClockName.TRIAGE, 1)],
    )
    def check_safety(self, step_context: StepContext) -> None:
        """Save the safety check.

        Any safety flag makes the case fast-track.
        """
        self.safety_checked_on = step_context.today
        self.fast_track = self.fast_track or step_context.has("flags")

    @case_step(
        code="N21",
        source=[S.TRIAGE],
        target=None,
        label=gettext_noop("Ask who to keep out"),
        past=gettext_noop("asked who to keep out"),
        who=TRIAGE,
        meets=[(ClockName.TRIAGE, 2)],
    )
    def ask_exclusions(self, step_context: StepContext) -> None:
        """Record that the complainant was asked whom to exclude."""
        self.exclusions_asked_on = step_context.today

    @case_step(
        code="N28",
        source=[S.TRIAGE, S.ALLOCATION],
        target=None,
        label=gettext_noop("Ask whether we may share your name"),
        past=gettext_noop("asked whether the name may be shared"),
        who=TRIAGE,
        guards=[triage.SHARING_OPEN],
        meets=[(ClockName.TRIAGE, 4)],
        notify=[(To.COMPLAINANT, NoticeKind.ANSWER_NEEDED)],
        applies=lambda at: at.case.has_sharing_to_ask(),
    )
    def ask_to_share_name(self, step_context: StepContext) -> None:
        """Ask the complainant whether their name may be shared; no clock pauses.

        They answer with the step `share_name`. Without an answer the name stays with triage, and
        the formal way can begin after `SHARING_WAIT` working days.
        """
        self.sharing_asked_on = step_context.today

    @case_step(
        code="N23",
        source=[S.TRIAGE, S.INFORMAL, S.ALLOCATION, S.INVESTIGATION],
        target=None,
        label=gettext_noop("Say who the concern is about"),
        past=gettext_noop("recorded who the concern is about"),
        who=TRIAGE | HANDLER,
        guards=[needs("person", gettext_noop("Choose a person from the directory."))],
        placement=Placement.ASIDE,
        group=Group.PEOPLE,
    )
    def name_respondent(self, step_context: StepContext) -> None:
        """Record who the concern is about.

        From then on that person and their line are excluded from the case (domain.md 5.3).
        """

    @case_step(
        code="N94",
        source=[S.TRIAGE, S.ALLOCATION, S.INVESTIGATION],
        target=None,
        label=gettext_noop("Settle who is not meant by a name"),
        past=gettext_noop("settled that a person with a close name is not meant"),
        who=TRIAGE,
        guards=[
            needs("person", gettext_noop("Choose the person who is not meant.")),
            needs("reason", gettext_noop("Say how you know that this person is not meant.")),
        ],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
        group=Group.PEOPLE,
        applies=lambda at: at.case.identity == Identity.ANONYMOUS,
    )
    def lift_close_name(self, step_context: StepContext) -> None:
        """Settle that a person whose name is close to a typed one is not meant.

        It is for an anonymous concern, whose writer must not read the directory (architecture.md
        5). The officer is outside every unit that is named or doubted.
        """

    @case_step(
        code="N42",
        source=[S.TRIAGE, S.ALLOCATION, S.INVESTIGATION],
        target=None,
        label=gettext_noop("Add a part to the concern"),
        past=gettext_noop("added a part to the concern"),
        who=TRIAGE | HANDLER,
        guards=[needs("text", gettext_noop("Describe this part in the complainant's own words."))],
        placement=Placement.ASIDE,
        group=Group.CONCERN,
    )
    def add_allegation(self, step_context: StepContext) -> None:
        """Add a part to the concern; the decision must answer each part."""

    @case_step(
        code="N04",
        source=[S.SUBMITTED, *ACTIVE, S.ON_HOLD],
        target=None,
        label=gettext_noop("Keep someone away from this"),
        past=gettext_noop("asked to keep a person away"),
        who=COMPLAINANT,
        guards=[
            triage.HEARD,
            needs("people", gettext_noop("Give the name or user name of each person.")),
        ],
        notify=[(To.TRIAGE, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def exclude(self, step_context: StepContext) -> None:
        """Name people who must not read or work on this.

        The complainant names them, and no reason is asked.
        """

    @case_step(
        code="N51",
        source=list(HOLDING),
        target=None,
        label=gettext_noop("Answer about a new person"),
        past=gettext_noop("answered about a new person"),
        who=COMPLAINANT,
        guards=[
            triage.HEARD,
            needs("reader", gettext_noop("Choose the person.")),
            needs("answer", gettext_noop("Choose one of the two answers.")),
        ],
        notify=[(To.TRIAGE, NoticeKind.UPDATE)],
        urgency=4,
        applies=lambda at: at.case.asks_about_a_reader(at.today),
    )
    def answer_reader(self, step_context: StepContext) -> None:
        """Answer about an announced reader.

        The complainant lets them begin at once, or excludes them.
        """

    @case_step(
        code="N54",
        source=[S.TRIAGE],
        target=None,
        label=gettext_noop("Announce who would read this with an earlier concern"),
        past=gettext_noop("announced a person who will be able to read this"),
        who=TRIAGE,
        guards=[triage.DUPLICATE],
        placement=Placement.ASIDE,
        group=Group.PEOPLE,
    )
    def announce_joining(self, step_context: StepContext) -> None:
        """Announce the people who would read this concern after a merge.

        They work on the earlier concern, and are announced before the two are merged.
        """

    @case_step(
        code="T04",
        source=[S.TRIAGE],
        target=S.ALLOCATION,
        label=gettext_noop("Agree the formal way forward"),
        past=gettext_noop("agreed the formal way forward"),
        who=TRIAGE,
        guards=[
            triage.AGREED,
            triage.SAFETY_CHECKED,
            triage.EXCLUSIONS_ASKED,
            triage.SHARING_RECORDED,
        ],
        stops=[ClockName.TRIAGE],
        starts=[ClockName.ALLOCATION],
        meets=[(ClockName.TRIAGE, 5)],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE), (To.LEAD, NoticeKind.UPDATE)],
    )
    def agree_formal(self, step_context: StepContext) -> None:
        """Agree the formal way forward; triage ends."""
        self.route, self.triaged_on = Route.FORMAL, step_context.today

    @case_step(
        code="T07",
        source=[S.TRIAGE],
        target=S.CLOSED,
        label=gettext_noop("Pass to another process and close"),
        past=gettext_noop("passed the concern to another process"),
        who=TRIAGE,
        guards=[
            triage.AGREED,
            delivery.SOMEONE_THERE,
            triage.OUT_OF_SCOPE,
            triage.TAKEN_ELSEWHERE,
            people.COUNTERSIGNED,
        ],
        stops=[ClockName.TRIAGE, ClockName.OVERALL],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def redirect(self, step_context: StepContext) -> None:
        """Close the concern, which another process has accepted."""
        close(self, step_context, CloseReason.REDIRECTED)

    @case_step(
        code="T08",
        source=[S.TRIAGE],
        target=S.CLOSED,
        label=gettext_noop("Join to an earlier concern and close"),
        past=gettext_noop("joined the concern to an earlier one"),
        who=TRIAGE,
        guards=[triage.DUPLICATE, triage.READERS_ANNOUNCED],
        stops=[ClockName.TRIAGE, ClockName.OVERALL],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def merge(self, step_context: StepContext) -> None:
        """Close the concern, which is merged with an earlier one."""
        close(self, step_context, CloseReason.DUPLICATE_MERGED)

    @case_step(
        code="T09",
        source=[S.TRIAGE],
        target=S.CLOSED,
        label=gettext_noop("Close: not enough could be learned"),
        past=gettext_noop("closed the concern for want of information"),
        who=TRIAGE,
        guards=[
            delivery.SOMEONE_THERE,
            triage.ANONYMOUS_ONLY,
            triage.LONG_ENOUGH,
            triage.TWO_QUESTIONS,
            people.COUNTERSIGNED,
        ],
        stops=[ClockName.TRIAGE, ClockName.OVERALL],
        notify=[(To.COMPLAINANT, NoticeKind.UPDATE)],
        placement=Placement.ASIDE,
    )
    def close_insufficient(self, step_context: StepContext) -> None:
        """Close an anonymous concern about which too little could be learned."""
        close(self, step_context, CloseReason.ANONYMOUS_INSUFFICIENT)
