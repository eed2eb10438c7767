"""The rule against differencing (domain.md 10.4).

Two safe answers may still differ by one person. Sets hold the numbers of complainants
(`CaseFact.person`), which say nothing of who they are. One registry serves a whole audience, so
people who compare notes gain nothing. Plain Python.
"""

from collections.abc import Collection, Iterable

from grievances.reports.disclosure.tables import People

BLOCKED_DIFFERENCING = "BLOCKED_DIFFERENCING"
BLOCKED_TEXT = "This combination cannot be shown because it could identify someone"


def may_release(
    q: People, released: Iterable[People], t: int, tables: Iterable[Collection[People]] = ()
) -> bool:
    """Return whether a new set may be shown beside all that was shown before.

    `released` are the sets shown one by one. `tables` are the shown cells of each earlier table.
    The new set is compared with each cell, and with the union of the cells inside it. The same set
    again is allowed.
    """
    earlier = [frozenset(cells) for cells in tables]
    singles = {*released, *(cell for cells in earlier for cell in cells)}
    return all(_are_apart(q, r, t) for r in singles) and all(
        _is_covered_safely(q, cells, t) for cells in earlier
    )


def may_ask(
    q: People, asked: Iterable[People], t: int, tables: Iterable[Collection[People]] = ()
) -> bool:
    """Return whether a freely chosen set may be shown beside those asked for before.

    Comparing pairs is not enough, because a solver can combine several answers. All chosen sets
    together divide the people into finest groups. Each of these must hold no one, or at least t:
    everything that follows from the answers is made of whole groups. Against `tables` the rule of
    pairs and unions holds.
    """
    chosen = [*asked, q]
    return may_release(q, chosen[:-1], t, tables) and all(
        len(group) >= t for group in finest_groups(chosen)
    )


def finest_groups(sets: Iterable[People]) -> list[People]:
    """Return the finest groups into which the sets divide their people.

    Two people are in one group if no set tells them apart.
    """
    groups: list[People] = []
    for people in sets:
        rest = people.difference(*groups)
        parts = (part for group in groups for part in (group & people, group - people))
        groups = [part for part in (*parts, rest) if part]
    return groups


def may_release_table(
    cells: Collection[People],
    released: Iterable[People],
    t: int,
    tables: Iterable[Collection[People]] = (),
) -> bool:
    """Return whether all shown cells of a new table may be shown.

    The union rule is applied the other way round as well: to each old set and the cells inside it.
    """
    earlier = [frozenset(shown) for shown in tables]
    olds = {*released, *(cell for shown in earlier for cell in shown)}
    return all(may_release(cell, olds, t, earlier) for cell in cells) and all(
        _is_covered_safely(old, cells, t) for old in olds
    )


def _are_apart(q: People, r: People, t: int) -> bool:
    return not 0 < len(q - r) < t and not 0 < len(r - q) < t


def _is_covered_safely(whole: People, cells: Iterable[People], t: int) -> bool:
    """Return whether subtracting the cells inside a set leaves no one, or at least t."""
    inside = [cell for cell in cells if cell <= whole]
    return not inside or not 0 < len(whole.difference(*inside)) < t
