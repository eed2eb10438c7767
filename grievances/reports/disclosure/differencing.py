"""Two safe answers may differ by one person: the registry's rule (domain.md 10.4).

Sets hold hashed complainant ids of one snapshot. One registry serves a whole audience, so people
who compare notes gain nothing. Plain Python.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

People = frozenset[str]

BLOCKED_DIFFERENCING = "BLOCKED_DIFFERENCING"
BLOCKED_TEXT = "This combination cannot be shown because it could identify someone"
CARRIED_FOR = timedelta(days=365)


def may_release(
    q: People, released: Iterable[People], t: int, tables: Iterable[Collection[People]] = ()
) -> bool:
    """Say whether a new set may be shown beside all that was shown before.

    `released` are the sets shown one by one; `tables` the shown cells of each earlier table, which
    are compared singly and, as a union of those inside q, together. The same set again is allowed.
    """
    earlier = [frozenset(cells) for cells in tables]
    singles = {*released, *(cell for cells in earlier for cell in cells)}
    return all(_are_apart(q, r, t) for r in singles) and all(
        _is_covered_safely(q, cells, t) for cells in earlier
    )


def may_release_table(
    cells: Collection[People],
    released: Iterable[People],
    t: int,
    tables: Iterable[Collection[People]] = (),
) -> bool:
    """Say whether all shown cells of a new table may be, the union rule mirrored on old sets."""
    earlier = [frozenset(shown) for shown in tables]
    olds = {*released, *(cell for shown in earlier for cell in shown)}
    return all(may_release(cell, olds, t, earlier) for cell in cells) and all(
        _is_covered_safely(old, cells, t) for old in olds
    )


def carries_old_value(old: People, new: People, t: int, shown_on: date, today: date) -> bool:
    """Say whether a revised cell keeps its old value: the change is small and under a year old."""
    return not _are_apart(new, old, t) and today - shown_on < CARRIED_FOR


def _are_apart(q: People, r: People, t: int) -> bool:
    return not 0 < len(q - r) < t and not 0 < len(r - q) < t


def _is_covered_safely(whole: People, cells: Iterable[People], t: int) -> bool:
    """Subtracting the cells inside a set must leave nobody, or at least t."""
    inside = [cell for cell in cells if cell <= whole]
    return not inside or not 0 < len(whole.difference(*inside)) < t
