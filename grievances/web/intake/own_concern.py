"""A base of the pages about a person's own concern."""

from __future__ import annotations

from django.http import Http404

from grievances.cases.access.rules import CaseAccess
from grievances.cases.access.standing import StandingQuestion
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.step_names import StepName
from grievances.casework import reading
from grievances.casework.prefetch import forget_what_is_not_there, with_flags, with_what_there_is
from grievances.intake.drafts import with_draft
from grievances.vocabulary import State
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private

_STANDING = StandingQuestion(with_what_there_is)
_DRAFT = StandingQuestion(lambda cases: with_flags(with_draft(cases), "evidence"), with_keys=True)
"""What the pages of a draft need of it, which is little: there are many of them."""


class Own(Private):
    """A page about a person's own concern; for other people it does not exist."""

    def own(self, reference: str) -> Case:
        """Return the complainant's own case, draft or sent; Http404 as `own_access`."""
        return self._found(reference, _DRAFT).facts.case

    def own_access(self, reference: str) -> CaseAccess:
        """Return what the complainant may do on their own case, draft or sent.

        The attempt of another person is recorded as a refusal.

        Raises:
            Http404: For a case that is not theirs.
        """
        return self._found(reference, _STANDING)

    def _found(self, reference: str, question: StandingQuestion) -> CaseAccess:
        try:
            found = reading.find_access(self.caller, reference, StepName.SUBMIT, question=question)
        except NotAllowed:
            reading.record_refusal(self.caller, reference, "raise", clock.now())
            raise Http404 from None
        forget_what_is_not_there(found.facts.case)
        return found

    def draft(self, reference: str) -> Case:
        """Return the person's own draft.

        Raises:
            Http404: For a concern that is already sent, or is not theirs.
        """
        case = self.own(reference)
        if case.state != State.DRAFT:
            raise Http404
        return case
