"""Pages of the steps of a case: the form, the check before sending, the answer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.locked_case import was_done, was_done_by
from grievances.cases.actions.perform import fact_of, stamp
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.casework.opening.looks import record_opening
from grievances.encryption.primitives import DecryptionFailed
from grievances.evidence import case_files
from grievances.retention.models import Erasure
from grievances.vocabulary import State
from grievances.web.cases.case_views import CasePages
from grievances.web.cases.drafting import (
    hidden_answers,
    saved_words,
    shown_answers,
    typed_in,
    written_in,
)
from grievances.web.cases.presenters.case import step_context
from grievances.web.cases.presenters.history import DID
from grievances.web.cases.presenters.inbox import clear_notices
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.cases.step_requests import (
    CONFLICTS,
    NO_KEY,
    StepRequest,
    ask,
    blocking_guard,
    do,
    leads_on,
    next_address,
)
from grievances.web.shared import clock
from grievances.web.shared.middleware.typed_again import mark_before, typed_again
from grievances.web.shared.sessions import kept_typing
from grievances.web.shared.step_form import StepForm
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

KEPT_APART = _(
    "A file did not pass the virus scan, or the scan gave no answer. It is sealed and kept apart, "
    "and no one can download it until it has passed. You can have it checked again below."
)


def after_keeping(reference: str) -> str:
    """Return the address after a retention step.

    It is the retention page of the case, or the certificate once the case is erased.
    """
    erased = Erasure.objects.filter(reference=reference).exists()
    return f"/keeping/{reference}/" if erased else f"/cases/{reference}/keeping/"


ONWARD = "onward"
"""The button that takes the step and goes straight on to the next."""

BEFORE_SENDING = frozenset({"preview", "save", "change", "more"})
"""The buttons that do not take the step."""


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
        elif (typed := typed_again(request)) is not None:
            form = asked.form(typed)
            form.hide_errors()
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

        Returns:
            The page after the step, its preview, or the form.

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
        form = asked.form(request.POST, request.FILES)
        if self._is_repeated(request, asked, form):
            return self._done(request, asked)
        if BEFORE_SENDING & set(request.POST):
            return self._before_sending(request, asked, form)
        if not form.is_valid():
            return self._refuse(request, asked, form, Refused(*form.refusal()))
        return self._perform(request, asked, form)

    def _perform(
        self, request: HttpRequest, asked: StepRequest, form: StepForm
    ) -> HttpResponseBase:
        try:
            checked = self._checked_first(request, asked, form)
            if checked is not None:
                return checked
            event = do(asked, form)
        except AlreadyRecorded:
            return self._done(request, asked)
        except Refused as refused:
            return self._refuse(request, asked, form, refused)
        return self._taken(request, asked, form, event)

    def _is_repeated(self, request: HttpRequest, asked: StepRequest, form: StepForm) -> bool:
        """Return whether this press had its effect; of a valid form `perform` asks it."""
        is_sent = not BEFORE_SENDING & set(request.POST)
        is_asked_later = is_sent and not form.has_check and form.is_valid()
        return not is_asked_later and was_done(asked.case, request.POST.get("once", ""))

    def _checked_first(
        self, request: HttpRequest, asked: StepRequest, form: StepForm
    ) -> HttpResponse | None:
        """Return the page that shows every answer before sending, where it is asked for.

        Raises:
            Refused: The draft was changed elsewhere, or a guard refuses the step.
        """
        if not form.has_check:
            return None
        asked.drafting().require_same(request.POST)
        if "check" not in request.POST:
            return None
        refused = blocking_guard(asked)
        if refused is not None:
            raise refused
        return self._check(request, asked, form)

    def _taken(
        self, request: HttpRequest, asked: StepRequest, form: StepForm, event: Event
    ) -> HttpResponseBase:
        """End the draft, and say what was done.

        Returns:
            The page to go on with.
        """
        if form.has_check:
            asked.drafting().end()
        messages.success(request, gettext("You {step}.").format(step=gettext(DID[asked.step])))
        if remark := form.remark():
            messages.info(request, remark)
        if case_files.has_quarantine(event):
            messages.warning(request, KEPT_APART)
        if form.shown_once and not wants_json(request):
            return self._shown_once(request, asked, asked.case, is_first=True)
        return self._done(request, asked)

    def _before_sending(
        self, request: HttpRequest, asked: StepRequest, form: StepForm
    ) -> HttpResponseBase:
        """Return the answer to a button that does not take the step."""
        if form.has_preview and "preview" in request.POST:
            return self._preview(request, asked, form)
        if form.has_check and "save" in request.POST:
            return self._save(request, asked, form)
        form.hide_errors()
        return self._page(request, asked, form, 200, {})

    def _save(self, request: HttpRequest, asked: StepRequest, form: StepForm) -> HttpResponseBase:
        """Save the form as a draft, complete or not; a refusal keeps what was typed.

        Returns:
            The form again, with 409 where the draft was refused.
        """
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
        """Return every answer as its reader will see it, with the button that sends it."""
        label = fact_of(asked.step).label
        context = {
            **step_context(asked.case, asked.step, asked.role),
            "form": form,
            "shown": shown_answers(form),
            "hidden": hidden_answers(request.POST),
            "button": form.button or label,
        }
        return render(request, "grievances/check.html", context)

    def _shown_once(
        self, request: HttpRequest, asked: StepRequest, case: Case, *, is_first: bool
    ) -> HttpResponse:
        form = FORMS[asked.step]
        shown = form.shown_after(case, self.caller, request.POST.dict(), is_first=is_first)
        return render(request, form.shown_once, {"step": asked.step, "case": case, **shown})

    def _done(self, request: HttpRequest, asked: StepRequest) -> HttpResponseBase:
        case = None
        with suppress(NotAllowed):
            case = reading.find(self.caller, asked.case.reference)
        if wants_json(request):
            state = case.state if case is not None else ""
            return JsonResponse({"reference": asked.case.reference, "state": state})
        if case is not None and FORMS[asked.step].shown_once:
            return self._shown_once(request, asked, case, is_first=False)
        if rules.has_own_page(asked.step):
            return redirect(after_keeping(asked.case.reference))
        if case is not None and ONWARD in request.POST and leads_on(asked):
            return redirect(next_address(self.caller, case.reference))
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
        reading.record_refusal(self.caller, asked.case.reference, asked.step, clock.now())
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
        more: Mapping[str, object],
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
            "leads_on": leads_on(asked),
            "draft_version": _draft_version(request, asked, form),
            **more,
        }
        return render(request, "grievances/step.html", context, status=status)


def _draft_version(request: HttpRequest, asked: StepRequest, form: StepForm) -> str:
    """Return which version of the draft is shown, before a change of language too."""
    if not form.has_check:
        return ""
    return mark_before(request, "draft") or asked.draft_version()


def gone(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Return the answer to a repeated press when the case is no longer readable.

    The first press may have ended this person's access.
    """
    if wants_json(request):
        return JsonResponse({"reference": reference, "state": ""})
    return redirect("/cases/")


def wants_json(request: HttpRequest) -> bool:
    """Return whether the caller asks for JSON rather than for a page."""
    return request.accepts("application/json") and not request.accepts("text/html")


def _seen_now(data: Any, case: Case) -> Any:
    """Return what was typed, with the present version token of the case.

    The person has now read the page again.
    """
    fresh = data.copy()
    fresh["seen"] = stamp(case)
    return fresh
