"""Begin a concern from a worrying answer, without the people of the first one.

Treating a person worse because they raised a concern, or helped with one, is victimisation
(Equality Act 2010, section 27). Nothing is sent: the person sends the draft or deletes it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from grievances.aftercare import care
from grievances.aftercare.care import Opened
from grievances.aftercare.models import Answer
from grievances.cases.actions.actor import Caller
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.intake import drafts, submission
from grievances.vocabulary import Role, Standing

HANDLED = (
    Role.TRIAGE,
    Role.HANDLER,
    Role.DECIDER,
    Role.APPEAL,
    Role.MEDIATOR,
)
"""The roles in which a person handles a concern. Overseers read no words and stay."""

CHANGES = (
    ("duties", gettext_noop("My duties")),
    ("shifts", gettext_noop("My shifts or hours")),
    ("appraisal", gettext_noop("My appraisal")),
    ("promotion", gettext_noop("Promotion or training")),
    ("leave", gettext_noop("Leave or sickness")),
    ("left_out", gettext_noop("I am left out")),
    ("comments", gettext_noop("Things people say")),
    ("discipline", gettext_noop("Discipline or a performance plan")),
    ("other", gettext_noop("Something else")),
)
"""What may have changed for the worse."""


def account_of(opened: Opened, given: Answer) -> str:
    """Return the text of a draft from an answer, in the person's own voice."""
    reference = opened.row.case.reference
    if opened.facts.standing == Standing.WITNESS:
        first = gettext(
            "I helped with a concern as a witness. Since then I have been treated worse at work."
        )
    else:
        first = gettext(
            "I raised concern {reference}. Since then I have been treated worse at work. This "
            "concern follows from it."
        ).format(reference=reference)
    labels = dict(CHANGES)
    lines = [first]
    if given.changes:
        lines.append(
            gettext("What has changed: {changes}.").format(
                changes="; ".join(gettext(labels[each]) for each in given.changes)
            )
        )
    if given.safe in care.UNSAFE:
        lines.append(gettext("I do not feel safe at work."))
    if given.text:
        lines.append(given.text)
    return "\n\n".join(lines)


@transaction.atomic
def begin_draft(caller: Caller, opened: Opened, given: Answer, *, now: datetime) -> Case:
    """Return the draft of this answer, sealed to its writer: a new or a begun one.

    Raises NotAllowed for a person without an account.
    """
    text = account_of(opened, given)
    known = drafts.own_drafts(caller.person).filter(reference=opened.facts.draft).first()
    if known is not None:
        before = str(drafts.read_draft(known, caller).get("account") or "")
        drafts.save_draft(known, caller, {"account": f"{before}\n\n{text}".strip()}, now=now)
        return known
    case = drafts.open_draft(caller.person, caller, now=now)
    apart = sorted(handled(opened.row.case))
    answers: dict[str, object] = {"account": text, **_away(opened, apart)}
    if not submission.readership(case, answers, now=now).officers:
        # Someone must be able to read it: an independent officer is not there, so triage stays.
        answers |= _away(opened, sorted(handled(opened.row.case, keep=Role.TRIAGE)))
    drafts.save_draft(case, caller, answers, now=now)
    care.keep_draft(caller, opened.label, case.reference)
    return case


def anonymous_answers(opened: Opened, given: Answer) -> dict[str, object]:
    """Return the answers of a draft for a person without an account."""
    apart = sorted(handled(opened.row.case))
    return {"account": account_of(opened, given), "removed": apart}


def handled(case: Case, *, keep: str = "") -> set[int]:
    """Return the accounts at work on a case, now or before, without those of one role."""
    roles = [role for role in HANDLED if role != keep]
    now = CaseUserObjectPermission.objects.filter(
        content_object=case.pk, permission__codename__in=roles
    )
    before = case.tenures.filter(role__in=roles)
    found = {*now.values_list("user_id", flat=True), *before.values_list("person_id", flat=True)}
    if keep:
        found -= set(case.tenures.filter(role=keep).values_list("person_id", flat=True))
    return found


def _away(opened: Opened, people: list[int]) -> dict[str, object]:
    # A witness is not told who handles the case, so their page does not list these people.
    is_witness = opened.facts.standing == Standing.WITNESS
    return {"apart": people} if is_witness else {"removed": people}
