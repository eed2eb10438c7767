"""Recover an account without a recovery code: two officers must confirm it.

The person chooses a new password at once; the key pair that belongs to it waits. Each officer, in
their own session, confirms who is asking. Each lends their shares of the keys of that person's
cases to the new pair. Once both have confirmed, the account is the person's again and their cases
open. Neither officer reads anything. Neither learns whether the person has a case, because no
case's trail mentions it (architecture.md 5, peers.md 4 row 24).
"""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from grievances.accounts import second_factor
from grievances.accounts.recovery_models import VALID_FOR, AccountRecovery, waiting
from grievances.accounts.session_models import end_sessions
from grievances.cases.access import rules
from grievances.cases.access.facts import own_pseudonyms
from grievances.cases.actions.actor import SYSTEM_ACTOR, Caller, NotAllowed
from grievances.cases.actions.perform import perform
from grievances.cases.models.case import Case
from grievances.cases.models.key_distribution import grant_share, keys_of, take_loans
from grievances.cases.models.stored_keys.owed import owe_anew
from grievances.cases.models.stored_keys.rows import Part
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.cases.step_names import StepName
from grievances.casework.reading import record
from grievances.encryption import key_log
from grievances.encryption.derivation_limit import derive_once
from grievances.encryption.key_pairs import KeyPair, holder_name, new_case_key, sealed_pair, tagged
from grievances.encryption.primitives import normal_code
from grievances.encryption.private_keys import taken_up
from grievances.encryption.server_keys import handle, person_pseudonym
from grievances.people.models import User, accounts_of_one
from grievances.policy import profiles
from grievances.vocabulary import Office, State
from workflow.calendar import local_date
from workflow.steps import Refused

NO_REQUEST = (
    "NO_REQUEST",
    gettext_noop(
        "There is no request with this number for this user name, or it is more than a week old. "
        "Ask the person to read both to you again."
    ),
)
SAME_PERSON = (
    "SAME_PERSON",
    gettext_noop(
        "It takes two people, a casework lead and a data-protection officer, and neither may be "
        "the person who asks. Someone else has to confirm this request."
    ),
)
SIDES = ((Office.LEAD, "lead", Part.LEAD), (Office.DPO, "dpo", Part.DPO))
"""Office, the field that stores who confirmed for it, and the shares they lend."""


def ask_for_recovery(username: str, password: str, *, now: datetime) -> str:
    """Request recovery of an account under `password`.

    An unknown user name gets a number in the same time, and that number refers to no request. The
    keys are derived before the transaction begins, because on SQLite every other writer would wait
    for them.

    Returns:
        The request number, which is shown once and kept as a pseudonym only.
    """
    person = User.objects.filter(username=username.strip(), is_active=True).first()
    number = new_case_key()
    known_as, own = _known_as(number), person.pk if person else 0
    with derive_once():
        encoded = make_password(password)
        holder, pair = sealed_pair(own, password, beside=encoded, waiting=waiting(known_as))
    request = AccountRecovery(
        person=person, number=known_as, ends_at=now + VALID_FOR, password=encoded, **pair
    )
    request.set_public_key(holder.public)
    if person is not None:
        _note_request(person, request, now)
    return number


@transaction.atomic
def _note_request(person: User, request: AccountRecovery, now: datetime) -> None:
    """Keep a request, and tell the account that it was made."""
    request.save()
    record(SYSTEM_ACTOR, "account.recovery_asked", now)
    sending.tell(
        at_work(person),
        kind="recovery",
        link="/account/",
        # At most one mail a day, so that repeated requests do not fill a mailbox.
        key=f"recovery:{person_pseudonym(person.pk)}:{local_date(now, profiles.zone())}",
        now=now,
    )


