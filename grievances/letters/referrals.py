"""Refer something to another body, and keep what came of it."""

from __future__ import annotations

from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import Execution, effect
from grievances.cases.models.records import Kind, write
from grievances.cases.step_names import StepName
from grievances.choices import ReferralResult
from grievances.letters.models import Referral
from workflow.steps import Refused


@effect(StepName.REFER)
def refer(execution: Execution[given.Referral]) -> None:
    """Record the referral, and seal both letters."""
    answers = execution.answers
    row = Referral.objects.create(
        case=execution.case,
        number=execution.case.referrals.count() + 1,
        body=answers["body"],
        sent_on=execution.today,
    )
    head = f"To: {answers['name']}"
    for kind, text in (
        (Kind.REFERRAL_LETTER, str(answers["letter"])),
        (Kind.REFERRAL_TO_BODY, f"{head}\n\n{answers['to_body']}"),
    ):
        write(
            execution.case, execution.ring, kind, text,
            author=execution.role, now=execution.now, about=str(row.number),
        )  # fmt: skip


@effect(StepName.RECORD_REFERRAL)
def record_result(execution: Execution[given.ReferralAnswer]) -> None:
    """Record what the other body did, with words for the complainant.

    Raises:
        Refused: NO_SUCH_REFERRAL.
    """
    typed = str(execution.answers["referral"])
    rows = execution.case.referrals.filter(pk=typed) if typed.isdecimal() else None
    row = rows.first() if rows is not None else None
    if row is None or not row.is_open:
        raise Refused("NO_SUCH_REFERRAL", "Choose a referral that waits for a result.")
    row.result, row.result_on = ReferralResult(execution.answers["result"]), execution.today
    row.save(update_fields=["result", "result_on"])
    said = "\n\n".join(
        text
        for text in (row.get_result_display(), str(execution.answers.get("text") or ""))
        if text
    )
    write(
        execution.case, execution.ring, Kind.REFERRAL_RESULT, said,
        author=execution.role, now=execution.now, about=str(row.number),
    )  # fmt: skip
