"""What speaks against the people whom a step gives a role, or against a merge."""

from __future__ import annotations

from datetime import date

from grievances.cases.access import conflicts, eligibility
from grievances.cases.access.facts import parties_on
from grievances.cases.access.merge_eligibility import unfit_to_join
from grievances.cases.actions import delivery
from grievances.cases.actions.effects import StepExecution
from grievances.cases.guards.answers import refuse_far_days
from grievances.cases.guards.meetings import NO_ONE_AWAY
from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party, complainant_of
from grievances.cases.roles import SHARED
from grievances.cases.step_names import StepName
from grievances.people.models import User
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import ASKED_TO_HELP, LIMITED, Office, Role, Standing
from workflow.steps import steps

OFFERS = (StepName.OFFER_LATER, StepName.OFFER)
"""Steps that offer a person a part: while work goes on, and before it begins."""
TWO_CASES = frozenset({StepName.MERGE, StepName.ANNOUNCE_JOINING})
"""Steps on one case that read another or write to it (domain.md 5.2 T08)."""


PERSON_STEPS: dict[str, tuple[Role, str]] = {
    StepName.ACKNOWLEDGE: (Role.TRIAGE, ""),
    StepName.BEGIN_MEDIATION: (Role.MEDIATOR, "mediator"),
    StepName.MEDIATE_INSTEAD: (Role.MEDIATOR, "mediator"),
    StepName.BEGIN_APPEAL: (Role.APPEAL, ""),
}
"""Steps that give a person a role: the role, and the answer that names them."""
LAST_WORDS: dict[str, Role] = {
    StepName.SUBMIT_REPORT: Role.HANDLER,
    StepName.DECIDE: Role.DECIDER,
    StepName.DECIDE_APPEAL: Role.APPEAL,
}
"""Steps that end a part of the work: in which role.

A conflict may be a second old.
"""


def unfit_to_help(case: Case, role: Role, person: User, today: date) -> tuple[str, ...]:
    """Return the codes that speak against a person in a limited part.

    A person who oversees the case, or has or had any part in it, has no other one. A person without
    a key could open nothing, and a co-investigator is in the office of handlers.
    """
    codes = eligibility.Panel(case, role, today).unfit_to_serve(person)
    is_able = role is not Role.CO_HANDLER or person.holds(Office.HANDLER, today)
    lacks = not hasattr(person, "key_pair") or not is_able
    return (*codes, "NOT_CERTIFIED") if lacks else codes


def unfit(step: str, execution: StepExecution) -> tuple[str, ...]:
    """Return the codes that speak against a step: its people, its merge or its moment.

    An empty tuple means that nothing does.

    Raises:
        Refused: DAY_TOO_FAR.
    """
    refuse_far_days(execution.answers.values(), execution.case.calendar.last_day)
    who = execution.caller.who
    officer = who.pk if isinstance(who, User) else None
    moment = delivery.refuses(step, execution.case, officer, execution.answers, execution.now)
    return (*_unfit_people(step, execution), *moment, *_unfit_day(step, execution))


def _unfit_people(step: str, execution: StepExecution) -> tuple[str, ...]:
    case, answers, today = execution.case, execution.answers, execution.today
    if step in OFFERS:
        return _unfit_for_offer(execution)
    if step == StepName.APPOINT_PART:
        return _unfit_for_part(execution)
    if step == StepName.BEGIN_TO_HELP:
        part = next(part for part, asked in ASKED_TO_HELP.items() if asked == execution.role)
        return unfit_to_help(case, part, execution.caller.person, today)
    if step in PERSON_STEPS:
        role, name = PERSON_STEPS[step]
        person = answers.get(name) if name else execution.caller.who
        if not isinstance(person, User):
            return ("CONFLICT",)
        return _unfit_now(execution, role, person)
    if step == StepName.ACCEPT:
        offer = execution.own_offer
        return eligibility.Panel(case, Role(offer.role), today).unfit_to_serve(offer.candidate)
    if step == StepName.BEGIN_INVESTIGATION:
        return _unfit_panel(case, today)
    if step in LAST_WORDS:
        return _unfit_to_end(step, execution)
    if step in TWO_CASES:
        return unfit_to_join(case, execution.caller.person, str(answers.get("into")), today)
    return ()


