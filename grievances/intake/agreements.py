"""A concern that one person raises for another, who asked for it.

The other confirms it or refuses it.

No one may confirm as the complainant (domain.md 5.3). So the concern belongs to the person it
happened to from the first moment, by a case key. The person who raised it has no part in it
afterwards. They keep only their own words, in their diary. Nothing in the database ties them to it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from grievances.audit.models import Event, record_by_service
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.declaration import NoticeKind
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import Exclusions, reasons_against
from grievances.cases.models.key_distribution import keys_of, take_keys
from grievances.cases.models.parties import (
    Party,
    add_anonymous,
    complainant_of,
    empty_entries,
    ending_pseudonym,
)
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import as_writer
from grievances.cases.notices.sending import retract
from grievances.choices import RaisedFor
from grievances.encryption.key_pairs import (
    Holder,
    anonymous_holder,
    ending_of,
    new_case_key,
    sealing_key,
)
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake import diary, drafts, submission
from grievances.intake.agreement_models import PLACES, AgreementRequest, label_of
from grievances.intake.presses import press_key, record_sent
from grievances.people.matching import Answers
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import Contact, Identity, State
from workflow.calendar import local_date
from workflow.json_values import JsonMapping
from workflow.steps import Refused

PAGE = "/for-you/"
SENT_PAGE = "/told-for-someone/"
DIARY_LOST = "DIARY_LOST"
OWN = frozenset({Exclusions.Why.CONFLICT.value, Exclusions.Why.LINE.value})
"""Why a person is kept from reading, as an officer, what happened to them."""


@dataclass(frozen=True)
class Asked:
    """A concern that waits for its person: its place, its key, and its caller."""

    number: int
    case_key: str
    case: Case
    caller: Caller


@transaction.atomic
def send_for_another(
    case: Case,
    caller: Caller,
    answers: Mapping[str, object],
    *,
    expected: Iterable[int],
    overseeing: Iterable[int],
    now: datetime,
    once: str,
) -> str:
    """Send a draft for another person.

    Returns:
        The name of the writer's diary entry: their words, and the key where no account is asked.

    Raises:
        Refused: as `submission.submit` does, or when the diary does not take the entry.
    """
    reporter = caller.person
    case = drafts.locked(case)
    case_key = new_case_key()
    _hand_over(case, caller, case_key)
    said = filled_for_another(answers)
    said |= {"raised_by": reporter.pk, "reach": _reach_of(reporter, answers)}
    _, own = submission.find_by_case_key(case_key)
    submission.submit(case, own, said, expected=expected, overseeing=overseeing, now=now, once=once)
    is_asked = ask(answers, case_key, besides={reporter.pk}, now=now)
    record_sent(press_key(once), now)
    return _keep_own_words(caller, case, answers, "" if is_asked else case_key, now)


def hands_over_key(text: str) -> bool:
    """Return whether the diary entry of who told us has a case key to hand over.

    It was written in the language of its writer on that day, whatever they read now.
    """
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            if _key_words() in text:
                return True
    return False


def was_sent(once: str) -> bool:
    """Return whether this press of the button has sent a concern for another person."""
    return bool(once) and Event.objects.filter(key=press_key(once)).exists()


def filled_for_another(answers: Mapping[str, object]) -> dict[str, object]:
    """Return the answers of a concern that waits for its person.

    They have no account on it yet.
    """
    return {
        **answers,
        "raised_for": RaisedFor.ASKED.value,
        "identity": Identity.ANONYMOUS.value,
        "contact": Contact.PORTAL.value,
        "address": "",
        "key_handed_over": True,
    }


def ask(
    answers: Mapping[str, object], case_key: str, *, besides: Iterable[int] = (), now: datetime
) -> bool:
    """Ask the one person that the answers name to confirm.

    They are asked in their account, if they have one. No one is asked in doubt: not two people of
    one name, and no one whom the concern may be about.

    Returns:
        Whether they were asked.
    """
    named = Answers.read(answers)
    against = {pk for field in named.fields for pk in field.everyone} | set(besides)
    meant = named.affected.meant - against
    if len(named.affected.everyone) != 1 or len(meant) != 1:
        return False
    person = User.objects.filter(pk__in=meant, is_active=True).select_related("key_pair").first()
    public = sealing_key(person) if person is not None else b""
    if person is None or not public:
        return False
    if not _take_place(person, public, case_key):
        return False
    key = f"own:{secrets.token_hex(16)}"
    sending.tell(as_writer(person.pk), kind=NoticeKind.REQUEST, link=PAGE, key=key, now=now)
    return True


def _take_place(person: User, public: bytes, case_key: str) -> bool:
    """Keep a request in the first free place of a person.

    Returns:
        Whether a place was free.
    """
    labels = [label_of(person.pk, number) for number in PLACES]
    taken = set(AgreementRequest.objects.filter(label__in=labels).values_list("label", flat=True))
    for label in labels:
        if label in taken:
            continue
        row = AgreementRequest(label=label)
        row.seal_key(public, case_key)
        with suppress(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
            return True
        # Another request has taken this place meanwhile.
    return False


def waiting(caller: Caller) -> list[Asked]:
    """Return the concerns that wait for this person, in the order of their places.

    What can no longer be answered is forgotten.
    """
    person, holder = caller.person, _holder(caller)
    found = [_asked(person, number, holder) for number in PLACES]
    return [each for each in found if each is not None]


def has_shut(caller: Caller) -> bool:
    """Return whether a request waits that this person's key does not open any more."""
    labels = [label_of(caller.person.pk, number) for number in PLACES]
    holder = _holder(caller)
    return any(not row.opens(holder) for row in AgreementRequest.objects.filter(label__in=labels))


