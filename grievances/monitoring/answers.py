"""Store what complainants say of themselves; nothing here reads it (domain.md 7).

Nothing in this module decrypts an answer. On a PostgreSQL with separate roles, the role of the web
pages could not. No event is written, because whether a person answered is no part of their case.
Anonymous answers have no link from the first write on.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from django.db import IntegrityError, transaction

from grievances.cases.models.case import Case
from grievances.encryption.server_keys import seal_for_server
from grievances.monitoring.models import MonitoringAnswer, MonitoringCopy, MonitoringLink
from grievances.vocabulary import Identity
from workflow.steps import Refused

State = MonitoringLink.State

OWN_WORDS_LIMIT = 200
"""Characters of a self-description (domain.md 7)."""
CODES_BYTES, WORDS_BYTES = 768, 2_048
"""The sizes in bytes to which codes and words are padded before sealing.

Without padding the length of an answer would tell which one it is.
"""

KEPT_APART = (
    "You have answered already. Your answers are kept without any way back to you, so they cannot "
    "be found again, changed or deleted."
)


def state_of(case: Case) -> str:
    """Return whether the complainant was asked and answered; "" if never asked."""
    # Not `first()`: it would sort by the number, which the role of the pages may not read.
    rows = MonitoringLink.objects.filter(case=case).values_list("state", flat=True)
    return str(next(iter(rows), ""))


def offer(case: Case) -> None:
    """Record that the complainant was asked; twice has the effect of once."""
    MonitoringLink.objects.bulk_create([MonitoringLink(case=case)], ignore_conflicts=True)


def keep(case: Case, codes: Mapping[str, str], words: Mapping[str, str], today: date) -> None:
    """Store these answers in place of any earlier ones, under a new random number.

    Answers of an anonymous complainant are stored without a link to the case. Of two presses at
    once, one is kept.

    Raises:
        Refused: ALREADY_ANSWERED, where earlier answers are stored without a link, because no one
            may be counted twice.
    """
    with suppress(IntegrityError), transaction.atomic():
        if state_of(case) == State.APART:
            raise Refused("ALREADY_ANSWERED", KEPT_APART)
        if case.identity == Identity.ANONYMOUS:
            _keep_apart(case, codes)
            return
        number = _renew(case, State.ANSWERED)
        MonitoringAnswer.objects.create(
            monitoring_id=number,
            sealed_codes=seal_codes(codes, f"monitoring|{number}"),
            sealed_words=_seal_words(words, number),
        )


@transaction.atomic
def forget(case: Case) -> None:
    """Delete the answers and their link at once; record that nothing is to be kept."""
    if state_of(case) != State.APART:
        _renew(case, State.REFUSED)


def seal_codes(codes: Mapping[str, str], place: str) -> bytes:
    """Return codes sealed for the statistics job, all of the same length."""
    return seal_for_server(_padded(codes, CODES_BYTES), place)


def coarse_facts(case: Case) -> dict[str, str]:
    """Return the facts stored with unlinked answers, no finer than a report shows."""
    received = case.received_on
    return {
        "quarter": quarter_name(received) if received else "",
        "region": case.region,
        "route": case.route,
        "identity": case.identity,
    }


def quarter_name(day: date) -> str:
    """Return the calendar quarter of a local date, as the survey names it."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _keep_apart(case: Case, codes: Mapping[str, str]) -> None:
    _renew(case, State.APART)
    number = uuid.uuid4()
    facts = {**codes, **coarse_facts(case)}
    MonitoringCopy.objects.create(
        id=number, sealed_codes=seal_codes(facts, f"monitoring copy|{number}")
    )


def _renew(case: Case, state: str) -> uuid.UUID:
    """Replace the old link by a new one.

    The database deletes the answers of the old link.

    Returns:
        The number of the new link.
    """
    MonitoringLink.objects.filter(case=case).delete()
    return MonitoringLink.objects.create(case=case, state=state).monitoring_id


def _seal_words(words: Mapping[str, str], number: uuid.UUID) -> bytes:
    said = {name: text[:OWN_WORDS_LIMIT] for name, text in words.items() if text}
    return seal_for_server(_padded(said, WORDS_BYTES), f"monitoring words|{number}")


def _padded(said: Mapping[str, str], size: int) -> bytes:
    return json.dumps(dict(said), ensure_ascii=False).encode().ljust(size)
