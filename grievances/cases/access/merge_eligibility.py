"""Whether a concern may be merged with an earlier one, and who would read it.

Source: domain.md 5.2 T08.
"""

from __future__ import annotations

from datetime import date

from grievances.cases.access import conflicts, rules
from grievances.cases.models.assignments import holders
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import excluded_from
from grievances.cases.models.parties import complainant_of
from grievances.people.models import User
from grievances.vocabulary import Role

READING = (
    Role.TRIAGE_POOL, Role.TRIAGE, Role.HANDLER, Role.DECIDER, Role.APPEAL, Role.CO_HANDLER,
)  # fmt: skip
"""The roles that read the account, and so what is merged with it.

They are those of the rule "read_account".
"""


def unfit_to_join(case: Case, who: User, into: str, today: date) -> tuple[str, ...]:
    """Return what speaks against merging this case into the one named `into`."""
    earlier = _duplicate(case, who, into, today)
    if earlier is None:
        return ("NOT_A_DUPLICATE",)
    told = _may_read_by(case, earlier, today)
    is_told = all(person.pk in told for _, person in would_read(case, earlier))
    return () if is_told else ("READERS_NOT_ANNOUNCED",)


def would_read(case: Case, earlier: Case) -> list[tuple[Role, User]]:
    """Return who works on the earlier case and does not read this one.

    Each person is in the list once, with their role.
    """
    here = set(holders(case, *READING))
    found = {
        person: role for role in READING for person in holders(earlier, role) if person not in here
    }
    return [(role, person) for person, role in found.items()]


def _duplicate(case: Case, who: User, into: str, today: date) -> Case | None:
    """Return the earlier case, or None where the two may not be merged.

    It must be open and raised by the same person, and merging must be safe for its readers. Safe
    means two things. No one who works on it is excluded from this case. No one would read this case
    in spite of a conflict, because it is about a person of their team or line (domain.md 5.3).
    """
    # One query for a case that does not exist, is not theirs or excludes them: all three take
    # the same time.
    earlier = rules.cases_for(who, "read_account").filter(reference=into).first()
    if earlier is None or earlier.pk == case.pk or not earlier.is_open:
        return None
    barred = excluded_from(case)
    workers = User.objects.filter(caseuserobjectpermission__content_object=earlier)
    if any(person.pk in barred for person in workers):
        return None
    unfit = conflicts.conflicted(case, today)
    if any(person.pk in unfit for _, person in would_read(case, earlier)):
        return None
    own = complainant_of(case).person_id
    return earlier if own is not None and complainant_of(earlier).person_id == own else None


def _may_read_by(case: Case, earlier: Case, today: date) -> set[int]:
    """Return the people announced for this merge whose start date has come.

    The result is a set of person ids.
    """
    rows = case.pending_readers.filter(into=earlier, effective_on__lte=today)
    return set(rows.values_list("person_id", flat=True))
