"""What one person may do on one case, by one statement compiled once.

The statement finds a case by its reference only for a person with a role on it or the one who
raised it. It brings along everything from which the rules answer in memory: parties, workers and
the list of excluded people. No other case is read, so the time of the answer does not tell
that there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import (
    BigIntegerField,
    BinaryField,
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from grievances.cases.access.facts import AccessFacts, Actor, Ties, person_id, pseudonyms_on
from grievances.cases.access.rules import RULES, CaseAccess, is_gone
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, opened
from grievances.cases.models.parties import Party, anonymous_pseudonym
from grievances.cases.models.stored_keys.held import keep_own_rows, own_rows_of
from grievances.encryption.key_pairs import Holder
from grievances.people.models import User
from workflow.sql.compiled_sql import Bound, CompiledQuery, bound_list, listed, rows_of_all
from workflow.sql.json_rows import JsonArray, JsonRows

GIVES_RIGHTS = frozenset(
    predicate.standing
    for rule in RULES.values()
    for predicate in rule.predicates()
    if predicate.standing is not None
)
"""The standings as a party to which any rule gives anything."""

Decorate = Callable[[QuerySet[Case]], QuerySet[Case]]


def with_ties(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return cases with their parties, workers and sealed list of excluded people.

    `facts_with` reads them.
    """
    of_case = OuterRef("pk")
    parties = Party.objects.filter(case=of_case).values(tie=JsonArray("standing", "handle"))
    grants = CaseUserObjectPermission.objects.filter(content_object=of_case)
    workers = grants.values(tie=JsonArray("permission__codename", "user_id", "user__name"))
    excluded = Exclusions.objects.filter(case=of_case).values("sealed")
    return cases.annotate(
        tied_parties=JsonRows(parties),
        tied_workers=JsonRows(workers),
        tied_exclusions=Subquery(excluded, output_field=BinaryField(null=True)),
    )


def access_with(who: Actor, case: Case, found: object) -> CaseAccess | None:
    """Return what this person may do on a case; None when the account is gone.

    `found` has the columns of `with_ties`. Raises what `facts_with` raises.
    """
    return None if is_gone(who) else CaseAccess(facts_with(who, case, found))


def facts_with(who: Actor, case: Case, found: Any) -> AccessFacts:
    """Return what ties a person to a case, from the columns of `with_ties`.

    Raises DecryptionFailed for a list of excluded people that was tampered with.
    """
    own, names = person_id(who), set(pseudonyms_on(case.pk, who))
    workers = tuple((role, person, name) for role, person, name in found.tied_workers or ())
    sealed = found.tied_exclusions
    excluded = opened(case.pk, bytes(sealed)) if sealed is not None else {}
    return AccessFacts(
        case,
        frozenset(role for role, person, _ in workers if person == own),
        frozenset(standing for standing, name in found.tied_parties or () if name in names),
        own in excluded,
        workers,
        excluded,
    )


class StandingQuestion:
    """The question what a person may do on the case of a reference.

    `decorate` adds what else the asker needs of the case. `with_keys` brings the sealed keys of a
    concern that the asker raised, for the `Keyring` that is made next.
    """

    def __init__(self, decorate: Decorate, *, with_keys: bool = False) -> None:
        self._decorate, self._with_keys = decorate, with_keys
        self._compiled: dict[int, CompiledQuery[Case]] = {}

    def ask(
        self, who: Actor, reference: str, ties: Ties | None = None, holder: Holder | None = None
    ) -> CaseAccess | None:
        """Return what this person may do on the case; None for a case they have no tie to.

        Only a role, or having raised the concern, is a tie here: no rule gives anything to another.
        Raises DecryptionFailed for a list of excluded people that was tampered with.
        """
        name = holder.name if holder is not None and self._with_keys else ""
        case = self._found(who, reference, ties, name)
        return None if case is None else access_with(who, case, case)

    def _found(self, who: Actor, reference: str, ties: Ties | None, holder: str) -> Case | None:
        if not isinstance(who, User):
            mark = anonymous_pseudonym(who.look_up)
            return self._query(0).first(reference=reference, mark=mark)
        if is_gone(who):
            return None
        raised = [pk for pk, standing in (ties or Ties(who)).standings if standing in GIVES_RIGHTS]
        own = listed("own", raised, 0)
        question = self._query(len(own)).asked(reference=reference, me=who.pk, **own)
        if not holder or not raised:
            return next(iter(rows_of_all(question)[0]), None)
        cases, keys = rows_of_all(question, own_rows_of(raised, reference, holder))
        for case in cases:
            keep_own_rows(case, holder, keys)
        return next(iter(cases), None)

    def _query(self, room: int) -> CompiledQuery[Case]:
        if room not in self._compiled:
            self._compiled[room] = CompiledQuery(partial(self._build, room))
        return self._compiled[room]

    def _build(self, room: int) -> QuerySet[Case]:
        """Return the query for accounts with room for their concerns; 0 is for a case key."""
        number, text = BigIntegerField(), CharField()
        if room:
            grants = CaseUserObjectPermission.objects.filter(
                content_object=OuterRef("pk"), user_id=Bound("me", number)
            )
            tie = Q(Exists(grants)) | Q(pk__in=bound_list("own", room, number))
        else:
            parties = Party.objects.filter(case=OuterRef("pk"), handle=Bound("mark", text))
            tie = Q(Exists(parties))
        cases = Case.unguarded.filter(tie, reference=Bound("reference", text)).order_by()
        return with_ties(self._decorate(cases))
