"""Break-glass by two officers: one asks, another agrees, and it ends after a day.

Source: domain.md 11.1.
"""

from __future__ import annotations

from datetime import datetime

from grievances.cases.access import rules
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.actor import SYSTEM_ACTOR, Caller
from grievances.cases.actions.effects import Execution, StepExecution, effect
from grievances.cases.actions.key_alarm import keys_to_seal_to
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.assignments import grant, holders, withdraw
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import SPLIT, Keyring
from grievances.cases.models.emergency import OPEN_FOR, BreakGlass, live_emergency
from grievances.cases.models.key_distribution import grant_share, rotate_case_keys, take_loans
from grievances.cases.models.records import Kind, write
from grievances.cases.models.stored_keys.held import held_on, holder_pseudonym
from grievances.cases.models.stored_keys.rows import Part
from grievances.cases.step_names import StepName
from grievances.encryption.key_pairs import holder_name, open_note, seal_note
from grievances.people.models import User, accounts_of_one
from grievances.vocabulary import Compartment, Role
from workflow.steps import Refused

ASKED_ALREADY = (
    "ASKED_ALREADY",
    "This case is open in an emergency already, or someone has asked for it. Wait for the answer.",
)
NO_SHARE = (
    "KEY_NOT_HERE",
    "Your share of the keys of this case has not reached you yet. It does when a person who can "
    "read the case opens it. Try again later.",
)
NO_SECOND = (
    "NO_SECOND_PERSON",
    "There is no casework lead who could agree. Appoint one first: no one opens a case alone.",
)
NOT_ASKED = (
    "NOT_ASKED",
    "No one asks to open this case now, or the request is more than a day old.",
)
SAME_PERSON = ("SAME_PERSON", "It takes two people. Someone else has to agree to your request.")


@effect(StepName.ASK_BREAK_GLASS)
def ask(execution: Execution[given.EmergencyRequest]) -> None:
    """Store the request, with its words sealed only to the leads who may agree.

    Raises:
        Refused: a request or opening exists, the officer has no share yet, or no lead could agree.
    """
    case, person = execution.case, execution.caller.person
    if live_emergency(case) is not None:
        raise Refused(*ASKED_ALREADY)
    if not _has_share(case, person, Part.DPO):
        raise Refused(*NO_SHARE)
    leads = _leads_to_ask(execution)
    if not leads:
        raise Refused(*NO_SECOND)
    words = execution.answers["text"]
    BreakGlass.objects.create(
        case=case,
        asked_by=person,
        asked_at=execution.now,
        why=execution.answers["why"],
        sealed_reasons={
            _keyed_hash(case, lead): seal_note(key, words, _place(case, lead))
            for lead, key in leads
        },
        ends_at=execution.now + OPEN_FOR,
    )


@effect(StepName.AGREE_BREAK_GLASS)
def agree(execution: StepExecution) -> None:
    """Grant the lead's share to the officer who asked, and file the reason.

    Raises:
        Refused: the lead has no share of the keys yet, or no request can be answered now.
    """
    row = _answerable(execution)
    asker, holder = row.asked_by, execution.caller.holder
    name = holder_name(asker.pk)
    public = keys_to_seal_to(execution, [asker]).get(name)
    if not (holder and public and grant_share(execution.case, Part.LEAD, holder, name, public)):
        raise Refused(*NO_SHARE)
    _file_reason(execution, row)
    row.agreed_by, row.ends_at = execution.caller.person, execution.now + OPEN_FOR
    row.save(update_fields=["agreed_by", "ends_at", "sealed_reasons"])
    grant(execution.case, asker, Role.BREAK_GLASS)


def _file_reason(execution: StepExecution, row: BreakGlass) -> None:
    """Move the reason into the records of the case, where its key is there."""
    words = reason_of(row, execution.caller)
    if words and Compartment.OFFICE in execution.ring:
        write(
            execution.case, execution.ring, Kind.REASON, words,
            author=Role.DPO.value, now=execution.now,
        )  # fmt: skip
        row.sealed_reasons = {}


@effect(StepName.REFUSE_BREAK_GLASS)
def refuse(execution: StepExecution) -> None:
    """Refuse the request; the case stays closed to the officer who asked."""
    _end(_answerable(execution), execution.now)


