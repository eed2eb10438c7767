"""Pages of one case: the case itself, and each step of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, register_converter
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import (
    fact_of,
    perform,
    stamp,
    step_context_of,
    was_done,
    was_done_by,
)
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.casework.opening.looks import record_opening
from grievances.encryption.primitives import DecryptionFailed
from grievances.evidence import case_files
from grievances.retention import dual_control
from grievances.retention.models import Erasure
from grievances.vocabulary import State
from grievances.web.cases.drafting import (
    Drafting,
    hidden_answers,
    saved_words,
    shown_answers,
    typed_in,
    written_in,
)
from grievances.web.cases.presenters.case import case_context, print_context, step_context
from grievances.web.cases.presenters.history import DID
from grievances.web.cases.presenters.inbox import clear_notices
from grievances.web.cases.step_forms.evidence import EVERY, AddEvidence, CheckFile
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from grievances.web.shared.sessions import kept_typing
from grievances.web.shared.step_form import StepForm
from workflow.models import AlreadyRecorded
from workflow.steps import OUT_OF_TURN, Refused, first_blocking_guard

CONFLICTS = frozenset({"STALE_STATE", OUT_OF_TURN, "KEY_NOT_HERE", "DRAFT_CHANGED"})
"""Refusals that say "not now" (409); the others say "not like this" (422)."""

NO_KEY = Refused(
    "KEY_NOT_HERE",
    _(
        "The key to this case has not reached you yet. It does when a person who has it opens the "
        "case. Try again later."
    ),
)

KEPT_APART = _(
    "A file did not pass the virus scan, or the scan gave no answer. It is sealed and kept apart, "
    "and no one can download it until it has passed. You can have it checked again below."
)


class Reference:
    """A URL converter for a case reference: RC- and six characters."""

    regex = "RC-[0-9A-Z]{6}"

    def to_python(self, value: str) -> str:
        """Return the reference as it is in the URL."""
        return value

    def to_url(self, value: str) -> str:
        """Return the reference for a URL."""
        return value


register_converter(Reference, "reference")


class CasePages(Private):
    """A page that loads a case through the access rules.

    A case that does not exist and one that is not the reader's look the same.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the page; record a refusal as an event.

        Raises:
            Http404: For what this person may not see.
        """
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed as error:
            asked = str(kwargs.get("step") or "read")
            asked = asked if asked in rules.RULES else "unknown"
            reading.record_refusal(
                self.caller, str(kwargs.get("reference", "")), asked, clock.now()
            )
            raise Http404 from error


class CasePage(CasePages):
    """One case as this person may see it; opening it is an event."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page of the case; a draft goes to the pages of raising."""
        now, today = clock.now(), clock.today()
        before = request.GET.get("before", "")
        opened = reading.open_case(self.caller, reference, now=now, before=before)
        if opened.case.state == State.DRAFT:
            return redirect("/raise/")
        clear_notices(self.caller, opened.case, now)
        template, context = case_context(opened, now, today, before=before)
        return render(request, template, context)


class PrintCase(CasePages):
    """The words of a case on one page for printing; opening it is an event."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page for printing; a draft goes to the pages of raising."""
        now = clock.now()
        opened = reading.open_case(self.caller, reference, now=now, kind="case.printed")
        if opened.case.state == State.DRAFT:
            return redirect("/raise/")
        return render(request, "grievances/print.html", print_context(opened))


@dataclass(frozen=True)
class StepRequest:
    """A step that this person may request on a case.

    It may be impossible in the present state.
    """

    case: Case
    step: str
    role: str
    caller: Caller

    def form(self, *data: Any, **options: Any) -> StepForm:
        """Return the form of the step, empty or with what was posted."""
        return FORMS[self.step](
            *data,
            case=self.case,
            caller=self.caller,
            role=self.role,
            today=clock.today(),
            **options,
        )

    @property
    def has_check(self) -> bool:
        """Whether the form can be saved as a draft and is shown before it is sent."""
        return FORMS[self.step].has_check

    def drafting(self) -> Drafting:
        """Return the draft of this step."""
        return Drafting(self.case, self.step, self.caller, self.role)

    def draft_version(self) -> str:
        """Return the version of the draft as it is now; empty without one."""
        draft = self.drafting().found()
        return draft.version if draft is not None else ""


def ask(caller: Caller, reference: str, step: str) -> StepRequest:
    """Return the requested step on a case.

    Raises:
        NotAllowed: For a case or a step that is not this person's.
    """
    find = dual_control.find_keeping if rules.has_own_page(step) else reading.find_access
    found = find(caller, reference)
    if step not in FORMS or not found.allows(step):
        raise NotAllowed
    return StepRequest(found.facts.case, step, found.role(step), caller)


