"""Conditions of figures as sets: codes, months, and what OR and NOT make of them.

Two figures are the same only if they count the same people, however the question was written. So a
condition is described by the values it lets through and never by its text. One that cannot be
described is refused: its figure could give away what another hides (domain.md 10.4).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Case as Choose
from django.db.models import F, Field, Model, Q, Value
from django.db.models.functions import Coalesce

from grievances.reports.disclosure.tables import Box

Condition = tuple[str, frozenset[str]]
TRUE, FALSE = "holds", "does not hold"
EITHER = frozenset({TRUE, FALSE})
LOOKUPS = frozenset(Field().get_lookups()) | {"has_key"}
COMPARED = ("lt", "lte", "gt", "gte", "has_key")
"""Lookups that let a value through or not: each is a column of two values."""
AS_OF, ENDED, RECEIVED, ENDING, OPEN = "as of", "ended_on", "received_on", "ending", "OPEN"


class UndescribedError(ValueError):
    """A condition of a figure that cannot be described as a set of values."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} cannot be described as a set, so no figure of it may be released. Write it "
            "with codes, whole months, AND, OR and NOT."
        )


def months(first: date, last: date) -> frozenset[str]:
    """Return the months of a range of local dates, as "2022-04".

    Raises:
        UndescribedError: The range does not begin and end with a month.
    """
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        raise UndescribedError(f"{first} to {last}")
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    places = [first.year * 12 + first.month - 1 + n for n in range(count)]
    return frozenset(f"{place // 12}-{place % 12 + 1:02}" for place in places)


def merged(conditions: Iterable[Condition]) -> Box:
    """Return one condition for each column, which all its conditions let through.

    What ended is known for good, so a figure of ended concerns does not depend on the day as of
    which it is counted, but on the month by which they had ended.
    """
    columns: dict[str, frozenset[str]] = {}
    for column, codes in conditions:
        columns[column] = columns[column] & codes if column in columns else codes
    endings = columns.get(ENDING)
    if AS_OF in columns and endings is not None and OPEN not in endings and RECEIVED in columns:
        until = max(columns.pop(AS_OF))
        begin = date.fromisoformat(f"{min(columns[RECEIVED])}-01")
        end = (date.fromisoformat(f"{until}-01") + timedelta(days=31)).replace(day=1)
        since = months(begin, end - timedelta(days=1))
        columns[ENDED] = columns[ENDED] & since if ENDED in columns else since
    return frozenset(columns.items())


def describe(asked: Q, values: Mapping[str, frozenset[str]], model: type[Model]) -> list[Condition]:
    """Return the conditions of a question, one for each column; all of them must hold.

    `values` are the values that a column may have, where its field does not list them.

    Raises:
        UndescribedError: The question has a part that is no list of values.
    """
    parts = [
        describe(part, values, model) if isinstance(part, Q) else [_leaf(part[0], part[1])]
        for part in asked.children
        if isinstance(part, Q | tuple)
    ]
    if len(parts) != len(asked.children):
        raise UndescribedError(f"a question joined by {asked.connector}")
    found = _either(parts) if asked.connector == Q.OR else list(merged_plainly(parts))
    if asked.connector not in (Q.OR, Q.AND):
        raise UndescribedError(f"a question joined by {asked.connector}")
    return _other_than(found, values, model) if asked.negated else found


def merged_plainly(parts: Sequence[Sequence[Condition]]) -> Iterable[Condition]:
    """Return one condition for each column of several lists of conditions."""
    columns: dict[str, frozenset[str]] = {}
    for column, codes in (condition for part in parts for condition in part):
        columns[column] = columns[column] & codes if column in columns else codes
    return columns.items()


def describe_column(
    axis: object, code: str, values: Mapping[str, frozenset[str]], model: type[Model]
) -> list[Condition]:
    """Return the conditions that a code of a row or a column of a table means.

    Raises:
        UndescribedError: The column is no field, no constant and no choice between conditions.
    """
    source: object = axis.source_expressions[0] if isinstance(axis, Coalesce) else axis
    if isinstance(source, str | F):
        return [(_column(source), frozenset({code}))]
    if isinstance(axis, Value):
        return []
    if isinstance(axis, Choose):
        return _chosen(axis, code, values, model)
    raise UndescribedError(type(axis).__name__)


