"""Exclude a person from a case, and take from them what they had of it."""

from collections.abc import Collection, Iterable, Mapping

from grievances.cases.actions import clocks
from grievances.cases.actions.effects import (
    SHARE_OF,
    StepExecution,
    give_keys,
    keys_of_role,
    remove,
    share_keys,
)
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, bar
from grievances.cases.models.key_distribution import take_keys
from grievances.cases.models.offers import Offer
from grievances.cases.models.parties import complainant_of
from grievances.cases.models.readers import PendingReader
from grievances.cases.models.stored_keys.held import cases_with_keys_of
from grievances.encryption.key_pairs import holder_name
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.matching import close_to
from grievances.people.models import User, with_linked_accounts
from grievances.vocabulary import WORK_ROLES, Role
from notifications.outbox import references_told


def exclude_person(execution: StepExecution, person: User, why: Exclusions.Why) -> None:
    """Exclude every account of a person, and take what they had of the case.

    The complainant is never excluded from their own case, even as a manager of the respondent.
    """
    _exclude_account(execution, person, why)
    linked = with_linked_accounts({person.pk}) - {person.pk}
    for other in User.objects.filter(pk__in=linked).order_by("pk"):
        _exclude_account(execution, other, why)


def _exclude_account(execution: StepExecution, person: User, why: Exclusions.Why) -> None:
    if person.pk == complainant_id(execution.case):
        return
    bar(execution.case, person.pk, why)
    for role in (*WORK_ROLES, Role.LEAD, Role.DPO, Role.AUDITOR, Role.BREAK_GLASS):
        remove(execution.case, person, role, execution.ring)
    forget_readers(execution, person)
    parts = execution.case.offers.filter(candidate=person, status__in=["sent", "accepted"])
    parts.update(status="revoked", answered_on=execution.today)
    clocks.stop_unasked(execution.case, execution.today)


def exclude_all_close_to(
    execution: StepExecution, person: User, why: Exclusions.Why, *, besides: User | None = None
) -> None:
    """Exclude a person, and every account with a similar name except `besides`."""
    for each in (person, *(other for other in close_to(person) if other != besides)):
        exclude_person(execution, each, why)


def cases_with_a_part(people: Mapping[int, Collection[int]]) -> set[int]:
    """Return the cases in which one of their own people has anything.

    `people` are {case id: account ids}. "Anything" is all that `exclude_person` takes: a role, a
    key, an announcement, an offer, a notice. A case may be among them for a person of another case.
    """
    accounts = set[int]().union(*people.values())
    grants = CaseUserObjectPermission.objects.filter(user__in=accounts, content_object__in=people)
    waiting = PendingReader.objects.filter(person__in=accounts, case__in=people)
    live = [Offer.Status.SENT, Offer.Status.ACCEPTED]
    offers = Offer.objects.filter(candidate__in=accounts, status__in=live, case__in=people)
    return {
        *grants.values_list("content_object_id", flat=True),
        *waiting.values_list("case_id", flat=True),
        *offers.values_list("case_id", flat=True),
        *cases_with_keys_of({pk: map(holder_name, each) for pk, each in people.items()}),
        *_cases_told_of(people, accounts),
    }


def _cases_told_of(case_ids: Iterable[int], accounts: Iterable[int]) -> set[int]:
    cases = dict(Case.unguarded.filter(pk__in=case_ids).values_list("reference", "pk"))
    return {cases[each] for each in references_told(cases, map(person_pseudonym, accounts))}


def complainant_id(case: Case) -> int | None:
    """Return the complainant's account id, or None when anonymous."""
    return complainant_of(case).person_id


def forget_readers(execution: StepExecution, person: User) -> None:
    """Delete the announcements of a person, who then will not read the case.

    The keys sealed to them are taken back.
    """
    gone, _ = execution.case.pending_readers.filter(person=person).delete()
    if gone:
        take_back(execution, person)


def take_back(execution: StepExecution, person: User) -> None:
    """Take the keys of a role that a person does not begin.

    The keys of their other roles are sealed again, or pending.
    """
    case = execution.case
    take_keys(case, holder_name(person.pk), ring=execution.ring)
    grants = CaseUserObjectPermission.objects.filter(content_object=case, user=person)
    roles = [Role(name) for name in grants.values_list("permission__codename", flat=True)]
    keys = {key for role in roles for key in keys_of_role(case, role)}
    if keys and hasattr(person, "key_pair"):
        give_keys(execution, person, keys)
    if any(role in SHARE_OF for role in roles):
        share_keys(execution)
