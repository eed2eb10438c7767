"""The acts by which people are heard: put to, asked, accompanied, interpreted (N80-N92).

They keep the state, like all acts. The respondent and witnesses answer on pages of their own
(`actions.hearings`): they are shut out of the case, so their answers are no steps of it.
"""

from grievances.cases.guards import hearings
from grievances.cases.guards.context import Brief, CaseShape
from grievances.cases.steps.transitions import case_step
from grievances.vocabulary import OPEN
from grievances.vocabulary import State as S

MEETINGS = (S.TRIAGE, S.INVESTIGATION, S.APPEAL)
"""The states in which somebody meets the complainant."""


class HearingActs(CaseShape):
    """Acts of a hearing, as a mixin below `Acts`."""

    @case_step(
        code="N80",
        source=[S.INVESTIGATION],
        target=None,
        label="Put it to the person it is about",
        guards=[hearings.SOMEBODY, hearings.WORDS, hearings.IN_TIME, hearings.READ_AGAIN],
    )
    def put_to_respondent(self, brief: Brief) -> None:
        """What they need to answer, in their own account; nothing else of the case."""

    @case_step(
        code="N81",
        source=[S.INVESTIGATION],
        target=None,
        label="Ask a witness",
        guards=[hearings.SOMEBODY, hearings.WORDS, hearings.IN_TIME, hearings.READ_AGAIN],
    )
    def ask_witness(self, brief: Brief) -> None:
        """A witness reads the question put to them, and is shut out of the case."""

    @case_step(
        code="N82",
        source=[S.OUTCOME, S.APPEAL_ALLOCATION, S.APPEAL, S.CLOSED],
        target=None,
        label="Tell the person it is about what was decided",
        guards=[
            hearings.COMPLAINANT_FIRST,
            hearings.WAS_HEARD,
            hearings.SOMEBODY,
            hearings.WORDS,
            hearings.READ_AGAIN,
        ],
    )
    def tell_respondent(self, brief: Brief) -> None:
        """Their own outcome and nobody else's, after the complainant has it."""

    @case_step(
        code="N85",
        source=list(OPEN),
        target=None,
        label="Invite a companion",
        guards=[hearings.ONE_COMPANION, hearings.SOMEBODY, hearings.TICKED],
    )
    def invite_companion(self, brief: Brief) -> None:
        """The statutory right to be accompanied; what they read is ticked one by one."""

    @case_step(
        code="N87",
        source=list(OPEN),
        target=None,
        label="Choose the files your companion may open",
        guards=[hearings.SOME_COMPANION],
    )
    def share_files(self, brief: Brief) -> None:
        """Each file is ticked by itself, and a tick that is taken away works at once."""

    @case_step(
        code="N86",
        source=[*OPEN, S.CLOSED],
        target=None,
        label="End your companion's access",
        guards=[hearings.SOME_COMPANION],
    )
    def end_companion(self, brief: Brief) -> None:
        """At once, without a reason."""

    @case_step(
        code="N90",
        source=list(MEETINGS),
        target=None,
        label="Propose an interpreter",
        guards=[hearings.WORDS, hearings.DAY, hearings.INDEPENDENT],
    )
    def propose_interpreter(self, brief: Brief) -> None:
        """For one meeting; the complainant says yes or no to the person first."""

    @case_step(
        code="N91",
        source=list(MEETINGS),
        target=None,
        label="Answer about the interpreter",
        guards=[hearings.PROPOSED, hearings.YES_OR_NO],
    )
    def answer_interpreter(self, brief: Brief) -> None:
        """An objection needs no reason; somebody else is found."""

    @case_step(
        code="N92",
        source=list(MEETINGS),
        target=None,
        label="Record that the interpreter has signed",
        guards=[hearings.AGREED, hearings.SIGNED],
    )
    def confirm_interpreter(self, brief: Brief) -> None:
        """The declaration of confidentiality, before the meeting."""
