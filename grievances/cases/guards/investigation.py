"""Guards from the meeting to the end of the appeal (T17-T26)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeGuard

from django.utils.translation import gettext_noop

from grievances.cases.guards.answers import given, one_of
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import AppealOutcome, Identity, Outcome
from workflow.steps import Guard

MEETING_TOLD = Guard(
    "MEETING_NOT_RECORDED",
    "Give the day of the meeting, or record that it was declined in writing.",
    "domain.md 5.2 T18",
    lambda case, step_context: bool(step_context.day("held_on") or step_context.has("declined")),
)

MEETING_IS_ONE = Guard(
    "MEETING_CONTRADICTORY",
    "A meeting was held, or it was declined, and not both. Give the day and take the tick away, or "
    "keep the tick and leave the day empty.",
    "domain.md 5.2 T18",
    lambda case, step_context: not (step_context.day("held_on") and step_context.has("declined")),
)

COMPANION_ASKED = Guard(
    "COMPANION_NOT_ASKED",
    "Record that the person was told they may bring a companion.",
    "Employment Relations Act 1999 s10; domain.md 5.2 T18, T25",
    given("companion_asked"),
)

MET = Guard(
    "MEETING_NOT_RECORDED",
    "Record the meeting, or that it was declined, before you send the report.",
    "domain.md 5.2 T19",
    lambda case, step_context: (
        case.identity == Identity.ANONYMOUS
        or case.meeting_held_on is not None
        or case.meeting_declined
    ),
    standing=True,
)

RESPONDENT_HEARD = Guard(
    "RESPONDENT_NOT_HEARD",
    "Record that the person the concern is about had a chance to answer.",
    "domain.md 5.2 T19, 5.6",
    lambda case, step_context: case.respondent_asked_on is not None,
    standing=True,
)

ALL_COVERED = Guard(
    "ALLEGATION_NOT_COVERED",
    "The report must cover every part of the concern. Tick each part that it covers.",
    "domain.md 5.2 T19",
    lambda case, step_context: case.allegation_numbers() <= step_context.codes("covered"),
)

EVIDENCE_COMPLETE = Guard(
    "EVIDENCE_LIST_INCOMPLETE",
    "Confirm that the list of evidence is complete.",
    "domain.md 5.2 T19",
    given("evidence_complete"),
)

REPORT = Guard("REPORT_MISSING", "Write the report first.", "domain.md 5.2 T19", given("report"))

ENQUIRIES = Guard(
    "ENQUIRIES_NOT_LISTED",
    "List the further questions that need an answer.",
    "domain.md 5.2 T20",
    given("enquiries"),
)

SECOND_RETURN = Guard(
    "COUNTERSIGN_MISSING",
    "This would be the second return, so the casework lead must agree first.",
    "domain.md 5.2 T20",
    lambda case, step_context: case.returns == 0 or step_context.approved,
)

ALL_FOUND = Guard(
    "FINDING_MISSING",
    "Give a finding and reasons for every part of the concern.",
    "domain.md 5.2 T21",
    lambda case, step_context: (
        case.allegation_numbers() <= set(step_context.findings())
        and set(step_context.findings().values()) <= set(Outcome.values)
        and step_context.has("reasons")
    ),
)

ACTIONS_OWNED = Guard(
    "ACTION_INCOMPLETE",
    "Say what will be done, who will do it and by when. When a concern is upheld, at least one "
    "such action is needed.",
    "domain.md 5.2 T21",
    lambda case, step_context: (
        _has_action(step_context)
        or (not _upholds(step_context) and not _begun_action(step_context))
    ),
)

APPEAL_RIGHTS = Guard(
    "APPEAL_RIGHTS_MISSING",
    gettext_noop("Confirm that the letter explains the right to appeal."),
    "Acas Code; domain.md 5.2 T21",
    given("appeal_rights"),
)

IN_WINDOW = Guard(
    "WINDOW_ENDED",
    gettext_noop(
        "The time to appeal has ended. Ask for a late appeal; it is granted if you were unwell or "
        "the delay was ours."
    ),
    "domain.md 5.2 T22",
    lambda case, step_context: (
        step_context.approved or not case.has_lapsed(ClockName.APPEAL_WINDOW, step_context.today)
    ),
    standing=True,
)

GROUNDS = Guard(
    "GROUNDS_MISSING",
    gettext_noop("Say what you think was wrong with the decision."),
    "domain.md 5.2 T22",
    given("grounds"),
)

WINDOW_OVER = Guard(
    "WINDOW_OPEN",
    gettext_noop("The complainant still has time to appeal."),
    "domain.md 5.2 T23",
    lambda case, step_context: (
        step_context.role != "system"
        or case.has_lapsed(ClockName.APPEAL_WINDOW, step_context.today)
    ),
)

REASONS = Guard(
    "REASONS_MISSING",
    "Give reasons for each ground of the appeal.",
    "domain.md 5.2 T25",
    given("reasons"),
)

APPEAL_MET = Guard(
    "MEETING_NOT_RECORDED",
    "Record the appeal meeting, or that it was declined, before you decide.",
    "Acas Code of Practice on disciplinary and grievance procedures; domain.md 5.2 T25",
    lambda case, step_context: (
        case.identity == Identity.ANONYMOUS or not case.is_running(ClockName.APPEAL_MEETING)
    ),
    standing=True,
)

APPEAL_OUTCOME = Guard(
    "FINDING_MISSING",
    "Choose whether the appeal is upheld, varied or dismissed.",
    "domain.md 5.2 T25",
    one_of("outcome", AppealOutcome.values),
)

APPEAL_FINDINGS = Guard(
    "APPEAL_FINDING_MISSING",
    "Say which finding changes and to what, or for a varied decision what more will be done. When "
    "the appeal is dismissed, every finding stays as it was.",
    "domain.md 5.2 T25",
    lambda case, step_context: _fits_appeal(case, step_context),
)

APPEAL_ACTIONS = Guard(
    "ACTION_INCOMPLETE",
    ACTIONS_OWNED.sentence,
    "domain.md 5.2 T21, T25",
    lambda case, step_context: (
        _has_action(step_context)
        or (not _begun_action(step_context) and (not _upholds(step_context) or case.has_action()))
    ),
)


def _upholds(step_context: StepContext) -> bool:
    return not set(step_context.findings().values()) <= {Outcome.NOT_UPHELD.value}


def _named_actions(answers: Mapping[str, object]) -> list[tuple[object, object, object]]:
    """Return the actions of a decision as (what, who, local date), complete or not.

    A form gives any number as `actions`. A caller without a form gives one, in three answers.
    """
    one = (answers.get("action"), answers.get("action_owner"), answers.get("action_due"))
    given = answers.get("actions")
    if isinstance(given, Sequence):
        return list(given)
    return [one] if any(one) else []


def promised_actions(answers: Mapping[str, object]) -> list[tuple[str, object, date]]:
    """Return the complete actions of a decision as (what, who, local date)."""
    rows = _named_actions(answers)
    return [(str(what), who, due) for what, who, due in rows if what and who and _is_day(due)]


def _is_day(answer: object) -> TypeGuard[date]:
    return isinstance(answer, date)


def _has_action(step_context: StepContext) -> bool:
    """Return whether there is an action, and every action is complete."""
    found = _named_actions(step_context.answers)
    return bool(found) and len(promised_actions(step_context.answers)) == len(found)


def _begun_action(step_context: StepContext) -> bool:
    return bool(_named_actions(step_context.answers))


def _fits_appeal(case: CaseShape, step_context: StepContext) -> bool:
    """Return whether the changed findings fit the outcome of the appeal.

    Upheld replaces a finding. Varied changes a finding or adds an action. Dismissed changes none.
    """
    changed = step_context.findings()
    if not (set(changed) <= case.allegation_numbers() and set(changed.values()) <= set(Outcome)):
        return False
    if step_context.text("outcome") == AppealOutcome.UPHELD:
        return bool(changed)
    if step_context.text("outcome") == AppealOutcome.VARIED:
        return bool(changed) or _has_action(step_context)
    return not changed
