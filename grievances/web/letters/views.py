"""The decision as a letter, and the page on which the blocks of letters are kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop

from grievances.cases.access import rules
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.records import Kind
from grievances.casework import reading
from grievances.choices import LetterBlockKey
from grievances.letters import blocks
from grievances.people.models import accounts_of_one
from grievances.web.cases.case_views import CasePages
from grievances.web.letters.forms import ProposeBlock
from grievances.web.letters.responses import letter_response
from grievances.web.shared import clock
from workflow.steps import Refused

TITLES = {
    Kind.APPEAL_LETTER: gettext_noop("The decision on the appeal"),
    Kind.LETTER: gettext_noop("Our decision"),
}
"""The kinds of letters, the last in a case first, with their titles."""


class LetterPage(CasePages):
    """The newest decision of a case as an accessible PDF."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Return the letter; taking it out is an event.

        Raises:
            NotAllowed: For a case without a decision that this person may read.
        """
        found = reading.find_access(self.caller, reference, "read_letter")
        if not found.facts.case.records.filter(kind__in=list(TITLES)).exists():
            raise NotAllowed
        opened = reading.open_case(
            self.caller, reference, now=clock.now(), kind="case.letter", found=found
        )
        for kind, title in TITLES.items():
            own = [each for each in opened.words if each.kind == kind]
            if own:
                newest = [each for each in own if each.at == own[-1].at]
                return letter_response(gettext(title), newest, reference)
        raise NotAllowed


class ReferralPage(CasePages):
    """A letter about a referral as an accessible PDF."""

    def get(self, request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
        """Return the letter; taking it out is an event.

        Raises:
            NotAllowed: For a letter that does not exist or that this person may not read.
        """
        to_body = request.GET.get("to") == "body"
        kind = Kind.REFERRAL_TO_BODY if to_body else Kind.REFERRAL_LETTER
        found = reading.find_access(self.caller, reference, rules.READ_RULE[kind])
        if not found.facts.case.records.filter(kind=kind, about=str(number)).exists():
            raise NotAllowed
        opened = reading.open_case(
            self.caller, reference, now=clock.now(), kind="case.letter", found=found
        )
        own = [each for each in opened.words if (each.kind, each.about) == (kind, str(number))]
        if not own:
            raise NotAllowed
        return letter_response(gettext("About a concern that was raised with us"), own, reference)


class BlocksPage(CasePages):
    """The blocks in force, those that wait, and the form to propose one."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page; opening it is an event."""
        blocks.require_keeper(self.caller, clock.today())
        reading.record(self.caller, "letter.listed", clock.now())
        key = request.GET.get("key", "")
        known = LetterBlockKey(key) if key in LetterBlockKey.values else LetterBlockKey.OPENING
        form = ProposeBlock(initial={"key": known, "text": blocks.in_force()[known][1]})
        return self._show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Propose a version, or answer one that waits.

        Returns:
            The blocks; 409 or 422 for a refusal.
        """
        blocks.require_keeper(self.caller, clock.today())
        now, number = clock.now(), request.POST.get("number", "")
        form = ProposeBlock() if number else ProposeBlock(request.POST)
        try:
            if number:
                agrees = request.POST.get("answer") == "yes"
                known = int(number) if number.isdecimal() and len(number) < 10 else 0
                blocks.answer(self.caller, known, agrees=agrees, now=now)
                messages.success(request, "It is in force." if agrees else "You refused it.")
            elif form.is_valid():
                blocks.propose(self.caller, **form.cleaned_data, now=now)
                messages.success(request, "Proposed. A second person has to approve it.")
            else:
                return self._show(request, form, status=422)
        except Refused as refused:
            return self._show(request, form, refused=refused, status=409 if number else 422)
        return redirect("letter_blocks")

    def _show(
        self,
        request: HttpRequest,
        form: ProposeBlock,
        *,
        refused: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "blocks": [
                {"key": key.value, "label": key.label, "version": version, "text": text}
                for key, (version, text) in blocks.in_force().items()
            ],
            "waiting": blocks.waiting(),
            "own": accounts_of_one(blocks.require_keeper(self.caller, clock.today())),
            "placeholders": [
                {"key": f"{{{name}}}", "value": meaning}
                for name, meaning in blocks.PLACEHOLDERS.items()
            ],
            "form": form,
            "refused": refused,
        }
        return render(request, "letters/blocks.html", context, status=status)
