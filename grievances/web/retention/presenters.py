"""Content of the retention pages: dates, requests, holds, certificates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from grievances.cases.guards.context import StepContext
from grievances.cases.models.answers import Approval
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.step_names import StepName
from grievances.policy import profiles, retention_schedule
from grievances.policy.clock_names import ClockName
from grievances.retention.certificate import DATABASE, Certificate
from grievances.retention.models import Erasure
from grievances.vocabulary import Keep
from workflow.steps import first_blocking_guard, steps

SHOWN = (
    StepName.ASK_KEEPING,
    StepName.ANSWER_KEEPING,
    StepName.SET_LEGAL_HOLD,
    StepName.LIFT_LEGAL_HOLD,
    StepName.ERASE,
)
LISTS = {
    "due": "Due: the time has ended",
    "asked": "A second person is asked, or has agreed",
    "held": "Under a legal hold",
}
"""The lists of cases, by the name that an address has for them."""
PLACES = ("files", "search", "cache", "queue", "mail", "logs", "backups", "keys", "trail")


def keeping_rows(case: Case) -> list[dict[str, str]]:
    """Return the retention facts of one case, for a summary list."""
    rows = {
        "Closed on": _day(case.closed_on),
        "Class": _class(case),
        "Archived on": _day(case.archived_on),
        "Kept until": _day(_until(case)),
        "Legal hold": "Yes: nothing is archived or erased" if case.legal_hold else "No",
        "Erased on": _day(case.erased_on),
    }
    return [{"key": key, "value": value} for key, value in rows.items() if value]


def request_rows(case: Case) -> list[list[str]]:
    """Return each request to a second person: what, why, when asked, the answer."""
    rows = case.approvals.filter(step__in=Keep.values).order_by("-pk")
    return [
        [
            Keep(row.step).label,
            row.get_reason_display(),
            _at(row.asked_at),
            _answer(row),
        ]
        for row in rows
    ]


def keeping_tasks(
    case: Case, allowed: Iterable[str], step_context: StepContext
) -> list[dict[str, str]]:
    """Return the retention steps this person may perform, with their status."""
    waiting = case.approvals.filter(step__in=Keep.values, answered_at__isnull=True).exists()
    agreed = set(
        case.approvals.filter(agreed=True, used_at__isnull=True).values_list("step", flat=True)
    )
    found = []
    for name in (each for each in SHOWN if each in set(allowed)):
        fact = steps(Case)[name]
        if not fact.leaves(case.state) or (name == StepName.ANSWER_KEEPING and not waiting):
            continue
        guard = first_blocking_guard(case, fact, step_context)
        ready = guard is None and (name not in Keep or name in agreed)
        if name in Keep and name not in agreed:
            continue
        found.append(
            {
                "title": fact.label,
                "status": "" if ready else "Cannot start yet",
                "href": f"/cases/{case.reference}/{name}/" if ready else "",
                "hint": guard.sentence if guard is not None else "",
                "colour": "",
            }
        )
    return found


@dataclass(frozen=True)
class KeptCases:
    """One page of a list of cases: reference, class, kept until, status.

    `next_href` leads to the next page; empty at the end of the list.
    """

    title: str
    rows: list[list[object]]
    next_href: str

    @classmethod
    def of(cls, name: str, cases: Iterable[Case], after: str, today: date) -> KeptCases:
        """Return the page of the list of this name, which goes on after a reference."""
        rows: list[list[object]] = [
            [
                {"text": case.reference, "href": f"/cases/{case.reference}/keeping/"},
                _class(case),
                _day(_until(case)) or "Not archived yet",
                _stand(case, today),
            ]
            for case in cases
        ]
        return cls(LISTS[name], rows, f"?{name}={after}" if after else "")


def certificate_list(rows: Iterable[Erasure]) -> list[list[object]]:
    """Return the erased cases: reference, local time of the erasure."""
    return [
        [{"text": row.reference, "href": f"/keeping/{row.reference}/"}, _at(row.erased_at)]
        for row in rows
    ]


def certificate_context(certificate: Certificate) -> dict[str, object]:
    """Return the context of a certificate page."""
    facts = certificate.facts
    tables = {name: said for name, said in facts.items() if name.startswith(DATABASE)}
    return {
        "certificate": certificate,
        "erased_on": _at(certificate.erased_at),
        "people": [
            {"key": name.capitalize(), "value": facts[name]}
            for name in ("asked by", "agreed by")
            if name in facts
        ],
        "tables": [[name.removeprefix(DATABASE), said] for name, said in tables.items()],
        "table_headings": ["Table", "What was found"],
        "places": [{"key": name.capitalize(), "value": facts[name]} for name in PLACES],
    }


def _until(case: Case) -> date | None:
    rows: list[Deadline] | None = case.__dict__.get("kept_until")
    if rows is None:
        rows = list(case.deadlines.filter(name=ClockName.RETENTION).order_by("-pk")[:1])
    return rows[0].current_due if rows else None


def _class(case: Case) -> str:
    if not case.close_reason or case.received_on is None:
        return ""
    kept = retention_schedule.keeping(case.close_reason, case.received_on)
    return f"{kept.label}: {kept.months} months from closing"


def _stand(case: Case, today: date) -> str:
    if case.legal_hold:
        return "Under a legal hold"
    requests: list[Approval] = case.__dict__["requests"]
    row = next((each for each in requests if each.used_at is None), None)
    if row is None or row.agreed is False:
        until = _until(case)
        return "No one has asked yet" if until is not None and until < today else ""
    return f"{Keep(row.step).label}: {_answer(row).lower()}"


def _answer(row: Approval) -> str:
    if row.answered_at is None:
        return "Waiting for the casework lead"
    word = "Yes" if row.agreed else "No"
    done = ", carried out" if row.used_at else ""
    return f"{word}, {_at(row.answered_at)}{done}"


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(profiles.zone()):%-d %B %Y, %H:%M}"
