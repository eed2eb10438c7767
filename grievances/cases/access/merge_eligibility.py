"""Whether a concern may be joined to an earlier one, and who would read it by that (T08)."""

from __future__ import annotations

from datetime import date

from grievances.cases.access import eligibility, rules
from grievances.cases.models.assignments import holders
from grievances.cases.models.case import Case
from grievances.cases.models.parties import exclusion_pseudonym
from grievances.people.models import User
from grievances.vocabulary import Role, Standing

READING = (Role.TRIAGE_POOL, Role.TRIAGE, Role.HANDLER, Role.DECIDER, Role.APPEAL)
"""The roles that read the account, and so what is joined to it (rule "read_account")."""


def unfit_to_join(case: Case, who: User, into: str, today: date) -> tuple[str, ...]:
    """Return what speaks against joining this case to the one with the reference `into`."""
    earlier = _duplicate(case, who, into, today)
    if earlier is None:
        return ("NOT_A_DUPLICATE",)
    told = _may_read_by(case, earlier, today)
    is_told = all(person.pk in told for _, person in would_read(case, earlier))
    return () if is_told else ("READERS_NOT_ANNOUNCED",)


def would_read(case: Case, earlier: Case) -> list[tuple[Role, User]]:
    """Return who works on the earlier case and does not read this one, each person once."""
    here = set(holders(case, *READING))
    found = {
        person: role for role in READING for person in holders(earlier, role) if person not in here
    }
    return [(role, person) for person, role in found.items()]


def _duplicate(case: Case, who: User, into: str, today: date) -> Case | None:
    """Return the other case, if it is the same person's, open, and safe to join for its readers.

    Safe: no one who works on it is barred from this one, or would read it by the joining in spite
    of a conflict, because this one is about a person of their team or line (domain.md 5.3).
    """
    # One look for a case that is not there, not theirs or barred to them: all three take as long.
    earlier = rules.cases_for(who, "read_account").filter(reference=into).first()
    if earlier is None or earlier.pk == case.pk or not earlier.is_open:
        return None
    barred = set(case.bars.values_list("handle", flat=True))
    workers = User.objects.filter(caseuserobjectpermission__content_object=earlier)
    if any(exclusion_pseudonym(person.pk) in barred for person in workers):
        return None
    unfit = eligibility.conflicted(case, today)
    if any(person.pk in unfit for _, person in would_read(case, earlier)):
        return None
    same = set(case.parties.values_list("standing", "handle"))
    own = {handle for standing, handle in same if standing == Standing.COMPLAINANT}
    is_same = earlier.parties.filter(standing=Standing.COMPLAINANT, handle__in=own).exists()
    return earlier if is_same else None


def _may_read_by(case: Case, earlier: Case, today: date) -> set[int]:
    """Return whose day has come, of those who were announced for this joining."""
    rows = case.pending_readers.filter(into=earlier, effective_on__lte=today)
    return set(rows.values_list("person_id", flat=True))
