"""Survey comments, prepared by two people and published (domain.md 8)."""

from __future__ import annotations

from datetime import datetime

from grievances.demo.organisation import Organisation
from grievances.demo.texts import REDACTED
from grievances.policy import profiles
from grievances.surveys import comment_review as acts
from grievances.surveys import comments
from grievances.surveys.comment_models import Remark
from workflow.calendar import local_date

FIRST, SECOND = "dpo1", "independent1"


def prepare_and_print(organisation: Organisation, now: datetime) -> None:
    """Prepare each comment by two people, and publish what is ready.

    One writes how a comment is printed; the other agrees.
    """
    one, two = organisation.caller(FIRST), organisation.caller(SECOND)
    for row in Remark.objects.order_by("quarter", "pk"):
        wording = comments.words_of(row)
        for words, mark in REDACTED.items():
            wording = wording.replace(words, mark)
        row = acts.word(one, row.pk, row.turn, wording, now=now)
        acts.agree(two, row.pk, row.turn, now=now)
    today = local_date(now, profiles.zone())
    for batch in comments.batches(today):
        if batch.is_ready:
            acts.print_batch(one, batch.period, now=now)