def after_keeping(reference: str) -> str:
    """Return the address after a retention step.

    It is the retention page of the case, or the certificate once the case is erased.
    """
    erased = Erasure.objects.filter(reference=reference).exists()
    return f"/keeping/{reference}/" if erased else f"/cases/{reference}/keeping/"


def do(asked: StepRequest, form: StepForm) -> Event:
    """Return the event of the step, performed with the answers of a valid form.

    A record that cannot be opened because its key is missing is refused in a sentence as well.
    Raises NotAllowed and AlreadyRecorded, as `perform` does.

    Raises:
        Refused: When a guard refuses, or when the key of the case is not here.
    """
    now = clock.now()
    try:
        if isinstance(form, AddEvidence):
            # Accept a file from an outdated page, because the form cannot keep it for a second try.
            step_input = replace(form.step_input(), seen="")
            return case_files.add_files(
                asked.case,
                asked.caller,
                form.cleaned_data["file"],
                now=now,
                others=form.others_see(),
                step=asked.step,
                step_input=step_input,
            )
        if isinstance(form, CheckFile):
            file, once = form.cleaned_data["file"], form.cleaned_data["once"]
            if file == EVERY:
                return case_files.check_all(asked.case, asked.caller, now=now, once=once)
            return case_files.check_again(asked.case, asked.caller, file, now=now, once=once)
        step_input = form.step_input()
        return perform(
            asked.step, case_id=asked.case.pk, caller=asked.caller, now=now, step_input=step_input
        )
    except DecryptionFailed as error:
        raise Refused(NO_KEY.code, NO_KEY.sentence) from error


def blocking_guard(asked: StepRequest) -> Refused | None:
    """Return why the step cannot be performed now, or None.

    It says only what can be known before any question is asked.
    """
    fact = fact_of(asked.step)
    if not fact.leaves(asked.case.state):
        return Refused(
            OUT_OF_TURN,
            gettext(
                "This step cannot be taken at this point. Look at the case again to see what is "
                "next."
            ),
        )
    given_context = step_context_of(
        asked.case, asked.step, asked.role, {}, clock.now(), clock.today()
    )
    guard = first_blocking_guard(asked.case, fact, given_context)
    return Refused(guard.code, guard.sentence) if guard is not None else None


