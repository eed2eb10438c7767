"""The locked row of a case, and what a step needs to know of the case.

What is known is read after the lock. The lock and it are several statements, because a statement
that waits for a lock sees other tables as they were before it waited. PostgreSQL receives all of
them as one message.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet, Value

from grievances.audit.models import ChainHead, Event, pseudonymiser_of
from grievances.audit.read_heads import head_columns, head_in
from grievances.cases.access import rules
from grievances.cases.access.conflicts import Past
from grievances.cases.access.facts import Actor, every_party_of, person_id
from grievances.cases.access.standing import access_with, with_ties
from grievances.cases.actions.actor import Caller
from grievances.cases.models.answers import Approval
from grievances.cases.models.case import Case
from grievances.cases.models.companions import Companion
from grievances.cases.models.offers import Offer
from grievances.cases.models.parties import Party
from grievances.cases.models.readers import PendingReader, Tenure
from grievances.cases.models.stored_keys.held import every_row_of, know_all_rows
from grievances.cases.notices.sending import OF_A_CLOCK, inboxes_on
from grievances.encryption.server_keys import handle, person_pseudonym
from grievances.people.models import LinkedAccounts, Links, User, linked
from grievances.people.officers import certificates_of, hold_certificates
from grievances.policy import profiles
from notifications.outbox import unread_of
from workflow.sql.bulk_sql import change_row
from workflow.sql.compiled_sql import (
    LEAST,
    AnnotatedRow,
    Bound,
    CompiledQuery,
    Question,
    bound_list,
    listed,
    rows_of_all,
)
from workflow.sql.json_rows import JsonArray, JsonRows

AS_LOCKED = "columns_as_locked"
UNREAD = object()
COLUMNS = [field for field in Case._meta.concrete_fields if not field.primary_key]


@dataclass(frozen=True)
class KnownCase:
    """What was known of a case when a step began, under the lock of its row.

    `found` has the columns of the one statement. `parties` is None where they were not read.
    """

    case: Case
    found: AnnotatedRow
    parties: list[Party] | None = None

    @property
    def is_done(self) -> bool:
        """Whether this submission has had its effect already."""
        return bool(self.found.is_done)

    @property
    def has_unread(self) -> bool:
        """Whether there is an unread notice that the step may settle."""
        return bool(self.found.has_unread)

    @property
    def has_pending_readers(self) -> bool:
        """Whether people are announced who are not readers yet."""
        return bool(self.found.has_pending_readers)

    @cached_property
    def head(self) -> ChainHead:
        """The end of the trail of the case; not stored where the trail has not begun."""
        return head_in(self.found, self.case.reference)

    @property
    def past(self) -> Past:
        """What the case has seen so far, for judging people for a role on it."""
        grants = [(role, person) for role, person, _ in self.found.tied_workers or ()]
        return Past(tuple(grants), self.found.has_offers, self.found.had_roles)

    @property
    def links(self) -> Links | None:
        """The accounts that belong to one person, where the step judges people."""
        found = self.found.__dict__.get("tied_accounts", UNREAD)
        return None if found is UNREAD else linked((one, other) for one, other in found or ())

    def holders(self, role: str) -> list[int]:
        """Return the accounts that held a role on the case, in order."""
        return sorted(person for held, person, _ in self.found.tied_workers or () if held == role)

    def access_of(self, who: Actor) -> rules.CaseAccess | None:
        """Return what this person may do on the case; None when the account is gone.

        Raises DecryptionFailed for a list of excluded people that was tampered with.
        """
        return access_with(who, self.case, self.found)


def lock_and_read(
    case_id: int,
    who: Actor | None,
    key: str,
    *,
    judges: bool = False,
    other: QuerySet[Case] | None = None,
) -> KnownCase | None:
    """Return a case, locked as by `lock_row`, and what is known of it then.

    It is None where there is no case. The lock comes first, and what follows sees what others
    committed before it was given. `key` is the idempotency key of the submission; empty without
    one. `judges` brings what a step needs that judges whether people are fit: parties, every row of
    keys, linked accounts, and the certificates of `who`.
    """
    if other is not None:
        case = lock_row(case_id, other)
        return None if case is None else what_is_known(case, who, key, judges=judges)
    questions = _questions(case_id, who, key, judges=judges)
    locked, *answers = rows_of_all(_LOCKED.asked(case=case_id), *questions)
    if not locked:
        return None
    locked[0].__dict__[AS_LOCKED] = _columns(locked[0])
    return _known(locked[0], who, answers)


def what_is_known(case: Case, who: Actor | None, key: str, *, judges: bool = False) -> KnownCase:
    """Return what is known of a locked case, as `lock_and_read` does."""
    return _known(case, who, rows_of_all(*_questions(case.pk, who, key, judges=judges)))


def _questions(
    case_id: int, who: Actor | None, key: str, *, judges: bool
) -> list[Question[AnnotatedRow]]:
    given = {"case": case_id, "key": key, **listed("inbox", inboxes_on(case_id, who), "")}
    if not judges:
        return [_KNOWN.asked(**given)]
    me = person_id(who) if who is not None else 0
    known = _KNOWN_OF_PEOPLE.asked(**given, me=me)
    return [known, every_party_of(case_id), every_row_of(case_id)]


def _known(case: Case, who: Actor | None, answers: list[list[AnnotatedRow]]) -> KnownCase:
    (found,), *more = answers
    for name in ("has_companions", "has_approvals"):
        case.__dict__[name] = getattr(found, name)
    if not more:
        return KnownCase(case, found)
    parties, keys = more
    know_all_rows(case, keys)
    for party in parties:
        party.case = case
    if isinstance(who, User):
        hold_certificates(who, found.certificates or ())
    return KnownCase(case, found, parties)


def lock_row(case_id: int, other: QuerySet[Case] | None = None) -> Case | None:
    """Return the case, locked until the transaction ends.

    `other` is the query for the case it is merged into, which is locked as well. Both are locked in
    the order of their keys. Otherwise two people who merge two concerns into
    each other at the same moment would wait for each other for ever. In this order one of them
    waits for the other.
    """
    if other is None:
        found = _LOCKED.first(case=case_id)
    else:
        both = _lockable().filter(Q(pk=case_id) | Q(pk__in=other.values("pk")))
        found = next((case for case in both if case.pk == case_id), None)
    if found is not None:
        found.__dict__[AS_LOCKED] = _columns(found)
    return found


def save_changes(case: Case) -> None:
    """Write the columns of a locked case that have changed since; all of another case.

    A step that only records writes none.
    """
    before: dict[str, object] | None = case.__dict__.get(AS_LOCKED)
    if before is None:
        case.save()
        return
    now = _columns(case)
    changed = [name for name, value in now.items() if value != before[name]]
    change_row(case, changed)
    case.__dict__[AS_LOCKED] = now


def _columns(case: Case) -> dict[str, object]:
    found = {field.attname: getattr(case, field.attname) for field in COLUMNS}
    return found | {"return_states": list(case.return_states)}


def lock(case: Case) -> None:
    """Hold the row of a case until the transaction ends, as every step does."""
    lock_row(case.pk)


def was_done(case: Case, once: str) -> bool:
    """Return whether this submission has had its effect already."""
    key = once_key(case.pk, once)
    return key is not None and Event.objects.filter(key=key).exists()


def was_done_by(caller: Caller, reference: str, step: str, once: str) -> bool:
    """Return whether a submission took effect and ended its sender's access to a case.

    Stepping back and declining end the very right to ask again. It is one query, whether there is
    such a case or not.
    """
    if not once or not isinstance(caller.who, User):
        return False
    mark = f":{handle('press', once)}"
    done = Event.objects.filter(chain=reference, kind=f"case.{step}", key__endswith=mark).first()
    return done is not None and done.actor == pseudonymiser_of(reference)(
        person_pseudonym(caller.who.pk)
    )


def once_key(case_id: int, once: str) -> str | None:
    """Return the idempotency key of a submission; None without one."""
    # A keyed hash, because a browser sends the key: nothing typed may get into the trail.
    return f"once:{case_id}:{handle('press', once)}" if once else None


def _lockable() -> QuerySet[Case]:
    rows = Case.unguarded.select_for_update(of=("self",)).select_related("profile").order_by("pk")
    return rows.annotate(
        holidays=profiles.stamp_of(OuterRef("division")), is_locked=Value(value=True)
    )


def _what_is_known() -> QuerySet[Case]:
    text = CharField()
    settled = Q(kind__in=OF_A_CLOCK) | Q(handle__in=bound_list("inbox", LEAST, text))
    return with_ties(
        Case.unguarded.filter(pk=Bound("case", BigIntegerField())).order_by().only("pk")
    ).annotate(
        is_done=Exists(Event.objects.filter(key=Bound("key", text))),
        has_companions=Exists(Companion.objects.filter(case=OuterRef("pk"))),
        has_approvals=Exists(Approval.objects.filter(case=OuterRef("pk"), agreed=True)),
        has_offers=Exists(Offer.objects.filter(case=OuterRef("pk"))),
        had_roles=Exists(Tenure.objects.filter(case=OuterRef("pk"))),
        has_pending_readers=Exists(PendingReader.objects.filter(case=OuterRef("pk"))),
        has_unread=Exists(unread_of(OuterRef("reference")).filter(settled)),
        **head_columns(OuterRef("reference")),
    )


def _what_is_known_of_people() -> QuerySet[Case]:
    """Return the query of a step that judges people, with links and certificates."""
    links = LinkedAccounts.objects.order_by().values(tie=JsonArray("first_id", "second_id"))
    me = Bound("me", BigIntegerField())
    return _what_is_known().annotate(
        tied_accounts=JsonRows(links), certificates=certificates_of(me)
    )


_LOCKED = CompiledQuery(lambda: _lockable().filter(pk=Bound("case", BigIntegerField())))
_KNOWN = CompiledQuery(_what_is_known)
_KNOWN_OF_PEOPLE = CompiledQuery(_what_is_known_of_people)
