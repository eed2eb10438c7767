"""Every kind of protected object, and how a stored one is read. Plain Python."""

from grievances.reports.disclosure.derived import ProtectedComparison, ProtectedRate
from grievances.reports.disclosure.measures import ProtectedMedian, ProtectedNeed, ProtectedSeries
from grievances.reports.disclosure.protected import (
    ProtectedCount,
    ProtectedMean,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
)
from workflow.json_values import JsonMapping

Protected = (
    ProtectedCount
    | ProtectedMean
    | ProtectedShare
    | ProtectedSurvival
    | ProtectedTable
    | ProtectedRate
    | ProtectedComparison
    | ProtectedSeries
    | ProtectedMedian
    | ProtectedNeed
)
KINDS: tuple[type[Protected], ...] = (
    ProtectedCount,
    ProtectedMean,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
    ProtectedRate,
    ProtectedComparison,
    ProtectedSeries,
    ProtectedMedian,
    ProtectedNeed,
)


def read_protected(data: JsonMapping) -> Protected:
    """Return any protected object, read by its kind.

    Raises:
        ValueError: The kind is unknown.
    """
    for kind in KINDS:
        if kind.kind == data["kind"]:
            return kind.from_json(data)
    raise ValueError(f"{data['kind']!r} is no kind of protected object")
