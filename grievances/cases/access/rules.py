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
    facts_of,
    nobody_works_as,
    stands,
    when,
    works_as,
)
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.people.models import Appointment, User
from grievances.vocabulary import Identity, Office, Role, Standing, State
from workflow.steps import steps

COMPLAINANT = stands(Standing.COMPLAINANT)
TRIAGE_POOL = works_as(Role.TRIAGE_POOL)
TRIAGE = works_as(Role.TRIAGE)
HANDLER = works_as(Role.HANDLER)
DECIDER = works_as(Role.DECIDER)
APPEAL = works_as(Role.APPEAL)
MEDIATOR = works_as(Role.MEDIATOR)
LEAD = works_as(Role.LEAD)
DPO = works_as(Role.DPO)
AUDITOR = works_as(Role.AUDITOR)
BREAK_GLASS = works_as(Role.BREAK_GLASS)
CANDIDATE = (
    works_as(Role.ASKED_HANDLER) | works_as(Role.ASKED_DECIDER) | works_as(Role.ASKED_APPEAL)
)

IN_USE = when(~Q(state=State.ARCHIVED), lambda case: case.state != State.ARCHIVED)
SENT = when(~Q(state=State.DRAFT), lambda case: case.state != State.DRAFT)
DECIDED = when(Q(outcome_on__isnull=False), lambda case: case.outcome_on is not None)
SHARED = when(
    Q(identity=Identity.OPEN) | Q(name_shared=True),
    lambda case: case.identity == Identity.OPEN or bool(case.name_shared),
)
UNMEDIATED = nobody_works_as(Role.MEDIATOR)
OPENLY = when(Q(identity=Identity.OPEN), lambda case: case.identity == Identity.OPEN)

ANY_TRIAGE = TRIAGE_POOL | TRIAGE
OFFICERS = ANY_TRIAGE | HANDLER | DECIDER | APPEAL
WORKERS = OFFICERS | MEDIATOR | LEAD

RULES: dict[str, Relation] = {
    # Reading (domain.md 11.1)
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
    # The steps, T01 to T38
    "submit": COMPLAINANT,
    "acknowledge": TRIAGE_POOL,
    "reroute": LEAD,
    "agree_formal": TRIAGE,
    "agree_informal": TRIAGE,
    "begin_mediation": TRIAGE,
    "redirect": TRIAGE,
    "merge": TRIAGE,
    "announce_joining": TRIAGE,
    "close_insufficient": TRIAGE,
    "confirm_resolved": COMPLAINANT,
    "switch_to_formal": COMPLAINANT,
    "mediate_instead": TRIAGE,
    "settle": MEDIATOR,
    "end_mediation": COMPLAINANT | MEDIATOR | TRIAGE & UNMEDIATED,
    "offer": TRIAGE | LEAD,
    "decline": CANDIDATE,
    "begin_investigation": HANDLER,
    "record_meeting": HANDLER,
    "submit_report": HANDLER,
    "return_for_enquiries": DECIDER,
    "decide": DECIDER,
    "appeal": COMPLAINANT,
    "accept_outcome": COMPLAINANT,
    "begin_appeal": APPEAL,
    "decide_appeal": APPEAL,
    "remit": APPEAL,
    "hold": TRIAGE | HANDLER | DECIDER | APPEAL,
    "resume": TRIAGE | HANDLER | DECIDER | APPEAL | COMPLAINANT,
    "renew_hold": LEAD,
    "ask_to_withdraw": COMPLAINANT,
    "stay": COMPLAINANT,
    "close_withdrawn": TRIAGE,
    "reopen": LEAD,
    "change_handler": LEAD,
    "extend": LEAD,
    "move_policy": LEAD,
    "explain_delay": LEAD | OFFICERS,
    "archive": when(Q(pk__in=[]), lambda case: False),
    "erase": DPO,
    "delete_draft": COMPLAINANT,
    # The acts that keep the state
    "message": COMPLAINANT | OFFICERS,
    "ask_informal": COMPLAINANT,
    "share_name": COMPLAINANT,
    "give_name": COMPLAINANT,
    "use_name": COMPLAINANT,
    "exclude": COMPLAINANT,
    "object_to_person": COMPLAINANT,
    "answer_objection": LEAD,
    "answer_reader": COMPLAINANT,
    "extend_informal": COMPLAINANT,
    "say_stalled": COMPLAINANT,
    "answer_check_in": COMPLAINANT,
    "ask_to_reopen": COMPLAINANT | TRIAGE,
    "check_safety": TRIAGE,
    "ask_exclusions": TRIAGE,
    "ask_question": TRIAGE | HANDLER,
    "name_respondent": TRIAGE | HANDLER,
    "ask_consent": TRIAGE | MEDIATOR,
    "ask_approval": TRIAGE | HANDLER | DECIDER | APPEAL | COMPLAINANT,
    "answer_approval": LEAD,
    "ask_keeping": DPO,
    "answer_keeping": LEAD,
    "set_legal_hold": DPO,
    "lift_legal_hold": DPO,
    "check_voluntary": TRIAGE,
    "accept": CANDIDATE,
    "decline_later": CANDIDATE,
    "offer_later": TRIAGE | LEAD,
    "recuse": ANY_TRIAGE | HANDLER | DECIDER | APPEAL | MEDIATOR,
    "send_update": HANDLER | DECIDER,
    "record_respondent": HANDLER,
    "add_allegation": TRIAGE | HANDLER,
    "add_evidence": COMPLAINANT | HANDLER,
    "choose_copy": COMPLAINANT | HANDLER,
    "check_file": COMPLAINANT | OFFICERS,
    "write_mediation_note": MEDIATOR,
    "finish_action": DECIDER | TRIAGE | LEAD,
    # Break-glass by two (domain.md 11.1)
    "ask_break_glass": DPO,
    "agree_break_glass": LEAD,
    "refuse_break_glass": LEAD,
    "end_break_glass": BREAK_GLASS,
    # Being heard; the respondent, witnesses and companions have pages of their own
    "put_to_respondent": HANDLER,
    "ask_witness": HANDLER,
    "tell_respondent": DECIDER | APPEAL,
    "invite_companion": COMPLAINANT,
    "share_files": COMPLAINANT,
    "end_companion": COMPLAINANT,
    "propose_interpreter": TRIAGE | HANDLER | APPEAL,
    "answer_interpreter": COMPLAINANT,
    "confirm_interpreter": TRIAGE | HANDLER | APPEAL,
}

BY_THE_CLOCK = frozenset(
    {
        "switch_to_formal",
        "decline",
        "decline_later",
        "accept_outcome",
        "resume",
        "archive",
        "delete_draft",
        "end_break_glass",
    }
)
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


def office_actions(person: User, today: date) -> frozenset[str]:
    """Return everything that the person's offices allow and that concerns no case. One query."""
    if not person.is_active:
        return frozenset()
    current = Q(to_date__isnull=True) | Q(to_date__gte=today)
    held = Appointment.objects.filter(current, person=person, from_date__lte=today)
    offices = set(held.values_list("office", flat=True))
    return frozenset(name for name, allowed in OFFICE_RULES.items() if offices & set(allowed))


def appointed_to(action: str, today: date) -> QuerySet[Appointment]:
    """The appointments that let a person do what concerns no case."""
    current = Q(to_date__isnull=True) | Q(to_date__gte=today)
    offices = OFFICE_RULES.get(action, ())
    return Appointment.objects.filter(current, office__in=offices, from_date__lte=today)


def _is_gone(who: Who) -> bool:
    return isinstance(who, User) and (who.pk is None or not who.is_active)


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
