"""The pages of policies: what is in force, what waits for two people, what would change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from grievances.cases.actions.actor import NotAllowed
from grievances.casework import reading
from grievances.deadlines import policy_approval as acts
from grievances.policy import profiles
from grievances.policy.models import PolicyProposal
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
"""(what was said, whether it is in force) -> what the page says."""


class PolicyList(CasePages):
    """Every version in force, and every proposal with who said what."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = list(acts.proposals(self.caller, clock.today()))
        loaded = PolicyProfile.objects.order_by("code", "-version")
        context = {
            "base": "base.html",
            "waiting": page.history(row for row in rows if row.settled_at is None),
            "settled": page.history(row for row in rows if row.settled_at is not None),
            "loaded": page.in_force(loaded),
            "headings": ["Policy", "Proposed", "How it stands", "Who said what"],
            "loaded_headings": ["Policy", "For cases from", "Loaded"],
        }
        reading.record(self.caller, "policies.listed", clock.now())
        return render(request, "policies/list.html", context)


class PolicyPage(CasePages):
    """One version as a person reads it, what it would change, and the question to the two."""

    def get(self, request: HttpRequest, code: str, version: int) -> HttpResponse:
        row, profile = self._find(code, version)
        form = AnswerPolicy(initial={"digest": row.digest}) if row else None
        reading.record(self.caller, "policies.opened", clock.now())
        return self._show(request, row, profile, form)

    def post(self, request: HttpRequest, code: str, version: int) -> HttpResponse:
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
        """(the latest proposal of this version if it waits, the profile); else NotAllowed."""
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
        context: dict[str, Any] = {
            "base": "base.html",
            "profile": profile,
            "before": before,
            "changes": page.changes(profiles.profile_of(before), profile) if before else [],
            "change_headings": ["What", "Now", "Would be"] if row else ["What", "Before", "Since"],
            "promises": page.rows_of(words.promises),
            "ladder": page.rows_of(words.schedule),
            "rules": page.rows_of(words.rules),
            "row": row,
            "stand": page.history([row])[0][2] if row else "In force",
            "answers": page.answers(row) if row else "",
            "form": form if asked else None,
        }
        return render(request, "policies/policy.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("policies/", PolicyList.as_view(), name="policies"),
    path("policies/<slug:code>/<int:version>/", PolicyPage.as_view(), name="policy"),
]