@transaction.atomic
def confirm(caller: Caller, username: str, number: str, *, now: datetime) -> AccountRecovery:
    """Record an officer's confirmation and shares of a recovery.

    The second confirmation completes the recovery. Raises Refused SAME_PERSON, as `_side_of` does.

    Returns:
        The request.

    Raises:
        NotAllowed: the caller is not a casework lead or data-protection officer with an open key.
        Refused: NO_REQUEST, when no open request has this number and user name.
    """
    officer, today = caller.person, local_date(now, profiles.zone())
    if caller.holder is None or not rules.may(officer, "confirm_recovery", today):
        raise NotAllowed
    rows = AccountRecovery.objects.select_for_update(of=("self",)).select_related("person")
    row = rows.filter(number=_known_as(number), ends_at__gt=now, person__is_active=True).first()
    if row is None or row.person.username != username.strip() or not row.genuine_key:
        raise Refused(*NO_REQUEST)
    field, part = _side_of(officer, row, today)
    setattr(row, field, officer)
    row.save(update_fields=[field])
    name, public = holder_name(row.person_id), row.genuine_key
    for case in cases_of(row.person):
        grant_share(case, part, caller.holder, name, public, only=keys_of(case, name))
    record(caller, "account.recovery_confirmed", now, role=field)
    if row.is_confirmed:
        _set_up_anew(row, now)
    return row


@transaction.atomic
def end_stale_requests(now: datetime) -> int:
    """Delete expired requests and the shares lent for them.

    Returns:
        How many requests were deleted.
    """
    rows = list(AccountRecovery.objects.filter(ends_at__lte=now).select_related("person"))
    for row in rows:
        for case in cases_of(row.person):
            take_loans(case, holder_name(row.person_id))
        row.delete()
    return len(rows)


def cases_of(person: User) -> QuerySet[Case]:
    """Return every case a person may hold keys of: as a party, or by their work."""
    handles = own_pseudonyms(person)
    return Case.unguarded.filter(Q(parties__handle__in=handles) | Q(grants__user=person)).distinct()


def _side_of(officer: User, row: AccountRecovery, today: date) -> tuple[str, Part]:
    """Return the field to confirm in, and the shares the officer lends.

    Raises:
        Refused: SAME_PERSON, when one person would confirm twice or for themselves.
    """
    free = [
        (field, part)
        for office, field, part in SIDES
        if officer.holds(office, today) and getattr(row, f"{field}_id") is None
    ]
    if not free or accounts_of_one(officer) & {row.person_id, row.lead_id, row.dpo_id}:
        raise Refused(*SAME_PERSON)
    return free[0]


def _set_up_anew(row: AccountRecovery, now: datetime) -> None:
    person, public = row.person, row.genuine_key
    if person.has_usable_password():
        person.password = row.password
        person.save(update_fields=["password"])
    _replace_key_pair(row)
    for case in cases_of(person):
        if case.state == State.DRAFT:
            # Only the owner ever had its keys, so no one can recover it.
            perform(StepName.DELETE_DRAFT, case_id=case.pk, caller=Caller(person), now=now)
        else:
            owe_anew(case, holder_name(person.pk), public)
    AccountRecovery.objects.filter(person=person).delete()
    second_factor.remove_all(person)
    second_factor.tell_changed(person, now)
    end_sessions(person)
    record(Caller(person), "account.recovered", now)


def _replace_key_pair(row: AccountRecovery) -> None:
    """Put the key pair of a request in the place of the account's; its code ends."""
    person, public = row.person, row.genuine_key
    sealed = taken_up(bytes(row.sealed_by_password), person.pk, waiting(row.number))
    KeyPair.objects.update_or_create(
        person=person,
        defaults={
            **tagged(person.pk, public),
            "salt": row.salt,
            "kdf": row.kdf,
            "sealed_by_password": sealed,
            "sealed_by_code": None,
            "code_salt": None,
            "code_kdf": None,
        },
    )
    key_log.add(person.pk, public)


def _known_as(number: str) -> str:
    return handle("recovery", normal_code(number))