@effect(StepName.END_BREAK_GLASS)
def finish(execution: StepExecution) -> None:
    """Take back the granted shares and rotate the keys of the case.

    What is written from now on is sealed under keys that the officer never had.

    Raises:
        Refused: there is no request or opening to end.
    """
    row = live_emergency(execution.case)
    if row is None:
        raise Refused(*NOT_ASKED)
    was_open = row.agreed_by_id is not None
    _end(row, execution.now)
    if was_open:
        withdraw(execution.case, row.asked_by, Role.BREAK_GLASS)
        take_loans(execution.case, holder_name(row.asked_by_id))
        execution.ring.learn(rotate_case_keys(execution.case, SPLIT))


def ring_for(case: Case, caller: Caller, now: datetime) -> Keyring:
    """Return the keys of a case that a person has at this moment.

    The keys of an emergency opening are included.
    """
    row = live_emergency(case)
    is_open = row is not None and row.asked_by == caller.who and row.is_open(now)
    is_theirs = is_open and _may_be_open(caller, case)
    return Keyring.of(case, caller.holder, in_emergency=is_theirs)


def end_overdue(now: datetime, *, only: Case | None = None) -> int:
    """End every request and opening whose day is over by `now`.

    Returns:
        How many ended.
    """
    rows = BreakGlass.objects.filter(ended_at__isnull=True, ends_at__lte=now)
    if only is not None:
        rows = rows.filter(case=only)
    ended = list(rows.values_list("pk", "case_id"))
    for pk, case_id in ended:
        step_input = StepInput(once=f"emergency:{pk}")
        perform(
            StepName.END_BREAK_GLASS,
            case_id=case_id,
            caller=SYSTEM_ACTOR,
            now=now,
            step_input=step_input,
        )
    return len(ended)


def reason_of(row: BreakGlass, caller: Caller) -> str:
    """Return the words of a request to a lead who was asked, and "" to anyone else."""
    if caller.holder is None or not isinstance(caller.who, User):
        return ""
    sealed = row.sealed_reasons.get(holder_pseudonym(row.case, caller.holder.name), "")
    return open_note(caller.holder, sealed, _place(row.case, caller.who)) if sealed else ""


def _leads_to_ask(execution: StepExecution) -> list[tuple[User, bytes]]:
    """Return the leads who could agree, each with the public key to seal to.

    Each is another person than the officer who asks, and has the leads' share of the keys.
    """
    case, own = execution.case, accounts_of_one(execution.caller.person)
    leads = [lead for lead in holders(case, Role.LEAD) if lead.pk not in own]
    leads = [lead for lead in leads if _has_share(case, lead, Part.LEAD)]
    keys = keys_to_seal_to(execution, leads)
    return [(lead, key) for lead in leads if (key := keys.get(holder_name(lead.pk)))]


def _answerable(execution: StepExecution) -> BreakGlass:
    row = live_emergency(execution.case)
    if row is None or not row.is_waiting or row.ends_at <= execution.now:
        raise Refused(*NOT_ASKED)
    if not rules.allows(row.asked_by, StepName.ASK_BREAK_GLASS, execution.case):
        # The officer who asked has left, or was excluded, since.
        raise Refused(*NOT_ASKED)
    if row.asked_by_id in accounts_of_one(execution.caller.person):
        raise Refused(*SAME_PERSON)
    return row


def _end(row: BreakGlass, now: datetime) -> None:
    row.ended_at = now
    if row.agreed_by_id is None:
        row.sealed_reasons = {}
    row.save(update_fields=["ended_at", "sealed_reasons"])


def _may_be_open(caller: Caller, case: Case) -> bool:
    if not isinstance(caller.who, User):
        return False
    return holders(case, Role.BREAK_GLASS).filter(pk=caller.who.pk).exists()


def _has_share(case: Case, person: User, part: Part) -> bool:
    held = held_on(case, holder_name(person.pk))
    return any(one.part == part and one.is_sealed for one in held)


def _keyed_hash(case: Case, person: User) -> str:
    return holder_pseudonym(case, holder_name(person.pk))


def _place(case: Case, person: User) -> str:
    return f"emergency|case {case.pk}|{_keyed_hash(case, person)}"
