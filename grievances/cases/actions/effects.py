"""Effects of steps beside moving the case: rows, grants and keys.

There is one function for each step. `perform.perform` calls it inside its transaction, after the
guards and before the event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Generic, Never, TypeVar, cast

from grievances.cases.actions import clocks
from grievances.cases.actions.actor import Caller
from grievances.cases.actions.key_alarm import keys_to_seal_to
from grievances.cases.actions.locked_case import KnownCase
from grievances.cases.models.assignments import grant, holders, withdraw
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring, is_held
from grievances.cases.models.key_distribution import share_out, take_keys
from grievances.cases.models.offers import Offer
from grievances.cases.models.parties import Party
from grievances.cases.models.readers import remember
from grievances.cases.models.stored_keys.rows import Part
from grievances.cases.notices.sending import retract
from grievances.encryption.key_pairs import holder_name
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import User
from grievances.vocabulary import ASKED, ASKED_TO_HELP, LIMITED, Compartment, Identity, Role

TRIAGE_KEYS = (Compartment.CORE, Compartment.IDENTITY, Compartment.OFFICE)
"""The keys of a triage officer.

Only triage officers always know the name (domain.md 5.7).
"""


SHARE_OF = {Role.DPO: Part.DPO, Role.LEAD: Part.LEAD}
"""The two offices that together open what neither opens alone.

