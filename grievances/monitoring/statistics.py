"""Read what complainants said of themselves, for the statistics job alone.

`read_declared` is the only function that leads from a case to its answers. A test holds that no
page, form or interface of the product imports this module. It reads codes only: what was written in
a person's own words is decrypted nowhere.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from grievances.encryption.server_keys import open_for_server
from grievances.monitoring.answers import quarter_name, seal_codes
from grievances.monitoring.codes import NOT_ANSWERED
from grievances.monitoring.models import MonitoringAnswer, MonitoringCopy, MonitoringLink
from grievances.policy import retention_schedule
from workflow.calendar import add_months
from workflow.json_values import JsonObject

State = MonitoringLink.State
BATCH = 2_000

CASE_FACTS = ("region", "route", "identity", "close_reason", "outcome", "received_on")
"""The columns of a case copied with its answers when the link is destroyed."""


@dataclass(frozen=True)
class Declared:
    """One unlinked answer: its coarse facts and its codes, by name."""

    quarter: str
    region: str
    route: str
    identity: str
    outcome: str
    codes: dict[str, str]


def read_declared() -> dict[int, dict[str, str]]:
    """Return case key -> codes by question name, for linked answers.

    Question names are "ethnic_group", "religion" and so on. A person who was asked and passed a
    question over has NOT_ANSWERED under "ethnic_group". A case that is missing here was NOT_ASKED.
    A case whose answers are unlinked is not here either: they are in `read_copies`.
    """
    numbers = dict(
        MonitoringLink.objects.using(alias())
        .filter(state=State.ANSWERED)
        .values_list("monitoring_id", "case_id")
    )
    found = {
        case: {"ethnic_group": NOT_ANSWERED}
        for case in MonitoringLink.objects.using(alias())
        .filter(state__in=[State.ASKED, State.REFUSED])
        .values_list("case_id", flat=True)
    }
    rows = MonitoringAnswer.objects.using(alias()).values_list("monitoring_id", "sealed_codes")
    for number, sealed in rows.iterator(chunk_size=BATCH):
        if number in numbers:
            codes = _opened(sealed, f"monitoring|{number}")
            found[numbers[number]] = {"ethnic_group": NOT_ANSWERED, **codes}
    return found


def read_copies() -> list[Declared]:
    """Return unlinked answers: the anonymous, and those whose link was destroyed."""
    rows = MonitoringCopy.objects.using(alias()).order_by("pk").values_list("pk", "sealed_codes")
    found = []
    for number, sealed in rows.iterator(chunk_size=BATCH):
        said = _opened(sealed, f"monitoring copy|{number}")
        found.append(
            Declared(
                quarter=said.pop("quarter", ""),
                region=said.pop("region", ""),
                route=said.pop("route", ""),
                identity=said.pop("identity", ""),
                outcome=said.pop("outcome", ""),
                codes={"ethnic_group": NOT_ANSWERED, **said},
            )
        )
    return found


def read_states() -> dict[int, str]:
    """Return case key -> whether its complainant was asked and answered.

    The values are those of `MonitoringLink.State`.
    """
    return dict(MonitoringLink.objects.using(alias()).values_list("case_id", "state"))


def unlink_expired(today: date) -> int:
    """Destroy the links of long-closed cases, and keep copies under new numbers.

    How long is data (class "monitoring_link"; domain.md 2: 12 months). A legal hold stops it.

    Returns:
        How many were destroyed.
    """
    months = retention_schedule.months_of("monitoring_link", today)
    links = MonitoringLink.objects.using(alias()).filter(
        state=State.ANSWERED,
        case__closed_on__lt=add_months(today, -months),
        case__legal_hold=False,
    )
    wanted = [f"case__{name}" for name in CASE_FACTS]
    with transaction.atomic(using=alias()):
        rows = list(links.values("monitoring_id", "case_id", *wanted))
        copies = [_copy(row) for row in rows]
        secrets.SystemRandom().shuffle(copies)
        MonitoringCopy.objects.using(alias()).bulk_create(copies)
        old = [row["monitoring_id"] for row in rows]
        MonitoringLink.objects.using(alias()).filter(pk__in=old).delete()
        fresh = [MonitoringLink(case_id=row["case_id"], state=State.APART) for row in rows]
        MonitoringLink.objects.using(alias()).bulk_create(fresh)
    return len(rows)


def alias() -> str:
    """Return the database connection of the statistics job.

    It is its own role where one is configured.
    """
    return "statistics" if "statistics" in settings.DATABASES else "default"


def _copy(row: JsonObject) -> MonitoringCopy:
    number = row["monitoring_id"]
    sealed = (
        MonitoringAnswer.objects.using(alias())
        .values_list("sealed_codes", flat=True)
        .get(monitoring_id=number)
    )
    received = row["case__received_on"]
    facts = {
        "quarter": quarter_name(received) if received else "",
        "region": row["case__region"],
        "route": row["case__route"],
        "identity": row["case__identity"],
        "outcome": row["case__outcome"] or row["case__close_reason"],
    }
    copy = MonitoringCopy()
    said = {**_opened(sealed, f"monitoring|{number}"), **facts}
    copy.sealed_codes = seal_codes(said, f"monitoring copy|{copy.pk}")
    return copy


def _opened(sealed: bytes | memoryview, place: str) -> dict[str, str]:
    said: dict[str, str] = json.loads(open_for_server(bytes(sealed), place))
    return said