class StepPage(CasePages):
    """The page of one step: its form, its execution, or its refusal in a sentence.

    A refusal loses nothing that was typed.
    """

    def get(self, request: HttpRequest, reference: str, step: str) -> HttpResponse:
        """Return the form of the step, with unsent text from before a sign-in."""
        asked = ask(self.caller, reference, step)
        kept, draft = kept_typing(request), asked.drafting().found() if asked.has_check else None
        if kept is not None:
            form = asked.form(_seen_now(kept, asked.case))
        elif draft is not None:
            form = asked.form(initial={})
            form = asked.form(typed_in(draft, form))
            form.hide_errors()
        else:
            chosen = {name: request.GET.get(name, "") for name in ("role", "file")}
            form = asked.form(initial=chosen)
        if asked.case.state != State.DRAFT:
            now = clock.now()
            record_opening(asked.case, self.caller, asked.role, now, saw=form.saw)
            clear_notices(self.caller, asked.case, now)
        refused = blocking_guard(asked)
        status = 409 if refused is not None and refused.code in CONFLICTS else 200
        more = {
            "refused": refused,
            "kept": kept is not None,
            "blocked": refused and not kept,
            "draft_words": saved_words(draft),
            "draft_rows": written_in(draft) if refused and not kept else [],
        }
        return self._page(request, asked, form, status, more)

    def post(self, request: HttpRequest, reference: str, step: str) -> HttpResponseBase:
        """Perform the step, preview it, or show the form again with the refusal.

        Raises:
            NotAllowed: For a case or a step that is not this person's.
        """
        once = request.POST.get("once", "")
        try:
            asked = ask(self.caller, reference, step)
        except NotAllowed:
            if was_done_by(self.caller, reference, step, once):
                return gone(request, reference)
            raise
        if was_done(asked.case, once):
            return self._done(request, asked)
        form = asked.form(request.POST, request.FILES)
        if {"preview", "save", "change", "more"} & set(request.POST):
            return self._before_sending(request, asked, form)
        if not form.is_valid():
            reading.record_refusal(self.caller, reference, step, clock.now())
            return self._refuse(request, asked, form, Refused(*form.refusal()))
        try:
            if form.has_check:
                asked.drafting().require_same(request.POST)
            if form.has_check and "check" in request.POST:
                refused = blocking_guard(asked)
                if refused is not None:
                    raise refused
                return self._check(request, asked, form)
            event = do(asked, form)
        except AlreadyRecorded:
            return self._done(request, asked)
        except Refused as refused:
            reading.record_refusal(self.caller, reference, step, clock.now())
            return self._refuse(request, asked, form, refused)
        if form.has_check:
            asked.drafting().end()
        messages.success(request, gettext("You {step}.").format(step=DID[step]))
        if case_files.has_quarantine(event):
            messages.warning(request, KEPT_APART)
        return self._done(request, asked)

    def _before_sending(
        self, request: HttpRequest, asked: StepRequest, form: StepForm
    ) -> HttpResponseBase:
        """Answer a button that does not take the step."""
        if form.has_preview and "preview" in request.POST:
            return self._preview(request, asked, form)
        if form.has_check and "save" in request.POST:
            return self._save(request, asked, form)
        form.hide_errors()
        return self._page(request, asked, form, 200, {})

    def _save(self, request: HttpRequest, asked: StepRequest, form: StepForm) -> HttpResponseBase:
        """Save the form as a draft, complete or not; a refusal keeps what was typed."""
        form.hide_errors()
        refused = blocking_guard(asked)
        if refused is None or refused.code not in CONFLICTS:
            try:
                asked.drafting().save(request.POST, clock.now())
            except Refused as error:
                refused = error
            except DecryptionFailed:
                refused = NO_KEY
            else:
                messages.success(request, gettext("The draft is saved. It was not sent."))
                return redirect(request.path)
        reading.record_refusal(self.caller, asked.case.reference, asked.step, clock.now())
        return self._page(request, asked, form, 409, {"refused": refused})

    def _check(self, request: HttpRequest, asked: StepRequest, form: StepForm) -> HttpResponse:
        """Show every answer as its reader will see it, with the button that sends it."""
        label = fact_of(asked.step).label
        context = {
            **step_context(asked.case, asked.step, asked.role),
            "form": form,
            "shown": shown_answers(form),
            "hidden": hidden_answers(request.POST),
            "button": form.button or label,
        }
        return render(request, "grievances/check.html", context)

    def _done(self, request: HttpRequest, asked: StepRequest) -> HttpResponseBase:
        case = None
        with suppress(NotAllowed):
            case = reading.find(self.caller, asked.case.reference)
        if wants_json(request):
            state = case.state if case is not None else ""
            return JsonResponse({"reference": asked.case.reference, "state": state})
        if rules.has_own_page(asked.step):
            return redirect(after_keeping(asked.case.reference))
        if case is not None and rules.page_of(asked.step):
            return redirect(f"/cases/{case.reference}/{rules.page_of(asked.step)}")
        return redirect(f"/cases/{case.reference}/" if case is not None else "/cases/")

    def _preview(self, request: HttpRequest, asked: StepRequest, form: StepForm) -> HttpResponse:
        form.is_valid()
        if form.preview_needs in form.errors:
            return self._page(request, asked, form, 422, {})
        # The preview needs only the dates: the other questions may still be open.
        form.errors.clear()
        return self._page(request, asked, form, 200, {"preview": form.preview(), "shown": True})

    def _refuse(
        self, request: HttpRequest, asked: StepRequest, form: StepForm, refused: Refused
    ) -> HttpResponseBase:
        status = 409 if refused.code in CONFLICTS else 422
        if wants_json(request):
            return JsonResponse({"code": refused.code, "sentence": refused.sentence}, status=status)
        fresh = ask(self.caller, asked.case.reference, asked.step).case
        form.data = _seen_now(form.data, fresh)
        more = {"refused": None if form.errors else refused}
        return self._page(request, asked, form, status, more)

    def _page(
        self,
        request: HttpRequest,
        asked: StepRequest,
        form: StepForm,
        status: int,
        more: Mapping[str, Any],
    ) -> HttpResponse:
        label = fact_of(asked.step).label
        context = {
            **step_context(asked.case, asked.step, asked.role),
            **(
                {"back": after_keeping(asked.case.reference)}
                if rules.has_own_page(asked.step)
                else {}
            ),
            "form": form,
            "label": label,
            "button": form.button or label,
            "draft_version": asked.draft_version() if form.has_check else "",
            **more,
        }
        return render(request, "grievances/step.html", context, status=status)


def gone(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Return the answer to a repeated press when the case is no longer readable.

    The first press may have ended this person's access.
    """
    if wants_json(request):
        return JsonResponse({"reference": reference, "state": ""})
    return redirect("/cases/")


def page_number(request: HttpRequest) -> int:
    """Return the requested page, counted from 1; other text is page 1."""
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the caller asks for JSON rather than for a page."""
    return request.accepts("application/json") and not request.accepts("text/html")


def _seen_now(data: Any, case: Case) -> Any:
    """Return what was typed, with the present version token of the case.

    The person has now read the page again.
    """
    fresh = data.copy()
    fresh["seen"] = stamp(case)
    return fresh


urlpatterns: list[URLPattern] = [
    path("cases/<reference:reference>/", CasePage.as_view(), name="case"),
    path("cases/<reference:reference>/print/", PrintCase.as_view(), name="print"),
    path("cases/<reference:reference>/<slug:step>/", StepPage.as_view(), name="step"),
]