def _unfit_now(execution: StepExecution, role: Role, person: User) -> tuple[str, ...]:
    """Return what speaks against a person, by what was read when the step began."""
    case, known = execution.case, execution.known
    if execution.parties is None:
        execution.parties = parties_on(case)
    past, links = (known.past, known.links) if known is not None else (None, None)
    sides = conflicts.sides_of(case, execution.parties)
    panel = eligibility.Panel(case, role, execution.today, sides=sides, past=past, links=links)
    return panel.unfit_to_serve(person)


def _unfit_for_offer(execution: StepExecution) -> tuple[str, ...]:
    asked, role = execution.answers["candidate"], Role(str(execution.answers["role"]))
    if not isinstance(asked, User):
        return ("CONFLICT",)
    return eligibility.Panel(execution.case, role, execution.today).unfit(asked)


def _unfit_for_part(execution: StepExecution) -> tuple[str, ...]:
    chosen, part = execution.answers.get("person"), execution.answers.get("part")
    if not isinstance(chosen, User) or part not in LIMITED:
        return ("CONFLICT",)
    return unfit_to_help(execution.case, Role(str(part)), chosen, execution.today)


def _unfit_day(step: str, execution: StepExecution) -> tuple[str, ...]:
    """Return the code of a day on which the officer, or the person they meet, is away.

    A complainant chooses the new day of their own meeting, and no one may refuse it.
    """
    day, officer = execution.answers.get("meets_on"), execution.caller.who
    declared = steps(Case).get(step)
    asks = declared is not None and NO_ONE_AWAY in declared.guards
    if not asks or execution.role == COMPLAINANT or not isinstance(day, date):
        return ()
    party = _whom_they_meet(execution)
    officer_id = officer.pk if isinstance(officer, User) else None
    is_away = delivery.is_away_on(day, officer_id, party, is_named=_is_named(execution.case, party))
    return ("AWAY_THEN",) if is_away else ()


def _is_named(case: Case, party: Party) -> bool:
    """Return whether the handler may know whom they meet; a complainant can be hidden."""
    return party.standing != Standing.COMPLAINANT or SHARED.is_met(case)


def _whom_they_meet(execution: StepExecution) -> Party:
    """Return the party who is invited, or whose meeting is moved.

    It is the complainant if it is no one else.
    """
    case, hearings = execution.case, execution.case.hearings.filter(episode=execution.case.episode)
    number, meeting = (str(execution.answers.get(name) or "") for name in ("person", "meeting"))
    if meeting.isdecimal():
        hearing = hearings.filter(meetings=int(meeting)).first()
    else:
        hearing = hearings.filter(number=int(number)).first() if number.isdecimal() else None
    own = None if hearing is None else {"standing": hearing.standing, "handle": hearing.handle}
    party = case.parties.filter(**own).first() if own is not None else None
    return party or complainant_of(case)


def _unfit_to_end(step: str, execution: StepExecution) -> tuple[str, ...]:
    """Return what has come to speak against the person who ends a part of the work."""
    case, person = execution.case, execution.caller.person
    codes = eligibility.Panel(case, LAST_WORDS[step], execution.today).unfit_to_serve(person)
    found = ("CONFLICT_SINCE",) if "CONFLICT" in codes else ()
    handlers = case.offers.filter(role=Role.HANDLER, status="accepted")
    clash = step == StepName.DECIDE and handlers.filter(candidate=person).exists()
    return (*found, "ROLE_CLASH") if clash else found


def _unfit_panel(case: Case, today: date) -> tuple[str, ...]:
    """Return the codes that today speak against handler and decision maker.

    Both accepted earlier.
    """
    asked_for = (Role.HANDLER, Role.DECIDER)
    parts = case.offers.filter(role__in=asked_for, status="accepted").select_related("candidate")
    panels = {Role.HANDLER: eligibility.Panel(case, Role.HANDLER, today)}
    panels[Role.DECIDER] = panels[Role.HANDLER].turned_to(Role.DECIDER)
    return tuple(
        code for part in parts for code in panels[Role(part.role)].unfit_to_serve(part.candidate)
    )
