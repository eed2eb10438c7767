"""THE permission table: who may read what and take which step.

Source: domain.md 5.2, 11.1. One rule answers three questions: `allows` (may I), `cases_for` (which
ones) and `people_for` (who). No rule means no. An exclusion overrides every rule: who is excluded
holds no role on the case (`models.exclusions`), and `Ties` leaves such a case out. `is_superuser`
and `is_staff` give nothing. Not allowed and not found look the same to the caller: views answer
both with the same 404.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from grievances.cases.access.facts import AccessFacts, Actor, Ties, access_facts_of, facts_of_page
from grievances.cases.access.reach import reach_of
from grievances.cases.access.relations import CompiledRule, barred_people, compile_rule
from grievances.cases.declaration import Placement, declaration_of
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.cases.roles import (
    ADVISER,
    ANY_TRIAGE,
    APPEAL,
    ASKED_HELPER,
    AUDITOR,
    BREAK_GLASS,
    CANDIDATE,
    CO_HANDLER,
    COMPLAINANT,
    DECIDED,
    DECIDER,
    DPO,
    HANDLER,
    IN_USE,
    LEAD,
    LIMITED,
    MEDIATOR,
    NOTE_TAKER,
    OFFICERS,
    OPENLY,
    REPORTED,
    SENT,
    SHARED,
    WORKERS,
    Rule,
)
from grievances.people.models import Appointment, User
from grievances.vocabulary import Office
from workflow.steps import steps

READING: dict[str, Rule] = {
    "read": (COMPLAINANT | WORKERS | LIMITED | CANDIDATE | ASKED_HELPER) & IN_USE
    | BREAK_GLASS
    | DPO,
    "read_account": (COMPLAINANT | OFFICERS | CO_HANDLER) & IN_USE | BREAK_GLASS,
    "read_name": (
        COMPLAINANT
        | ANY_TRIAGE
        | MEDIATOR
        | (HANDLER | DECIDER | APPEAL | CO_HANDLER) & SHARED
        | LEAD & OPENLY
    )
    & IN_USE
    | BREAK_GLASS,
    "read_names_to_declare": (CANDIDATE | ASKED_HELPER) & IN_USE,
    "read_meeting": (COMPLAINANT | HANDLER | DECIDER | APPEAL | CO_HANDLER) & IN_USE | BREAK_GLASS,
    "read_statements": (COMPLAINANT & DECIDED | HANDLER | DECIDER | APPEAL | CO_HANDLER) & IN_USE
    | BREAK_GLASS,
    "read_minutes": (HANDLER | DECIDER | APPEAL | CO_HANDLER | NOTE_TAKER) & IN_USE,
    "read_advice": (HANDLER | DECIDER | APPEAL | ADVISER) & IN_USE,
    "read_report": (COMPLAINANT & DECIDED | OFFICERS) & IN_USE | BREAK_GLASS,
    "read_letter": (COMPLAINANT | OFFICERS | LEAD | ADVISER) & IN_USE | BREAK_GLASS,
    "read_process": (COMPLAINANT | WORKERS | CO_HANDLER | ADVISER) & IN_USE | BREAK_GLASS,
    "read_approvals": (OFFICERS | LEAD) & IN_USE | BREAK_GLASS,
    "read_witness": (HANDLER | DECIDER | APPEAL) & IN_USE,
    "read_mediation": MEDIATOR & IN_USE,
    "read_pattern": (LEAD | ANY_TRIAGE) & IN_USE & SENT,
    "read_room": (HANDLER | CO_HANDLER | (DECIDER | APPEAL) & REPORTED) & IN_USE,
    "read_working_notes": HANDLER & IN_USE,
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
RULES: dict[str, CompiledRule] = {
    **{name: compile_rule(rule) for name, rule in READING.items()},
    **{name: compile_rule(declared.who) for name, declared in DECLARED.items()},
}
"""Every rule: reading here, steps from their declarations (domain.md 5.2)."""

NO_ROLE = "nobody"
"""What the trail records of a person who acts in no role; stored events have it."""

BY_THE_CLOCK = frozenset(name for name, declared in DECLARED.items() if declared.by_system)
"""What the system itself may do when a date passes, and reroute.

