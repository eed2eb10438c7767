"""THE permission table: who may read what and take which step (domain.md 5.2, 11.1).

One rule answers three questions: `allows` (may I), `cases_for` (which ones) and `people_for`
(who). No rule means no. `BARRED` beats every rule. `is_superuser` and `is_staff` give nothing.
Not allowed and not there look the same to the caller: views answer both with the same 404.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from grievances.cases.access.reach import reach_of
from grievances.cases.access.relations import (
    BARRED,
    Facts,
    Relation,
    Returner,
    Who,
    compile_rule,
    facts_of,
)
from grievances.cases.declaration import Placement, declaration_of
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.cases.roles import (
    ANY_TRIAGE,
    APPEAL,
    AUDITOR,
    BREAK_GLASS,
    CANDIDATE,
    COMPLAINANT,
    DECIDED,
    DECIDER,
    DPO,
    HANDLER,
    IN_USE,
    LEAD,
    MEDIATOR,
    OFFICERS,
    OPENLY,
    SENT,
    SHARED,
    WORKERS,
    Rule,
)
from grievances.people.models import Appointment, User
from grievances.vocabulary import Office
from workflow.steps import steps

READING: dict[str, Rule] = {
    "read": (COMPLAINANT | WORKERS | CANDIDATE) & IN_USE | BREAK_GLASS | DPO,
    "read_account": (COMPLAINANT | OFFICERS) & IN_USE | BREAK_GLASS,
    "read_name": (
        COMPLAINANT | ANY_TRIAGE | MEDIATOR | (HANDLER | DECIDER | APPEAL) & SHARED | LEAD & OPENLY
    )
    & IN_USE
    | BREAK_GLASS,
    "read_statements": (COMPLAINANT & DECIDED | HANDLER | DECIDER | APPEAL) & IN_USE | BREAK_GLASS,
    "read_report": (COMPLAINANT & DECIDED | OFFICERS) & IN_USE | BREAK_GLASS,
    "read_letter": (COMPLAINANT | OFFICERS | LEAD) & IN_USE | BREAK_GLASS,
    "read_process": (COMPLAINANT | WORKERS) & IN_USE | BREAK_GLASS,
    "read_approvals": (OFFICERS | LEAD) & IN_USE | BREAK_GLASS,
    "read_witness": (HANDLER | DECIDER | APPEAL) & IN_USE,
    "read_mediation": MEDIATOR & IN_USE,
    "read_terms": (COMPLAINANT | ANY_TRIAGE | MEDIATOR) & IN_USE,
    "read_in_search": (COMPLAINANT | WORKERS) & IN_USE | BREAK_GLASS,
    "read_as_copy": (COMPLAINANT | HANDLER | DECIDER | APPEAL) & IN_USE & SENT,
    "read_ledger": COMPLAINANT & IN_USE | DPO,
    "read_proof": COMPLAINANT,
    "read_tribunal": COMPLAINANT & IN_USE,
    "read_trail": DPO | AUDITOR,
    "read_keeping": (DPO | LEAD) & SENT,
    "read_about_you": COMPLAINANT & SENT,
}
"""Who may read what (domain.md 11.1)."""

DECLARED = {name: declaration_of(step) for name, step in steps(Case).items()}
RULES: dict[str, Relation] = {
    **{name: compile_rule(rule) for name, rule in READING.items()},
    **{name: compile_rule(declared.who) for name, declared in DECLARED.items()},
}
"""Every rule: reading here, steps from their declarations (domain.md 5.2)."""

BY_THE_CLOCK = frozenset(name for name, declared in DECLARED.items() if declared.by_clock)
"""What the system itself may do when a date passes (domain.md 5.2, actor SYS), and reroute."""


READ_RULE: dict[Kind, str] = {
    **dict.fromkeys(Kind, "read_account"),
    Kind.NAME: "read_name",
    Kind.MEETING: "read_statements",
    Kind.HEARD: "read_statements",
    Kind.PUT: "read_statements",
    Kind.STATEMENT: "read_statements",
    Kind.OUTCOME_NOTE: "read_witness",
    Kind.PERSON: "read_witness",
    Kind.REPORT: "read_report",
    Kind.ENQUIRIES: "read_report",
    Kind.LETTER: "read_letter",
    Kind.APPEAL_LETTER: "read_letter",
    Kind.ACTION: "read_letter",
    Kind.EXPLANATION: "read_process",
    Kind.OFFER_NAME: "read_process",
    Kind.HANDOVER: "read_approvals",
    Kind.REASON: "read_approvals",
    Kind.APPROVAL: "read_approvals",
    Kind.MEDIATION_NOTE: "read_mediation",
    Kind.TERMS: "read_terms",
}
"""Which rule a kind of record is read under."""

OFFICE_RULES: dict[str, tuple[Office, ...]] = {
    "open_report": (Office.ANALYST, Office.EXECUTIVE, Office.LEAD),
    "open_pulse": (Office.ANALYST,),
    "rebase_series": (Office.ANALYST,),
    "read_all_trails": (Office.DPO, Office.AUDITOR),
    "confirm_recovery": (Office.LEAD, Office.DPO),
    "read_certificates": (Office.DPO, Office.LEAD),
    "watch_service": (Office.LEAD, Office.DPO),
    "read_policies": (Office.LEAD, Office.DPO),
    "prepare_remarks": (Office.DPO, Office.INDEPENDENT),
}
"""Rules that concern no case."""


def cases_for(who: Who, action: str) -> QuerySet[Case]:
    """The cases on which this person may do this, found from what ties the person to cases.

    For lists. There are none when there is no such rule.
    """
    rule = RULES.get(action)
    reach = reach_of(rule) if rule is not None else None
    if reach is None or _is_gone(who):
        return case_by_case(who, action)
    tied = Case.unguarded.filter(pk__in=reach.ids(who)).exclude(BARRED.q(who))
    return tied if reach.rest is None else tied.filter(reach.rest.q(who))


def case_by_case(who: Who, action: str) -> QuerySet[Case]:
    """The same cases, the rule asked of each: for a query that looks at one case or a few."""
    rule = RULES.get(action)
    nothing: QuerySet[Case] = Case.unguarded.none()
    if rule is None or _is_gone(who):
        return nothing
    return Case.unguarded.filter(rule.q(who)).exclude(BARRED.q(who))


def allows(who: Who, action: str, case: Case) -> bool:
    """Whether this person may do this on this case."""
    return case_by_case(who, action).filter(pk=case.pk).exists()


def people_for(case: Case, action: str) -> set[User]:
    """The accounts that may do this on this case (an anonymous complainant has none)."""
    rule = RULES.get(action)
    if rule is None:
        return set()
    return rule.people(case) - BARRED.people(case)


@dataclass(frozen=True)
class Footing:
    """Where one person stands on one case: what they may do, and as what."""

    facts: Facts

    @property
    def allowed(self) -> frozenset[str]:
        """Every action this person may take on this case."""
        return frozenset(name for name in RULES if self.allows(name))

    def allows(self, action: str) -> bool:
        rule = RULES.get(action)
        return rule is not None and not BARRED.holds(self.facts) and rule.holds(self.facts)

    def role(self, action: str) -> str:
        """In which role this person acts: the word that the trail keeps."""
        roles = (atom.role for atom in RULES[action].atoms() if atom.holds(self.facts))
        return next(filter(None, roles), "nobody")


def footing(who: Who, case: Case) -> Footing | None:
    """Where this person stands on this case as given; None when the account is gone."""
    return None if _is_gone(who) else Footing(facts_of(who, case))


def actions_allowed(who: Who, case: Case) -> frozenset[str]:
    """Everything this person may do on this case."""
    found = footing(who, case)
    return frozenset() if found is None else found.allowed


def role_for(who: Who, action: str, case: Case) -> str | None:
    """The role in which this person may do this on this case, or None."""
    found = footing(who, case)
    return found.role(action) if found is not None and found.allows(action) else None


def role_of(who: Who, case: Case, action: str) -> str:
    """In which role this person does what they were found to be allowed."""
    return role_for(who, action, case) or "nobody"


def may(who: Who | None, action: str, today: date) -> bool:
    """Whether this person's office lets them do what concerns no case."""
    if not isinstance(who, User) or not who.is_active:
        return False
    return appointed_to(action, today).filter(person=who).exists()


def appointed_to(action: str, today: date) -> QuerySet[Appointment]:
    """The appointments that let a person do what concerns no case."""
    current = Q(to_date__isnull=True) | Q(to_date__gte=today)
    offices = OFFICE_RULES.get(action, ())
    return Appointment.objects.filter(current, office__in=offices, from_date__lte=today)


def _is_gone(who: Who) -> bool:
    return isinstance(who, User) and (who.pk is None or not who.is_active)


def has_own_page(step: str) -> bool:
    """Tell whether a step is offered on a page of its own, about keeping and erasing."""
    declared = DECLARED.get(step)
    return declared is not None and declared.placement is Placement.OWN_PAGE


def missing_rules() -> set[str]:
    """Steps without a rule: a test holds this empty."""
    return set(steps(Case)) - set(RULES)


__all__ = [
    "BY_THE_CLOCK",
    "RULES",
    "READ_RULE",
    "Returner",
    "Who",
    "Footing",
    "actions_allowed",
    "allows",
    "case_by_case",
    "cases_for",
    "footing",
    "may",
    "missing_rules",
    "people_for",
    "role_for",
    "role_of",
]
