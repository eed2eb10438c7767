"""Find people by a SCIM filter, in order and page by page (RFC 7644, 3.4.2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from scim2_models import InvalidFilterException, ListResponse, SearchRequest
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    Not,
)

from grievances.staff_directory.scim import groups
from grievances.staff_directory.scim.people import resource_of, staff
from grievances.staff_directory.scim.schemas import MOST_RESULTS, Group, Person

CHANGED = "lastmodified"
"""The one attribute of `meta` that a program asks for and that is not kept."""
COLUMNS = {
    "username": "username__iexact",
    "displayname": "name__iexact",
    "externalid": "scim_entry__external_id",
}
"""Attributes that the database looks up by itself, where they must equal a text."""


def search(asked: SearchRequest[Person], address: str, today: date) -> ListResponse[Person]:
    """Return one page of the people who match."""
    people = staff(today)
    first, most = _page(asked)
    if asked.filter is None and asked.sort_by is None:
        total = people.count()
        page = [resource_of(each, address) for each in people[first : first + most]]
    else:
        found = _matching(asked, address, today)
        total, page = len(found), found[first : first + most]
    found_page: ListResponse[Person] = ListResponse[Person](
        total_results=total, start_index=first + 1, items_per_page=len(page), resources=page
    )
    return found_page


def search_groups(asked: SearchRequest[Group], address: str, today: date) -> ListResponse[Group]:
    """Return one page of the groups that match; there are few."""
    first, most = _page(asked)
    found = asked.sort(_matching_groups(asked, address, today))
    page = found[first : first + most]
    found_page: ListResponse[Group] = ListResponse[Group](
        total_results=len(found), start_index=first + 1, items_per_page=len(page), resources=page
    )
    return found_page


def search_all(
    asked: SearchRequest[Person | Group], address: str, today: date
) -> ListResponse[Person | Group]:
    """Return one page of the groups and then of the people who match."""
    first, most = _page(asked)
    shown = _matching_groups(asked, address, today)
    if asked.filter is None and asked.sort_by is None:
        others = staff(today)
        total = len(shown) + others.count()
        start = max(first - len(shown), 0)
        page: list[Person | Group] = [*shown[first : first + most]]
        rest = most - len(page)
        page += [resource_of(each, address) for each in others[start : start + rest]]
    else:
        found = asked.sort([*shown, *_matching(asked, address, today)])
        total, page = len(found), found[first : first + most]
    found_page: ListResponse[Person | Group] = ListResponse[Person | Group](
        total_results=total, start_index=first + 1, items_per_page=len(page), resources=page
    )
    return found_page


def _page(asked: SearchRequest[Any]) -> tuple[int, int]:
    """Return the place of the first result that is shown, and how many are at most."""
    first = max((asked.start_index or 1) - 1, 0)
    return first, min(MOST_RESULTS if asked.count is None else max(asked.count, 0), MOST_RESULTS)


def _matching_groups(asked: SearchRequest[Any], address: str, today: date) -> list[Group]:
    shown = [groups.resource_of(each, address, today) for each in groups.connected()]
    return [each for each in shown if asked.filter is None or asked.filter.match(each)]


def _matching(asked: SearchRequest[Any], address: str, today: date) -> list[Person]:
    """Return everyone who matches; the database narrows them down where it can."""
    people = staff(today)
    if asked.filter is not None:
        _require_known(asked.filter.ast)
        people = people.filter(narrowed(asked.filter.ast))
    shown = (resource_of(each, address) for each in people)
    if asked.filter is not None:
        shown = (each for each in shown if asked.filter.match(each))
    return asked.sort(shown)


def _require_known(node: FilterNode) -> None:
    """Refuse to compare what is not kept: it would find no one, as if nothing had changed.

    Raises:
        InvalidFilterException: The filter asks when a person was changed last.
    """
    if isinstance(node, LogicalExpr):
        for term in node.terms:
            _require_known(term)
    elif isinstance(node, Not):
        _require_known(node.expr)
    elif isinstance(node, Comparison) and (node.attr_path.sub_attr or "").casefold() == CHANGED:
        raise InvalidFilterException(
            detail="The day of the last change is not kept. Ask for everyone, page by page."
        )


def narrowed(node: FilterNode) -> Q:
    """Return a condition that everyone who matches a filter meets; it may let others through."""
    if isinstance(node, LogicalExpr):
        parts = [narrowed(term) for term in node.terms]
        if node.op is LogicalOperator.and_:
            return Q(*parts)
        return _either(parts) if all(parts) else Q()
    if isinstance(node, Comparison) and node.op is CompareOperator.eq:
        return _equal(node.attr_path.attr, node.attr_path.sub_attr, node.value)
    return Q()


def _either(parts: list[Q]) -> Q:
    found = parts[0]
    for part in parts[1:]:
        found |= part
    return found


def _equal(attribute: str, inside: str | None, value: object) -> Q:
    column = COLUMNS.get(attribute.casefold())
    # SQLite folds the case of ASCII letters alone.
    if column is None or inside or not isinstance(value, str) or not value.isascii():
        return Q()
    return Q(**{column: value})