Source: domain.md 5.2, actor SYS.
"""


READ_RULE: dict[Kind, str] = {
    **dict.fromkeys(Kind, "read_account"),
    Kind.NAME: "read_name",
    Kind.MEETING: "read_meeting",
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
    Kind.ACTION_DONE: "read_letter",
    Kind.EXPLANATION: "read_process",
    Kind.OFFER_NAME: "read_process",
    Kind.HANDOVER: "read_approvals",
    Kind.REASON: "read_approvals",
    Kind.APPROVAL: "read_approvals",
    Kind.MEDIATION_NOTE: "read_mediation",
    Kind.TERMS: "read_terms",
    Kind.REFERRAL_LETTER: "read_letter",
    Kind.REFERRAL_TO_BODY: "read_approvals",
    Kind.REFERRAL_RESULT: "read_letter",
    Kind.PLAN: "read_room",
    Kind.TO_HEAR: "read_room",
    Kind.EXHIBIT: "read_room",
    Kind.EXAMINED: "read_room",
    Kind.WORKING_NOTE: "read_working_notes",
    Kind.INVITATION: "read_meeting",
    Kind.NOTES_ANSWER: "read_meeting",
    Kind.EVIDENCE_FOR_YOU: "read_meeting",
    Kind.MINUTES: "read_minutes",
    Kind.ADVICE_ASKED: "read_advice",
    Kind.ADVICE: "read_advice",
    Kind.CALLED: "read_statements",
    Kind.NOTES: "read_statements",
    Kind.EVIDENCE_SHOWN: "read_statements",
}
"""The rule under which a kind of record is read."""

OFFICE_RULES: dict[str, tuple[Office, ...]] = {
    "open_report": (Office.ANALYST, Office.EXECUTIVE, Office.LEAD),
    "open_pulse": (Office.ANALYST,),
    "rebase_series": (Office.ANALYST,),
    "note_figure": (Office.ANALYST,),
    "read_all_trails": (Office.DPO, Office.AUDITOR),
    "confirm_recovery": (Office.LEAD, Office.DPO),
    "read_certificates": (Office.DPO, Office.LEAD),
    "read_board": (Office.LEAD,),
    "take_down": (Office.TRIAGE,),
    "watch_service": (Office.LEAD, Office.DPO),
    "read_year": (Office.AUDITOR, Office.INDEPENDENT, Office.DPO),
    "sign_year": (Office.AUDITOR, Office.INDEPENDENT),
    "read_policies": (Office.LEAD, Office.DPO),
    "keep_letters": (Office.LEAD, Office.DPO),
    "count_patterns": (Office.INDEPENDENT, Office.AUDITOR, Office.DPO),
    "keep_directory": (Office.DIRECTORY,),
    "keep_register": (Office.LEAD,),
    "keep_rights_requests": (Office.DPO,),
    "publish_lessons": (Office.ANALYST,),
    "prepare_remarks": (Office.DPO, Office.INDEPENDENT),
}
"""Rules that concern no case: action -> the offices that allow it."""


def cases_for(who: Actor, action: str) -> QuerySet[Case]:
    """Return the cases on which this person may do this, for lists.

    The query starts from what ties the person to cases. There are none when there is no such rule.
    """
    rule = RULES.get(action)
    reach = reach_of(rule) if rule is not None else None
    if reach is None or is_gone(who):
        return case_by_case(who, action)
    ties = Ties(who)
    tied = Case.unguarded.filter(pk__in=reach.ids(ties))
    return tied if reach.rest is None else tied.filter(reach.rest.q(ties))


def read_on_page(
    who: Actor, case_ids: Collection[int], own: Collection[int], others: Iterable[str] = ()
) -> list[AccessFacts]:
    """Return the cases of one page that this person may read, in their order.

    `own` are the cases of which the person is the complainant. The facts name the workers in the
    roles of `others`. A case whose stored row is stale is left out, and so is one whose list of
    excluded people cannot be opened.
    """
    if not case_ids or is_gone(who):
        return []
    found = {case.pk: case for case in Case.unguarded.filter(pk__in=case_ids)}
    cases = [found[pk] for pk in case_ids if pk in found]
    facts = facts_of_page(who, cases, own, others)
    return [each for each in facts if CaseAccess(each).allows("read")]


def cases_to_list() -> QuerySet[Case]:
    """Return every case by key, for the comparison of the stored lists."""
    return Case.unguarded.order_by("pk")


def case_by_case(who: Actor, *actions: str, ties: Ties | None = None) -> QuerySet[Case]:
    """Return the cases of `cases_for`, with the rule evaluated on each case.

    It is for a query that looks at one case or a few. Of several actions each must be allowed.
    `ties` are those of the person, where they were looked up before.
    """
    nothing: QuerySet[Case] = Case.unguarded.none()
    if is_gone(who) or not set(actions) <= RULES.keys():
        return nothing
    tied, cases = ties or Ties(who), Case.unguarded.all()
    for action in actions:
        cases = cases.filter(RULES[action].q(tied))
    return cases


def allows(who: Actor, action: str, case: Case) -> bool:
    """Return whether this person may do this on this case."""
    return case_by_case(who, action).filter(pk=case.pk).exists()


def people_for(case: Case, action: str) -> set[User]:
    """Return the accounts that may do this on this case.

    An anonymous complainant has no account.
    """
    rule = RULES.get(action)
    if rule is None:
        return set()
    return rule.people(case) - barred_people(case)


@dataclass(frozen=True)
class CaseAccess:
    """What one person may do on one case, and in which role."""

    facts: AccessFacts

    @property
    def allowed(self) -> frozenset[str]:
        """Every action this person may take on this case."""
        return frozenset(name for name in RULES if self.allows(name))

    def allows(self, action: str) -> bool:
        """Return whether this person may do this; False for an action without a rule."""
        rule = RULES.get(action)
        return rule is not None and not self.facts.barred and rule.holds(self.facts)

    def role(self, action: str) -> str:
        """Return in which role this person acts, as the trail records it."""
        roles = (atom.role for atom in RULES[action].predicates() if atom.holds(self.facts))
        return next(filter(None, roles), NO_ROLE)


def case_access(who: Actor, case: Case) -> CaseAccess | None:
    """Return what this person may do on this case as given.

    None when the account is gone.
    """
    return None if is_gone(who) else CaseAccess(access_facts_of(who, case))


def actions_allowed(who: Actor, case: Case) -> frozenset[str]:
    """Return everything this person may do on this case."""
    found = case_access(who, case)
    return frozenset() if found is None else found.allowed


def role_for(who: Actor, action: str, case: Case) -> str | None:
    """Return the role in which this person may do this on this case, or None."""
    found = case_access(who, case)
    return found.role(action) if found is not None and found.allows(action) else None


def role_of(who: Actor, case: Case, action: str) -> str:
    """Return the role in which this person does this on this case.

    They were found to be allowed before.
    """
    return role_for(who, action, case) or NO_ROLE


def may(who: Actor | None, action: str, today: date) -> bool:
    """Return whether an office of this person allows an action that concerns no case."""
    if not isinstance(who, User) or not who.is_active:
        return False
    return appointed_to(action, today).filter(person=who).exists()


def office_actions(person: User, today: date) -> frozenset[str]:
    """Return every action that concerns no case and that the person's offices allow.

    It is one query.
    """
    if not person.is_active:
        return frozenset()
    current = Q(to_date__isnull=True) | Q(to_date__gte=today)
    held = Appointment.objects.filter(current, person=person, from_date__lte=today)
    offices = set(held.values_list("office", flat=True))
    return frozenset(name for name, allowed in OFFICE_RULES.items() if offices & set(allowed))


def appointed_to(action: str, today: date) -> QuerySet[Appointment]:
    """Return the appointments that allow an action that concerns no case."""
    current = Q(to_date__isnull=True) | Q(to_date__gte=today)
    offices = OFFICE_RULES.get(action, ())
    return Appointment.objects.filter(current, office__in=offices, from_date__lte=today)


def is_gone(who: Actor) -> bool:
    """Return whether this is an account that is closed or was never stored."""
    return isinstance(who, User) and (who.pk is None or not who.is_active)


def has_own_page(step: str) -> bool:
    """Return whether a step has a page of its own, about keeping and erasing."""
    declared = DECLARED.get(step)
    return declared is not None and declared.placement is Placement.OWN_PAGE


PAGES = {Placement.ROOM: "investigation/", Placement.PATTERN: "pattern/"}
"""The pages, below the page of the case, that offer steps of their own."""


def page_of(step: str) -> str:
    """Return the page that offers a step, below the page of the case; else empty."""
    declared = DECLARED.get(step)
    return PAGES.get(declared.placement, "") if declared is not None else ""


def missing_rules() -> set[str]:
    """Return the steps without a rule. A test checks that there are none."""
    return set(steps(Case)) - set(RULES)
