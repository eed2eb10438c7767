"""The acting person, with their unlocked key and their pseudonym in each role."""

from __future__ import annotations

from dataclasses import dataclass, field

from grievances.audit import models as trail
from grievances.cases.access.facts import Actor, Ties
from grievances.cases.models.parties import anonymous_pseudonym, party_actor
from grievances.encryption.key_pairs import Holder
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import User
from grievances.vocabulary import Standing

SYSTEM = trail.SYSTEM


class NotAllowed(Exception):
    """The person may not do this, or the case does not exist.

    The caller cannot tell which.
    """


@dataclass(frozen=True)
class Caller:
    """The acting person and their unlocked key.

    `who=None` means the system, which has no key. `ties` is what ties the person to cases, where
    one request asks for it several times.
    """

    who: Actor | None
    holder: Holder | None = None
    ties: Ties | None = field(default=None, compare=False, repr=False)

    def handle_as(self, role: str) -> str:
        """Return the name of this person in this role, for the trail to hash.

        As a party a person has another name than at work, so the two cannot be matched.
        """
        if self.who is None:
            return SYSTEM
        if isinstance(self.who, User):
            is_party = role.upper() in Standing.values
            return party_actor(self.who.pk) if is_party else person_pseudonym(self.who.pk)
        return anonymous_pseudonym(self.who.look_up)

    @property
    def person(self) -> User:
        """The acting account.

        Raises:
            NotAllowed: the actor is an anonymous person or the system.
        """
        if not isinstance(self.who, User):
            raise NotAllowed
        return self.who


SYSTEM_ACTOR = Caller(None)