def find(caller: Caller, number: int) -> Asked:
    """Return one concern that waits for this person.

    Raises:
        NotAllowed: None waits under this number.
    """
    found = _asked(caller.person, number, _holder(caller))
    if found is None:
        raise NotAllowed
    return found


def forget(person: User, number: int) -> None:
    """Delete a request that is answered."""
    AgreementRequest.objects.filter(label=label_of(person.pk, number)).delete()


def has_been_handed_over(case_key: str) -> bool:
    """Return whether another person has seen this case key.

    Raises NotAllowed for a key that opens nothing.
    """
    case, _ = submission.find_by_case_key(case_key)
    return case.key_handed_over


@transaction.atomic
def replace_key(old_key: str, new_key: str, *, now: datetime) -> None:
    """Put a new case key in the place of one that another person has seen.

    Raises NotAllowed when the old key opens nothing any more.
    """
    case, theirs = submission.find_by_case_key(old_key)
    case = drafts.locked(case)
    holder, look_up = anonymous_holder(new_key)
    old = _holder(theirs)
    ring = Keyring.of(case, old)
    compartments = {compartment for compartment, _ in keys_of(case, old.name)}
    ring.give(holder.name, holder.public, sorted(compartments))
    former = complainant_of(case)
    retract(case.reference, former.handle)
    former.delete()
    add_anonymous(case, look_up, ending_pseudonym(case.pk, ending_of(new_key)))
    take_keys(case, old.name, ring=ring)
    # A talk counts for the key that the person had on that day.
    Case.unguarded.filter(pk=case.pk).update(key_handed_over=False, heard_on=None)
    record_by_service(case.reference, now, kind="case.key_replaced")


def _asked(person: User, number: int, holder: Holder) -> Asked | None:
    row = AgreementRequest.objects.filter(label=label_of(person.pk, number)).first()
    if row is None:
        return None
    try:
        case_key = row.case_key(holder)
        case, caller = submission.find_by_case_key(case_key)
    except DecryptionFailed:
        return None  # the person has a new key: `has_shut` tells them
    except NotAllowed:
        row.delete()  # the key of the case has changed: it opens nothing
        return None
    if case.state == State.CLOSED or not case.waits_for_agreement():
        row.delete()
        return None
    if reasons_against(case, person.pk) - OWN:
        return None  # they were kept out since they were asked
    return Asked(number, case_key, case, caller)


def _hand_over(case: Case, caller: Caller, case_key: str) -> None:
    """Make the holder of a case key the complainant in the place of the writer."""
    holder, look_up = anonymous_holder(case_key)
    writer = _holder(caller)
    ring = Keyring.of(case, writer)
    ring.give(holder.name, holder.public, drafts.NEW_CASE_KEYS)
    Party.objects.filter(case=case).delete()
    empty_entries(case.pk, caller.person.pk)
    add_anonymous(case, look_up)
    take_keys(case, writer.name, ring=ring)


def _reach_of(reporter: User, answers: JsonMapping) -> str:
    """Return who raised it, how to reach them, and for whom.

    The officer of triage reads it.

    What is stored is never a translation.
    """
    route = Contact(answers.get("contact") or Contact.PORTAL).label
    lines = (
        f"Raised by {reporter.name}, who was asked to",
        f"{route} {answers.get('address') or ''}".strip(),
        f"{submission.IT_HAPPENED_TO}{answers.get('affected') or 'not said'}",
    )
    return "\n".join(lines)


def _keep_own_words(
    caller: Caller, case: Case, answers: Mapping[str, object], case_key: str, now: datetime
) -> str:
    """Return the name of the diary entry with what the writer has told us.

    Raises:
        Refused: the diary is full, or does not open.
    """
    lines = [_("What I told you for someone who asked me to (%s).") % case.reference]
    if case_key:
        lines.append(f"{_key_words()} {case_key}")
    lines.append(str(answers.get("account") or ""))
    today = local_date(now, profiles.zone())
    try:
        return diary.write_entry(caller, today, "\n\n".join(lines), now=now)
    except NotAllowed:
        sentence = _("We keep a copy for you in your diary, and it does not open. Delete it first.")
        raise Refused(DIARY_LOST, sentence) from None


def _key_words() -> str:
    return _("The case key to give them:")


def _holder(caller: Caller) -> Holder:
    if caller.holder is None:
        raise NotAllowed
    return caller.holder