Source: architecture.md 5.
"""


AnswersT = TypeVar("AnswersT", bound=Mapping[str, object], covariant=True)
"""The names and types of the answers of a step (`step_answers`)."""


@dataclass
class Execution(Generic[AnswersT]):
    """The execution of one step.

    It has the case, the acting person with their keys, the answers and the moment: `now` in UTC,
    `today` a local date. `known` is what was known of the case when a step began; None where the
    system acts without a step. `parties` are those of the case, where this step has read them.
    """

    case: Case
    caller: Caller
    ring: Keyring
    answers: AnswersT
    role: str
    now: datetime
    today: date
    about: str = field(default="")
    refused_keys: set[int] = field(default_factory=set)
    known: KnownCase | None = None
    parties: list[Party] | None = None

    @cached_property
    def own_offer(self) -> Offer:
        """The unanswered offer of the acting person.

        When the system lets an offer lapse, it is the one named in the answers.
        """
        offers = self.case.offers.filter(status=Offer.Status.SENT).select_related("candidate")
        if "offer" in self.answers:
            return offers.get(pk=str(self.answers["offer"]))
        return offers.get(candidate=self.caller.person)


StepExecution = Execution[Mapping[str, object]]
"""An execution whose answers are not known by name."""


def give_keys(execution: StepExecution, person: User, compartments: Iterable[Compartment]) -> None:
    """Seal these keys of the case to a person, or note them as pending."""
    execution.ring.give_all(keys_to_seal_to(execution, [person]), compartments)


def share_keys(execution: StepExecution) -> None:
    """Give a share of every key to everyone who oversees the case now.

    A share is pending where the keyring lacks the key.
    """
    shares: dict[Part, dict[str, bytes]] = {part: {} for part in SHARE_OF.values()}
    for role, part in SHARE_OF.items():
        able = holders(execution.case, role).select_related("key_pair")
        shares[part] = keys_to_seal_to(execution, able)
    share_out(execution.ring, shares)


def working_keys(case: Case) -> list[Compartment]:
    """Return the keys of a handler, decision maker or appeal manager.

    Source: domain.md 5.7, 11.1.
    """
    keys = [Compartment.CORE, Compartment.OFFICE]
    if case.identity == Identity.OPEN or case.name_shared:
        keys.append(Compartment.IDENTITY)
    if is_held(case, Compartment.REPLY):
        keys.append(Compartment.REPLY)
    return keys


def lead_keys(case: Case) -> list[Compartment]:
    """Return the keys of a casework lead.

    They open the process, and the name of an open complainant (domain.md 11.1).
    """
    is_open = case.identity == Identity.OPEN
    return [Compartment.OFFICE, *([Compartment.IDENTITY] if is_open else [])]


def keys_of_role(case: Case, role: Role) -> list[Compartment]:
    """Return the keys that belong to a role.

    A data-protection officer has shares instead.
    """
    if role in {*ASKED, *ASKED.values()}:
        return working_keys(case)
    if role in {Role.CO_HANDLER, Role.ASKED_CO_HANDLER}:
        return working_keys(case)
    if role in {Role.NOTE_TAKER, Role.ASKED_NOTE_TAKER}:
        return [Compartment.REPLY]
    if role in {Role.ADVISER, Role.ASKED_ADVISER}:
        return [Compartment.OFFICE]
    if role is Role.LEAD:
        return lead_keys(case)
    if role is Role.MEDIATOR:
        return [Compartment.IDENTITY, Compartment.OFFICE]
    return list(TRIAGE_KEYS) if role in {Role.TRIAGE_POOL, Role.TRIAGE} else []


def remove(case: Case, person: User, role: Role, ring: Keyring | None = None) -> None:
    """Take a role and its keys from a person at once.

    The new versions of these keys are added to `ring`.
    """
    withdraw(case, person, role)
    take_keys(case, holder_name(person.pk), ring=ring)
    retract(case.reference, person_pseudonym(person.pk))


def clear(case: Case, roles: Iterable[Role], ring: Keyring | None = None) -> None:
    """Take these roles, and their keys, from everyone who holds them."""
    for role in roles:
        for person in holders(case, role):
            remove(case, person, role, ring)


def revoke_offers(execution: StepExecution, roles: Iterable[Role]) -> None:
    """Revoke every live offer of these roles, and the role that was accepted."""
    live = [Offer.Status.SENT, Offer.Status.ACCEPTED]
    for offer in execution.case.offers.filter(role__in=list(roles), status__in=live):
        offer.status, offer.answered_on = Offer.Status.REVOKED, execution.today
        offer.save(update_fields=["status", "answered_on"])
    clear(
        execution.case, [*roles, *(ASKED[role] for role in roles if role in ASKED)], execution.ring
    )


def end_limited_parts(execution: StepExecution) -> None:
    """Take the limited parts and their keys, also from those who are only announced."""
    execution.case.pending_readers.filter(role__in=[role.value for role in LIMITED]).delete()
    clear(execution.case, [*LIMITED, *ASKED_TO_HELP.values()], execution.ring)
    clocks.stop_unasked(execution.case, execution.today)


def take_back_offers(execution: StepExecution) -> None:
    """Revoke every unanswered offer of a closed case, and end the limited parts.

    Then no one is still asked about it or holds its keys for an answer.
    """
    end_limited_parts(execution)
    for offer in execution.case.offers.filter(status=Offer.Status.SENT):
        offer.status, offer.answered_on = Offer.Status.REVOKED, execution.today
        offer.save(update_fields=["status", "answered_on"])
        remove(execution.case, offer.candidate, ASKED[Role(offer.role)], execution.ring)


def appoint(
    execution: StepExecution, person: User, role: Role, keys: Iterable[Compartment]
) -> None:
    """Give a person a role and its keys."""
    grant(execution.case, person, role)
    remember(execution.case, person, role, execution.today)
    give_keys(execution, person, keys)


Effect = Callable[[StepExecution], None]
EffectT = TypeVar("EffectT", bound=Callable[[Execution[Never]], None])
EFFECTS: dict[str, Effect] = {}
"""Step name -> its effect. `grievances.registry` loads the modules that fill it."""


def effect(step: str) -> Callable[[EffectT], EffectT]:
    """Return a decorator that registers the effect of a step.

    The type of its execution says which answers it works with. The guards have asked for them, so
    they are there by then.
    """

    def keep(function: EffectT) -> EffectT:
        EFFECTS[step] = cast("Effect", function)
        return function

    return keep
