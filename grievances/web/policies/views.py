"""Pages of policies: versions in force, proposals, and what would change."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grievances.cases.actions.actor import NotAllowed
from grievances.casework import reading
from grievances.policy import profiles
from grievances.policy.models import PolicyProposal
from grievances.policy_changes import approval as acts
from grievances.web.cases.case_views import CasePages
from grievances.web.policies import presenters as page
from grievances.web.policies.forms import AnswerPolicy
from grievances.web.shared import clock
from workflow.models import PolicyProfile
from workflow.profiles import Profile, parse_profile
from workflow.steps import Refused

DONE = {
    (True, True): "Both of you have agreed. It is in force for new cases from its day on.",
    (True, False): "You have agreed. The other officer has to agree as well.",
    (False, False): "You have refused. It will not be in force.",
}
"""(whether the person agreed, whether it is now in force) -> what the page says."""


class PolicyList(CasePages):
    """The list of every version in force, and of every proposal with its answers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the list."""
        rows = list(acts.proposals(self.caller, clock.today()))
        loaded = PolicyProfile.objects.order_by("code", "-version")
        context = {
            "base": "base.html",
            "waiting": page.history(row for row in rows if row.settled_at is None),
            "settled": page.history(row for row in rows if row.settled_at is not None),
            "loaded": page.in_force(loaded),
            "headings": ["Policy", "Proposed", "Where it is", "Who said what"],
            "loaded_headings": ["Policy", "For cases from", "Loaded"],
        }
        reading.record(self.caller, "policies.listed", clock.now())
        return render(request, "policies/list.html", context)


class PolicyPage(CasePages):
    """One version in words, what it would change, and the question to two people."""

    def get(self, request: HttpRequest, code: str, version: int) -> HttpResponse:
        """Return the page of the version."""
        row, profile = self._find(code, version)
        form = AnswerPolicy(initial={"digest": row.digest}) if row else None
        reading.record(self.caller, "policies.opened", clock.now())
        return self._show(request, row, profile, form)

    def post(self, request: HttpRequest, code: str, version: int) -> HttpResponse:
        """Record the answer to a proposal.

        Returns:
            The list of policies; the page with 422 or 409 for a refusal.

        Raises:
            NotAllowed: For a version that is not a proposal.
        """
        row, profile = self._find(code, version)
        if row is None:
            raise NotAllowed
        form = AnswerPolicy(request.POST)
        if not form.is_valid():
            return self._show(request, row, profile, form, status=422)
        said, digest = form.cleaned_data["answer"] == "yes", form.cleaned_data["digest"]
        try:
            live = acts.answer(self.caller, row.pk, said, digest, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
            return self._show(request, row, profile, form, status=409)
        messages.success(request, DONE[said, live])
        return redirect("policies")

    def _find(self, code: str, version: int) -> tuple[PolicyProposal | None, Profile]:
        """Return (the latest proposal of this version if it waits, the profile).

        Raises:
            NotAllowed: For a version that does not exist or that this person may not see.
        """
        rows = acts.proposals(self.caller, clock.today()).filter(code=code, version=version)
        loaded = PolicyProfile.objects.filter(code=code, version=version).first()
        if loaded is not None:
            return None, profiles.profile_of(loaded)
        row = rows.first()
        if row is None:
            raise NotAllowed
        return row, parse_profile(row.body, set(profiles.CLOCKS))

    def _show(
        self,
        request: HttpRequest,
        row: PolicyProposal | None,
        profile: Profile,
        form: AnswerPolicy | None,
        status: int = 200,
    ) -> HttpResponse:
        known = PolicyProfile.objects.filter(code=profile.code, version__lt=profile.version)
        before = known.order_by("-version").first()
        words = page.reading_of(profile)
        asked = row is not None and acts.offices_open(self.caller, row, clock.today())
        context: dict[str, object] = {
            "base": "base.html",
            "profile": profile,
            "before": before,
            "changes": page.changes(profiles.profile_of(before), profile) if before else [],
            "change_headings": ["What", "Now", "Would be"] if row else ["What", "Before", "Since"],
            "promises": page.rows_of(words.promises),
            "ladder": page.rows_of(words.schedule),
            "rules": page.rows_of(words.rules),
            "row": row,
            "position": page.history([row])[0][2] if row else "In force",
            "answers": page.answers(row) if row else "",
            "form": form if asked else None,
        }
        return render(request, "policies/policy.html", context, status=status)
