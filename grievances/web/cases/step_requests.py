"""A step that is requested on a page: who may, what blocks it, its execution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import fact_of, perform, step_context_of
from grievances.cases.declaration import Placement
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.encryption.primitives import DecryptionFailed
from grievances.evidence import case_files
from grievances.policy.profiles import COMPLAINANT
from grievances.retention import dual_control
from grievances.web.cases.drafting import Drafting
from grievances.web.cases.presenters.case import promises_of
from grievances.web.cases.presenters.tasks import Around, next_task, tasks_of
from grievances.web.cases.step_forms.evidence import EVERY, AddEvidence, CheckFile
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared import clock
from grievances.web.shared.step_form import StepForm
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


@dataclass(frozen=True)
class StepRequest:
    """A step that this person may request on a case.

    It may be impossible in the present state.
    """

    case: Case
    step: str
    role: str
    caller: Caller

    def form(self, *data: object, **options: object) -> StepForm:
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


def leads_on(asked: StepRequest) -> bool:
    """Return whether the page of a step offers to go straight on to the next.

    It does so for the tasks of those who work on the case, and never presses the one who raised it.
    """
    declared, form = rules.DECLARED[asked.step], FORMS[asked.step]
    is_task = declared.placement is Placement.MAIN and asked.role != COMPLAINANT
    return is_task and not form.has_check and not form.is_grave


def next_address(caller: Caller, reference: str) -> str:
    """Return the page of the task that is next on a case; else the page of the case.

    Raises:
        NotAllowed: The person may no longer read the case.
    """
    found = reading.find_access(caller, reference)
    case, role, today = found.facts.case, found.role("read"), clock.today()
    around, days = Around.of(case, found.facts.workers), case.calendar
    tasks = tasks_of(case, found.allowed, role, around, now=clock.now(), today=today, days=days)
    following = next_task(tasks, promises_of(case, role, today, days))
    return following.href if following is not None else f"/cases/{reference}/"


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
            return _add_files(asked, form, now)
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


def _add_files(asked: StepRequest, form: AddEvidence, now: datetime) -> Event:
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
