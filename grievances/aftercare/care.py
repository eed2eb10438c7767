"""A person's own aftercare: see it, answer it, and choose who asks.

Answers are sealed to the person who writes them. No event tells of them, and no officer has a page
that shows that they exist. What a person sends, they send themselves, as a concern.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from grievances.aftercare import schedule
from grievances.aftercare.models import Aftercare, Answer, AskState, Facts, Listener, label_of
from grievances.cases.access.facts import AnonymousReporter
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party, anonymous_pseudonym, standings_of
from grievances.encryption.primitives import DecryptionFailed
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import Standing, State
from workflow.calendar import local_date
from workflow.steps import Refused

HAVE_CARE = (Standing.COMPLAINANT, Standing.WITNESS)
NO_CARE = (State.DRAFT, State.ARCHIVED)
MOST_ANSWERS = 120
MOST_SIGNS = 200_000
WORRYING = frozenset({"yes"})
UNSAFE = frozenset({"no"})

FULL = (
    "AFTERCARE_FULL",
    gettext_noop(
        "There is no room for more here. Write to us in your concern, or keep a diary, for what is "
        "new."
    ),
)


@dataclass(frozen=True)
class Opened:
    """One person's aftercare as they see it.

    `is_lost` is true when the key to the answers has changed.
    """

    row: Aftercare
    facts: Facts
    answers: tuple[Answer, ...]
    next_day: date | None
    is_lost: bool = False

    @property
    def label(self) -> str:
        """The last part of its address."""
        return self.row.label


def own(caller: Caller, *, now: datetime) -> list[Opened]:
    """Return every aftercare of this person, begun here where it is missing."""
    today = local_date(now, profiles.zone())
    rows = [begin(party, today) for party in _parties(caller)]
    return [_opened(row, caller, today) for row in rows]


def find(caller: Caller, label: str, *, now: datetime) -> Opened:
    """Return one aftercare of this person.

    Raises:
        NotAllowed: it is another person's, or there is none.
    """
    today = local_date(now, profiles.zone())
    return _opened(_row(caller, label), caller, today)


def begin(party: Party, today: date) -> Aftercare:
    """Return the aftercare of a party; it begins on the day the case was received.

    A witness begins today. Raises DecryptionFailed for a row that was tampered with.
    """
    person_id = party.person_id
    look_up = "" if person_id is not None else party.handle
    label = label_of(party.case_id, party.standing, person_id or 0, look_up)
    found = Aftercare.objects.filter(label=label).select_related("case").first()
    if found is not None:
        return found
    is_own = party.standing == Standing.COMPLAINANT
    row = Aftercare(label=label, case=party.case)
    row.seal(
        Facts(
            standing=party.standing,
            started_on=(party.case.received_on if is_own else None) or today,
            person_id=person_id or 0,
            look_up=look_up,
            listener=Listener.CONTACT if is_own else Listener.SELF,
        )
    )
    known = {"case": row.case, "sealed": row.sealed}
    return Aftercare.objects.get_or_create(label=label, defaults=known)[0]


@transaction.atomic
def answer(caller: Caller, label: str, given: Answer, *, now: datetime) -> bool:
    """Keep an answer for its writer.

    Returns:
        Whether the answer is worrying.

    Raises:
        NotAllowed: It is another person's, or its code is not that of a time of asking that waits.
        Refused: There is no room.
    """
    row, facts = _locked(caller, label)
    if given.code not in open_codes(facts):
        raise NotAllowed
    kept = _answers(row, caller)
    if given.code == schedule.BASELINE:
        kept = [each for each in kept if each.code != schedule.BASELINE]
    kept.append(given)
    if len(kept) > MOST_ANSWERS or sum(len(each.text) for each in kept) > MOST_SIGNS:
        raise Refused(*FULL)
    ask = facts.ask(given.code)
    if ask is not None:
        facts = facts.with_ask(replace(ask, state=AskState.ANSWERED))
    holder = caller.holder
    if holder is None:
        raise NotAllowed
    row.seal_answers(holder.public, kept)
    row.seal(facts)
    row.save()
    return is_worrying(given)


@transaction.atomic
def choose(caller: Caller, label: str, listener: str, ally: User | None, *, is_off: bool) -> Facts:
    """Keep who asks a person how they are, or that no one does.

    Returns:
        The facts as they are kept now.

    Raises:
        NotAllowed: for another person's, or a way that they do not have.
    """
    row, facts = _locked(caller, label)
    if listener not in {each.value for each in ways(facts)}:
        raise NotAllowed
    ally_id = ally.pk if ally is not None and listener == Listener.ALLY else 0
    facts = replace(facts, listener=listener, ally_id=ally_id, is_off=is_off)
    row.seal(facts)
    row.save(update_fields=["sealed"])
    if facts.listener == Listener.SELF:
        keep_check_ins_own(row.case, facts)
    return facts


def keep_check_ins_own(case: Case, facts: Facts) -> None:
    """Note on open check-ins that the complainant answers for themselves alone.

    Then the reports do not count them as silence.
    """
    if facts.standing == Standing.COMPLAINANT and case.state == State.CLOSED:
        case.check_ins.filter(answered_on__isnull=True, is_own=False).update(is_own=True)


def ways(facts: Facts) -> Iterable[Listener]:
    """Return by whom this person may be asked.

    A witness has no triage officer. A person without an account cannot name a colleague, who would
    learn who they are.
    """
    if facts.standing == Standing.WITNESS:
        return (Listener.SELF, Listener.ALLY)
    if not facts.person_id:
        return (Listener.CONTACT, Listener.SELF)
    return tuple(Listener)


def open_codes(facts: Facts) -> set[str]:
    """Return the codes to which this person may answer now."""
    waiting = facts.waiting()
    return {schedule.BASELINE, schedule.CHANGED} | ({waiting.code} if waiting else set())


def is_worrying(given: Answer) -> bool:
    """Return whether an answer says that the person is treated worse, or is not safe.

    Treating a person worse because of a concern is victimisation (Equality Act 2010, section 27).
    How things were at the start is no answer to that.
    """
    if given.code == schedule.BASELINE:
        return False
    return given.worse in WORRYING or given.safe in UNSAFE


def forget_draft(caller: Caller, label: str) -> None:
    """Note that the draft of an answer is gone."""
    keep_draft(caller, label, "")


@transaction.atomic
def keep_draft(caller: Caller, label: str, reference: str) -> None:
    """Note the draft that an answer has begun. Raises NotAllowed."""
    row, facts = _locked(caller, label)
    row.seal(replace(facts, draft=reference))
    row.save(update_fields=["sealed"])


def _parties(caller: Caller) -> list[Party]:
    """Return how this person is part of cases, the newest case first."""
    who = caller.who
    if isinstance(who, User):
        found = [(pk, each) for pk, each in standings_of(who.pk) if each in HAVE_CARE]
        rows = Party.objects.filter(case__in={pk for pk, _ in found}, standing__in=HAVE_CARE)
    elif isinstance(who, AnonymousReporter):
        name = anonymous_pseudonym(who.look_up)
        rows = Party.objects.filter(handle=name, standing=Standing.COMPLAINANT)
    else:
        return []
    rows = rows.exclude(case__state__in=NO_CARE).select_related("case").order_by("-case_id", "pk")
    mine = who.pk if isinstance(who, User) else None
    return [party for party in rows if party.person_id == mine]


def _row(caller: Caller, label: str) -> Aftercare:
    for party in _parties(caller):
        person_id = party.person_id
        look_up = "" if person_id is not None else party.handle
        if label == label_of(party.case_id, party.standing, person_id or 0, look_up):
            found = Aftercare.objects.filter(label=label).select_related("case").first()
            if found is not None:
                return found
    raise NotAllowed


def _locked(caller: Caller, label: str) -> tuple[Aftercare, Facts]:
    _row(caller, label)
    row = Aftercare.objects.select_for_update(of=("self",)).select_related("case").get(label=label)
    return row, row.facts


def _answers(row: Aftercare, caller: Caller) -> list[Answer]:
    """Return the answers of a row.

    Raises:
        NotAllowed: They do not open.
    """
    if caller.holder is None:
        raise NotAllowed
    try:
        return row.answers(caller.holder)
    except DecryptionFailed:
        raise NotAllowed from None


def _opened(row: Aftercare, caller: Caller, today: date) -> Opened:
    facts = row.facts
    after = None if facts.is_off else schedule.next_day(row.case, facts.started_on, today)
    try:
        return Opened(row, facts, tuple(_answers(row, caller)), after)
    except NotAllowed:
        return Opened(row, facts, (), after, is_lost=True)


def case_of(opened: Opened) -> Case:
    """Return the case behind an aftercare."""
    return opened.row.case
