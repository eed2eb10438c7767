"""Settle, for an anonymous concern, who is not meant by a typed name.

Everyone whose name is close to a typed one is excluded. The writer of an anonymous concern must not
read the directory, so an officer settles it who is outside every unit concerned (architecture.md
5). A person named exactly cannot be let in, and no one is let in who is excluded for another
reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import Execution, effect
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import Exclusions, lift, reasons_against
from grievances.cases.models.records import Kind, read_all
from grievances.cases.step_names import StepName
from grievances.people.matching import Staff
from grievances.people.models import User, accounts_of_one, line_chain, with_linked_accounts
from grievances.vocabulary import Identity
from workflow.steps import Refused

BY_NAME = frozenset({Exclusions.Why.RESPONDENT, Exclusions.Why.EXCLUDED, Exclusions.Why.DECISION})
"""The reasons for which a typed name excludes a person."""
NOT_IN_DOUBT = (
    "NOT_IN_DOUBT",
    "This person is not kept out for a close name alone. Choose one of the people in the list.",
)
NOT_OUTSIDE = (
    "NOT_OUTSIDE",
    "You work in the same unit as a person who is named or may be. An officer of another unit has "
    "to settle this.",
)


@dataclass(frozen=True)
class CloseNames:
    """What the names typed in a concern mean: account ids, and ids of units."""

    doubted: frozenset[int]
    sure: frozenset[int]
    units: frozenset[int]

    @classmethod
    def of(cls, case: Case, ring: Keyring) -> CloseNames:
        """Return the names of a case, read with the keys of this keyring."""
        staff = Staff.read()
        typed = read_all(case, ring, (Kind.PEOPLE, Kind.EXCLUSION))
        named = [staff.people_and_units(words.text) for words in typed]
        sure = with_linked_accounts(pk for each in named for pk in each.meant)
        close = {pk for each in named for pk in each.everyone} - sure
        doubted = {pk for pk in close if _only_by_name(case, pk)}
        units = {unit.pk for each in named for unit in each.units}
        inside = User.objects.filter(pk__in=close | sure).values_list("unit_id", flat=True)
        return cls(frozenset(doubted), frozenset(sure), frozenset({*units, *inside} - {None}))

    def people(self) -> list[User]:
        """Return those in doubt, to choose one from."""
        return list(User.objects.filter(pk__in=self.doubted).order_by("name", "pk"))


@effect(StepName.LIFT_CLOSE_NAME)
def lift_close_name(execution: Execution[given.NamedPerson]) -> None:
    """Let a person in who is not meant, and managers kept out only because of them.

    Raises:
        Refused: NOT_FOR_ACCOUNTS, NOT_OUTSIDE for an officer of a unit concerned, or NOT_IN_DOUBT.
    """
    case, person = execution.case, execution.answers["person"]
    names = CloseNames.of(case, execution.ring)
    own = User.objects.filter(pk__in=accounts_of_one(execution.caller.person))
    if names.units.intersection(own.values_list("unit_id", flat=True)):
        raise Refused(*NOT_OUTSIDE)
    if case.identity != Identity.ANONYMOUS or person.pk not in names.doubted:
        raise Refused(*NOT_IN_DOUBT)
    let_in = with_linked_accounts({person.pk}) & names.doubted
    stay = (names.doubted | names.sure) - let_in
    about = {pk for pk in stay if Exclusions.Why.RESPONDENT in reasons_against(case, pk)}
    about |= {party.person_id for party in case.parties.all() if party.person_id is not None}
    managers = line_chain(let_in, execution.today) - line_chain(about, execution.today)
    for pk in let_in:
        lift(case, pk)
    for pk in managers - stay:
        if reasons_against(case, pk) == {Exclusions.Why.LINE}:
            lift(case, pk)


def _only_by_name(case: Case, person_id: int) -> bool:
    reasons = reasons_against(case, person_id)
    return bool(reasons) and reasons <= BY_NAME
