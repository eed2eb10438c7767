"""Copy for companions the records that have become readable for them."""

from grievances.cases.access import rules
from grievances.cases.access.facts import AccessFacts
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import copy_for, take_up_companions
from grievances.cases.models.statements import take_up_hearings
from grievances.vocabulary import Compartment, Standing


def pass_on(case: Case, ring: Keyring) -> None:
    """Copy for the companion what has become readable for them.

    Only what this keyring opens is copied. It is called when a person who holds the keys acts, and
    when the complainant opens their case. A companion never reads what the complainant may not read
    yet.
    """
    no_companion = case.__dict__.get("has_companions") is False
    if case.pk is None or no_companion or Compartment.CORE not in ring:
        return
    rows = [row for row in take_up_companions(case, ring) if row.ended_at is None]
    if not rows:
        return
    take_up_hearings(case, ring)
    facts = AccessFacts(case, frozenset(), frozenset({Standing.COMPLAINANT}), False)
    readable = [kind for kind, rule in rules.READ_RULE.items() if rules.RULES[rule].holds(facts)]
    for companion in rows:
        if companion.compartment in ring:
            copy_for(companion, ring, readable)