def _chosen(
    axis: Choose, code: str, values: Mapping[str, frozenset[str]], model: type[Model]
) -> list[Condition]:
    """Return the conditions of one result of a choice: the first that holds decides."""
    whens = [(when.condition, _constant(when.result)) for when in axis.cases]
    default = _constant(axis.default)
    if len(whens) == 1:
        asked, result = whens[0]
        if code not in (result, default):
            return [(json.dumps(["no code", code]), frozenset({code}))]
        return describe(asked if code == result else ~asked, values, model)
    described = [(describe(asked, values, model), result) for asked, result in whens]
    columns = {column for found, _ in described for column, _ in found}
    single = all(len(found) == 1 for found, _ in described) and len(columns) == 1
    taken: set[str] = set()
    here: set[str] = set()
    for found, result in described if single else ():
        codes = found[0][1] - taken
        taken |= codes
        here |= codes if result == code else set()
    if single and here:
        return [(min(columns), frozenset(here))]
    if (mine := _only_one(described, code, default)) is not None:
        return mine
    name = json.dumps(["choice", [[_write(found), result] for found, result in described]])
    return [(name, frozenset({code}))]


def _only_one(
    described: Sequence[tuple[list[Condition], str]], code: str, default: str
) -> list[Condition] | None:
    """Return the conditions of a result that one case of a choice alone gives.

    No case before it may let the same rows through, so each must differ in one column. Returns None
    where that is not so.
    """
    places = [number for number, (_, result) in enumerate(described) if result == code]
    if len(places) != 1 or code == default:
        return None
    mine = dict(described[places[0]][0])
    for found, _ in described[: places[0]]:
        if not any(column in mine and not mine[column] & codes for column, codes in found):
            return None
    return list(mine.items())


def _column(source: str | F) -> str:
    return source if isinstance(source, str) else str(vars(source)["name"])


def _constant(expression: object) -> str:
    if not isinstance(expression, Value):
        raise UndescribedError(type(expression).__name__)
    return str(expression.value)


def _leaf(name: str, given: Any) -> Condition:
    """Return the condition of one look-up of a field.

    Raises:
        UndescribedError: The look-up is none that a condition can be made of.
    """
    column, _, how = name.rpartition("__")
    if how not in LOOKUPS or not column:
        column, how = name, "exact"
    if how == "exact" and isinstance(given, str | bool | int | Enum):
        return column, frozenset({str(given)})
    if how == "in" and not hasattr(given, "query"):
        return column, frozenset(map(str, given))
    if how == "isnull":
        return f"{column} is empty", frozenset({TRUE if given else FALSE})
    if how == "range" and all(isinstance(end, date) for end in given):
        return column, months(*given)
    if how in COMPARED and isinstance(given, str | int | date | F):
        other = f"the column {_column(given)}" if isinstance(given, F) else str(given)
        return f"{column} {how} {other}", frozenset({TRUE})
    raise UndescribedError(name)


def _either(parts: Sequence[list[Condition]]) -> list[Condition]:
    """Return the conditions of what meets at least one of several lists of conditions."""
    columns = {column for part in parts for column, _ in part}
    if len(columns) == 1 and all(len(part) == 1 for part in parts):
        return [(min(columns), frozenset[str]().union(*(part[0][1] for part in parts)))]
    name = json.dumps(["either", sorted(map(_write, parts))])
    return [(name, frozenset({TRUE}))]


def _other_than(
    found: list[Condition], values: Mapping[str, frozenset[str]], model: type[Model]
) -> list[Condition]:
    """Return the conditions of what does not meet these conditions."""
    if len(found) == 1:
        column, codes = found[0]
        every = values.get(column) or _every_value(column, codes, model)
        if every is not None:
            return [(column, every - codes)]
    return [(json.dumps(["not", _write(found)]), frozenset({TRUE}))]


def _every_value(column: str, codes: frozenset[str], model: type[Model]) -> frozenset[str] | None:
    """Return all values that a column may have; None where no list is known."""
    if codes <= EITHER:
        return EITHER
    field: Any = None
    inside: Any = model
    for name in column.split("__"):
        try:
            field = inside._meta.get_field(name)
        except (FieldDoesNotExist, AttributeError):
            return None
        inside = field.related_model
    listed = getattr(field, "choices", None)
    if field.get_internal_type() == "BooleanField":
        return frozenset({"True", "False"})
    return frozenset({"", *(str(code) for code, _ in listed)}) if listed else None


def _write(found: Iterable[Condition]) -> str:
    return json.dumps(sorted([column, sorted(codes)] for column, codes in found))
